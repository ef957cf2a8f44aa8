"""Activations against Keras and differences, in the tails too, and their names."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, activations, layers, ops
from kerasette.testing import check_gradients

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 4)) * 3

GOLDEN = golden_json("activations.json")
ARRAYS = golden_arrays("activations.npz")
NAMES = sorted(set(activations.__all__) - {"get", "serialize", "deserialize"})


def value_and_gradient(name, arguments, x, weights):
    x = ops.convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(x)
        y = getattr(activations, name)(x, **arguments)
        total = ops.sum(ops.multiply(y, weights))
    return y.numpy(), tape.gradient(total, x).numpy()


@pytest.mark.parametrize("number", range(len(GOLDEN["cases"])))
def test_values_and_gradients_are_those_of_keras(number):
    name, arguments = GOLDEN["cases"][number]
    expected = ARRAYS[f"y_{number}"]
    weights = ARRAYS["weights"].ravel()[: expected.size].reshape(expected.shape)
    y, gradient = value_and_gradient(name, arguments, ARRAYS["x"], weights)
    assert_agree(y, expected, name)
    assert_agree(gradient, ARRAYS[f"gradient_{number}"], name)
    assert y.dtype == "float32"


@pytest.mark.parametrize("number", range(len(GOLDEN["cases"])))
def test_gradients_are_those_of_differences(number):
    name, arguments = GOLDEN["cases"][number]
    # None of these is near a kink.
    check_gradients(lambda x: 1.0 * getattr(activations, name)(x, **arguments), [X], rtol=1e-5)


def test_every_activation_is_compared_with_keras():
    # But sparsemax, which sums to less than 1 in Keras 3.15.1 where more than one is left.
    compared = {name for name, _ in GOLDEN["cases"]}
    assert compared | {"swish", "hard_swish", "sparsemax"} == set(NAMES)


# Those that rise faster than x or need more than one x.
UNBOUNDED = {"exponential"}
ARGUMENTS = {"threshold": (0.5, -1.0)}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNBOUNDED])
def test_nothing_overflows_where_x_is_large(name, dtype):
    x = np.array([-1e15, -1e4, -800.0, -90.0, 0.0, 90.0, 800.0, 1e4, 1e15, 1e15], dtype)
    function = getattr(activations, name)
    variable = kerasette.Variable(x)
    with GradientTape() as tape:
        y = 1.0 * function(variable, *ARGUMENTS.get(name, ()))
    gradient = tape.gradient(y, variable).numpy()
    assert np.isfinite(y.numpy()).all()
    assert np.isfinite(gradient).all()
    assert (abs(gradient) < 1.2).all() or name in ("glu", "log_softmax", "selu", "sparsemax")


@pytest.mark.parametrize("name", NAMES)
def test_nan_passes(name):
    x = np.array([1.0, np.nan], "float32")
    y = ops.convert_to_tensor(getattr(activations, name)(x, *ARGUMENTS.get(name, ()))).numpy()
    assert np.isnan(y[-1])


# A change for every parameter but x.
CHANGES = {
    "celu": {"alpha": 2.0},
    "elu": {"alpha": 2.0},
    "gelu": {"approximate": True},
    "glu": {"axis": 0},
    "hard_shrink": {"threshold": 2.0},
    "leaky_relu": {"negative_slope": 0.75},
    "log_softmax": {"axis": 0},
    "relu": {"negative_slope": 0.75, "max_value": 1.0, "threshold": 2.0},
    "soft_shrink": {"threshold": 2.0},
    "softmax": {"axis": 0},
    "sparsemax": {"axis": 0},
    "squareplus": {"b": 1.0},
    "threshold": {"threshold": 2.0, "default_value": 5.0},
}
COVERED = {f"activations.{name}": {"x", *CHANGES.get(name, ())} for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_has_an_effect(name):
    changes, function = CHANGES.get(name, {}), getattr(activations, name)
    if name in ("hard_sigmoid", "silu", "softplus", "softsign", "swish"):
        # Compiled, with no signature to look into: of x alone.
        with pytest.raises(TypeError):
            function(X, 1.0)
        return
    assert_every_parameter_has_a_row(function, {"x": None, **changes})
    usual = {"threshold": 0.5, "default_value": -1.0} if name == "threshold" else {}
    before = ops.convert_to_tensor(function(X, **usual)).numpy()
    for parameter, value in changes.items():
        after = function(X, **(usual | {parameter: value})).numpy()
        assert differ(after, before), parameter


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [0, 0, 0, 1, 2, 3]),
        ({"negative_slope": 0.5}, [-1, -0.5, 0, 1, 2, 3]),
        ({"max_value": 2}, [0, 0, 0, 1, 2, 2]),
        ({"threshold": 1}, [0, 0, 0, 0, 2, 3]),
        ({"threshold": 1, "negative_slope": 0.5}, [-1.5, -1, -0.5, 0, 2, 3]),
        ({"max_value": 0}, [0, 0, 0, 0, 0, 0]),
        ({"max_value": 2, "threshold": -1}, [0, 0, 0, 1, 2, 2]),
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
    for name in NAMES:
        function = getattr(activations, name)
        assert activations.get(name) is function
        assert activations.get(function) is function
        assert activations.serialize(function) == GOLDEN["serialized"].get(name, name)
        assert activations.deserialize(name) is function
    for name, serialized in GOLDEN["serialized"].items():
        assert activations.serialize(activations.get(name)) == serialized


def test_functions_and_layers_of_the_user_serialize():
    def half(x):
        return ops.multiply(x, 0.5)

    assert activations.get(half) is half
    assert activations.serialize(half)["config"] == "half"
    assert activations.serialize(layers.Flatten())["class_name"] == "Flatten"


@pytest.mark.parametrize("identifier", ["rely", 3])
def test_unknown_activations_raise_and_the_known_are_listed(identifier):
    words = r"Could not interpret activation function identifier.*relu"
    with pytest.raises(ValueError, match=words):
        activations.get(identifier)
    with pytest.raises(TypeError, match="Could not locate class 'rely'"):
        activations.get({"class_name": "rely", "config": {}})
