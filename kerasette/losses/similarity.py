"""The angle between vectors."""

from typing import Any

from kerasette import ops
from kerasette.config import epsilon
from kerasette.losses.loss import FunctionLoss
from kerasette.losses.reduction import operands


def cosine(y_true, y_pred, axis):
    """The cosine of the angle between targets and predictions; 0 where one is a zero vector."""
    y_true, y_pred = operands(y_true, y_pred)
    product = ops.multiply(_normalized(y_true, axis), _normalized(y_pred, axis))
    return ops.sum(product, axis=axis)


def _normalized(x, axis):
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    # The bound stands under the root, whose slope at 0 is not finite.
    return ops.divide(x, ops.sqrt(ops.maximum(squares, epsilon() ** 2)))


def cosine_similarity(y_true, y_pred, axis=-1):
    """Minus the cosine of the angle between `y_true` and `y_pred`: -1 for the same direction.

    Parameters
    ----------
    y_true, y_pred : Tensor or array of shape (batch, ..., n)
    axis : int or tuple of int
        Along which vectors lie.

    Returns
    -------
    Tensor of shape (batch, ...)
        In [-1, 1]; 0 where a vector is all zeros.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.cosine_similarity([[0.0, 2.0]], [[0.0, 1.0]]).numpy().tolist()
    [-1.0]
    """
    return ops.negative(cosine(y_true, y_pred, axis))


class CosineSimilarity(FunctionLoss):
    """Minus the cosine of the angle between targets and predictions.

    Parameters
    ----------
    axis : int or tuple of int
        Along which vectors lie.
    reduction, name, dtype
        As for `Loss`.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.losses.CosineSimilarity()([[0.0, 2.0]], [[0.0, 1.0]]))
    -1.0
    """

    _unlisted = (("axis", -1),)

    def __init__(
        self, axis=-1, reduction: Any = "sum_over_batch_size", name="cosine_similarity", dtype=None
    ):
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
