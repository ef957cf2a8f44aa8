"""Losses of distributions other than cross-entropies."""

from typing import Any

from kerasette import ops
from kerasette.config import epsilon
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def kl_divergence(y_true, y_pred):
    """``sum(y_true * log(y_true / y_pred), axis=-1)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., classes)
        Distributions over classes; clipped to [epsilon, 1].

    Returns
    -------
    Tensor of shape (batch, ...)

    References
    ----------
    Kullback and Leibler, On information and sufficiency, 1951.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.kl_divergence([[0.5, 0.5]], [[0.25, 0.75]])[0]), 4)
    0.1438
    """
    y_true, y_pred = (ops.clip(y, epsilon(), 1.0) for y in operands(y_true, y_pred))
    return ops.sum(ops.multiply(y_true, ops.log(ops.divide(y_true, y_pred))), axis=-1)


def poisson(y_true, y_pred):
    """``mean(y_pred - y_true * log(y_pred + epsilon), axis=-1)``.

    Minus the logarithm of the probability of the counts `y_true`, if the rates are `y_pred`,
    without the part that does not depend on the rates.

    Parameters
    ----------
    y_true : Tensor or array of shape (batch, ..., n)
        Counts.
    y_pred : Tensor or array of shape (batch, ..., n)
        Rates, positive.

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.poisson([[1.0]], [[2.0]])[0]), 4)
    1.3069
    """
    y_true, y_pred = operands(y_true, y_pred)
    logs = ops.log(ops.add(y_pred, epsilon()))
    return ops.mean(ops.subtract(y_pred, ops.multiply(y_true, logs)), axis=-1)


class KLDivergence(FunctionLoss):
    """What is lost if predictions stand for the targets' distributions.

    ``sum(y_true * log(y_true / y_pred))``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])), 4)
    0.1438
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(kl_divergence, reduction, name, dtype)


class Poisson(FunctionLoss):
    """The loss of counts whose rates are predicted, ``mean(y_pred - y_true * log(y_pred))``.

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.Poisson()([[1.0]], [[2.0]])), 4)
    1.3069
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(poisson, reduction, name, dtype)
