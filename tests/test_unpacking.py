"""Batches as tuples, by Keras's rules."""

import pytest

from kerasette.utils import pack_x_y_sample_weight, unpack_x_y_sample_weight


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("x", ("x", None, None)),
        (("x",), ("x", None, None)),
        (["x", "y"], ("x", "y", None)),
        (("x", "y", "w"), ("x", "y", "w")),
        (("x", None, None), ("x", None, None)),
        ({"a": 1}, ({"a": 1}, None, None)),
        (None, (None, None, None)),
        ((["a", "b"],), (["a", "b"], None, None)),
    ],
)
def test_unpacked(data, expected):
    assert unpack_x_y_sample_weight(data) == expected


@pytest.mark.parametrize("data", [(), (1, 2, 3, 4), [1, 2, 3, 4]])
def test_tuples_of_another_length_are_no_batches(data):
    with pytest.raises(ValueError, match=r"Data is expected to be in format `x`, `\(x,\)`"):
        unpack_x_y_sample_weight(data)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("x",), "x"),
        ((["a", "b"],), (["a", "b"],)),
        ((("a", "b"),), (("a", "b"),)),
        (({"a": 1},), {"a": 1}),
        (("x", "y"), ("x", "y")),
        (("x", None, "w"), "x"),
        (("x", "y", "w"), ("x", "y", "w")),
    ],
)
def test_packed(parts, expected):
    assert pack_x_y_sample_weight(*parts) == expected
