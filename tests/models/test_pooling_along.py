"""Pooling that replays of a training step do along with the convolution before it."""

import numpy as np
import pytest

import kerasette
from kerasette import layers

BATCH = 16

POOLINGS = {
    "max": lambda: layers.MaxPooling2D(2),
    "mean": lambda: layers.AveragePooling2D(2),
    "overlapping max": lambda: layers.MaxPooling2D(3, strides=2, padding="same"),
    "overlapping mean": lambda: layers.AveragePooling2D(3, strides=1, padding="same"),
    "windows apart": lambda: layers.MaxPooling2D((2, 1), strides=3),
}
CONVOLUTIONS = {
    "relu": lambda: layers.Conv2D(20, 3, activation="relu"),
    "tanh": lambda: layers.Conv2D(5, (1, 3), activation="tanh", padding="same"),
    "plain": lambda: layers.Conv2D(33, 3, strides=2, use_bias=False),
    "groups": lambda: layers.Conv2D(6, 3, groups=2, activation="relu"),
    "depthwise": lambda: layers.DepthwiseConv2D(3, activation="relu"),
}


def stack(*hidden, shape=(13, 12, 4)):
    return [kerasette.Input(shape), *hidden, layers.Flatten(), layers.Dense(3)]


def trained(make, threads=1, rows=3 * BATCH + 5, dtype="float32"):
    """A model after three epochs; its last batch is a short one."""
    kerasette.utils.set_random_seed(1)
    before = kerasette.config.get_num_threads()
    kerasette.config.set_num_threads(threads)
    try:
        model = make()
        rng = np.random.default_rng(0)
        x = rng.normal(size=(rows, *model.input_shape[1:])).astype(dtype)
        model.compile("adam", "mse")
        model.fit(x, rng.normal(size=(rows, 3)).astype(dtype), BATCH, epochs=3, verbose=0)
    finally:
        kerasette.config.set_num_threads(before)
    return model


def ops_of(model, batch, kind="train"):
    """What replays of a step of so many rows run."""
    (found,) = [
        program.step.replayed_ops
        for workspace in model._pool.free
        for key, program in workspace.programs.items()
        if key[0] == kind and program.inputs[0].shape[0] == batch
    ]
    return found


def assert_same_weights(one, other):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_replays_have_the_bits_of_eager_steps(convolution, pooling, eager):
    def make():
        return kerasette.Sequential(stack(CONVOLUTIONS[convolution](), POOLINGS[pooling]()))

    replayed, on_two = trained(make), trained(make, threads=2)
    ran = ops_of(replayed, BATCH)
    assert not [name for name in ran if name.endswith("_pool")]
    assert ran.count("conv") == ran.count("-conv") == 1
    # With few images there are no parts of the batch to share out.
    assert [name for name in ops_of(replayed, 5) if name.endswith("_pool")]
    eager()
    expected = trained(make)
    assert expected.replayed_steps == 0
    assert_same_weights(replayed, expected)
    assert_same_weights(replayed, on_two)


def test_one_after_another_and_in_three_axes(eager):
    def make():
        hidden = [layers.Conv3D(8, 3, activation="relu"), layers.MaxPooling3D(2)]
        hidden += [layers.Conv3D(7, 2, padding="same"), layers.AveragePooling3D(2)]
        return kerasette.Sequential(stack(*hidden, shape=(9, 8, 7, 2)))

    replayed = trained(make)
    assert not [name for name in ops_of(replayed, BATCH) if name.endswith("_pool")]
    eager()
    assert_same_weights(replayed, trained(make))


def twice(x):
    pooled = layers.MaxPooling2D(2)(x)
    return layers.Concatenate()([layers.Flatten()(pooled), layers.Flatten()(x)])


def two_poolings(x):
    ends = [layers.MaxPooling2D(2)(x), layers.AveragePooling2D(2)(x)]
    return layers.Concatenate()([layers.Flatten()(end) for end in ends])


def under_another_shape(x):
    return layers.Flatten()(layers.MaxPooling2D(2)(layers.Reshape((5, 22, 4))(x)))


@pytest.mark.parametrize("end", [twice, two_poolings, under_another_shape])
def test_other_uses_of_the_result_keep_poolings_apart(end, eager):
    def make():
        inputs = kerasette.Input((13, 12, 4))
        x = layers.Conv2D(4, 3, activation="relu")(inputs)
        return kerasette.Model(inputs, layers.Dense(3)(end(x)))

    replayed = trained(make)
    assert [name for name in ops_of(replayed, BATCH) if name.endswith("_pool")]
    eager()
    assert_same_weights(replayed, trained(make))


def test_float64(eager):
    def make():
        layer = layers.Conv2D(5, 3, activation="relu", dtype="float64")
        inputs = kerasette.Input((13, 12, 4), dtype="float64")
        x = layers.MaxPooling2D(2, dtype="float64")(layer(inputs))
        x = layers.Flatten(dtype="float64")(x)
        return kerasette.Model(inputs, layers.Dense(3, dtype="float64")(x))

    replayed = trained(make, dtype="float64")
    assert not [name for name in ops_of(replayed, BATCH) if name.endswith("_pool")]
    eager()
    assert_same_weights(replayed, trained(make, dtype="float64"))


def predictions(model, x, threads=1):
    before = kerasette.config.get_num_threads()
    kerasette.config.set_num_threads(threads)
    try:
        return model.predict(x, BATCH, verbose=0)
    finally:
        kerasette.config.set_num_threads(before)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_predictions_have_the_bits_of_eager_ones(convolution, pooling, eager):
    hidden = [CONVOLUTIONS[convolution](), POOLINGS[pooling]()]
    if convolution == "plain":
        hidden[1:1] = [layers.BatchNormalization(), layers.ReLU()]
    model = kerasette.Sequential(stack(*hidden))
    x = np.random.default_rng(0).normal(size=(4 * BATCH, 13, 12, 4)).astype("float32")
    predicted, on_two = predictions(model, x), predictions(model, x, threads=2)
    assert not [name for name in ops_of(model, BATCH, "predict") if name.endswith("_pool")]
    eager()
    expected = predictions(model, x)
    np.testing.assert_array_equal(predicted, expected)
    np.testing.assert_array_equal(on_two, expected)


def with_its_source(x):
    return [layers.MaxPooling2D(2)(x), x]


@pytest.mark.parametrize("end", [twice, two_poolings, under_another_shape, with_its_source])
def test_results_that_are_needed_are_kept_when_predicting(end, eager):
    inputs = kerasette.Input((13, 12, 4))
    model = kerasette.Model(inputs, end(layers.Conv2D(4, 3)(inputs)))
    x = np.random.default_rng(0).normal(size=(4 * BATCH, 13, 12, 4)).astype("float32")
    predicted = kerasette.tree.flatten(predictions(model, x))
    assert [name for name in ops_of(model, BATCH, "predict") if name.endswith("_pool")]
    eager()
    expected = kerasette.tree.flatten(predictions(model, x))
    for one, other in zip(predicted, expected, strict=True):
        np.testing.assert_array_equal(one, other)
