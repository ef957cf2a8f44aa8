"""Fitted estimators in files: they predict the same elsewhere, and hold little but weights."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from sklearn.datasets import load_digits

from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

PREDICT = """
import pickle, sys
with open(sys.argv[1], "rb") as file:
    estimator, X = pickle.load(file)
with open(sys.argv[1], "wb") as file:
    pickle.dump([estimator.predict(X), estimator.score(X, estimator.predict(X))], file)
"""


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return X / 16, y


@pytest.mark.parametrize("kind", [KerasetteClassifier, KerasetteRegressor])
def test_predictions_in_another_process(kind, digits, tmp_path):
    X, y = digits
    estimator = kind(hidden_layer_sizes=(8,), epochs=2, random_state=0).fit(X, y)
    file = tmp_path / "estimator.pickle"
    file.write_bytes(pickle.dumps([estimator, X]))
    subprocess.run([sys.executable, "-c", PREDICT, str(file)], check=True)
    predictions, score = pickle.loads(file.read_bytes())
    assert predictions.tolist() == estimator.predict(X).tolist()
    assert score == 1.0


def test_files_of_joblib(digits, tmp_path):
    X, y = digits
    estimator = KerasetteClassifier(epochs=1, random_state=0).fit(X, y)
    file = tmp_path / "estimator.joblib"
    joblib.dump(estimator, file)
    assert joblib.load(file).predict_proba(X).tolist() == estimator.predict_proba(X).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_pickle_is_mostly_weights_and_optimizer_state(dtype, digits):
    X, y = digits
    estimator = KerasetteClassifier(random_state=0, epochs=20).fit(X.astype(dtype), y)
    model = estimator.model_
    kept = sum(variable.numpy().nbytes for variable in [*model.weights, *model.optimizer.variables])
    # Adam has two moments of each weight.
    assert kept > 3 * sum(weight.numpy().nbytes for weight in model.weights)
    assert len(pickle.dumps(estimator)) < 1.5 * kept
