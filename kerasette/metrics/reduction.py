"""Metrics that are sums and means."""

import numbers

from kerasette import losses, ops
from kerasette.losses.loss import listed
from kerasette.losses.reduction import (
    apply_mask,
    as_numbers,
    mask_of,
    squeeze_or_expand_to_same_rank,
)
from kerasette.metrics.metric import Metric
from kerasette.naming import object_name
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


def samplewise(values, weights, reduce, dtype):
    """Weighted values, one a sample, and the weights that belong to them.

    Parameters
    ----------
    values : Tensor
        One with a mask counts where that is true, if there are weights.
    weights : Tensor, array or number, or None
        Values are reduced over the axes that weights do not have.
    reduce : callable
        ``ops.mean`` or ``ops.sum``: over all axes but the first.
    dtype : str

    Returns
    -------
    (Tensor, Tensor or None)
        Weights are None if there are none.
    """
    mask = mask_of(values)
    values = ops.convert_to_tensor(values, dtype)
    if weights is None:
        return _reduced_after(values, 1, reduce), None
    weights = ops.convert_to_tensor(apply_mask(weights, mask, dtype, "sum"), dtype)
    values, weights = squeeze_or_expand_to_same_rank(values, weights)
    values = _reduced_after(values, len(weights.shape), reduce)
    weights = ops.broadcast_to(weights, values.shape)
    values = ops.multiply(values, weights)
    return _reduced_after(values, 1, reduce), _reduced_after(weights, 1, reduce)


def _reduced_after(x, n, reduce):
    """x reduced over all axes but the first n."""
    axes = tuple(range(n, len(x.shape)))
    return reduce(x, axes) if axes else x


class Sum(Metric):
    """The weighted sum of values.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> total = kerasette.metrics.Sum()
    >>> total.update_state([1.0, 3.0])
    >>> total.update_state([5.0, 9.0], sample_weight=[1.0, 0.0])
    >>> float(total.result())
    9.0
    """

    def __init__(self, name="sum", dtype=None):
        super().__init__(dtype, name)
        self.total = self.add_variable((), "zeros", name="total")

    def update_state(self, values, sample_weight=None):
        """Adds values.

        Parameters
        ----------
        values : Tensor or array
        sample_weight : Tensor, array or number, optional
            Of a shape that broadcasts with the values; values are summed over the axes that
            weights do not have.
        """
        values, _ = samplewise(values, sample_weight, ops.sum, self._dtype)
        self.total.assign(ops.add(self.total, ops.sum(values)))

    def result(self):
        """The sum so far."""
        return self.total.value


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
        values = ops.convert_to_tensor(values)
        if values.shape == () and isinstance(sample_weight, numbers.Real):
            count = self._constant(sample_weight)
            total = ops.multiply(ops.cast(values, self._dtype), count)
        else:
            values, weights = samplewise(values, sample_weight, ops.mean, self._dtype)
            total = ops.sum(values) if values.shape else values
            count = self._sum_of(weights, values)
        self.total.assign(ops.add(self.total, total))
        self.count.assign(ops.add(self.count, count))

    def _sum_of(self, weights, values):
        if weights is None:
            return self._constant(values.shape[0] if values.shape else 1)
        return ops.sum(weights)

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


class MeanMetricWrapper(Mean):
    """The mean of a function of targets and predictions.

    Where predictions have a mask, it takes samples or parts of them out.

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
        if losses.is_own(fn):
            # What callbacks that look for the best epoch go by.
            self._direction = "down"

    def _arguments(self):
        return self._fn_kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds the function's values.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of shape (samples, ...)
        sample_weight : Tensor, array or number, optional
        """
        values = self.fn(y_true, y_pred, **self._arguments())
        values = as_numbers(values, f"Function '{object_name(self.fn)}'")
        weights = apply_mask(sample_weight, mask_of(y_pred), self._dtype, "sum")
        super().update_state(values, weights)

    def get_config(self):
        """The arguments that make such a metric, the function by name."""
        return {**super().get_config(), "fn": serialize_keras_object(self.fn), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config):
        """The metric that `get_config` has described."""
        return cls(**deserialize_keras_object(config))


class FunctionMetric(MeanMetricWrapper):
    """The mean of a function of ours: its arguments are attributes, and stand in the config.

    Subclasses pass the function and its arguments on to this constructor.
    """

    # Arguments with their defaults that Keras's config leaves out: listed where they differ.
    _unlisted = ()

    def __init__(self, fn, name, dtype, **arguments):
        super().__init__(fn, name, dtype, **arguments)
        for argument, value in arguments.items():
            setattr(self, argument, value)

    def _arguments(self):
        return {argument: getattr(self, argument) for argument in self._fn_kwargs}

    def get_config(self):
        """The arguments that make such a metric."""
        return {**Metric.get_config(self), **listed(self._arguments(), self._unlisted)}
