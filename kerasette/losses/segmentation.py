"""How far two sets overlap: losses of masks of images."""

from typing import Any

from kerasette import ops
from kerasette.config import epsilon
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def dice(y_true, y_pred, axis=None):
    """``1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred))``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of the same shape
        How much a place belongs to the set, in [0, 1].
    axis : int or tuple of int, optional
        Over which to sum; all by default.

    Returns
    -------
    Tensor of their shape without the summed axes

    References
    ----------
    Milletari, Navab and Ahmadi, V-Net, 2016.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.dice([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333
    """
    y_true, y_pred = operands(y_true, y_pred)
    common = ops.sum(ops.multiply(y_true, y_pred), axis=axis)
    total = ops.add(ops.sum(y_true, axis=axis), ops.sum(y_pred, axis=axis))
    return ops.subtract(1.0, ops.divide(ops.multiply(common, 2.0), ops.add(total, epsilon())))


def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """``1 - tp / (tp + alpha * missed + beta * added)``.

    With ``tp = sum(y_true * y_pred)``, ``missed = sum(y_true * (1 - y_pred))`` and
    ``added = sum((1 - y_true) * y_pred)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of the same shape
        How much a place belongs to the set, in [0, 1].
    alpha, beta : float
        Weights of what predictions miss, and of what they add.
    axis : int or tuple of int, optional
        Over which to sum; all by default.

    Returns
    -------
    Tensor of their shape without the summed axes

    References
    ----------
    Salehi, Erdogmus and Gholipour, Tversky loss function for image segmentation, 2017.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.tversky([[1.0, 0.0]], [[1.0, 1.0]], beta=1.0)), 4)
    0.5
    """
    y_true, y_pred = operands(y_true, y_pred)
    common = ops.sum(ops.multiply(y_true, y_pred), axis=axis)
    missed = ops.sum(ops.multiply(ops.subtract(1.0, y_pred), y_true), axis=axis)
    added = ops.sum(ops.multiply(y_pred, ops.subtract(1.0, y_true)), axis=axis)
    total = ops.add(common, ops.multiply(missed, alpha))
    total = ops.add(ops.add(total, ops.multiply(added, beta)), epsilon())
    return ops.subtract(1.0, ops.divide(common, total))


class Dice(FunctionLoss):
    """1 less twice the overlap of targets and predictions, divided by the sum of their sizes.

    Parameters
    ----------
    reduction, name
        As for `Loss`.
    axis : int or tuple of int, optional
        Over which to sum before the reduction; all by default.
    dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.Dice()([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333
    """

    def __init__(self, reduction: Any = "sum_over_batch_size", name="dice", axis=None, dtype=None):
        super().__init__(dice, reduction, name, dtype, axis=axis)


class Tversky(FunctionLoss):
    """As `Dice`, with weights for what predictions miss and what they add.

    Parameters
    ----------
    alpha, beta : float
        Weights of what predictions miss, and of what they add; a half each gives `Dice`.
    reduction, name
        As for `Loss`.
    axis : int or tuple of int, optional
        Over which to sum before the reduction; all by default.
    dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.losses.Tversky(beta=1.0)([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.5
    """

    def __init__(
        self,
        alpha=0.5,
        beta=0.5,
        reduction: Any = "sum_over_batch_size",
        name="tversky",
        axis=None,
        dtype=None,
    ):
        arguments = {"alpha": alpha, "beta": beta, "axis": axis}
        super().__init__(tversky, reduction, name, dtype, **arguments)
