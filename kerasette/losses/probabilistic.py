"""Cross-entropies."""

import warnings
from typing import Any

from kerasette import ops
from kerasette.losses.loss import FunctionLoss


def binary_operands(y_true, y_pred, label_smoothing):
    """Predictions, and targets of the same dtype that are moved towards a half."""
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    if label_smoothing:
        y_true = ops.add(ops.multiply(y_true, 1.0 - label_smoothing), 0.5 * label_smoothing)
    return y_true, y_pred


def categorical_operands(y_true, y_pred, label_smoothing, axis, name):
    """Predictions, and targets of the same dtype that are moved towards the even distribution."""
    if isinstance(axis, bool):
        raise ValueError(
            f"`axis` must be of type `int`. Received: axis={axis} of type {type(axis)}"
        )
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    if y_pred.shape[-1:] == (1,):
        warnings.warn(
            f"{name} over a single class is always 0; "
            f"y_pred has shape {y_pred.shape}. For two classes use 'binary_crossentropy'.",
            SyntaxWarning,
            stacklevel=3,
        )
    if label_smoothing:
        share = label_smoothing / max(y_true.shape[-1], 1)
        y_true = ops.add(ops.multiply(y_true, 1.0 - label_smoothing), share)
    return y_true, y_pred


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """``mean(-(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred)), axis)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)
        Probabilities.
    from_logits : bool
        Whether `y_pred` is still to go through a sigmoid.
    label_smoothing : float
        In [0, 1]; moves targets towards a half: ``y * (1 - s) + s / 2``.
    axis : int
        The axis of the mean.

    Returns
    -------
    Tensor of shape (batch, ...)

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.binary_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
    >>> round(float(loss[0]), 4)
    0.6931
    """
    y_true, y_pred = binary_operands(y_true, y_pred, label_smoothing)
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits), axis)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """``-sum(y_true * log(y_pred), axis)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., classes)
        Distributions over classes, `y_true` often one-hot.
    from_logits : bool
        Whether `y_pred` is still to go through a softmax.
    label_smoothing : float
        In [0, 1]; moves targets towards the even distribution: ``y * (1 - s) + s / classes``.
    axis : int
        The axis of the classes.

    Returns
    -------
    Tensor of shape (batch, ...)

    Raises
    ------
    ValueError
        If the shapes differ, or `axis` is a bool.
    """
    name = "categorical_crossentropy"
    y_true, y_pred = categorical_operands(y_true, y_pred, label_smoothing, axis, name)
    return ops.categorical_crossentropy(y_true, y_pred, from_logits, axis)


class BinaryCrossentropy(FunctionLoss):
    """Cross-entropy of probabilities, each for itself.

    ``mean(-(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred)))``

    Parameters
    ----------
    from_logits : bool
        Whether predictions are still to go through a sigmoid.
    label_smoothing : float
        In [0, 1]; moves targets towards a half: ``y * (1 - s) + s / 2``.
    axis : int
        The axis of the mean before the reduction.
    reduction, name, dtype
        As for `Loss`.

    Notes
    -----
    Probabilities are clipped to [epsilon, 1 - epsilon], except where a sigmoid made them: then
    its argument is used, and nothing is lost.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.BinaryCrossentropy()
    >>> round(float(loss([[0.0], [1.0]], [[0.5], [0.5]])), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction: Any = "sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        arguments = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(binary_crossentropy, reduction, name, dtype, **arguments)


class CategoricalCrossentropy(FunctionLoss):
    """Cross-entropy of distributions over classes: ``-sum(y_true * log(y_pred), axis)``.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are still to go through a softmax.
    label_smoothing : float
        In [0, 1]; moves targets towards the even distribution: ``y * (1 - s) + s / classes``.
    axis : int
        The axis of the classes.
    reduction, name, dtype
        As for `Loss`.

    Notes
    -----
    Predictions are divided by their sum and clipped to [epsilon, 1 - epsilon], except where a
    softmax made them: then its argument is used, and nothing is lost.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.CategoricalCrossentropy()
    >>> round(float(loss([[0.0, 1.0]], [[0.5, 0.5]])), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction: Any = "sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        arguments = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(categorical_crossentropy, reduction, name, dtype, **arguments)
