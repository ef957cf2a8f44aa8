"""The base of losses, and how the values of samples become one number."""

import numbers

from kerasette import ops
from kerasette.dtype_policy import policy_name
from kerasette.lookup import serialize_function
from kerasette.naming import auto_name
from kerasette.tracking import Tracked

REDUCTIONS = ("mean", "mean_with_sample_weight", "none", "sum", "sum_over_batch_size", None)


class Loss(Tracked):
    """A number that says how far predictions are from targets.

    Subclasses define ``call(y_true, y_pred)``, which returns a value for each sample (or for each
    of more places).

    Parameters
    ----------
    name : str, optional
    reduction : {"sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None}
        What becomes of the values, each times its sample's weight. The first two are the same:
        their sum divided by their number. "mean_with_sample_weight" divides by the sum of the
        weights, "none" and None leave them.
    dtype : str, optional
        Of the computation; ``floatx()`` by default.

    Raises
    ------
    ValueError
        For a reduction that is not known.

    Examples
    --------
    >>> import kerasette
    >>> class Distance(kerasette.losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return kerasette.ops.mean(kerasette.ops.absolute(y_true - y_pred), axis=-1)
    >>> float(Distance()([[0.0, 1.0]], [[1.0, 1.0]]))
    0.5
    """

    def __init__(self, name=None, reduction="sum_over_batch_size", dtype=None):
        self.name = name or auto_name(type(self).__name__)
        self.reduction = standardize_reduction(reduction)
        self._dtype = policy_name(dtype)

    @property
    def dtype(self):
        """Dtype of the computation."""
        return self._dtype

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The reduced loss.

        Parameters
        ----------
        y_true, y_pred : Tensor or array
            Targets and predictions, the batch first.
        sample_weight : Tensor, array or number, optional
            Of a shape that broadcasts with the values.

        Returns
        -------
        Tensor
            A scalar, unless nothing is reduced.

        Raises
        ------
        ValueError
            If the shapes do not fit.
        """
        y_pred = ops.convert_to_tensor(y_pred, self._dtype)
        values = self.call(self._as_target(y_true), y_pred)
        return reduce_weighted_values(values, sample_weight, self.reduction, self._dtype)

    def _as_target(self, y_true):
        return ops.convert_to_tensor(y_true, self._dtype)

    def call(self, y_true, y_pred):
        """A value for each sample."""
        raise NotImplementedError(f"{type(self).__name__} must implement `call()`.")

    def get_config(self):
        """The arguments that make such a loss."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config):
        """The loss that `get_config` has described."""
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"


class LossFunctionWrapper(Loss):
    """A function ``fn(y_true, y_pred, **kwargs)``, which gives a value for each sample, as a loss.

    Parameters
    ----------
    fn : callable
    reduction, name, dtype
        As for `Loss`.
    **kwargs
        Passed on to `fn`.
    """

    def __init__(self, fn, reduction="sum_over_batch_size", name=None, dtype=None, **kwargs):
        super().__init__(name, reduction, dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true, y_pred):
        """The function's value, of arguments of equal rank."""
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        """The arguments that make such a loss, the function by name."""
        return {**super().get_config(), "fn": serialize_function(self.fn), **self._fn_kwargs}


def standardize_reduction(reduction):
    """`reduction` if it is one.

    Raises
    ------
    ValueError
        If not.
    """
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"Invalid value for argument `reduction`. Expected one of {REDUCTIONS}. Received: "
            f"reduction={reduction}"
        )
    return reduction


def squeeze_or_expand_to_same_rank(x1, x2):
    """Two tensors with the same rank, if one has a last axis of size 1 more than the other.

    The axis is dropped; or given to the other one, if that is a vector.
    """
    rank1, rank2 = len(x1.shape), len(x2.shape)
    if rank1 == rank2 + 1 and x1.shape[-1] == 1:
        if rank2 == 1:
            return x1, ops.expand_dims(x2, -1)
        return ops.squeeze(x1, -1), x2
    if rank2 == rank1 + 1 and x2.shape[-1] == 1:
        if rank1 == 1:
            return ops.expand_dims(x1, -1), x2
        return x1, ops.squeeze(x2, -1)
    return x1, x2


def reduce_weighted_values(values, sample_weight, reduction, dtype):
    """Values times weights, reduced; see `Loss`."""
    values = ops.convert_to_tensor(values, dtype)
    if sample_weight is not None:
        if isinstance(sample_weight, numbers.Real):
            sample_weight = float(sample_weight)
        sample_weight = ops.convert_to_tensor(sample_weight, dtype)
        values, sample_weight = squeeze_or_expand_to_same_rank(values, sample_weight)
        values = ops.multiply(values, sample_weight)
    # Scalars and empty vectors stay, as in Keras.
    if reduction in (None, "none") or values.shape in ((), (0,)):
        return values
    if reduction == "sum":
        return ops.sum(values)
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return ops.divide_no_nan(ops.sum(values), ops.sum(sample_weight))
    return ops.mean(values) if values.size else ops.sum(values)
