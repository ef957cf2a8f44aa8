"""What a fit trains with: inputs, targets, and what each sample counts."""

from dataclasses import dataclass

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from kerasette.wrappers.inputs import n_rows, taken


@dataclass(frozen=True)
class Samples:
    """Inputs, targets and weights with the mean 1: a loss divides by the number of rows.

    Parameters
    ----------
    X : ndarray, csr matrix or dict of ndarray
    y : ndarray
    weights : ndarray of shape (samples,), or None
        Above 0; None if all are equal.
    mean_weight : float
        Of the weights as they were given.
    """

    X: object
    y: np.ndarray
    weights: np.ndarray | None = None
    mean_weight: float = 1.0

    def __len__(self):
        return n_rows(self.X)

    def rows(self, rows):
        """Some of the samples.

        Parameters
        ----------
        rows : ndarray of int
        """
        weights = None if self.weights is None else self.weights[rows]
        return Samples(taken(self.X, rows), self.y[rows], weights, self.mean_weight)


def weighted_samples(X, y, sample_weight, of_classes=None):
    """The samples of a weight above 0.

    Parameters
    ----------
    X, y
        As for `Samples`.
    sample_weight : array-like of shape (samples,), number or None
        Not negative.
    of_classes : ndarray of shape (samples,), optional
        What the weights are multiplied by.

    Raises
    ------
    ValueError
        If there is no weight above 0, one below, one that is not finite, or there are not as many
        as samples.
    """
    if sample_weight is None and of_classes is None:
        return Samples(X, y)
    first = next(iter(X.values())) if isinstance(X, dict) else X
    weights = _check_sample_weight(sample_weight, first, dtype=np.float64, ensure_non_negative=True)
    if of_classes is not None:
        if not (np.isfinite(of_classes) & (of_classes >= 0)).all():
            raise ValueError("class_weight must hold finite numbers, none of them negative.")
        weights = weights * of_classes
    if not (weights > 0).any():
        raise ValueError("Sample weights must contain at least one non-zero number.")
    samples = Samples(X, y, weights)
    if not (weights > 0).all():
        samples = samples.rows(np.flatnonzero(weights))
    mean = float(samples.weights.mean())
    are_equal = (samples.weights == samples.weights[0]).all()
    return Samples(samples.X, samples.y, None if are_equal else samples.weights / mean, mean)
