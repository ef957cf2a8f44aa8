"""What holds for every layer, from one table; and configs against those of Keras."""

import numpy as np
import pytest
from agreement import golden_json, make

import kerasette
from kerasette import GradientTape, layers, ops


class Indices(tuple):
    """The shape of an input of whole numbers, 0 to 3, which has no gradient."""


# Every public layer: arguments, shape of an input, of the output, numbers of weights and of
# random generators.
ROWS = {
    "Activation": ({"activation": "tanh"}, (3, 4), (3, 4), 0, 0),
    "BatchNormalization": ({"axis": 1}, (3, 4, 2), (3, 4, 2), 4, 0),
    "Dense": ({"units": 5, "activation": "softmax"}, (3, 4), (3, 5), 2, 0),
    "Dropout": ({"rate": 0.5, "seed": 1}, (3, 4), (3, 4), 0, 1),
    "Embedding": ({"input_dim": 4, "output_dim": 3}, Indices((3, 4)), (3, 4, 3), 1, 0),
    "Flatten": ({}, (3, 4, 2), (3, 8), 0, 0),
    "InputLayer": ({"shape": (4,)}, (3, 4), (3, 4), 0, 0),
    "LayerNormalization": ({}, (3, 4, 2), (3, 4, 2), 2, 0),
}
CONFIGS = golden_json("configs.json")["layers"]


def test_every_layer_has_a_row():
    classes = {name for name in layers.__all__ if isinstance(getattr(layers, name), type)}
    assert classes - {"Layer", "InputSpec"} == set(ROWS)


@pytest.fixture(params=ROWS)
def row(request):
    arguments, *rest = ROWS[request.param]
    kerasette.utils.clear_session()
    return lambda **more: getattr(layers, request.param)(**arguments, **more), *rest


def inputs_of(shape, dtype="float32"):
    rng = np.random.default_rng(0)
    if isinstance(shape, Indices):
        return rng.integers(0, 4, shape).astype(dtype)
    return rng.normal(size=shape).astype(dtype)


def test_build_makes_the_weights_and_shapes_agree(row):
    new, input_shape, output_shape, n_weights, n_generators = row
    layer = new()
    layer.build(input_shape)
    assert layer.built
    assert len(layer.weights) == n_weights
    assert len(layer.variables) == n_weights + n_generators
    assert layer(inputs_of(input_shape)).shape == output_shape
    assert layer.compute_output_shape(input_shape) == output_shape
    assert layer.compute_output_shape((None, *input_shape[1:])) == (None, *output_shape[1:])
    assert layer.count_params() == sum(w.numpy().size for w in layer.weights)


def test_config_round_trip(row):
    new, input_shape, output_shape, _, _ = row
    layer = new(name="mine")
    twin = type(layer).from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    assert twin.name == "mine"
    assert twin(inputs_of(input_shape)).shape == output_shape
    # Nothing is added when a layer is called: the attributes are there or not from the start.
    again = type(layer).from_config(twin.get_config())
    again(inputs_of(input_shape))
    assert set(dir(again)) == set(dir(twin))


@pytest.mark.parametrize("training", [None, False, True])
def test_values_repeat_in_both_precisions(row, training):
    new, input_shape, _, _, _ = row
    kerasette.utils.set_random_seed(1)
    layer = new()
    rough = layer(inputs_of(input_shape), training=training)
    assert rough.dtype == "float32"
    kerasette.utils.set_random_seed(1)
    precise = new(dtype="float64")
    precise.build(input_shape)
    precise.set_weights(layer.get_weights())
    found = precise(inputs_of(input_shape), training=training)
    assert found.dtype == "float64"
    np.testing.assert_allclose(rough.numpy(), found.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("n", [0, 1])
def test_empty_and_single_batches(row, n):
    new, input_shape, output_shape, _, _ = row
    for training in (False, True):
        found = new()(inputs_of(type(input_shape)((n, *input_shape[1:]))), training=training)
        assert found.shape == (n, *output_shape[1:])


def test_gradients_reach_inputs_and_weights(row):
    new, input_shape, output_shape, _, _ = row
    layer = new(dtype="float64")
    layer.build(input_shape)
    x = ops.convert_to_tensor(inputs_of(input_shape, "float64"))
    seed = inputs_of(output_shape, "float64")
    sources = [*([] if isinstance(input_shape, Indices) else [x]), *layer.trainable_weights]
    with GradientTape() as tape:
        tape.watch(x)
        total = ops.sum(layer(x) * seed)
    gradients = tape.gradient(total, sources)
    rng = np.random.default_rng(1)
    for source, gradient in zip(sources, gradients):
        direction = rng.normal(size=source.shape)
        slope = (gradient.numpy() * direction).sum()
        values = []
        for step in (1e-6, -1e-6):
            moved = source.numpy() + step * direction
            if source is x:
                values.append((layer(moved).numpy() * seed).sum())
            else:
                before = source.numpy()
                source.assign(moved)
                values.append((layer(x).numpy() * seed).sum())
                source.assign(before)
        assert slope == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("case", CONFIGS, ids=lambda case: str(case["object"]))
def test_config_is_that_of_keras(case):
    _, arguments = case["object"]
    kerasette.utils.clear_session()
    not_there = {"kernel_regularizer": "l2", "data_format": "channels_first"}
    if arguments.items() & not_there.items():
        with pytest.raises(ValueError, match=r"data_format|kernel_regularizer"):
            make(layers, case["object"])
        return
    layer = make(layers, case["object"])
    assert layer.name == case["name"]
    assert layer.get_config() == case["config"]
    # And a config that Keras has written is understood.
    assert type(layer).from_config(case["config"]).get_config() == case["config"]
