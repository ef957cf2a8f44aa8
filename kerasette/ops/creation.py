"""Tensors made of nothing but a shape and numbers."""

import numpy as np

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import full
from kerasette.ops.conversion import convert_to_tensor


def arange(start, stop=None, step=None, dtype=None):
    """The numbers start, start + step, ... below `stop`; from 0 if `stop` is None. A constant.

    >>> import kerasette
    >>> kerasette.ops.arange(2, 8, 3).numpy().tolist()
    [2, 5]
    """
    if stop is None:
        start, stop = 0, start
    values = np.arange(start, stop, 1 if step is None else step)
    if dtype is None:
        dtype = "int32" if values.dtype.kind in "iu" else standardize_dtype(None)
    return convert_to_tensor(values, standardize_dtype(dtype))


def full_like(x, fill_value, dtype=None):
    """A tensor of x's shape and dtype, everywhere `fill_value`."""
    x = convert_to_tensor(x)
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype)
