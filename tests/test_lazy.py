"""Packages that load their modules when something in them is first used."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

import pytest
from agreement import golden_json

import kerasette
from kerasette.absent import NAMES, is_absent
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
    assert len(set(package.__all__)) == len(package.__all__)


@pytest.mark.parametrize(
    "module", ["", *PACKAGES, "models", "plot", "random", "text", "utils", "wrappers"]
)
def test_dir_shows_what_is_public(module):
    module = importlib.import_module(f"kerasette.{module}".rstrip("."))
    shown = dir(module)
    assert {name for name in shown if not name.startswith("__")} == set(module.__all__)
    assert "__name__" in shown and "__doc__" in shown


def test_no_name_is_that_of_a_module(package):
    # Importing the module would put it in the place of the name.
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert modules & set(package.__all__) <= {"schedules"}


def test_other_names_raise(package):
    with pytest.raises(AttributeError, match="has no attribute 'Dennse'"):
        _ = package.Dennse


KERAS = golden_json("signatures.json")
ABSENT = [f"{path}.{name}".lstrip(".") for path in NAMES for name in NAMES[path].split()]


def test_names_of_keras_are_there_or_known_to_be_absent():
    for full in KERAS:
        path, _, name = full.rpartition(".")
        module = importlib.import_module(f"kerasette.{path}".rstrip("."))
        assert hasattr(module, name) != is_absent(path, name), full


@pytest.mark.parametrize("full", ABSENT)
def test_what_keras_has_and_is_not_here_says_so(full):
    path, _, name = full.rpartition(".")
    module = importlib.import_module(f"kerasette.{path}".rstrip("."))
    assert not hasattr(module, name)
    assert name not in dir(module)
    words = rf"^Keras has {re.escape(full)}; kerasette does not \(docs/differences-from-keras.*\)$"
    with pytest.raises(AttributeError, match=words):
        getattr(module, name)


def test_a_similar_name_is_one_sentence_on():
    run = subprocess.run(
        [sys.executable, "-c", "import kerasette; kerasette.applications"],
        capture_output=True,
        text=True,
    )
    assert run.stderr.rstrip().endswith("left out). Did you mean: 'activations'?")


@pytest.mark.parametrize(
    "module", ["", "config", "datasets", "dtype_policies", "initializers", "saving", "tree"]
)
def test_what_keras_has_not_either_is_not_found_as_in_python(module):
    module = importlib.import_module(f"kerasette.{module}".rstrip("."))
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'nam'"):
        _ = module.nam


@pytest.mark.parametrize("name", ["export", "load_weights", "quantize", "save", "save_weights"])
def test_methods_of_models_that_are_not_here_say_so(name):
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    for owner in (kerasette.Model, kerasette.Sequential, model):
        assert not hasattr(owner, name)
        with pytest.raises(AttributeError, match=f"^Keras has Model.{name}; kerasette does not"):
            getattr(owner, name)

    def mine(self):
        return name

    with_its_own = type("Mine", (kerasette.Model,), {name: mine})
    assert getattr(with_its_own(), name)() == name


def test_the_table_of_absent_names_is_loaded_for_errors_alone():
    code = """
import sys
import kerasette
kerasette.layers.Dense(1)
assert "kerasette.absent" not in sys.modules
assert not hasattr(kerasette.layers, "Attention")
assert "kerasette.absent" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


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
