"""scikit-learn's own checks of estimators."""

import warnings

import pytest

pytest.importorskip("sklearn")

from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor, KerasetteTransformer

# How many checks are passed, at least.
N_PASSED = {KerasetteClassifier: 67, KerasetteRegressor: 60, KerasetteTransformer: 52}
THEIRS = [(KerasetteClassifier, MLPClassifier), (KerasetteRegressor, MLPRegressor)]


def network(input_shape, output_shape, n_classes=None):
    """A model of one's own."""
    last = "linear" if n_classes is None else "sigmoid" if output_shape == (1,) else "softmax"
    return kerasette.Sequential(
        [
            kerasette.Input(input_shape),
            layers.Dense(100, "relu"),
            layers.Dense(*output_shape, activation=last),
        ]
    )


@parametrize_with_checks([kind() for kind in N_PASSED])
def test_check(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def results(estimator):
    """Status of each check, by name; those of one name in a list."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check_estimator(estimator, on_fail=None, on_skip=None)
    return [(result["check_name"], result["status"]) for result in found]


@pytest.mark.parametrize(("kind", "theirs"), THEIRS)
def test_as_many_checks_run_as_for_their_networks(kind, theirs):
    n_checks = {
        estimator: len(list(estimator_checks.estimator_checks_generator(estimator())))
        for estimator in (kind, theirs)
    }
    assert n_checks[kind] >= n_checks[theirs]


@pytest.mark.slow
@pytest.mark.parametrize("kind", N_PASSED)
@pytest.mark.parametrize(
    "params",
    [{}, {"batch_size": 8}, {"batch_size": 32}, {"batch_size": 200}, {"model": network}],
    ids=repr,
)
def test_all_checks_of_other_parameters(kind, params):
    found = results(kind(**params))
    assert {name for name, status in found if status == "failed"} == set()
    assert sum(status == "passed" for _, status in found) >= N_PASSED[kind]
