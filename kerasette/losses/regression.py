"""Losses of numbers."""

from kerasette import ops
from kerasette.losses.loss import LossFunctionWrapper, squeeze_or_expand_to_same_rank


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
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    return ops.mean(ops.square(ops.subtract(y_true, y_pred)), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
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

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(mean_squared_error, reduction, name, dtype)

    def get_config(self):
        """The arguments that make such a loss."""
        return {"name": self.name, "reduction": self.reduction}
