"""What weights are kept to after each update, and how that is named."""

from kerasette import ops
from kerasette.config import epsilon
from kerasette.lookup import lookup
from kerasette.naming import in_both_spellings
from kerasette.saving.serialization import serialize_keras_object
from kerasette.tracking import Tracked

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]


class Constraint(Tracked):
    """A function of a weight that gives the weight to be put in its place.

    Subclasses define ``__call__(w)``, and `get_config` if their constructor takes arguments.
    """

    def __call__(self, w):
        """The weight that is allowed; w itself in the base class."""
        return w

    def get_config(self):
        """The arguments that make such a constraint."""
        return {}

    @classmethod
    def from_config(cls, config):
        """The constraint that `get_config` has described."""
        return cls(**config)


class MaxNorm(Constraint):
    """Vectors no longer than `max_value`; longer ones are shortened.

    Parameters
    ----------
    max_value : float
        2 by default.
    axis : int, or list or tuple of ints
        Axes that the norm is taken over. 0, the default, means the inputs of each unit of a dense
        kernel; ``[0, 1, 2]`` is right for the kernel of a two-dimensional convolution.

    References
    ----------
    Srivastava et al., "Dropout", JMLR 15, 2014, section 5.1.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.constraints.MaxNorm(1.0)([[3.0, 0.1], [4.0, 0.1]]).numpy().round(3).tolist()
    [[0.6000000238418579, 0.10000000149011612], [0.800000011920929, 0.10000000149011612]]
    """

    def __init__(self, max_value=2, axis=0):
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        """w with its norms brought into [0, max_value]."""
        w, norms = _with_norms(w, self.axis)
        return _rescaled(w, norms, ops.clip(norms, 0, self.max_value))

    def get_config(self):
        """``max_value`` and ``axis``."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """No negative numbers: they become 0.

    >>> import kerasette
    >>> kerasette.constraints.NonNeg()([-1.0, 2.0]).numpy().tolist()
    [0.0, 2.0]
    """

    def __call__(self, w):
        """``max(w, 0)``."""
        return ops.maximum(w, 0)


class UnitNorm(Constraint):
    """Vectors of length 1; zeros stay zeros.

    Parameters
    ----------
    axis : int, or list or tuple of ints
        Axes that the norm is taken over; 0 by default, as for `MaxNorm`.
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        """w divided by its norms."""
        w, norms = _with_norms(w, self.axis)
        return ops.divide(w, ops.add(norms, epsilon()))

    def get_config(self):
        """``axis``."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Vectors not shorter than `min_value` and not longer than `max_value`.

    Parameters
    ----------
    min_value, max_value : float
        0 and 1 by default.
    rate : float in [0, 1]
        How much of the way is gone at each update: a norm n becomes
        ``(1 - rate) * n + rate * clip(n, min_value, max_value)``. 1 by default.
    axis : int, or list or tuple of ints
        Axes that the norm is taken over; 0 by default, as for `MaxNorm`.
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        """w with its norms brought nearer to the range."""
        w, norms = _with_norms(w, self.axis)
        within = ops.clip(norms, self.min_value, self.max_value)
        return _rescaled(w, norms, self.rate * within + (1 - self.rate) * norms)

    def get_config(self):
        """``min_value``, ``max_value``, ``rate`` and ``axis``."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


def _with_norms(w, axis):
    norms = ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))
    return ops.cast(w, norms.dtype), norms


def _rescaled(w, norms, desired):
    return ops.multiply(w, ops.divide(desired, ops.add(norms, epsilon())))


max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

_CLASSES = (Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm)
_KNOWN = in_both_spellings({cls.__name__: cls for cls in _CLASSES})


def get(identifier):
    """The constraint that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable, class or None
        A name in either spelling (``"max_norm"``, ``"MaxNorm"``), which means the default
        arguments; a config; or what is returned as it is, classes after calling them. None stays
        None.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.constraints.get("unit_norm").get_config()
    {'axis': 0}
    """
    return None if identifier is None else lookup(identifier, _KNOWN, "constraint")


def serialize(constraint):
    """The dict that stands for a constraint in a config; None for None."""
    return serialize_keras_object(constraint)


def deserialize(config, custom_objects=None):
    """The constraint that `serialize` has described.

    Parameters
    ----------
    config : dict, str or None
    custom_objects : dict of str to class or function, optional
        Constraints besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For a name that is not known.
    """
    return None if config is None else lookup(config, _KNOWN, "constraint", custom_objects)
