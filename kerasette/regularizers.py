"""Penalties that layers add to the loss, and how they are named."""

import math

import numpy as np

from kerasette import ops
from kerasette._core import ops as core
from kerasette.default_dtype import floatx
from kerasette.lookup import lookup
from kerasette.naming import in_both_spellings
from kerasette.saving.serialization import serialize_keras_object
from kerasette.tracking import Tracked

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]


class Regularizer(Tracked):
    """A function of a tensor that gives a penalty, a scalar tensor.

    Subclasses define ``__call__(x)``, and `get_config` to be written into a model's config.

    Examples
    --------
    >>> import kerasette
    >>> class Peak(kerasette.Regularizer):
    ...     def __call__(self, x):
    ...         return 0.1 * kerasette.ops.max(x)
    >>> Peak()(kerasette.ops.ones((2, 3))).shape
    ()
    """

    def __call__(self, x):
        """The penalty of x; none in the base class."""
        return 0.0

    def get_config(self):
        """The arguments that make such a regularizer."""
        raise NotImplementedError(f"{self} does not implement get_config()")

    @classmethod
    def from_config(cls, config):
        """The regularizer that `get_config` has described."""
        return cls(**config)


class L1L2(Regularizer):
    """``l1 * sum(abs(x)) + l2 * sum(x ** 2)``.

    Parameters
    ----------
    l1, l2 : float
        Finite and not negative; 0 by default.

    Raises
    ------
    ValueError
        For another factor.

    References
    ----------
    Zou and Hastie, "Regularization and variable selection via the elastic net", 2005, section 2.1.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.regularizers.L1L2(l1=1.0, l2=0.5)(kerasette.ops.full((3,), -2.0)).numpy())
    12.0
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = _checked_factor(0.0 if l1 is None else l1, "l1")
        self.l2 = _checked_factor(0.0 if l2 is None else l2, "l2")

    def __call__(self, x):
        """The penalty of x."""
        x = ops.convert_to_tensor(x)
        penalty = ops.zeros((), x.dtype)
        if self.l1:
            penalty = penalty + _absolute_penalty(x, self.l1)
        if self.l2:
            penalty = penalty + _square_penalty(x, self.l2)
        return penalty

    def get_config(self):
        """``l1`` and ``l2``."""
        return {"l1": self.l1, "l2": self.l2}


class L1(Regularizer):
    """``l1 * sum(abs(x))``: drives weights to 0.

    Parameters
    ----------
    l1 : float
        Finite and not negative; 0.01 by default.

    Raises
    ------
    ValueError
        For another factor.
    """

    def __init__(self, l1=0.01):
        self.l1 = _rounded(_checked_factor(0.01 if l1 is None else l1, "l1"))

    def __call__(self, x):
        """The penalty of x."""
        return _absolute_penalty(ops.convert_to_tensor(x), self.l1)

    def get_config(self):
        """``l1``, as precise as ``floatx()`` has been."""
        return {"l1": self.l1}


class L2(Regularizer):
    """``l2 * sum(x ** 2)``: keeps weights small.

    Parameters
    ----------
    l2 : float
        Finite and not negative; 0.01 by default.

    Raises
    ------
    ValueError
        For another factor.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.regularizers.L2(0.5)(kerasette.ops.ones((2, 3))).numpy())
    3.0
    """

    def __init__(self, l2=0.01):
        self.l2 = _checked_factor(0.01 if l2 is None else l2, "l2")

    def __call__(self, x):
        """The penalty of x."""
        return _square_penalty(ops.convert_to_tensor(x), self.l2)

    def get_config(self):
        """``l2``."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """`factor` times the mean of abs(cosine) over all pairs of rows, or columns, of a matrix.

    Parameters
    ----------
    factor : float
        Finite and not negative; 0.01 by default.
    mode : {"rows", "columns"}
        Which vectors are to be orthogonal.

    Raises
    ------
    ValueError
        For another factor or mode; when called, for a tensor that is not a matrix.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> regularizer = kerasette.regularizers.OrthogonalRegularizer(factor=1.0)
    >>> float(regularizer(np.eye(3)).numpy())
    0.0
    """

    def __init__(self, factor=0.01, mode="rows"):
        self.factor = _rounded(_checked_factor(factor, "factor"))
        if mode not in ("rows", "columns"):
            raise ValueError(
                "Invalid value for argument `mode`. Expected one of "
                f'{{"rows", "columns"}}. Received: mode={mode}'
            )
        self.mode = mode

    def __call__(self, inputs):
        """The penalty of a matrix."""
        inputs = ops.convert_to_tensor(inputs)
        if len(inputs.shape) != 2:
            raise ValueError(
                "Inputs to OrthogonalRegularizer must have rank 2. Received: "
                f"inputs.shape={inputs.shape}"
            )
        rows = inputs if self.mode == "rows" else ops.transpose(inputs)
        rows = ops.normalize(rows)
        size = rows.shape[0]
        cosines = ops.matmul(rows, ops.transpose(rows))
        of_pairs = ops.multiply(cosines, 1.0 - np.eye(size, dtype=rows.dtype))
        pairs = size * (size - 1.0) / 2.0
        return ops.divide(self.factor * 0.5 * ops.sum(ops.absolute(of_pairs)), pairs)

    def get_config(self):
        """``factor``, as precise as ``floatx()`` has been, and ``mode``."""
        return {"factor": self.factor, "mode": self.mode}


def _checked_factor(value, name):
    if not isinstance(value, (float, int)) or not math.isfinite(value) or value < 0:
        raise ValueError(
            f"Invalid value for argument {name}: expected a non-negative float. "
            f"Received: {name}={value}"
        )
    return float(value)


def _rounded(factor):
    # Keras holds these factors as tensors, and writes what that leaves of them into configs.
    return float(np.asarray(factor, floatx()))


def _absolute_penalty(x, factor):
    return ops.multiply(ops.convert_to_tensor(factor, x.dtype), ops.sum(ops.absolute(x)))


def _square_penalty(x, factor):
    return ops.multiply(ops.convert_to_tensor(factor, x.dtype), core.squared_norm(x))


l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer

_CLASSES = (L1, L1L2, L2, OrthogonalRegularizer, Regularizer)
_KNOWN = {**in_both_spellings({cls.__name__: cls for cls in _CLASSES}), "l1_l2": L1L2}


def get(identifier):
    """The regularizer that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable, class or None
        A name in either spelling (``"l2"``, ``"L2"``), which means the default factors; a config;
        or what is returned as it is, classes after calling them. None stays None.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.regularizers.get("l2").get_config()
    {'l2': 0.01}
    """
    return None if identifier is None else lookup(identifier, _KNOWN, "regularizer")


def serialize(regularizer):
    """The dict that stands for a regularizer in a config; None for None."""
    return serialize_keras_object(regularizer)


def deserialize(config, custom_objects=None):
    """The regularizer that `serialize` has described.

    Parameters
    ----------
    config : dict, str or None
    custom_objects : dict of str to class or function, optional
        Regularizers besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For a name that is not known.
    """
    return None if config is None else lookup(config, _KNOWN, "regularizer", custom_objects)
