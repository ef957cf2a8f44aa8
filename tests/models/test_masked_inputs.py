"""Masks that inputs of a graph carry: each goes with its input, however inputs are given."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops

X = np.arange(1.0, 7.0, dtype="float32").reshape(2, 3)
MASKS = {
    "a": np.array([[True, False, False], [True, True, False]]),
    "b": np.array([[True, True, True], [False, True, True]]),
}


class MaskedSum(layers.Layer):
    def call(self, inputs, mask=None):
        return ops.sum(inputs if mask is None else inputs * ops.cast(mask, "float32"), axis=-1)

    def compute_mask(self, inputs, previous_mask):
        return None


def model_of(structure):
    """The weighted masked sums of two inputs, b before a."""
    a, b = (kerasette.Input((3,), name=name) for name in "ab")
    inputs = [b, a] if structure is list else {"b": b, "a": a}
    return kerasette.Model(inputs, MaskedSum()(b) + 10.0 * MaskedSum()(a))


def masked(name):
    tensor = ops.convert_to_tensor(X)
    tensor._keras_mask = ops.convert_to_tensor(MASKS[name])
    return tensor


EXPECTED = np.sum(X * MASKS["b"], 1) + 10 * np.sum(X * MASKS["a"], 1)


@pytest.mark.filterwarnings("ignore:The structure of `inputs`")
@pytest.mark.parametrize("structure", [list, dict])
@pytest.mark.parametrize("extra", [{}, {"other": X}])
def test_masks_of_a_dict_are_found_by_name(structure, extra):
    model = model_of(structure)
    found = model({"a": masked("a"), "b": masked("b"), **extra})
    np.testing.assert_allclose(found, EXPECTED)
    found = model({"a": X, "b": X, **extra}, mask=MASKS)
    np.testing.assert_allclose(found, EXPECTED)


def test_masks_of_a_list_go_by_place():
    model = model_of(list)
    np.testing.assert_allclose(model([masked("b"), masked("a")]), EXPECTED)
    np.testing.assert_allclose(model([X, X], mask=[MASKS["b"], MASKS["a"]]), EXPECTED)


def test_too_few_masks():
    with pytest.raises(ValueError, match="takes 2 inputs, and `mask` holds 1 masks"):
        model_of(list)([X, X], mask=[MASKS["b"]])
