"""Focal losses: cross-entropies in which what is nearly right counts less."""

from typing import Any

from kerasette import ops
from kerasette.config import epsilon
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.probabilistic import binary_operands, categorical_operands


def binary_focal_crossentropy(
    y_true,
    y_pred,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
):
    """``mean((1 - p) ** gamma * binary_crossentropy, axis)``.

    ``p = y_true * y_pred + (1 - y_true) * (1 - y_pred)`` is the probability of what is right.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)
        Probabilities.
    apply_class_balancing : bool
        Whether targets of 1 weigh `alpha`, and targets of 0 ``1 - alpha``.
    alpha : float
        In [0, 1].
    gamma : float
        0 leaves the cross-entropy; the larger, the less counts what is nearly right.
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

    References
    ----------
    Lin, Goyal, Girshick, He and Dollar, Focal loss for dense object detection, 2017, eq. 4 and 5.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.binary_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
    >>> round(float(loss[0]), 4)
    0.1733
    """
    y_true, y_pred = binary_operands(y_true, y_pred, label_smoothing)
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    crossentropy = ops.binary_crossentropy(y_true, y_pred)
    others = ops.subtract(1.0, y_true)
    right = ops.add(ops.multiply(y_true, y_pred), ops.multiply(others, ops.subtract(1.0, y_pred)))
    focal = ops.multiply(ops.power(ops.subtract(1.0, right), gamma), crossentropy)
    if apply_class_balancing:
        weight = ops.add(ops.multiply(y_true, alpha), ops.multiply(others, 1.0 - alpha))
        focal = ops.multiply(weight, focal)
    return ops.mean(focal, axis)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """``-sum(alpha * (1 - y_pred) ** gamma * y_true * log(y_pred), axis)``.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., classes)
        Distributions over classes, `y_true` often one-hot. `y_pred` is divided by its sum, and
        clipped to [epsilon, 1 - epsilon].
    alpha : float or list of float
        Weight of all classes, or of each.
    gamma : float
        0 leaves the cross-entropy; the larger, the less counts what is nearly right.
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
        If the shapes do not fit, or `axis` is a bool.

    References
    ----------
    Lin, Goyal, Girshick, He and Dollar, Focal loss for dense object detection, 2017, eq. 5.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
    >>> round(float(loss[0]), 4)
    0.0433
    """
    name = "categorical_focal_crossentropy"
    y_true, y_pred = categorical_operands(y_true, y_pred, label_smoothing, axis, name)
    if from_logits:
        y_pred = ops.softmax(y_pred, axis)
    y_pred = ops.divide(y_pred, ops.sum(y_pred, axis, keepdims=True))
    y_pred = ops.clip(y_pred, epsilon(), 1.0 - epsilon())
    crossentropy = ops.negative(ops.multiply(y_true, ops.log(y_pred)))
    weight = ops.multiply(ops.power(ops.subtract(1.0, y_pred), gamma), alpha)
    return ops.sum(ops.multiply(weight, crossentropy), axis)


class BinaryFocalCrossentropy(FunctionLoss):
    """Cross-entropy of probabilities, each for itself, in which what is nearly right counts less.

    Parameters
    ----------
    apply_class_balancing : bool
        Whether targets of 1 weigh `alpha`, and targets of 0 ``1 - alpha``.
    alpha : float
        In [0, 1].
    gamma : float
        0 leaves the cross-entropy; the larger, the less counts what is nearly right.
    from_logits : bool
        Whether predictions are still to go through a sigmoid.
    label_smoothing : float
        In [0, 1]; moves targets towards a half: ``y * (1 - s) + s / 2``.
    axis : int
        The axis of the mean before the reduction.
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.BinaryFocalCrossentropy()
    >>> round(float(loss([[0.0], [1.0]], [[0.5], [0.5]])), 4)
    0.1733
    """

    def __init__(
        self,
        apply_class_balancing=False,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction: Any = "sum_over_batch_size",
        name="binary_focal_crossentropy",
        dtype=None,
    ):
        super().__init__(
            binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalFocalCrossentropy(FunctionLoss):
    """Cross-entropy of distributions over classes in which what is nearly right counts less.

    Parameters
    ----------
    alpha : float or list of float
        Weight of all classes, or of each.
    gamma : float
        0 leaves the cross-entropy; the larger, the less counts what is nearly right.
    from_logits : bool
        Whether predictions are still to go through a softmax.
    label_smoothing : float
        In [0, 1]; moves targets towards the even distribution: ``y * (1 - s) + s / classes``.
    axis : int
        The axis of the classes.
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> loss = kerasette.losses.CategoricalFocalCrossentropy()
    >>> round(float(loss([[0.0, 1.0]], [[0.5, 0.5]])), 4)
    0.0433
    """

    def __init__(
        self,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction: Any = "sum_over_batch_size",
        name="categorical_focal_crossentropy",
        dtype=None,
    ):
        super().__init__(
            categorical_focal_crossentropy,
            reduction,
            name,
            dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
