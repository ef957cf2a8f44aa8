"""Masks in layers, graphs, models, losses and metrics: all as in Keras."""

import pytest
from agreement import assert_same, golden_arrays, golden_json
from mask_cases import CASES, observe
from seen_cases import unpacked

import kerasette

NUMBERS, DESCRIBED = golden_arrays("masks.npz"), golden_json("masks.json")


@pytest.mark.filterwarnings("ignore:.*does not support masking")
@pytest.mark.parametrize("name", CASES)
def test_masks_are_those_of_keras(name):
    assert_same(observe(kerasette, name), unpacked(NUMBERS[name], DESCRIBED[name]))
