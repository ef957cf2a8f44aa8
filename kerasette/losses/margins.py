"""Losses of margins: nothing for what is right by a margin of 1."""

from typing import Any

from kerasette import ops
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def _signed(y_true):
    """Labels of -1 and 1: made of labels of 0 and 1, if all are; otherwise as they came."""
    others = ops.logical_and(ops.not_equal(y_true, 0), ops.not_equal(y_true, 1))
    are_binary = ops.equal(ops.sum(others), 0)
    return ops.where(are_binary, ops.subtract(ops.multiply(y_true, 2.0), 1.0), y_true)


def _shortfall(y_true, y_pred):
    y_true, y_pred = operands(y_true, y_pred)
    margin = ops.multiply(_signed(y_true), y_pred)
    return ops.maximum(ops.subtract(1.0, margin), 0.0)


def hinge(y_true, y_pred):
    """``mean(maximum(1 - y_true * y_pred, 0), axis=-1)``.

    Parameters
    ----------
    y_true : Tensor or array of shape (batch, ..., n)
        Labels of -1 and 1; labels of 0 and 1 are made into such, if there are no others.
    y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.hinge([[-1.0, 1.0]], [[0.5, 2.0]]).numpy().tolist()
    [0.75]
    """
    return ops.mean(_shortfall(y_true, y_pred), axis=-1)


def squared_hinge(y_true, y_pred):
    """``mean(maximum(1 - y_true * y_pred, 0) ** 2, axis=-1)``.

    Parameters
    ----------
    y_true : Tensor or array of shape (batch, ..., n)
        Labels of -1 and 1; labels of 0 and 1 are made into such, if there are no others.
    y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.squared_hinge([[-1.0, 1.0]], [[0.5, 2.0]]).numpy().tolist()
    [1.125]
    """
    return ops.mean(ops.square(_shortfall(y_true, y_pred)), axis=-1)


def categorical_hinge(y_true, y_pred):
    """By how much the right class does not lead the best of the others by 1.

    ``maximum(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)`` along the last axis.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., classes)
        Targets are one-hot.

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.categorical_hinge([[0.0, 1.0]], [[0.5, 1.25]]).numpy().tolist()
    [0.25]
    """
    y_true, y_pred = operands(y_true, y_pred)
    right = ops.sum(ops.multiply(y_true, y_pred), axis=-1)
    wrong = ops.max(ops.multiply(ops.subtract(1.0, y_true), y_pred), axis=-1)
    return ops.maximum(ops.add(ops.subtract(wrong, right), 1.0), 0.0)


class Hinge(FunctionLoss):
    """The mean of what is missing to a margin of 1, ``mean(maximum(1 - y_true * y_pred, 0))``.

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.Hinge()([[0.0, 1.0]], [[0.5, 2.0]]))
    0.75
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(FunctionLoss):
    """The mean square of what is missing to a margin of 1.

    ``mean(maximum(1 - y_true * y_pred, 0) ** 2)``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.SquaredHinge()([[0.0, 1.0]], [[0.5, 2.0]]))
    1.125
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(FunctionLoss):
    """By how much the right class does not lead the best of the others by 1.

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.CategoricalHinge()([[0.0, 1.0]], [[0.5, 1.25]]))
    0.25
    """

    def __init__(
        self, reduction: Any = "sum_over_batch_size", name="categorical_hinge", dtype=None
    ):
        super().__init__(categorical_hinge, reduction, name, dtype)
