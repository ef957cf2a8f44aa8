"""Scripts written for Keras log what they log with Keras when `kerasette` stands in their imports.

Same keys in the same order, same texts, numbers to 1e-4.
"""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from agreement import golden_json

import kerasette

FOLDER = Path(__file__).parent / "keras_scripts"
HELPERS = {"digits", "same_start"}
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in HELPERS)
GOLDEN = golden_json("keras_scripts.json")

IMPORTS = [
    (re.compile(r"^import keras$", re.MULTILINE), "import kerasette as keras"),
    (re.compile(r"^from keras\b", re.MULTILINE), "from kerasette"),
    (
        re.compile(r"^from tensorflow import GradientTape$", re.MULTILINE),
        "from kerasette import GradientTape",
    ),
]


def with_kerasette(text):
    """A script with other imports, and nothing else changed."""
    for pattern, replacement in IMPORTS:
        text = pattern.sub(replacement, text)
    return text


def run(name, folder):
    """What a script logs under kerasette, with automatic names counted from the start."""
    script = folder / f"{name}.py"
    text = (FOLDER / script.name).read_text(encoding="utf-8")
    script.write_text(with_kerasette(text), encoding="utf-8")
    kerasette.utils.clear_session()
    return runpy.run_path(str(script), run_name="__main__")["logs"]


def assert_same(found, expected, where):
    if isinstance(expected, dict):
        assert list(found) == list(expected), where
        for key, value in expected.items():
            assert_same(found[key], value, f"{where}: {key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for i, value in enumerate(expected):
            assert_same(found[i], value, f"{where}[{i}]")
    elif isinstance(expected, int | float):
        np.testing.assert_allclose(np.asarray(found), expected, 1e-4, 1e-5, err_msg=where)
    else:
        assert found == expected, where


def test_every_script_has_golden_logs():
    assert list(GOLDEN) == SCRIPTS


# Keras gives these warnings too: `fit` cannot shuffle a generator, and a generator may end.
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed", "ignore:Your input ran out of data")
@pytest.mark.parametrize("name", SCRIPTS)
def test_logs_are_those_of_keras(name, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setenv("COLUMNS", "120")
    assert_same(run(name, tmp_path), GOLDEN[name], name)
