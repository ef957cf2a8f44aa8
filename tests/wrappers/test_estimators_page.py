"""What docs/estimators.md says: its code runs, and its tables name parameters that there are."""

import inspect
import re
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from pages import run_code
from sklearn.neural_network import MLPClassifier, MLPRegressor

from kerasette.optimizers import SGD, Adam
from kerasette.wrappers import KerasetteClassifier
from kerasette.wrappers.parameters import GIVEN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "estimators.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(title):
    """Names between backticks in the first two columns of a section's table."""
    text = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("|")]
    return [set(re.findall(r"`(\w+)", "|".join(column))) for column in zip(*rows, strict=True)]


def test_its_code_runs():
    assert run_code(PAGE) > 7


def test_every_parameter_is_in_its_table():
    named, _ = section("Parameters")
    parameters = set(inspect.signature(KerasetteClassifier).parameters)
    assert {name for name in named if "__" not in name} == parameters


def test_every_parameter_of_scikit_learns_networks_has_a_counterpart():
    named, _ = section("Coming from MLPClassifier and MLPRegressor")
    theirs = {*MLPClassifier().get_params(), *MLPRegressor().get_params()}
    assert theirs <= named


def test_defaults_are_those_of_scikit_learns_networks():
    theirs, ours = MLPClassifier().get_params(), KerasetteClassifier().get_params()
    shared = set(theirs) & set(ours) - {"learning_rate"}
    assert len(shared) > 10
    assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}


@pytest.mark.parametrize("title", re.findall("^## (Coming from .*)$", TEXT, re.MULTILINE))
def test_counterparts_are_there(title):
    _, ours = section(title)
    network = KerasetteClassifier(epochs=0).fit([[0.0], [1.0]], [0, 1])
    arguments = {f"optimizer__{name}" for name in [*SGD().get_config(), *Adam().get_config()]}
    own = {"model__units", *GIVEN, "LearningRateScheduler", "trainable"}
    of_sklearn = {"TransformedTargetRegressor", "FixedThresholdClassifier"}
    assert ours <= {*network.get_params(), *dir(network), *arguments, *own, *of_sklearn}


# Of SciKeras 0.13 and skorch 1.4.
OF_OTHERS = {
    "SciKeras": (
        "model build_fn warm_start random_state optimizer loss metrics batch_size "
        "validation_batch_size verbose callbacks validation_split shuffle run_eagerly epochs "
        "class_weight"
    ),
    "skorch": (
        "module criterion optimizer lr max_epochs batch_size iterator_train iterator_valid dataset "
        "train_split callbacks predict_nonlinearity warm_start verbose device compile use_caching "
        "torch_load_kwargs classes threshold"
    ),
    "Keras's own wrappers": "model warm_start model_kwargs fit_kwargs",
}


@pytest.mark.parametrize("library", OF_OTHERS)
def test_every_parameter_of_others_has_a_counterpart_or_none(library):
    named, _ = section(f"Coming from {library}")
    assert set(OF_OTHERS[library].split()) <= {
        part for name in named for part in (name, *name.split("__"))
    }
