"""Losses of numbers: squared, absolute and relative differences."""

from typing import Any

from kerasette import ops
from kerasette.config import epsilon
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def mean_squared_error(y_true, y_pred):
    """``mean((y_true - y_pred) ** 2, axis=-1)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.mean_squared_error([[0.0, 2.0]], [[1.0, 2.0]]).numpy().tolist()
    [0.5]
    """
    y_true, y_pred = operands(y_true, y_pred)
    return ops.mean(ops.square(ops.subtract(y_true, y_pred)), axis=-1)


def mean_absolute_error(y_true, y_pred):
    """``mean(abs(y_true - y_pred), axis=-1)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.mean_absolute_error([[0.0, 2.0]], [[3.0, 2.0]]).numpy().tolist()
    [1.5]
    """
    y_true, y_pred = operands(y_true, y_pred)
    return ops.mean(ops.absolute(ops.subtract(y_true, y_pred)), axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    """``100 * mean(abs((y_true - y_pred) / y_true), axis=-1)``, for targets that are not near 0.

    Targets of a size below epsilon count as epsilon.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...), in percent

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.mean_absolute_percentage_error([[4.0, 2.0]], [[3.0, 2.0]])
    >>> loss.numpy().tolist()
    [12.5]
    """
    y_true, y_pred = operands(y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), epsilon())
    relative = ops.absolute(ops.divide(ops.subtract(y_true, y_pred), size))
    return ops.multiply(ops.mean(relative, axis=-1), 100.0)


def mean_squared_logarithmic_error(y_true, y_pred):
    """``mean((log(y_true + 1) - log(y_pred + 1)) ** 2, axis=-1)``, for numbers that are positive.

    What is below epsilon counts as epsilon.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)

    Returns
    -------
    Tensor of shape (batch, ...)

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.mean_squared_logarithmic_error([[0.0, 1.0]], [[0.0, 0.0]])
    >>> round(float(loss[0]), 4)
    0.2402
    """
    y_true, y_pred = operands(y_true, y_pred)
    logs = [ops.log(ops.add(ops.maximum(y, epsilon()), 1.0)) for y in (y_pred, y_true)]
    return ops.mean(ops.square(ops.subtract(*logs)), axis=-1)


class MeanSquaredError(FunctionLoss):
    """The mean squared difference of targets and predictions.

    ``mean((y_true - y_pred) ** 2)``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.MeanSquaredError()([[0.0, 2.0]], [[1.0, 2.0]]))
    0.5
    """

    def __init__(
        self, reduction: Any = "sum_over_batch_size", name="mean_squared_error", dtype=None
    ):
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(FunctionLoss):
    """The mean size of the difference of targets and predictions.

    ``mean(abs(y_true - y_pred))``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.MeanAbsoluteError()([[0.0, 2.0]], [[3.0, 2.0]]))
    1.5
    """

    def __init__(
        self, reduction: Any = "sum_over_batch_size", name="mean_absolute_error", dtype=None
    ):
        super().__init__(mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(FunctionLoss):
    """The mean size of the difference, in percent of the target.

    ``100 * mean(abs((y_true - y_pred) / y_true))``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.MeanAbsolutePercentageError()([[4.0, 2.0]], [[3.0, 2.0]]))
    12.5
    """

    def __init__(
        self,
        reduction: Any = "sum_over_batch_size",
        name="mean_absolute_percentage_error",
        dtype=None,
    ):
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(FunctionLoss):
    """The mean squared difference of the logarithms of targets and predictions.

    ``mean((log(y_true + 1) - log(y_pred + 1)) ** 2)``

    Parameters
    ----------
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.MeanSquaredLogarithmicError()
    >>> round(float(loss([[0.0, 1.0]], [[0.0, 0.0]])), 4)
    0.2402
    """

    def __init__(
        self,
        reduction: Any = "sum_over_batch_size",
        name="mean_squared_logarithmic_error",
        dtype=None,
    ):
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)
