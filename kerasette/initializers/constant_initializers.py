"""Initializers that draw nothing."""

import numpy as np

from kerasette import ops
from kerasette._core.dtypes import standardize_dtype
from kerasette.initializers.initializer import Initializer


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
    """One number everywhere.

    Parameters
    ----------
    value : float
        0 by default.
    """

    def __init__(self, value=0.0):
        self.value = value

    def __call__(self, shape, dtype=None):
        """`value` in every place of `shape`."""
        return ops.full(shape, self.value, dtype)

    def get_config(self):
        """``value``."""
        return {"value": self.value}


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
