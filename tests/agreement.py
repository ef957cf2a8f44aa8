"""What "agree" means, and how golden files are read."""

import json
from pathlib import Path

import numpy as np

import kerasette

GOLDEN = Path(__file__).parent / "golden"


def assert_agree(found, expected, what=""):
    """max|a - b| <= 1e-5 max|b|, and allclose with rtol 1e-5, atol 1e-6."""
    found, expected = np.asarray(found, "float64"), np.asarray(expected, "float64")
    assert found.shape == expected.shape, f"{what}: {found.shape} and {expected.shape}"
    if expected.size:
        scale = np.abs(expected).max()
        assert np.abs(found - expected).max() <= 1e-5 * scale, f"{what}: beside the largest value"
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6, err_msg=what)


def assert_same(found, expected):
    """Two dicts have the same keys; real numbers in them agree, and all else is the same."""
    assert list(found) == list(expected)
    for name, value in expected.items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(value), err_msg=name)
            assert_agree(np.nan_to_num(found[name]), np.nan_to_num(value), name)
        else:
            np.testing.assert_array_equal(found[name], value, err_msg=name)


def golden_json(name):
    """A golden file of structures."""
    return json.loads((GOLDEN / name).read_text())


def golden_arrays(name):
    """A golden file of arrays."""
    with np.load(GOLDEN / name) as data:
        return dict(data)


def make(module, described):
    """The object that a golden file describes as [class name, arguments]."""
    name, arguments = described
    return getattr(module, name)(**arguments)


def network(described, compiled=True, **compile_arguments):
    """The model that a golden file describes, with its optimizer and loss."""
    layers = [make(kerasette.layers, layer) for layer in described["layers"]]
    model = kerasette.Sequential([kerasette.Input(tuple(described["input_shape"])), *layers])
    if compiled:
        model.compile(
            optimizer=make(kerasette.optimizers, described["optimizer"]),
            loss=make(kerasette.losses, described["loss"]),
            **compile_arguments,
        )
    return model


def numbered(arrays, prefix):
    """Arrays prefix0, prefix1, ... as a list."""
    return [arrays[f"{prefix}{i}"] for i in range(len(arrays)) if f"{prefix}{i}" in arrays]
