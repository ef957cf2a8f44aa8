"""The base of losses, and functions as losses."""

from typing import Any

from kerasette import ops
from kerasette.default_dtype import floatx
from kerasette.dtype_policies import policy_name
from kerasette.losses.reduction import (
    as_numbers,
    both,
    mask_of,
    reduce_weighted_values,
    squeeze_or_expand_to_same_rank,
    standardize_reduction,
)
from kerasette.naming import auto_name
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object
from kerasette.tracking import Tracked


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
        weights, "none" and None leave them. Where predictions have a mask, values that it takes
        out count for nothing, and not in the number either.
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

    def __init__(self, name=None, reduction: Any = "sum_over_batch_size", dtype=None):
        self.name = name or auto_name(type(self).__name__)
        self.reduction = standardize_reduction(reduction)
        self._dtype = policy_name(dtype or floatx())

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
            If the shapes do not fit, or `call` returns no numbers.
        """
        mask = mask_of(y_pred)
        y_pred = ops.convert_to_tensor(y_pred, self._dtype)
        values = self.call(self._as_target(y_true), y_pred)
        mask = both(mask, mask_of(values))
        values = as_numbers(values, f"Loss '{self.name}'", self._dtype)
        return reduce_weighted_values(values, sample_weight, mask, self.reduction, self._dtype)

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

    def _arguments(self):
        return self._fn_kwargs

    def call(self, y_true, y_pred):
        """The function's value, of arguments of equal rank."""
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._arguments())

    def get_config(self):
        """The arguments that make such a loss, the function by name."""
        return {**super().get_config(), "fn": serialize_keras_object(self.fn), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config):
        """The loss that `get_config` has described."""
        return cls(**deserialize_keras_object(config))


class FunctionLoss(LossFunctionWrapper):
    """A function of ours as a loss: its arguments are attributes, and stand in the config.

    Subclasses pass the function and its arguments on to this constructor.
    """

    # Arguments with their defaults that Keras's config leaves out: listed where they differ.
    _unlisted = ()

    def __init__(self, fn, reduction, name, dtype, **arguments):
        super().__init__(fn, reduction, name, dtype, **arguments)
        for argument, value in arguments.items():
            setattr(self, argument, value)

    def _arguments(self):
        return {argument: getattr(self, argument) for argument in self._fn_kwargs}

    def get_config(self):
        """The arguments that make such a loss."""
        return {**Loss.get_config(self), **listed(self._arguments(), self._unlisted)}


def listed(arguments, unlisted):
    """The arguments that a config lists: all but the pairs of name and value in `unlisted`."""
    return dict(argument for argument in arguments.items() if argument not in unlisted)
