"""Functional models of all kinds: their layers, weights, shapes and values are Keras's."""

import warnings

import pytest
from agreement import assert_agree, golden_json
from graph_cases import CASES, run_case

import kerasette

GOLDEN = golden_json("graphs.json")


def without_values(found, values):
    """The description with every array of values taken out, and put into a list."""
    if isinstance(found, dict):
        for key in {"values", "losses"} & set(found):
            values.append(found.pop(key))
        return {key: without_values(item, values) for key, item in found.items()}
    if isinstance(found, list):
        return [without_values(item, values) for item in found]
    return found


@pytest.mark.parametrize("name", GOLDEN)
def test_a_graph_is_as_in_keras(name):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = run_case(kerasette, name)
    assert all("destroy the mask" in str(warning.message) for warning in caught)
    values, expected = [], []
    assert without_values(found, values) == without_values(GOLDEN[name], expected)
    for mine, theirs in zip(values, expected, strict=True):
        assert_agree(mine, theirs)


def test_every_case_has_an_answer():
    assert list(GOLDEN) == list(CASES)
