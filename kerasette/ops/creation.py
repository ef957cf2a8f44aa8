"""Tensors made of nothing but a shape and numbers."""

import math

import numpy as np

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import add, full, multiply, subtract, zeros, zeros_like
from kerasette.ops.arrangement import moveaxis
from kerasette.ops.conversion import convert_to_tensor, is_tensor


def arange(start, stop=None, step=None, dtype=None):
    """The numbers start, start + step, ... below `stop`; from 0 if `stop` is None. A constant.

    A step of 0 is a ValueError.

    >>> import kerasette
    >>> kerasette.ops.arange(2, 8, 3).numpy().tolist()
    [2, 5]
    """
    if step is not None and step == 0:
        raise ValueError(f"`step` must not be 0. Received: step={step}")
    if stop is None:
        start, stop = 0, start
    values = np.arange(start, stop, 1 if step is None else step)
    if dtype is None:
        dtype = "int32" if values.dtype.kind in "iu" else standardize_dtype(None)
    return convert_to_tensor(values, standardize_dtype(dtype))


def array(x, dtype=None):
    """x as a tensor, as `convert_to_tensor`.

    >>> import kerasette
    >>> kerasette.ops.array([1, 2], dtype="float32").numpy().tolist()
    [1.0, 2.0]
    """
    return convert_to_tensor(x, None if dtype is None else standardize_dtype(dtype))


def empty(shape, dtype=None):
    """A tensor whose values do not matter; they are zeros, so that nothing depends on chance."""
    return zeros(shape, dtype)


def empty_like(x, dtype=None):
    """A tensor of x's shape and dtype, whose values do not matter: they are zeros."""
    return zeros_like(x, dtype)


def full_like(x, fill_value, dtype=None):
    """A tensor of x's shape and dtype, everywhere `fill_value`."""
    x = convert_to_tensor(x)
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`num` numbers from `start` to `stop`, at equal distances.

    Parameters
    ----------
    start, stop : float or Tensor
    num : int
    endpoint : bool
        Whether `stop` is the last number, or the one that would come after it.
    retstep : bool
        Whether the distance is returned as well.
    dtype : str, optional
        ``floatx()`` by default, or float64 if `start` or `stop` is.
    axis : int
        Where the new axis is, if they are no scalars.

    Raises
    ------
    ValueError
        If `num` is negative.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.linspace(0, 1, 5).numpy().tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if num < 0:
        raise ValueError(f"linspace() takes a number of steps. Received: num={num}")
    gaps = num - 1 if endpoint else num
    if is_tensor(start) or is_tensor(stop):
        step = multiply(subtract(stop, start), 1.0 / gaps if gaps > 0 else math.nan)
        shape = (num,) + (1,) * len(step.shape)
        far = np.arange(num).reshape(shape) / max(gaps, 1)
        values = add(start, multiply(subtract(stop, start), convert_to_tensor(far, step.dtype)))
        values = values if axis == 0 else moveaxis(values, 0, axis)
        values = values if dtype is None else convert_to_tensor(values, dtype)
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            values, step = np.linspace(start, stop, num, endpoint, retstep=True, axis=axis)
        is_float64 = "float64" in (getattr(start, "dtype", None), getattr(stop, "dtype", None))
        dtype = "float64" if dtype is None and is_float64 else standardize_dtype(dtype)
        values, step = convert_to_tensor(values, dtype), convert_to_tensor(step, dtype)
    return (values, step) if retstep else values
