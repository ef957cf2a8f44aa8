"""Parameters of an estimator's model and optimizer, by name."""

import pickle
import subprocess
import sys

import pytest

pytest.importorskip("sklearn")

from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_html_repr

import kerasette
from kerasette.wrappers.parameters import NestedParameters


class Net(NestedParameters, BaseEstimator):
    def __init__(self, model=None, *, optimizer=None, learning_rate=None, **nested):
        self.model = model
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self._set_nested(nested)

    def fit(self, X, y=None):
        self._check_nested()
        return self


def two_layers(input_shape, n_classes, units=8, *, activation="relu"):
    """A function as users write it."""


def free(input_shape, depth, **others):
    """One that takes any name, and needs `depth`."""


def test_parameters_are_those_set_and_the_functions_defaults():
    net = Net(two_layers, model__units=3, optimizer__momentum=0.5)
    own = {"model": two_layers, "optimizer": None, "learning_rate": None}
    nested = {"model__units": 3, "optimizer__momentum": 0.5}
    assert net.get_params(deep=False) == {**own, **nested}
    assert net.get_params() == {**own, **nested, "model__activation": "relu"}
    assert net.model__units == 3


def test_given_shapes_and_required_arguments_have_no_defaults():
    assert Net(free).get_params() == {"model": free, "optimizer": None, "learning_rate": None}
    assert Net(free, model__depth=2, model__width=3).fit(0).get_params()["model__width"] == 3


def test_constructors_take_no_other_names():
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'units'"):
        Net(two_layers, units=3)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'optimiser__momentum'"):
        Net(model__units=3, optimiser__momentum=3)


def test_clones_have_equal_parameters():
    rates = [1, 2]
    net = Net(two_layers, model__units=rates, optimizer="sgd", optimizer__momentum=0.5)
    copied = clone(net)
    assert copied.get_params() == net.get_params()
    # Parameters are copied.
    assert copied.model__units is not rates


def test_an_estimator_is_written_with_all_that_is_set():
    net = Net(two_layers, model__units=3, optimizer__momentum=0.5)
    assert "model__units=3, optimizer__momentum=0.5)" in " ".join(repr(net).split())
    assert repr(Net()) == "Net()"
    for name in ("model__units", "optimizer__momentum"):
        assert name in estimator_html_repr(net)


def test_pickles_keep_parameters():
    net = pickle.loads(pickle.dumps(Net(two_layers, model__units=3)))
    assert net.get_params() == Net(two_layers, model__units=3).get_params()


def test_parameters_are_set_at_any_depth():
    pipeline = Pipeline([("outer", Pipeline([("net", Net(two_layers))]))])
    grid = ParameterGrid({"outer__net__model__units": [4], "outer__net__optimizer__beta_1": [0.5]})
    for params in grid:
        set_to = clone(pipeline).set_params(**params).get_params()
        assert {name: set_to[name] for name in params} == params
    assert "outer__net__model__units" in pipeline.get_params()


def test_a_function_and_its_arguments_are_set_together_in_any_order():
    net = Net().set_params(model__units=3, model=two_layers)
    assert net.model__units == 3 and net.model is two_layers
    assert net.set_params() is net
    net.set_params(optimizer__rho=0.5, optimizer=kerasette.optimizers.RMSprop)
    assert net.optimizer__rho == 0.5


WRONG = {
    "no such parameter": (Net(), {"units": 3}, "Invalid parameter 'units' for estimator Net"),
    "none of those inside": (Net(), {"units__a": 3}, "Invalid parameter 'units' for estimator Net"),
    "no function": (Net(), {"model__units": 3}, "'model__units': .*which is None"),
    "a model": (
        Net(kerasette.Sequential()), {"model__units": 3}, "'model__units': .*of type Sequential"
    ),
    "not the function's": (
        Net(two_layers), {"model__width": 3},
        r"Invalid parameter 'width' for estimator two_layers. Valid parameters are: "
        r"\['units', 'activation'\]",
    ),
    "not the new function's": (
        Net(two_layers, model__units=3), {"model": lambda depth: None}, "parameter 'units'"
    ),
    "given by the estimator": (
        Net(free), {"model__n_classes": 3}, "given to the function by the estimator"
    ),
    "given though named": (Net(two_layers), {"model__input_shape": 3}, "by the estimator"),
    "not the default optimizer's": (
        Net(), {"optimizer__momentum": 0.5}, "'momentum' for estimator Adam.*'beta_1'"
    ),
    "not the named optimizer's": (
        Net(optimizer="sgd"), {"optimizer__beta_1": 0.5}, "'beta_1' for estimator SGD.*'clipnorm'"
    ),
    "not the class's": (
        Net(optimizer=kerasette.optimizers.SGD), {"optimizer__beta_1": 0.5}, "estimator SGD"
    ),
    "not the instance's": (
        Net(optimizer=kerasette.optimizers.SGD()), {"optimizer__beta_1": 0.5}, "estimator SGD"
    ),
    "no optimizer": (Net(optimizer="sdg"), {"optimizer__momentum": 0.5}, "sdg"),
}  # fmt: skip


@pytest.mark.parametrize(("net", "params", "message"), WRONG.values(), ids=WRONG)
def test_unknown_parameters(net, params, message):
    before = net.get_params(deep=False)
    with pytest.raises(ValueError, match=message):
        net.set_params(learning_rate=0.5, **params)
    assert net.get_params(deep=False) == before
    if "model" not in params and all(name.startswith(("model_", "optimizer_")) for name in params):
        # A constructor stores; `fit` tells.
        with pytest.raises(ValueError, match=message):
            Net(**before, **params).fit(0)


def test_the_optimizer_of_a_given_model_is_asked_when_it_is_known():
    Net(two_layers).set_params(optimizer__momentum=0.5)


class Sloppy(kerasette.optimizers.SGD):
    """An optimizer whose constructor hands nothing on."""

    def __init__(self, learning_rate=0.1):
        super().__init__(learning_rate)


def test_arguments_of_an_optimizers_bases():
    Net(optimizer="sgd").set_params(optimizer__clipnorm=1.0)
    with pytest.raises(ValueError, match=r"Valid parameters are: \['learning_rate'\]"):
        Net(optimizer=Sloppy).set_params(optimizer__clipnorm=1.0)


def test_the_package_says_what_it_needs():
    code = """
import sys
sys.modules["sklearn"] = None
import kerasette.wrappers as wrappers
for name in wrappers.__all__:
    try:
        getattr(wrappers, name)
    except ImportError as error:
        assert "pip install 'kerasette[sklearn]'" in str(error) and name in str(error)
    else:
        raise AssertionError(name)
try:
    wrappers.Classifier
except AttributeError as error:
    assert "has no attribute 'Classifier'" in str(error)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_is_loaded_on_use():
    code = """
import sys, kerasette
assert "kerasette.wrappers" not in sys.modules
kerasette.wrappers
assert "sklearn" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
