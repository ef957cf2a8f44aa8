"""Layers for images against Keras: outputs, configs, errors."""

import json

import image_cases
import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make

import kerasette
from kerasette import layers

ARRAYS = {name: golden_arrays(f"images{of}.npz") for name, of in
          {"torch": "", "jax": "_jax", "tensorflow": "_tensorflow"}.items()}  # fmt: skip
CASES = [(of, case) for of, cases in image_cases.CASES_OF.items() for case in cases]
GOLDEN = golden_json("images.json")


def name_of(value):
    return value["name"] if isinstance(value, dict) else value


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("backend", "case"), CASES, ids=name_of)
def test_outputs_are_those_of_keras(backend, case, training):
    arrays = ARRAYS[backend]
    images = arrays[image_cases.input_name(case)]
    expected = image_cases.expected_of(arrays, case, training)
    found = make(layers, case["layer"])(images, training=training).numpy()
    assert found.dtype == expected.dtype
    if images.dtype == np.float32:
        # Places are computed in float32, and from one pixel to the next values jump by up to 255.
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=0, atol=3e-4)
    elif "integers" in case["name"] and case["layer"][0] == "Resizing":
        # What is half way between integers is rounded by chance.
        assert np.abs(found - expected).max() <= 1 and (found != expected).mean() < 0.02
    else:
        assert_agree(found, expected)


@pytest.mark.parametrize("case", GOLDEN["configs"], ids=lambda case: str(case["object"]))
def test_config_is_that_of_keras(case):
    kerasette.utils.clear_session(free_memory=False)
    layer = make(layers, case["object"])
    assert layer.name == case["name"]
    config = layer.get_config()
    assert json.loads(json.dumps(config)) == case["config"]
    assert {key for key in config if isinstance(config[key], tuple)} == set(case["tuples"])
    again = type(layer).from_config(case["config"])
    assert json.loads(json.dumps(again.get_config())) == case["config"]


@pytest.mark.parametrize("name", GOLDEN["errors"])
def test_error_is_that_of_keras(name):
    case = GOLDEN["errors"][name]
    with pytest.raises(Exception) as caught:
        make(layers, case["layer"])(np.ones((2, 3, 4), "float32"))
    # Keras puts words of its own around those from within a call.
    words = case["message"].split("\x1b[1m")[-1]
    assert caught.type.__name__ == case["type"]
    assert str(caught.value)[:36] == words[:36]
