"""Scores on samples that were put aside, while a model is in training."""

import numpy as np
from sklearn.metrics import r2_score

from kerasette.data.structures import as_samples
from kerasette.wrappers.outputs import Outputs, columns, loss_of


def accuracy_of(model, X, y, weights, is_multilabel):
    """A function that gives the accuracy of a model in training.

    Parameters
    ----------
    model : Model
    X : array or dict of arrays
    y : ndarray
        Class numbers, or indicators: all of a row have to be right.
    weights : ndarray of shape (samples,), or None
    is_multilabel : bool
    """
    X, outputs = as_samples(X, "X"), None

    def score():
        nonlocal outputs
        outputs = outputs or Outputs(model, loss_of(model), X)
        is_right = outputs.chosen(outputs.of(X), is_multilabel) == y
        return float(np.average(is_right.reshape(len(y), -1).all(axis=1), weights=weights))

    return score


def r2_of(model, X, y, weights, multioutput="uniform_average"):
    """A function that gives R2 of a model in training; NaN if it predicts no numbers.

    Parameters
    ----------
    model, X, weights
        As for `accuracy_of`.
    y : ndarray of shape (samples,) or (samples, outputs)
    multioutput : str
        As for scikit-learn's ``r2_score``.
    """
    X = as_samples(X, "X")

    def score():
        predicted = model.predict(X, verbose=0)
        predicted = columns(predicted.reshape(len(predicted), -1))
        if not np.isfinite(predicted).all():
            return float("nan")
        return float(r2_score(y, predicted, sample_weight=weights, multioutput=multioutput))

    return score
