"""Fits beside each other, in threads and in processes, are those of one after the other."""

import os
import pickle
import random

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from joblib._parallel_backends import ThreadingBackend
from joblib.externals.loky import get_reusable_executor
from jobs import network
from sklearn.ensemble import BaggingClassifier, VotingRegressor
from sklearn.model_selection import GridSearchCV

import kerasette
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

X = np.random.RandomState(0).rand(120, 6)
Y = np.array(["a", "b", "c"])[X[:, :3].argmax(axis=1)]


@pytest.fixture(scope="module", params=["loky", "threading"])
def two_jobs(request):
    with joblib.parallel_config(request.param, n_jobs=2):
        yield
    if request.param == "loky":
        get_reusable_executor().shutdown()


def searched():
    """Scores and predictions of a search over parameters of all kinds."""
    estimator = KerasetteClassifier(network, batch_size=16, epochs=3, random_state=0)
    grid = {"model__units": [4, 7], "optimizer__learning_rate": [0.01, 0.1]}
    search = GridSearchCV(estimator, grid, cv=2).fit(X, Y)
    assert search.best_estimator_.model_.replayed_steps > 0
    return search.cv_results_["mean_test_score"].tolist(), search.predict_proba(X).tolist()


def test_a_search_finds_the_same(two_jobs):
    with joblib.parallel_config("sequential"):
        expected = searched()
    assert searched() == expected


def test_ensembles_are_the_same(two_jobs):
    small = {"hidden_layer_sizes": (4,), "epochs": 3, "dropout": 0.2}
    members = [(str(seed), KerasetteRegressor(random_state=seed, **small)) for seed in range(4)]

    def predictions():
        bag = BaggingClassifier(KerasetteClassifier(**small), n_estimators=4, random_state=0)
        votes = VotingRegressor(members).fit(X, X.sum(axis=1)).predict(X)
        members_of_bag = bag.fit(X, Y).estimators_
        return [member.predict_proba(X).tolist() for member in members_of_bag], votes.tolist()

    with joblib.parallel_config("sequential"):
        expected = predictions()
    assert predictions() == expected


def test_processes_share_the_cores(two_jobs):
    counts = joblib.Parallel()(joblib.delayed(kerasette.config.get_num_threads)() for _ in range(4))
    if isinstance(joblib.parallel.get_active_backend()[0], ThreadingBackend):
        # There is one pool, which one of them uses at a time.
        assert set(counts) == {kerasette.config.get_num_threads()}
    elif "KERASETTE_NUM_THREADS" not in os.environ:
        assert max(counts) <= max(1, joblib.cpu_count() // 2)


@pytest.mark.parametrize("random_state", [3, "generator", None])
def test_global_generators_stay_as_they_are(random_state):
    if random_state == "generator":
        random_state = np.random.RandomState(3)
    estimator = KerasetteClassifier(
        network, batch_size=16, epochs=2, random_state=random_state, early_stopping=True
    )
    kerasette.random.normal((1,))
    generator = kerasette.random.seeds.global_seed_generator()
    states = random.getstate(), generator.state.numpy().tolist()
    of_numpy = pickle.dumps(np.random.get_state())
    estimator.fit(X, Y)
    assert states == (random.getstate(), generator.state.numpy().tolist())
    # Without a random state the seed is drawn from NumPy's generator, as scikit-learn does.
    assert (pickle.dumps(np.random.get_state()) == of_numpy) == (random_state is not None)


def test_the_random_state_decides_and_nothing_else():
    def fitted(seed):
        random.seed(None)
        np.random.seed(None)
        return KerasetteClassifier(network, epochs=2, random_state=seed).fit(X, Y)

    first, again, other = (fitted(seed).predict_proba(X).tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_partial_fits_go_on_after_a_pickle():
    estimator = KerasetteClassifier(network, batch_size=16, random_state=0)
    estimator.partial_fit(X, Y, classes=["a", "b", "c"])
    other = pickle.loads(pickle.dumps(estimator))
    for _ in range(2):
        estimator.partial_fit(X, Y)
        other.partial_fit(X, Y)
    assert estimator.predict_proba(X).tolist() == other.predict_proba(X).tolist()
