"""Metrics that are means."""

import numbers

from kerasette import ops
from kerasette.lookup import serialize_function
from kerasette.losses import squeeze_or_expand_to_same_rank
from kerasette.metrics.metric import Metric


class Mean(Metric):
    """The weighted mean of values: ``sum(values * weights) / sum(weights)``, 0 before any.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> mean = kerasette.metrics.Mean()
    >>> mean.update_state([1.0, 3.0])
    >>> mean.update_state([5.0, 9.0], sample_weight=[1.0, 0.0])
    >>> float(mean.result())
    3.0
    """

    # Constants of an update by value. Not attributes: setting one would drop recordings.
    _untracked = frozenset({"_constants"})

    def __init__(self, name="mean", dtype=None):
        super().__init__(dtype, name)
        self.total = self.add_variable((), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")
        self._constants = {}

    def update_state(self, values, sample_weight=None):
        """Adds values.

        Parameters
        ----------
        values : Tensor or array of shape (samples, ...) or ()
            All but the first axis are averaged.
        sample_weight : Tensor, array or number, optional
            Of a shape that broadcasts with the values; values are averaged over the axes that
            weights do not have.
        """
        values = ops.convert_to_tensor(values, self._dtype)
        if values.shape == () and (
            sample_weight is None or isinstance(sample_weight, numbers.Real)
        ):
            total, count = self._weighted_number(values, sample_weight)
        else:
            values, count = self._samplewise(values, sample_weight)
            total = ops.sum(values)
        self.total.assign(ops.add(self.total, total))
        self.count.assign(ops.add(self.count, count))

    def _weighted_number(self, value, weight):
        if weight is None:
            return value, self._constant(1)
        weight = self._constant(weight)
        return ops.multiply(value, weight), weight

    def _samplewise(self, values, weights):
        """Weighted values, one a sample, and the sum of their weights."""
        if weights is None:
            values = _mean_after(values, 1)
            return values, self._constant(values.shape[0] if values.shape else 1)
        if isinstance(weights, numbers.Real):
            weights = float(weights)
        weights = ops.convert_to_tensor(weights, self._dtype)
        values, weights = squeeze_or_expand_to_same_rank(values, weights)
        values = _mean_after(values, len(weights.shape))
        weights = ops.broadcast_to(weights, values.shape)
        return (
            _mean_after(ops.multiply(values, weights), 1),
            ops.sum(_mean_after(weights, 1)),
        )

    def _constant(self, value):
        if value not in self._constants:
            if len(self._constants) >= 64:
                self._constants.clear()
            self._constants[value] = ops.convert_to_tensor(float(value), self._dtype)
        return self._constants[value]

    def result(self):
        """The mean so far."""
        mean = ops.divide(self.total, self.count)
        return ops.where(ops.equal(self.count, self._constant(0)), self._constant(0), mean)


def _mean_after(x, n):
    """x averaged over all axes but the first n."""
    axes = tuple(range(n, len(x.shape)))
    return ops.mean(x, axes) if axes else x


class MeanMetricWrapper(Mean):
    """The mean of a function of targets and predictions.

    Parameters
    ----------
    fn : callable
        ``fn(y_true, y_pred, **kwargs)``, a value for each sample.
    name : str, optional
    dtype : str, optional
    **kwargs
        Passed on to `fn`.

    Examples
    --------
    >>> import kerasette
    >>> def largest(y_true, y_pred):
    ...     return kerasette.ops.max(y_pred, axis=-1)
    >>> float(kerasette.metrics.MeanMetricWrapper(largest)([[0]], [[1.0, 2.0]]))
    2.0
    """

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name, dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds the function's values.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of shape (samples, ...)
        sample_weight : Tensor, array or number, optional
        """
        values = self.fn(y_true, y_pred, **self._fn_kwargs)
        super().update_state(values, sample_weight)

    def get_config(self):
        """The arguments that make such a metric, the function by name."""
        return {**super().get_config(), "fn": serialize_function(self.fn), **self._fn_kwargs}
