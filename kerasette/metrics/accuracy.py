"""How many predictions are right."""

import numbers

from kerasette import ops
from kerasette.default_dtype import floatx
from kerasette.losses.reduction import operands, squeeze_or_expand_to_same_rank
from kerasette.metrics.reduction import FunctionMetric


def accuracy(y_true, y_pred):
    """1 where `y_pred` equals `y_true`, else 0."""
    return ops.cast(ops.equal(*operands(y_true, y_pred)), floatx())


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """1 where ``y_pred > threshold`` says the same as the target, else 0.

    Parameters
    ----------
    y_true : Tensor or array of 0 and 1
    y_pred : Tensor or array of the same shape
    threshold : float

    Examples
    --------
    >>> import kerasette
    >>> kerasette.metrics.binary_accuracy([0, 1, 1], [0.2, 0.5, 0.8]).numpy().tolist()
    [1.0, 0.0, 1.0]
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    decision = ops.cast(ops.greater(y_pred, threshold), y_true.dtype)
    return ops.cast(ops.equal(y_true, decision), floatx())


def categorical_accuracy(y_true, y_pred):
    """1 where the largest prediction is where the largest target is, else 0.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (samples, ..., classes)
        Targets are often one-hot. Of equal predictions the first counts.

    Returns
    -------
    Tensor of shape (samples, ...)
    """
    matches = ops.equal(ops.argmax(y_true, -1), ops.argmax(y_pred, -1))
    return ops.cast(matches, floatx())


def sparse_categorical_accuracy(y_true, y_pred):
    """1 where the largest prediction is that of the target's class number, else 0.

    Parameters
    ----------
    y_true : Tensor or array of integers of shape (samples, ...) or (samples, ..., 1)
    y_pred : Tensor or array of shape (samples, ..., classes)
        Of equal predictions the first counts.

    Returns
    -------
    Tensor of shape (samples, ...)
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    matches = ops.equal(y_true, ops.argmax(y_pred, -1))
    return ops.cast(matches, floatx())


class Accuracy(FunctionMetric):
    """Share of predictions that equal their targets.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
    0.75
    """

    _direction = "up"

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(FunctionMetric):
    """Share of predictions on the right side of a threshold.

    Parameters
    ----------
    name : str
    dtype : str, optional
    threshold : float
        Predictions above it count as 1; 0 where predictions are logits.

    Raises
    ------
    ValueError
        If `threshold` is not a number.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.BinaryAccuracy()([[1], [1], [0], [0]], [[0.98], [1], [0], [0.6]]))
    0.75
    """

    _direction = "up"

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        if not isinstance(threshold, numbers.Real):
            raise ValueError(
                "Invalid value for argument `threshold`. Expected a number. "
                f"Received: threshold={threshold}"
            )
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(FunctionMetric):
    """Share of samples whose largest prediction is where the largest target is.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> accuracy = kerasette.metrics.CategoricalAccuracy()
    >>> float(accuracy([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]]))
    0.5
    """

    _direction = "up"

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(FunctionMetric):
    """Share of samples whose largest prediction is that of the class number.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> accuracy = kerasette.metrics.SparseCategoricalAccuracy()
    >>> float(accuracy([1, 0], [[0.1, 0.9], [0.2, 0.8]]))
    0.5
    """

    _direction = "up"

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)
