"""The cross-entropy of class numbers."""

from typing import Any

from kerasette import ops
from kerasette.losses.loss import FunctionLoss


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """``-log(y_pred[y_true])``.

    Parameters
    ----------
    y_true : Tensor or array of integers of shape (batch, ...) or (batch, ..., 1)
        Class numbers; floats that are whole will do.
    y_pred : Tensor or array of shape (batch, ..., classes)
        Distributions over classes.
    from_logits : bool
        Whether `y_pred` is still to go through a softmax.
    ignore_class : int, optional
        Targets with this number, which need not be a class, count for nothing: 0, and masked.
    axis : int
        The axis of the classes.

    Returns
    -------
    Tensor of shape (batch, ...)

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class number is out of range.

    Examples
    --------
    >>> import kerasette
    >>> y_pred = [[0.5, 0.5], [0.1, 0.9]]
    >>> loss = kerasette.losses.sparse_categorical_crossentropy([1, -1], y_pred, ignore_class=-1)
    >>> [round(float(value), 4) for value in loss]
    [0.6931, 0.0]
    """
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    counts = ops.not_equal(y_true, ignore_class)
    y_true = ops.where(counts, y_true, 0)
    y_pred = _harmless_elsewhere(counts, y_pred, axis)
    values = ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    values = ops.where(counts, values, 0.0)
    values._keras_mask = counts
    return values


def _harmless_elsewhere(counts, y_pred, axis):
    """Predictions with ones where nothing counts, so that a NaN there stays without effect."""
    counts = ops.expand_dims(counts, axis)
    kept = y_pred._logits
    y_pred = ops.where(counts, y_pred, 1.0)
    if kept is not None:
        y_pred._logits = (kept[0], ops.where(counts, kept[1], 0.0))
    return y_pred


class SparseCategoricalCrossentropy(FunctionLoss):
    """Cross-entropy of distributions against class numbers: ``-log(y_pred[y_true])``.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are still to go through a softmax.
    ignore_class : int, optional
        Targets with this number, which need not be a class, count for nothing.
    reduction
        As for `Loss`.
    axis : int
        The axis of the classes.
    name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.SparseCategoricalCrossentropy()
    >>> round(float(loss([1], [[0.5, 0.5]])), 4)
    0.6931
    """

    _unlisted = (("axis", -1),)

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        reduction: Any = "sum_over_batch_size",
        axis=-1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        arguments = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(sparse_categorical_crossentropy, reduction, name, dtype, **arguments)

    def _as_target(self, y_true):
        # Class numbers stay integers.
        return ops.convert_to_tensor(y_true)
