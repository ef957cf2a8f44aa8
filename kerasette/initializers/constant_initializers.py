"""Initializers that draw nothing."""

import numpy as np

from kerasette import ops
from kerasette._core.dtypes import standardize_dtype
from kerasette._core.tensor import checked_array
from kerasette.checks import is_number
from kerasette.initializers.initializer import Initializer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class Zeros(Initializer):
    """Zeros.

    >>> import kerasette
    >>> kerasette.initializers.Zeros()((2,)).numpy().tolist()
    [0.0, 0.0]
    """

    def __call__(self, shape, dtype=None):
        """Zeros of `shape`."""
        return ops.zeros(shape, dtype)


class Ones(Initializer):
    """Ones."""

    def __call__(self, shape, dtype=None):
        """Ones of `shape`."""
        return ops.ones(shape, dtype)


class Constant(Initializer):
    """One number everywhere, or the numbers of an array.

    Parameters
    ----------
    value : float, or array that broadcasts to the shape
        0 by default.

    Raises
    ------
    ValueError
        If it holds no numbers; when called, for an array of another shape.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.initializers.Constant([1.0, 2.0])((2, 2)).numpy().tolist()
    [[1.0, 2.0], [1.0, 2.0]]
    """

    def __init__(self, value=0.0):
        checked_array(value, "`value` of Constant")
        self.value = value

    def __call__(self, shape, dtype=None):
        """`value` in every place of `shape`, or spread over it."""
        if is_number(self.value):
            return ops.full(shape, self.value, dtype)
        array = np.asarray(self.value)
        try:
            array = np.broadcast_to(array, shape)
        except ValueError:
            raise ValueError(
                f"Constant has a value of shape {array.shape}, which does not broadcast to "
                f"{tuple(shape)}."
            ) from None
        return ops.convert_to_tensor(array, standardize_dtype(dtype))

    def get_config(self):
        """``value``; arrays as Keras writes them."""
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config):
        """The initializer of a `get_config`."""
        return cls(**deserialize_keras_object(config))


class Identity(Initializer):
    """The identity matrix, times `gain`: ones where row and column agree, else zeros.

    Parameters
    ----------
    gain : float
        1 by default.

    Raises
    ------
    ValueError
        When called, for a shape that is not that of a matrix.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.initializers.Identity(gain=2)((2, 3)).numpy().tolist()
    [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
    """

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        """A matrix of `shape`."""
        if len(shape) != 2:
            raise ValueError(
                "Identity matrix initializer can only be used for 2D matrices. "
                f"Received: shape={shape} of rank {len(shape)}."
            )
        return ops.convert_to_tensor(self.gain * np.eye(*shape), standardize_dtype(dtype))

    def get_config(self):
        """``gain``, unless it is 1: Keras writes none and forgets it."""
        return {} if self.gain == 1 else {"gain": self.gain}
