"""What layers demand of their inputs."""

from types import SimpleNamespace

import pytest
from changes import assert_every_parameter_has_a_row

import kerasette
from kerasette import layers
from kerasette.layers.input_spec import check_inputs


def tensor(*shape, dtype="float32"):
    return SimpleNamespace(shape=shape, dtype=dtype)


def fits(inputs, *, in_list=False, **arguments):
    """Whether inputs are as a spec demands."""
    spec = layers.InputSpec(**arguments)
    try:
        check_inputs([spec] if in_list else spec, inputs, "a")
    except ValueError:
        return False
    return True


# For each parameter arguments without it, a value, and an input for which it matters; specs of
# several inputs alone look at names and None.
ROWS = {
    "dtype": ({}, "int32", tensor(2, 3)),
    "shape": ({}, (None, 4), tensor(2, 3)),
    "ndim": ({}, 3, tensor(2, 3)),
    "max_ndim": ({}, 1, tensor(2, 3)),
    "min_ndim": ({}, 3, tensor(2, 3)),
    "axes": ({}, {-1: 4}, tensor(2, 3)),
    "allow_last_axis_squeeze": ({"shape": (None, 3)}, True, tensor(2, 3, 1)),
    "name": ({"ndim": 2, "in_list": True}, "y", {"x": tensor(2, 3)}),
    "optional": ({"in_list": True}, True, None),
}
COVERED = {"layers.InputSpec": ROWS}


def test_every_argument_has_an_effect():
    assert_every_parameter_has_a_row(layers.InputSpec, ROWS)
    for name, (base, value, inputs) in ROWS.items():
        assert fits(inputs, **base) != fits(inputs, **base, **{name: value}), name


@pytest.mark.parametrize(
    ("shape", "of_input", "is_right"),
    [
        ((None, 3), (2, 3, 1), True),
        ((None, 3, 1), (2, 3), True),
        ((None, 3, 1), (2, 3, 1), True),
        ((None, 3, 1), (2, 4), False),
        ((None, 3), (2, 3, 2), False),
        ((None, 3, 3), (2, 3), False),
        ((None, None), (2, 1), True),
        ((None, None), (2, 3, 1), True),
        ((None, None, 2), (2, 1), False),
        ((None, None, None), (2, 1, 1), True),
        ((None, 1), (2, 1), True),
        ((None, 1), (2,), True),
        # The 1 is the batch's, not one of a last axis.
        ((None, 1), (1,), True),
        ((None,), (1, 1), True),
        ((None, 3), (1,), False),
    ],
)
def test_a_last_axis_of_size_one_may_be_missing(shape, of_input, is_right):
    assert fits(tensor(*of_input), shape=shape, allow_last_axis_squeeze=True) == is_right


def test_named_specs_find_their_inputs():
    specs = [layers.InputSpec(ndim=1, name="b"), layers.InputSpec(ndim=2, name="a")]
    a, b = tensor(2, 3), tensor(2)
    check_inputs(specs, {"a": a, "b": b, "more": a}, "layer")
    check_inputs(specs, [b, a], "layer")
    with pytest.raises(ValueError, match=r"Input 0 .* expected ndim=1"):
        check_inputs(specs, [a, b], "layer")
    with pytest.raises(ValueError, match=r'Missing data for input "b".* the following keys'):
        check_inputs(specs, {"a": a}, "layer")
    with pytest.raises(ValueError, match=r"expects 2 named input\(s\) with keys \['b', 'a'\]"):
        check_inputs(specs, [a], "layer")


def test_nested_specs():
    specs = {"a": [layers.InputSpec(ndim=1), None], "b": layers.InputSpec(ndim=2)}
    check_inputs(specs, {"b": tensor(2, 3), "a": [tensor(2), 7]}, "layer")
    with pytest.raises(ValueError, match="Input 2"):
        check_inputs(specs, {"b": tensor(2), "a": [tensor(2), tensor(2)]}, "layer")


@pytest.mark.parametrize("axes", [{"a": 1}, [5.5, "b"], 3])
def test_axes_without_numbers_raise(axes):
    with pytest.raises(TypeError, match="must be a dict with integer keys"):
        layers.InputSpec(axes=axes)


@pytest.mark.parametrize("sizes", [{"ndim": 2}, {"max_ndim": 2}, {"shape": (None, 3)}])
def test_axes_that_are_not_there_raise(sizes):
    layers.InputSpec(axes={1: 3}, **sizes)
    with pytest.raises(ValueError, match="Axis 2 is greater than the maximum allowed value: 1"):
        layers.InputSpec(axes={2: 3}, **sizes)


def test_configs():
    plain = {"dtype": None, "shape": None, "ndim": 2, "max_ndim": None, "min_ndim": None}
    plain |= {"axes": {1: 3}, "optional": False}
    assert layers.InputSpec(ndim=2, axes={1: 3}).get_config() == plain
    arguments = {"name": "a", "allow_last_axis_squeeze": True, "optional": True, "dtype": "int32"}
    spec = layers.InputSpec.from_config(layers.InputSpec(**arguments).get_config())
    assert {name: getattr(spec, name) for name in arguments} == arguments
    assert kerasette.InputSpec is layers.InputSpec
