"""Initializers that draw nothing."""

from kerasette import ops
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
