"""Counts of hits and misses at thresholds: what precision, recall and areas under curves are of."""

import numpy as np

from kerasette import ops
from kerasette.checks import is_number
from kerasette.config import epsilon
from kerasette.losses.reduction import squeeze_or_expand_to_same_rank

# Where predictions end up that are not among the best k: below all thresholds.
NEGATIVE = -1e10


class Thresholds:
    """Where predictions are cut: what lies above counts as positive.

    Parameters
    ----------
    values : sequence of float
        From the smallest on.
    are_even : bool, optional
        Whether they are those of equal steps from 0 to 1, which is looked up by default.
        Predictions are then brought into [0, 1] and numbered by the step, as in Keras, rather
        than compared with numbers that are rounded.
    """

    def __init__(self, values, are_even=None):
        self.values = np.asarray(values, dtype="float64")
        self.are_even = are_evenly_spaced(self.values) if are_even is None else are_even

    def __len__(self):
        return len(self.values)

    def above(self, y_pred):
        """Whether predictions lie above each threshold, along a new last axis."""
        levels = self.values
        if self.are_even:
            n_steps = len(levels) - 1
            y_pred = ops.multiply(ops.clip(y_pred, 0.0, 1.0), float(n_steps))
            # A first threshold below 0 is one that a prediction of 0 passes.
            first = -1 if levels[0] < 0 else 0
            levels = np.array([first, *range(1, n_steps + 1)])
        levels = ops.convert_to_tensor(levels, y_pred.dtype)
        return ops.greater(ops.expand_dims(y_pred, -1), levels)


def are_evenly_spaced(values):
    """Whether there are three thresholds or more, in equal steps from 0 to 1."""
    if len(values) < 3:
        return False
    return bool(np.allclose(values, even_steps(len(values)), atol=epsilon()))


def even_steps(n):
    """n thresholds in equal steps from 0 to 1, a list of floats."""
    return [i / (n - 1) for i in range(n)]


def checked_thresholds(thresholds, default):
    """Thresholds as a list.

    Raises
    ------
    ValueError
        If one is not in [0, 1].
    """
    if thresholds is None:
        return [default]
    thresholds = list(thresholds) if isinstance(thresholds, (list, tuple)) else [thresholds]
    wrong = [value for value in thresholds if not is_number(value) or not 0 <= value <= 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Received: {wrong}")
    return thresholds


def count_at_thresholds(
    counters,
    y_true,
    y_pred,
    thresholds,
    top_k=None,
    class_id=None,
    sample_weight=None,
    multi_label=False,
    label_weights=None,
):
    """Adds weighted numbers of hits and misses to variables.

    Parameters
    ----------
    counters : dict
        Variables of shape (thresholds,), or (thresholds, labels) if `multi_label`, by
        "true_positives", "false_positives", "true_negatives", "false_negatives".
    y_true : Tensor or array
        0 is negative, anything else positive.
    y_pred : Tensor or array of the same shape
    thresholds : Thresholds
    top_k : int, optional
        Only the k largest along the last axis can be positive.
    class_id : int, optional
        The only place of the last axis that is counted.
    sample_weight : Tensor, array or number, optional
    multi_label : bool
        Whether the columns of `y_pred` are counted apart.
    label_weights : Tensor, optional
        A weight for each place of the last axis.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    dtype = next(iter(counters.values())).dtype
    y_pred, y_true = squeeze_or_expand_to_same_rank(
        ops.convert_to_tensor(y_pred, dtype), ops.convert_to_tensor(y_true, dtype)
    )
    if y_pred.shape != y_true.shape:
        raise ValueError(
            f"Shapes {y_true.shape} of y_true and {y_pred.shape} of y_pred are incompatible."
        )
    weights = _weights_like(y_true, sample_weight, dtype)
    if top_k is not None:
        y_pred = ops.where(is_among_top(y_pred, top_k), y_pred, NEGATIVE)
    if class_id is not None:
        y_true, y_pred = (_column(y, class_id) for y in (y_true, y_pred))
    if label_weights is not None:
        weights = label_weights if weights is None else ops.multiply(weights, label_weights)
    if weights is not None:
        weights = ops.broadcast_to(weights, y_pred.shape)
    above = thresholds.above(_grouped(y_pred, multi_label))
    shares = _labels(_grouped(y_true, multi_label), weights, multi_label)
    _add(counters, shares, above, multi_label)


def _add(counters, shares, above, multi_label):
    """Adds what is above and what is not, separately for positive and negative labels."""
    places = {"positives": above, "negatives": ops.logical_not(above)}
    for kind, chosen in places.items():
        rows = {f"true_{kind}", f"false_{kind}"} & set(counters)
        if not rows:
            continue
        # Of shape (groups, 2, thresholds).
        sums = ops.matmul(shares, ops.cast(chosen, shares.dtype))
        for name in sorted(rows):
            # A negative is true where the label is negative.
            is_of_positives = name in ("true_positives", "false_negatives")
            total = sums[:, 0 if is_of_positives else 1]
            total = ops.transpose(total) if multi_label else total[0]
            counters[name].assign(ops.add(counters[name], total))


def _labels(y_true, weights, multi_label):
    """Weights of positive and of negative labels, of shape (groups, 2, samples)."""
    is_positive = ops.not_equal(y_true, 0)
    weights = 1.0 if weights is None else _grouped(weights, multi_label)
    weights = ops.convert_to_tensor(weights, y_true.dtype)
    return ops.stack(
        [ops.where(is_positive, weights, 0.0), ops.where(is_positive, 0.0, weights)], axis=1
    )


def _grouped(x, multi_label):
    """A row for each label; one for all of them if they are not told apart."""
    return ops.transpose(x) if multi_label else ops.reshape(x, (1, x.size))


def _weights_like(y_true, sample_weight, dtype):
    """Sample weights that broadcast with the targets, or None."""
    if sample_weight is None:
        return None
    weights = ops.expand_dims(ops.convert_to_tensor(sample_weight, dtype), -1)
    return squeeze_or_expand_to_same_rank(y_true, weights, expand_rank_1=False)[1]


def _column(y, class_id):
    if len(y.shape) == 1:
        raise ValueError(
            "When class_id is provided, y_pred must be a 2D array with shape "
            f"(num_samples, num_classes), found shape: {y.shape}"
        )
    return ops.expand_dims(y[..., class_id], -1)


def is_among_top(x, k):
    """Whether elements are among the k largest of the last axis; of equal ones the first count.

    Raises
    ------
    ValueError
        If there are fewer than k.
    """
    n = x.shape[-1]
    if k > n:
        raise ValueError(f"top_k={k} is more than there are: the shape is {x.shape}.")
    chosen = ops.zeros(x.shape, "bool")
    for _ in range(k):
        rest = ops.where(chosen, -np.inf, x)
        best = ops.one_hot(ops.argmax(rest, -1), n, dtype=x.dtype)
        chosen = ops.logical_or(chosen, best)
    return chosen
