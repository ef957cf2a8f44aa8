"""Sequential: building, its errors, and one thread, two threads and every instruction set."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, network, numbered

import kerasette
from kerasette import layers
from kerasette._core import runtime


def test_a_model_is_built_by_its_input_its_data_or_by_build():
    by_input = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3), layers.Dense(2)])
    assert by_input.built
    assert (by_input.input_shape, by_input.output_shape) == ((None, 4), (None, 2))
    assert [w.shape for w in by_input.get_weights()] == [(4, 3), (3,), (3, 2), (2,)]
    by_call = kerasette.Sequential([layers.Dense(3)])
    assert not by_call.built and by_call.weights == []
    assert by_call(np.ones((2, 4), "float32")).shape == (2, 3)
    assert by_call.input_shape == (None, 4)
    by_build = kerasette.Sequential([layers.Dense(3)])
    by_build.build((None, 5))
    assert by_build.count_params() == 18


@pytest.mark.parametrize("first", [[kerasette.Input((8, 8, 2))], []], ids=["input", "no input"])
def test_images_of_other_sizes_than_that_of_the_input(first):
    sums = layers.Conv2D(1, 3, kernel_initializer="ones")
    model = kerasette.Sequential([*first, sums, layers.Rescaling(0.5)])
    model(np.ones((1, 8, 8, 2)))
    model.compile("sgd", "mse")
    for height, width in ((8, 8), (5, 12), (3, 3), (8, 8)):
        x = np.ones((2, height, width, 2), "float32")
        expected = np.full((2, height - 2, width - 2, 1), 9.0)
        sums.set_weights([np.ones((3, 3, 2, 1)), np.zeros(1)])
        np.testing.assert_array_equal(model(x).numpy(), expected)
        np.testing.assert_array_equal(model.predict(x, verbose=0), expected)
        assert model.evaluate(x, expected, verbose=0) == 0
        model.fit(x, expected + 1, verbose=0)
        # The gradient of the bias is 2 * (9 - 10) * 0.5.
        np.testing.assert_allclose(sums.bias.numpy(), [0.01], rtol=1e-5)
    assert model.input_shape == (None, 8, 8, 2)


def test_sizes_that_a_layer_of_a_nested_stack_does_not_take():
    inner = kerasette.Sequential([kerasette.Input((4, 4, 1)), layers.Flatten(), layers.Dense(2)])
    model = kerasette.Sequential([kerasette.Input((None, None, 1)), layers.Conv2D(1, 1), inner])
    model.compile("sgd", "mse")
    before = model.get_weights()
    epochs = []
    begin = kerasette.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: epochs.append(1))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 16"):
        model.fit(np.ones((2, 5, 4, 1)), np.ones((2, 2)), callbacks=[begin], verbose=0)
    assert not epochs
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_add_and_pop():
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3)])
    top = layers.Dense(2)
    model.add(top)
    assert model.output_shape == (None, 2)
    assert model.pop() is top
    assert model.output_shape == (None, 3)
    model.pop()
    with pytest.raises(IndexError, match="no layer"):
        model.pop()


def test_popping_a_trained_layer_leaves_the_others_trained():
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3), layers.Dense(2)])
    model.compile("sgd", "mse")
    x = np.ones((8, 4), "float32")
    model.fit(x, np.zeros((8, 2)), verbose=0)
    kernel = model.layers[0].get_weights()[0]
    model.pop()
    np.testing.assert_allclose(model.predict(x, verbose=0), x @ kernel + model.get_weights()[1],
                               rtol=1e-6)  # fmt: skip


def test_get_layer():
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3, name="first")])
    assert model.get_layer("first") is model.get_layer(index=0) is model.layers[0]
    with pytest.raises(ValueError, match=r"No such layer: second.*first"):
        model.get_layer("second")
    with pytest.raises(ValueError, match="index 3"):
        model.get_layer(index=3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kerasette.Sequential([3]), "Only instances of"),
        (lambda: kerasette.Sequential([layers.Dense]), "Only instances of"),
        (
            lambda: kerasette.Sequential([layers.Dense(1, name="a"), layers.Dense(1, name="a")]),
            "unique names",
        ),
        (
            lambda: kerasette.Sequential([layers.Dense(1), kerasette.Input((2,))]),
            "An Input must be the first",
        ),
        (lambda: kerasette.Sequential([]).build((None, 3)), "no layers"),
        (lambda: kerasette.Sequential([layers.Dense(1)]).build(), "input_shape"),
        (lambda: kerasette.Sequential([kerasette.Input(()), layers.Dense(1)]), "min_ndim"),
    ],
)
def test_wrong_stacks_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_shapes_of_an_unbuilt_model_are_not_there():
    model = kerasette.Sequential([layers.Dense(1)])
    for name in ("input_shape", "output_shape"):
        with pytest.raises(AttributeError, match="has no defined"):
            getattr(model, name)
    with pytest.raises(ValueError, match="count_params"):
        model.count_params()


def test_set_weights_checks_all_before_it_changes_any():
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3)])
    before = model.get_weights()
    for wrong in ([], [np.zeros((4, 3))], [np.zeros((4, 3)), np.zeros(4)]):
        with pytest.raises(ValueError):
            model.set_weights(wrong)
    for a, b in zip(model.get_weights(), before):
        np.testing.assert_array_equal(a, b)


def wide():
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((300,)),
            layers.Dense(400, activation="relu"),
            layers.Dropout(0.2, seed=1),
            layers.Dense(200, activation="tanh"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_one_thread_trains_to_the_bits_of_two():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(500, 300)).astype("float32"), rng.integers(0, 10, 500)
    before = runtime.get_num_threads()
    found = []
    try:
        for threads in (1, 2, 3):
            runtime.set_num_threads(threads)
            model = wide()
            history = model.fit(x, y, batch_size=128, epochs=3, shuffle=False, verbose=0)
            found.append((history.history, model.get_weights(), model.predict(x, verbose=0)))
    finally:
        runtime.set_num_threads(before)
    for other in found[1:]:
        assert other[0] == found[0][0]
        for a, b in zip(other[1], found[0][1]):
            np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(other[2], found[0][2])


CASES = ("relu_scce_sgd_bias", "tanh_cce_adam_nobias", "sigmoid_bce_logits_adam_bias")


@pytest.mark.parametrize("isa", [name for name, runs in runtime.isa_levels() if runs])
@pytest.mark.parametrize("name", CASES)
def test_every_instruction_set_agrees_with_keras(name, isa):
    (case,) = [c for c in golden_json("training.json")["cases"] if c["name"] == name]
    arrays = golden_arrays(f"training_{name}.npz")
    before = runtime.isa()
    runtime.set_isa(isa)
    try:
        model = network(case)
        model.set_weights(numbered(arrays, "w0_"))
        for x, y in zip(numbered(arrays, "x_"), numbered(arrays, "y_")):
            model.fit(x, y, batch_size=len(x), shuffle=False, verbose=0)
        for found, expected in zip(model.get_weights(), numbered(arrays, "w10_")):
            assert_agree(found, expected)
    finally:
        runtime.set_isa(before)
