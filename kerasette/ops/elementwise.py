"""Functions of each element by itself."""

import builtins
import math

from kerasette._core import ops as core
from kerasette._core.ops import (
    absolute,
    cast,
    divide,
    equal,
    greater,
    less,
    multiply,
    not_equal,
    silu,
    where,
)
from kerasette.ops.conversion import convert_to_tensor

abs = absolute
swish = silu
true_divide = divide


def clip(x, x_min, x_max):
    """x, not below `x_min` and not above `x_max`. The gradient is 1 at the bounds, 0 beyond."""
    x = where(less(x, x_min), x_min, x)
    return where(greater(x, x_max), x_max, x)


def divide_no_nan(x1, x2):
    """x1 / x2, and 0 where x2 is 0."""
    is_zero = equal(x2, 0)
    return where(is_zero, 0.0, divide(x1, where(is_zero, 1.0, x2)))


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


def _is_real(x):
    return x.dtype in ("float32", "float64")


def _truth(x):
    return not_equal(x, 0)
