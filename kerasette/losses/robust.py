"""Losses of numbers that a few large differences do not rule."""

import math
from typing import Any

from kerasette import ops
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def huber(y_true, y_pred, delta=1.0):
    """Half the square of small differences, and a straight line from `delta` on; their mean.

    ``mean(where(e <= delta, e**2 / 2, delta * e - delta**2 / 2), axis=-1)`` with
    ``e = abs(y_true - y_pred)``

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)
    delta : float
        Where the parabola becomes a line.

    Returns
    -------
    Tensor of shape (batch, ...)

    References
    ----------
    Huber, Robust estimation of a location parameter, 1964.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.huber([[0.0, 0.0]], [[1.0, 3.0]]).numpy().tolist()
    [1.5]
    """
    y_true, y_pred = operands(y_true, y_pred)
    error = ops.absolute(ops.subtract(y_pred, y_true))
    near = ops.multiply(ops.square(error), 0.5)
    far = ops.subtract(ops.multiply(error, float(delta)), 0.5 * float(delta) ** 2)
    return ops.mean(ops.where(ops.less_equal(error, delta), near, far), axis=-1)


def log_cosh(y_true, y_pred):
    """``mean(log(cosh(y_pred - y_true)), axis=-1)``, which does not overflow.

    Nearly half the square of a small difference, and the size of a large one less log(2).

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.log_cosh([[0.0]], [[1.0]])[0]), 4)
    0.4338
    """
    y_true, y_pred = operands(y_true, y_pred)
    x = ops.subtract(y_pred, y_true)
    # log(1 + exp(-2 x)) is the cross-entropy of a sigmoid against 0.
    logits = ops.multiply(x, -2.0)
    softplus = ops.binary_crossentropy(ops.zeros_like(x), logits, from_logits=True)
    return ops.mean(ops.subtract(ops.add(x, softplus), math.log(2.0)), axis=-1)


class Huber(FunctionLoss):
    """Half the square of small differences, and a straight line from `delta` on.

    Parameters
    ----------
    delta : float
        Where the parabola becomes a line.
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.Huber()([[0.0, 0.0]], [[1.0, 3.0]]))
    1.5
    """

    _unlisted = (("delta", 1.0),)

    def __init__(
        self, delta=1.0, reduction: Any = "sum_over_batch_size", name="huber_loss", dtype=None
    ):
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(FunctionLoss):
    """The logarithm of the hyperbolic cosine of the difference, ``mean(log(cosh(error)))``.

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.LogCosh()([[0.0]], [[1.0]])), 4)
    0.4338
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(log_cosh, reduction, name, dtype)
