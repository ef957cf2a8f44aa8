"""Imports point one way: what lies below knows nothing of what lies above."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kerasette"

# From the bottom to the top, modules and packages; those of one row do not know each other.
LAYERS = [
    "_core",
    "default_dtype",
    "absent dtype_policy safe_mode",
    "lazy",
    "checks config datasets naming shapes tracking tree",
    "graph windows",
    "ops",
    "saving",
    "dtype_policies lookup random",
    "activations constraints data regularizers",
    "initializers utils",
    "backend callbacks layers losses optimizers",
    "metrics mixed_precision preprocessing",
    "text training",
    "models",
    "plot testing wrappers",
]

# The same within the core, for what Cython files import and cimport.
CORE_LAYERS = [
    "csrc recursion",
    "dtypes memory runtime structure",
    "tensor",
    "node variable",
    "step",
    "feed recording rows",
    "fuse_activations fuse_bags fuse_pools fuse_tables tape",
    "fuse",
    "ops",
]


def heights(layers):
    return {name: height for height, row in enumerate(layers) for name in row.split()}


HEIGHT, CORE_HEIGHT = heights(LAYERS), heights(CORE_LAYERS)


def part_of(path, package=PACKAGE):
    """The part of the package that a file belongs to: "ops", "layers"."""
    return path.relative_to(package).parts[0].split(".")[0]


def imports(path):
    """(line, part of kerasette) of every import in a file, those in functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "kerasette":
                yield node.lineno, [*name.split("."), ""][1]


def cython_imports(path):
    """(line, name below kerasette) of every import and cimport in a Cython file."""
    pattern = re.compile(r"\s*(?:from|import|cimport)\s+kerasette([.\w]*)(?:\s+c?import\s+(\w+))?")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := pattern.match(line):
            yield number, f"{match[1]}.{match[2] or ''}".strip(".")


PYTHON_FILES = sorted(set(PACKAGE.rglob("*.py")) - {PACKAGE / "__init__.py"})
CYTHON_FILES = sorted((PACKAGE / "_core").rglob("*.p[yx][xd]"))


def test_every_module_has_a_place_in_the_table():
    parts = {part_of(path) for path in PYTHON_FILES}
    assert parts == set(HEIGHT)


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    own = part_of(path)
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {part or 'kerasette'}"
        for line, part in imports(path)
        if part != own and HEIGHT.get(part, len(LAYERS)) >= HEIGHT[own]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", CYTHON_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_of_the_core_point_down(path):
    own = part_of(path, PACKAGE / "_core")
    wrong = []
    for line, name in cython_imports(path):
        first, part = [*name.split("."), ""][:2]
        is_below = part == own or CORE_HEIGHT.get(part, len(CORE_LAYERS)) < CORE_HEIGHT[own]
        if first != "_core" or not is_below:
            wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_the_kernels_know_nothing_of_python():
    for path in (ROOT / "csrc").rglob("*.[ch]"):
        assert "Python.h" not in path.read_text(encoding="utf-8"), path


def test_importing_kerasette_imports_nothing_but_numpy():
    code = """
import sys
import numpy
before = set(sys.modules)
import kerasette
print(*{name.split(".")[0] for name in set(sys.modules) - before})
"""
    command = [sys.executable, "-W", "error", "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    # Cython's own modules have names with its version and no file.
    new = {name for name in result.stdout.split() if not re.match("_?cython_", name)}
    assert new - sys.stdlib_module_names <= {"kerasette", "numpy"}
