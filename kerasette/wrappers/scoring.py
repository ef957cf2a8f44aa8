"""Scores on samples that were put aside, while a model is in training."""

import numpy as np
from sklearn.metrics import r2_score

from kerasette.data.structures import as_samples
from kerasette.wrappers.outputs import Outputs, loss_of


def accuracy_of(model, samples, targets):
    """A function that gives the accuracy of a model in training.

    Parameters
    ----------
    model : Model
    samples : Samples
        y are class numbers, or indicators: all of a row have to be right.
    targets : ClassTargets
    """
    X, y = as_samples(samples.X, "X"), samples.y
    outputs = None

    def score():
        nonlocal outputs
        outputs = outputs or Outputs(model, loss_of(model), X, targets.kind == "multilabel")
        is_right = targets.known(outputs.chosen(outputs.of(X))) == y
        is_right = is_right.reshape(len(y), -1).all(axis=1)
        return float(np.average(is_right, weights=samples.weights))

    return score


def r2_of(model, samples, multioutput="uniform_average"):
    """A function that gives R2 of a model in training; NaN if it predicts no numbers.

    Parameters
    ----------
    model : Model
    samples : Samples
        y is of shape (samples,) or (samples, outputs).
    multioutput : str
        As for scikit-learn's ``r2_score``.
    """
    X = as_samples(samples.X, "X")

    def score():
        predicted = model.predict(X, verbose=0)
        if not np.isfinite(predicted).all():
            return float("nan")
        return float(
            r2_score(
                samples.y, predicted.reshape(len(predicted), -1),
                sample_weight=samples.weights, multioutput=multioutput,
            )
        )  # fmt: skip

    return score
