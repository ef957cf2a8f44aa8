"""Whether the right class is among the best k."""

from kerasette import ops
from kerasette._core.ops import pick
from kerasette.default_dtype import floatx
from kerasette.metrics.reduction import FunctionMetric


def _is_in_top_k(labels, y_pred, k):
    """1 where fewer than k classes are ahead of the label's; equal ones are not ahead of it."""
    score = ops.expand_dims(pick(y_pred, labels), -1)
    # A NaN is never behind, and so no NaN is among the best.
    behind = ops.less_equal(y_pred, score)
    return ops.cast(ops.less(ops.sum(ops.logical_not(behind), -1), k), floatx())


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the largest target is among the k largest predictions, else 0.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (samples, ..., classes)
        Targets are often one-hot.
    k : int
        Predictions that are equal to the k-th largest are among them.

    Returns
    -------
    Tensor of shape (samples, ...)

    Examples
    --------
    >>> import kerasette
    >>> y_pred = [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]
    >>> y_true = [[0, 0, 1], [0, 1, 0]]
    >>> kerasette.metrics.top_k_categorical_accuracy(y_true, y_pred, k=2).numpy().tolist()
    [1.0, 0.0]
    """
    return _is_in_top_k(ops.argmax(y_true, -1), ops.convert_to_tensor(y_pred), k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    """1 where the class number is among those of the k largest predictions, else 0.

    Parameters
    ----------
    y_true : Tensor or array of integers of shape (samples, ...) or (samples, ..., 1)
    y_pred : Tensor or array of shape (samples, ..., classes)
    k : int
        Predictions that are equal to the k-th largest are among them.
    from_sorted_ids : bool
        Whether `y_pred` holds class numbers, the best first, in the place of predictions.

    Returns
    -------
    Tensor of the shape of y_true

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class number is out of range.

    Examples
    --------
    >>> import kerasette
    >>> y_pred = [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]
    >>> kerasette.metrics.sparse_top_k_categorical_accuracy([2, 1], y_pred, k=2).numpy().tolist()
    [1.0, 0.0]
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype if from_sorted_ids else "int32")
    labels = ops.reshape(y_true, y_pred.shape[:-1])
    if from_sorted_ids:
        hits = ops.equal(ops.expand_dims(labels, -1), y_pred[..., :k])
        matches = ops.cast(ops.greater(ops.sum(hits, -1), 0), floatx())
    else:
        matches = _is_in_top_k(labels, y_pred, k)
    return ops.reshape(matches, y_true.shape)


class TopKCategoricalAccuracy(FunctionMetric):
    """Share of samples whose largest target is among the k largest predictions.

    Parameters
    ----------
    k : int
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> accuracy = kerasette.metrics.TopKCategoricalAccuracy(k=2)
    >>> float(accuracy([[0, 0, 1], [0, 1, 0]], [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]))
    0.5
    """

    _direction = "up"

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(FunctionMetric):
    """Share of samples whose class number is among those of the k largest predictions.

    Parameters
    ----------
    k : int
    name : str
    dtype : str, optional
    from_sorted_ids : bool
        Whether predictions are class numbers, the best first.

    Examples
    --------
    >>> import kerasette
    >>> accuracy = kerasette.metrics.SparseTopKCategoricalAccuracy(k=2)
    >>> float(accuracy([2, 1], [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]))
    0.5
    """

    _direction = "up"
    _unlisted = (("from_sorted_ids", False),)

    def __init__(
        self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None, from_sorted_ids=False
    ):
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )
