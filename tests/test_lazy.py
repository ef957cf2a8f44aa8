"""Packages that load their modules when something in them is first used."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

from kerasette.lazy import Names

PACKAGES = [
    "callbacks", "layers", "losses", "metrics", "ops", "optimizers", "optimizers.schedules",
]  # fmt: skip


@pytest.fixture(params=PACKAGES)
def package(request):
    return importlib.import_module(f"kerasette.{request.param}")


def test_every_name_is_there(package):
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))
    assert len(set(package.__all__)) == len(package.__all__)


def test_no_name_is_that_of_a_module(package):
    # Importing the module would put it in the place of the name.
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert modules & set(package.__all__) <= {"schedules"}


def test_other_names_raise(package):
    with pytest.raises(AttributeError, match="has no attribute 'Dennse'"):
        _ = package.Dennse


def test_what_editors_read_names_the_same(package):
    with open(f"{package.__file__}i", encoding="utf-8") as file:
        stub = ast.parse(file.read())
    names = set()
    for statement in stub.body:
        if isinstance(statement, ast.ImportFrom):
            home = importlib.import_module(statement.module)
            for alias in statement.names:
                # Ops are wrapped.
                shown = inspect.unwrap(getattr(package, alias.asname))
                assert getattr(home, alias.name) is shown
                names.add(alias.asname)
        else:
            names.add(statement.name)
    assert names == set(package.__all__)


def test_modules_are_loaded_when_they_are_used():
    code = """
import sys
import kerasette
assert "kerasette.layers.dropout" not in sys.modules
assert "kerasette.metrics.auc" not in sys.modules
kerasette.layers.Dropout
kerasette.metrics.get("auc")
assert "kerasette.layers.dropout" in sys.modules
assert "kerasette.metrics.auc" in sys.modules
assert "kerasette.layers.dense" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_strings_stand_for_members():
    names = Names("math", {"root": "sqrt", "e": "e"})
    assert names["root"](4.0) == 2.0
    assert list(names) == ["root", "e"]
    assert len(names) == 2
    assert "root" in names and "sqrt" not in names
    assert names.get("sqrt") is None
    import math

    assert names.has(math.sqrt)
    assert not names.has(math.sin)
    assert not names.has(len)
