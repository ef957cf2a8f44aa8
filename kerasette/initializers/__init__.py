"""What weights are at first."""

import numpy as np

from kerasette import ops
from kerasette._core import variable
from kerasette.default_dtype import floatx
from kerasette.initializers.constant_initializers import Constant, Identity, Ones, Zeros
from kerasette.initializers.initializer import Initializer
from kerasette.initializers.random_initializers import (
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
)
from kerasette.initializers.scaled_initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    compute_fans,
)
from kerasette.lazy import getattr_of
from kerasette.lookup import lookup
from kerasette.naming import in_both_spellings
from kerasette.saving.serialization import serialize_keras_object

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

__getattr__ = getattr_of(__name__)

IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros

_CLASSES = (
    Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Identity, LecunNormal,
    LecunUniform, Ones, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling,
    Zeros,
)  # fmt: skip
_KNOWN = {
    **in_both_spellings({cls.__name__: cls for cls in _CLASSES}),
    "IdentityInitializer": Identity,
    "OrthogonalInitializer": Orthogonal,
    "normal": RandomNormal,
    "one": Ones,
    "uniform": RandomUniform,
    "zero": Zeros,
}


def get(identifier):
    """The initializer that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable, class, array or None
        A name in either spelling (``"glorot_uniform"``, ``"GlorotUniform"``), a config, a
        function of ``(shape, dtype=None)``, or the values themselves. None stays None.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> type(kerasette.initializers.get("he_normal")).__name__
    'HeNormal'
    """
    if identifier is None:
        return None
    if ops.is_tensor(identifier) or isinstance(identifier, (np.ndarray, np.generic)):
        return _values_initializer(identifier)
    return lookup(identifier, _KNOWN, "initializer")


def _values_initializer(values):
    def initialize(shape, dtype=None):
        if tuple(shape) != tuple(values.shape):
            raise ValueError(
                f"Expected `shape` to be {tuple(values.shape)}, that of the array given as "
                f"initializer. Received shape={shape}"
            )
        return ops.convert_to_tensor(values, floatx() if dtype is None else dtype)

    return initialize


def serialize(initializer):
    """The dict that stands for an initializer in a config; None for None."""
    return serialize_keras_object(initializer)


def deserialize(config, custom_objects=None):
    """The initializer that `serialize` has described.

    Parameters
    ----------
    config : dict, str or None
    custom_objects : dict of str to class or function, optional
        Initializers besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For a name that is not known.
    """
    return None if config is None else lookup(config, _KNOWN, "initializer", custom_objects)


# Variables take initializers by name, and lie below them.
variable.set_initializers(get)
