"""What `fit`, `evaluate` and `predict` do with data of all kinds, as Keras does."""

import json
from pathlib import Path

import data_cases
import numpy as np
import pytest

import kerasette

GOLDEN = json.loads((Path(__file__).parent / "golden" / "data.json").read_text())
NEEDS = {"pandas": "pandas", "sparse": "scipy"}


def assert_alike(found, expected, where):
    if isinstance(expected, dict):
        assert list(found) == list(expected), where
        for key, value in expected.items():
            assert_alike(found[key], value, f"{where} {key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{where}: {found} {expected}"
        for number, value in enumerate(expected):
            assert_alike(found[number], value, f"{where} {number}")
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-6, err_msg=where)
    else:
        assert found == expected, where


@pytest.mark.parametrize("name", data_cases.CASES)
def test_data_is_gone_through_as_in_keras(name):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    found = json.loads(json.dumps(data_cases.run_case(kerasette, name)))
    assert_alike(found, GOLDEN[name], name)


def test_the_golden_file_has_each_case():
    assert set(GOLDEN) == set(data_cases.CASES)
