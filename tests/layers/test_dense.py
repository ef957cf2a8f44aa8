"""Dense against NumPy, fused against unfused, and its errors."""

import numpy as np
import pytest
from scipy import special

from kerasette import GradientTape, activations, layers, ops

rng = np.random.default_rng(0)
ACTIVATIONS = {
    None: lambda x: x,
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": special.expit,
    "softmax": lambda x: special.softmax(x, -1),
    "exponential": np.exp,
}


@pytest.mark.parametrize("shape", [(6, 4), (2, 3, 4), (1, 4), (0, 4)])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_values(activation, use_bias, shape):
    layer = layers.Dense(3, activation, use_bias, bias_initializer="random_normal", dtype="float64")
    x = rng.normal(size=shape)
    y = layer(x)
    expected = x @ layer.kernel.numpy()
    if use_bias:
        expected = expected + layer.bias.numpy()
    np.testing.assert_allclose(y.numpy(), ACTIVATIONS[activation](expected), rtol=1e-12)
    assert (layer.bias is None) is not use_bias


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("units", [8, 100, 250])
@pytest.mark.parametrize("share", [0, 0.05, 0.3])
def test_rows_that_are_mostly_zero(share, units, dtype):
    """Whose products leave zeros out: forward, and in the gradients of weights and inputs."""
    layer = layers.Dense(units, "relu", dtype=dtype)
    x = (rng.normal(size=(150, 90)) * (rng.random((150, 90)) < share)).astype(dtype)
    factors = (rng.normal(size=(150, units)) * (rng.random((150, units)) < share)).astype(dtype)
    with GradientTape() as tape:
        tensor = ops.convert_to_tensor(x)
        tape.watch(tensor)
        y = layer(tensor)
        gradients = tape.gradient(ops.sum(y * factors), [layer.kernel, tensor])
    exact, kernel = x.astype("float64"), layer.kernel.numpy().astype("float64")
    dz = factors * (exact @ kernel > 0)
    expected = [np.maximum(exact @ kernel, 0), exact.T @ dz, dz @ kernel.T]
    precision = 1e-5 if dtype == "float32" else 1e-13
    for found, wanted in zip([y, *gradients], expected):
        np.testing.assert_allclose(found.numpy(), wanted, rtol=precision, atol=precision)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_zeros_times_what_is_not_finite(value):
    layer = layers.Dense(40)
    x = np.zeros((50, 60), "float32")
    x[::2, 7] = 1
    layer.build(x.shape)
    weights = np.ones((60, 40), "float32")
    weights[7, 3] = weights[20, 5] = value
    layer.kernel.assign(weights)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(layer(x).numpy(), x @ weights)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_fused_activation_does_what_its_twin_does(activation):
    fused = layers.Dense(3, activation)
    x = rng.normal(size=(6, 4)).astype("float32")
    fused.build(x.shape)
    plain = layers.Dense(3)
    plain.build(x.shape)
    plain.set_weights(fused.get_weights())
    with GradientTape(persistent=True) as tape:
        y = fused(x)
        twin = getattr(activations, activation)(plain(x))
        # Another gradient for every place.
        totals = [ops.sum(ops.square(y)), ops.sum(ops.square(twin))]
    np.testing.assert_allclose(y.numpy(), twin.numpy(), rtol=1e-6, atol=1e-7)
    gradients = [
        tape.gradient(total, layer.weights) for total, layer in zip(totals, (fused, plain))
    ]
    for found, expected in zip(*gradients):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_logits_survive_for_the_loss(activation):
    layer = layers.Dense(3, activation)
    y = layer(np.ones((2, 4)))
    name, logits = y._logits
    assert name == activation
    expected = np.ones((2, 4)) @ layer.kernel.numpy()
    np.testing.assert_allclose(logits.numpy(), expected, rtol=1e-6, atol=1e-7)


def test_initializers_and_dtype_are_used():
    layer = layers.Dense(3, kernel_initializer="ones", bias_initializer="zeros", dtype="float64")
    assert layer(np.full((1, 4), 0.1)).numpy().tolist() == [[0.4] * 3]
    assert layer.kernel.dtype == "float64"
    assert layer.kernel.path == f"{layer.name}/kernel"


def test_integers_are_cast():
    layer = layers.Dense(1, kernel_initializer="ones", dtype="float64")
    big = 2**30 + 1
    assert float(layer(np.array([[big]]))[0, 0]) == big


def test_another_width_raises():
    layer = layers.Dense(2, name="mine")
    layer(np.ones((1, 3)))
    words = (
        r"Input 0 of layer 'mine' is incompatible with the layer: expected axis -1 of input shape "
        r"to have value 3, but received input with shape \(2, 4\)"
    )
    with pytest.raises(ValueError, match=words):
        layer(np.ones((2, 4)))


@pytest.mark.parametrize("units", [0, -3, 2.5, "a", None, True])
def test_units_that_are_no_positive_integers_raise(units):
    with pytest.raises(ValueError, match=f"invalid value for `units`.*units={units!r}"):
        layers.Dense(units)


def test_units_may_be_of_numpy():
    assert layers.Dense(np.int64(3)).get_config()["units"] == 3


@pytest.mark.parametrize(
    "arguments",
    [{"unit": 4}, {"lora_rank": 3}, {"quantization_config": {}}],
)
def test_unknown_arguments_raise(arguments):
    with pytest.raises(ValueError, match="Unrecognized keyword arguments passed to Dense"):
        layers.Dense(3, **arguments)


def test_unknown_names_raise():
    with pytest.raises(ValueError, match="activation function identifier: rely"):
        layers.Dense(3, activation="rely")
    with pytest.raises(ValueError, match="initializer identifier: glorot"):
        layers.Dense(3, kernel_initializer="glorot")
