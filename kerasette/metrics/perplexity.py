"""How many tokens a model hesitates between."""

from kerasette import losses, ops
from kerasette.losses.reduction import apply_mask, both, mask_of
from kerasette.metrics.reduction import FunctionMetric, Mean


class Perplexity(FunctionMetric):
    """The exponential of the mean cross-entropy of tokens: ``exp(-mean(log(p[target])))``.

    1 for a model that is certain and right, the number of tokens for one that takes all to be
    alike. The mean is that of all tokens since the last reset, not one of perplexities of batches.

    Parameters
    ----------
    name : str
    dtype : str, optional
    from_logits : bool
        Whether predictions are still to go through a softmax.
    ignore_class : int, optional
        Targets with this number, for example of padding, do not count.
    axis : int
        The axis of the classes.

    Notes
    -----
    0 before any data. Sample weights weight the mean; where predictions have a mask, it takes
    tokens out.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.Perplexity()
    >>> metric.update_state([[0, 1, 1]], [[[0.5, 0.5], [0.5, 0.5], [0.75, 0.25]]])
    >>> round(float(metric.result()), 4)  # (2 * 2 * 4) ** (1 / 3)
    2.5198
    """

    def __init__(
        self, name="perplexity", dtype=None, from_logits=False, ignore_class=None, axis=-1
    ):
        arguments = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(losses.sparse_categorical_crossentropy, name, dtype, **arguments)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds tokens.

        Parameters
        ----------
        y_true : Tensor or array of integers of shape (batch, ...)
        y_pred : Tensor or array of shape (batch, ..., classes)
        sample_weight : Tensor, array or number, optional
            One for each token, or for each row of the batch.
        """
        values = self.fn(y_true, y_pred, **self._arguments())
        mask = both(mask_of(values), mask_of(y_pred))
        weights = apply_mask(_like(values, sample_weight), mask, self._dtype, "sum")
        # As rows of their own: tokens count alike, whatever the length of their text.
        Mean.update_state(
            self, ops.reshape(values, (-1,)), None if weights is None else ops.reshape(weights, -1)
        )

    def result(self):
        """The perplexity so far."""
        return ops.where(ops.equal(self.count, 0.0), 0.0, ops.exp(super().result()))


def _like(values, weights):
    """Weights of tokens, where there may be one for each row."""
    if weights is None:
        return None
    weights = ops.convert_to_tensor(weights, values.dtype)
    if len(weights.shape) == len(values.shape) + 1 and weights.shape[-1] == 1:
        weights = ops.squeeze(weights, -1)
    axes = [1] * (len(values.shape) - len(weights.shape))
    return ops.broadcast_to(ops.reshape(weights, (*weights.shape, *axes)), values.shape)
