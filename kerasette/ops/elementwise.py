"""Functions of each element by itself."""

import builtins
import math

import numpy as np

from kerasette._core import ops as core
from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import (
    absolute,
    add,
    cast,
    divide,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    multiply,
    not_equal,
    silu,
    sqrt,
    subtract,
    where,
)
from kerasette.ops.conversion import convert_to_tensor

abs = absolute
swish = silu


def clip(x, x_min, x_max):
    """x, not below `x_min` and not above `x_max`. The gradient is 1 at the bounds, 0 beyond."""
    x = where(less(x, x_min), x_min, x)
    return where(greater(x, x_max), x_max, x)


def divide_no_nan(x1, x2):
    """x1 / x2, and 0 where x2 is 0."""
    is_zero = equal(x2, 0)
    return where(is_zero, 0.0, divide(x1, where(is_zero, 1.0, x2)))


def root(x):
    """The square root of what is not negative. Its gradient at 0 is 0, and not infinite.

    So what is 0 with all its neighbours, as a norm or a deviation can be, brings no nan.
    """
    is_zero = equal(x, 0)
    return where(is_zero, 0.0, sqrt(where(is_zero, 1.0, x)))


def true_divide(x1, x2):
    """x1 / x2, as `divide`. Keras's graphs name the operator ``/`` after this one."""
    return divide(x1, x2)


def logical_and(x1, x2):
    """Whether both are true (not 0); bool."""
    return where(_truth(x1), _truth(x2), False)


def logical_or(x1, x2):
    """Whether one of the two is true (not 0); bool."""
    return where(_truth(x1), True, _truth(x2))


def logical_not(x):
    """Whether x is false (0); bool."""
    return equal(x, 0)


def logical_xor(x1, x2):
    """Whether exactly one of the two is true (not 0); bool."""
    return not_equal(_truth(x1), _truth(x2))


def round(x, decimals=0):
    """x with so many decimals, halves to even digits; the gradient is 0. Integers stay integers.

    >>> import kerasette
    >>> kerasette.ops.round([0.5, 1.5, 2.345], 0).numpy().tolist()
    [0.0, 2.0, 2.0]
    """
    x = convert_to_tensor(x)
    if decimals == 0:
        return core.round(x)
    power = 10.0 ** builtins.abs(decimals)
    scaled = multiply(x, power) if decimals > 0 else divide(x, power)
    whole = core.round(scaled)
    return cast(divide(whole, power) if decimals > 0 else multiply(whole, power), x.dtype)


def isnan(x):
    """Whether it is not a number; bool."""
    return not_equal(x, x)


def isinf(x):
    """Whether it is infinite, of either sign; bool."""
    x = convert_to_tensor(x)
    return equal(absolute(x), math.inf) if _is_real(x) else not_equal(x, x)


def isfinite(x):
    """Whether it is neither infinite nor nan; bool."""
    x = convert_to_tensor(x)
    return less(absolute(x), math.inf) if _is_real(x) else equal(x, x)


def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether ``abs(x1 - x2) <= atol + rtol * abs(x2)``, or both are the same infinity; bool.

    nan is close to nan with `equal_nan`, else to nothing.
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if x1.dtype == "bool" or x2.dtype == "bool":
        return equal(x1, x2)
    bound = add(multiply(absolute(x2), rtol), atol)
    near = logical_and(less_equal(absolute(subtract(x1, x2)), bound), isfinite(x2))
    near = logical_or(near, equal(x1, x2))
    return logical_or(near, logical_and(isnan(x1), isnan(x2))) if equal_nan else near


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """x with numbers in place of nan and infinities: by default 0 and the largest of the dtype."""
    x = convert_to_tensor(x)
    if not _is_real(x):
        return x
    most = float(np.finfo(x.dtype).max)
    x = where(isnan(x), float(nan), x)
    x = where(equal(x, math.inf), most if posinf is None else float(posinf), x)
    return where(equal(x, -math.inf), -most if neginf is None else float(neginf), x)


def select(condlist, choicelist, default=0):
    """Of the first condition that holds the choice, or `default` where none does.

    Parameters
    ----------
    condlist : list of bool Tensors
    choicelist : list of Tensors
        As many. All are broadcast together.
    default : Tensor or number

    Raises
    ------
    ValueError
        If they are no lists, empty, or not equally long.
    """
    if not isinstance(condlist, (list, tuple)) or not isinstance(choicelist, (list, tuple)):
        raise ValueError(
            "condlist and choicelist must be lists. Received: "
            f"type(condlist) = {type(condlist)}, type(choicelist) = {type(choicelist)}"
        )
    if not condlist or len(condlist) != len(choicelist):
        raise ValueError(
            "condlist and choicelist must not be empty, and equally long. Received: "
            f"condlist = {condlist}, choicelist = {choicelist}"
        )
    chosen = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        chosen = where(condition, choice, chosen)
    return chosen


def saturate_cast(x, dtype):
    """x in another dtype, of which it is the smallest or largest value where it is beyond.

    >>> import kerasette
    >>> kerasette.ops.saturate_cast([-1e20, 2.6], "int32").numpy().tolist()
    [-2147483648, 2]
    """
    x, dtype = convert_to_tensor(x), standardize_dtype(dtype)
    y = cast(x, dtype)
    if x.dtype == "bool":
        return y
    if dtype == "bool":
        return where(less(x, 0), False, y)
    is_float = dtype.startswith("float")
    limits, number = (np.finfo(dtype), float) if is_float else (np.iinfo(dtype), int)
    least, most = number(limits.min), number(limits.max)
    y = where(less_equal(x, least), least, y)
    return where(greater_equal(x, most), most, y)


def _is_real(x):
    return x.dtype in ("float32", "float64")


def _truth(x):
    return not_equal(x, 0)
