"""What samples count: weights of samples and of classes in one."""

import numpy as np
from sklearn.utils.validation import _check_sample_weight


class SampleWeights:
    """Weights with the mean 1 over the rows that count, for a loss that divides by their number.

    Parameters
    ----------
    given : array-like of shape (samples,), number or None
        Not negative.
    X : array or dict of arrays
        Whose rows are weighed.
    of_classes : ndarray of shape (samples,), optional
        What they are multiplied by.

    Attributes
    ----------
    rows : ndarray of int, or None
        Which rows count: those of a weight above 0. None is all.
    values : ndarray of shape (rows that count,), or None
        None if all are equal.
    mean : float
        Of the weights as they were, over the rows that count.

    Raises
    ------
    ValueError
        If there is none above 0, one below, one that is not finite, or there are not as many as
        samples.
    """

    def __init__(self, given, X, of_classes=None):
        self.rows, self.values, self.mean = None, None, 1.0
        if given is None and of_classes is None:
            return
        X = next(iter(X.values())) if isinstance(X, dict) else X
        weights = _check_sample_weight(given, X, dtype=np.float64, ensure_non_negative=True)
        if of_classes is not None:
            if not (np.isfinite(of_classes) & (of_classes >= 0)).all():
                raise ValueError("class_weight must hold finite numbers, none of them negative.")
            weights = weights * of_classes
        if not (weights > 0).all():
            self.rows = np.flatnonzero(weights)
            weights = weights[self.rows]
        if len(weights) == 0:
            raise ValueError("Sample weights must contain at least one non-zero number.")
        self.mean = float(weights.mean())
        if (weights != weights[0]).any():
            self.values = weights / self.mean
