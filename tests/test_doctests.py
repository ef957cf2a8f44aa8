"""Examples in the docstrings of compiled modules, which pytest does not look into."""

import doctest
import importlib
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import kerasette

PACKAGE = Path(kerasette.__file__).parent
COMPILED = sorted(
    ".".join(("kerasette", *path.relative_to(PACKAGE).parent.parts, path.name.split(".")[0]))
    for path in PACKAGE.rglob(f"*{EXTENSION_SUFFIXES[0]}")
)


@pytest.mark.parametrize("name", COMPILED)
def test_examples(name):
    module = importlib.import_module(name)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, optionflags=options).failed == 0


def test_examples_are_found():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = finder.find(importlib.import_module("kerasette._core.runtime"))
    assert any(test.examples for test in found)
