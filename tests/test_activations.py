"""Activations against formulas, with gradients, and their names."""

import numpy as np
import pytest
from scipy import special

from kerasette import GradientTape, activations, layers, ops

rng = np.random.default_rng(0)
X = rng.normal(size=(5, 4)) * 3

# Every public activation: arguments and formula.
ROWS = {
    "exponential": ({}, np.exp),
    "linear": ({}, lambda x: x),
    "relu": (
        {"negative_slope": 0.25, "max_value": 2.0, "threshold": 0.5},
        lambda x: np.where(x > 0.5, np.minimum(x, 2.0), 0.25 * (x - 0.5)),
    ),
    "sigmoid": ({}, special.expit),
    "softmax": ({"axis": 0}, lambda x: special.softmax(x, 0)),
    "tanh": ({}, np.tanh),
}


def test_every_activation_has_a_row():
    assert set(activations.__all__) - {"get", "serialize", "deserialize"} == set(ROWS)


@pytest.mark.parametrize(("name", "row"), ROWS.items())
def test_values_and_gradients(name, row):
    arguments, oracle = row
    function = getattr(activations, name)
    x = ops.convert_to_tensor(X)
    weights, direction = rng.normal(size=X.shape), rng.normal(size=X.shape)
    with GradientTape() as tape:
        tape.watch(x)
        y = function(x, **arguments)
        total = ops.sum(ops.multiply(y, weights))
    np.testing.assert_allclose(y.numpy(), oracle(X), rtol=1e-12)
    slope = (tape.gradient(total, x).numpy() * direction).sum()
    up, down = ((oracle(X + s * direction) * weights).sum() for s in (1e-6, -1e-6))
    assert slope == pytest.approx((up - down) / 2e-6, rel=1e-6)
    rough = function(ops.convert_to_tensor(X, "float32"), **arguments)
    assert rough.dtype == "float32"
    np.testing.assert_allclose(rough.numpy(), oracle(X), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [0, 0, 0, 1, 2, 3]),
        ({"negative_slope": 0.5}, [-1, -0.5, 0, 1, 2, 3]),
        ({"max_value": 2}, [0, 0, 0, 1, 2, 2]),
        ({"threshold": 1}, [0, 0, 0, 0, 2, 3]),
        ({"threshold": 1, "negative_slope": 0.5}, [-1.5, -1, -0.5, 0, 2, 3]),
        ({"max_value": 0}, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_relu_is_that_of_keras(arguments, expected):
    x = np.arange(-2.0, 4.0)
    assert activations.relu(x, **arguments).numpy().tolist() == expected


def test_relu_with_a_negative_maximum_raises():
    with pytest.raises(ValueError, match="max_value"):
        activations.relu(X, max_value=-1.0)


def test_names():
    assert activations.get(None) is activations.linear
    for name in ROWS:
        function = getattr(activations, name)
        assert activations.get(name) is function
        assert activations.get(function) is function
        assert activations.serialize(function) == name
        assert activations.deserialize(name) is function


def test_functions_and_layers_of_the_user_serialize():
    def half(x):
        return ops.multiply(x, 0.5)

    assert activations.get(half) is half
    assert activations.serialize(half)["config"] == "half"
    assert activations.serialize(layers.Flatten())["class_name"] == "Flatten"


@pytest.mark.parametrize("identifier", ["rely", 3, {"class_name": "rely", "config": {}}])
def test_unknown_activations_raise_and_the_known_are_listed(identifier):
    words = r"Could not interpret activation function identifier.*relu"
    with pytest.raises(ValueError, match=words):
        activations.get(identifier)
