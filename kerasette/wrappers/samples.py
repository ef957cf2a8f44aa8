"""What a fit trains with: inputs, targets, and what each sample counts."""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from kerasette.wrappers.inputs import n_rows, taken
from kerasette.wrappers.repetitions import order_by_content, repetitions


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
    counts : ndarray of int of shape (samples,), or None
        How often samples are repeated to count as much, if the weights are whole.
    unit : float
        What each repetition weighs.
    """

    X: object
    y: np.ndarray
    weights: np.ndarray | None = None
    mean_weight: float = 1.0
    counts: np.ndarray | None = None
    unit: float = 1.0

    def __len__(self):
        return n_rows(self.X)

    def rows(self, rows):
        """Some of the samples.

        Parameters
        ----------
        rows : ndarray of int
        """
        weights, counts = (None if a is None else a[rows] for a in (self.weights, self.counts))
        return replace(self, X=taken(self.X, rows), y=self.y[rows], weights=weights, counts=counts)

    def for_batches(self, size, shuffle):
        """The samples as they are to be cut into batches of `size`, or shuffled before that.

        Batches are the same for samples with weights and for samples that are repeated, and if
        they are shuffled, whatever order the samples come in. One batch is as it is: its mean does
        not tell weights from repetitions.

        Parameters
        ----------
        size : int
        shuffle : bool
        """
        if (len(self) if self.counts is None else self.counts.sum()) <= size:
            return self
        if self.counts is None:
            return self.rows(self._order()) if shuffle else self
        order = self._order() if shuffle else np.arange(len(self))
        once = replace(self, weights=None, mean_weight=self.unit, counts=None, unit=1.0)
        return once.rows(np.repeat(order, self.counts[order]))

    def _order(self):
        inputs = self.X.values() if isinstance(self.X, dict) else [self.X]
        return order_by_content(*inputs, self.y)


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
    weights, mean = samples.weights, float(samples.weights.mean())
    if (weights == weights[0]).all():
        return Samples(samples.X, samples.y, mean_weight=mean)
    counts, unit = repetitions(weights) or (None, 1.0)
    return Samples(samples.X, samples.y, weights / mean, mean, counts, unit)
