"""What weights are at first."""

import numpy as np

from kerasette import ops
from kerasette.config import floatx
from kerasette.initializers.constant import Constant, Ones, Zeros
from kerasette.initializers.initializer import Initializer
from kerasette.initializers.random_initializers import RandomNormal, RandomUniform, TruncatedNormal
from kerasette.initializers.variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    compute_fans,
)
from kerasette.lookup import lookup, serialize_function, serialize_object
from kerasette.naming import to_snake_case

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "deserialize",
    "get",
    "serialize",
]

_CLASSES = (
    Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform, Ones,
    RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Zeros,
)  # fmt: skip
_KNOWN = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
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
    """The dict that stands for an initializer in a config."""
    if hasattr(initializer, "get_config"):
        known = type(initializer) in _CLASSES
        module = "keras.initializers" if known else type(initializer).__module__
        return serialize_object(initializer, module)
    return serialize_function(initializer, initializer.__name__)


def deserialize(config):
    """The initializer that `serialize` has described."""
    return get(config)
