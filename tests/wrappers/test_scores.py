"""Outputs of a model before its last activation."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from estimator_models import BINARY, N_FEATURES, TASK, X, built

import kerasette
from kerasette import layers
from kerasette.wrappers.scores import Scores


def test_scores_are_exact():
    dense = layers.Dense(2, "softmax", kernel_initializer="ones", bias_initializer="zeros")
    model = kerasette.Sequential([kerasette.Input((1,)), dense])
    dense.set_weights([np.array([[1000.0, -1000.0]]), np.zeros(2)])
    assert Scores(model).predict(np.ones((1, 1)), verbose=0).tolist() == [[1000.0, -1000.0]]
    assert model.predict(np.ones((1, 1)), verbose=0).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("task", [TASK, BINARY, replace(TASK, dtype="float64")])
def test_scores_of_the_default_network(task):
    model = built(task, activation="tanh")
    w1, b1, w2, b2 = (weight.astype("float64") for weight in model.get_weights())
    expected = np.tanh(X @ w1 + b1) @ w2 + b2
    found = Scores(model).predict(X, verbose=0)
    assert found.dtype == task.dtype
    np.testing.assert_allclose(
        found, expected, rtol=1e-9 if task.dtype == "float64" else 1e-4, atol=1e-6
    )


def test_scores_of_models_without_an_activation():
    model = kerasette.Sequential([kerasette.Input((N_FEATURES,)), layers.Dense(3)])
    found = Scores(model).predict(X, verbose=0)
    assert (found == model.predict(X, verbose=0)).all()


def test_scores_follow_the_weights():
    model = built()
    scores = Scores(model)
    before = scores.predict(X, verbose=0)
    model.set_weights([2 * weight for weight in model.get_weights()])
    assert not np.allclose(before, scores.predict(X, verbose=0))
    assert copy.deepcopy(model).count_params() == model.count_params()
