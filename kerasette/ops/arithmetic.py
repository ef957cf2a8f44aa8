"""More functions of each element by itself, made of others."""

import math

import numpy as np

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import (
    absolute,
    add,
    cast,
    divide,
    equal,
    erf,
    exp,
    greater,
    less,
    log,
    log1p,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    reciprocal,
    sin,
    sqrt,
    square,
    stop_gradient,
    subtract,
    trunc,
    where,
)
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.elementwise import isfinite, isnan, logical_or, root

LN_2 = math.log(2.0)


def real(x):
    """x as a tensor of floats: integers and bools become ``floatx()``."""
    x = convert_to_tensor(x)
    return x if x.dtype in ("float32", "float64") else cast(x, standardize_dtype(None))


def _two(x1, x2):
    """Both as tensors. A Python number beside a tensor is not rounded before it gets its dtype."""
    if _is_number(x1) and not _is_number(x2):
        return _two(x2, x1)[::-1]
    x1 = convert_to_tensor(x1)
    is_float = x1.dtype in ("float32", "float64")
    return x1, convert_to_tensor(x2, x1.dtype if _is_number(x2) and is_float else None)


def _is_number(value):
    return isinstance(value, (int, float)) and not hasattr(value, "dtype")


def _two_reals(x1, x2):
    """Both as tensors of floats, of one dtype."""
    x1, x2 = _two(x1, x2)
    x1, x2 = real(x1), real(x2)
    dtype = "float64" if "float64" in (x1.dtype, x2.dtype) else "float32"
    return cast(x1, dtype), cast(x2, dtype)


def cbrt(x):
    """The number whose third power is x, negative for negative x. At 0 its gradient is not finite.

    >>> import kerasette
    >>> kerasette.ops.cbrt([-8.0, 27.0]).numpy().round(4).tolist()
    [-2.0, 3.0]
    """
    x = real(x)
    size = absolute(x)
    y = power(size, 1.0 / 3.0)
    # One step of Newton's takes off what the rounded exponent puts on.
    rest = divide(subtract(multiply(square(y), y), size), multiply(square(y), 3.0))
    is_exact = logical_or(equal(x, 0), equal(size, math.inf))
    y = subtract(y, stop_gradient(where(is_exact, 0.0, rest)))
    return where(less(x, 0), negative(y), y)


def deg2rad(x):
    """Degrees as radians."""
    return multiply(real(x), math.pi / 180.0)


def rad2deg(x):
    """Radians as degrees."""
    return multiply(real(x), 180.0 / math.pi)


def exp2(x):
    """2 to the power x."""
    return power(2.0, real(x))


def fabs(x):
    """|x| as a float."""
    return absolute(real(x))


def erfinv(x):
    """The number whose error function is x; infinite at -1 and 1, nan beyond.

    References
    ----------
    Giles, "Approximating the erfinv function", GPU Computing Gems, 2010, for the start of
    Newton's method.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.erfinv([0.0, 0.5]).numpy()
    array([0.        , 0.47693628], dtype=float32)
    """
    x = real(x)
    inner = stop_gradient(x)
    is_inside = less(absolute(inner), 1.0)
    inner = where(is_inside, inner, 0.0)
    y = _start_of_erfinv(inner)
    for _ in range(3):
        # Halley's step: Newton's, with the curvature, which is -2 y times the slope.
        step = divide(subtract(erf(y), inner), _slope_of_erf(y))
        y = subtract(y, divide(step, add(multiply(y, step), 1.0)))
    y = stop_gradient(y)
    # What is added is 0, and brings the gradient.
    change = subtract(where(is_inside, x, 0.0), inner)
    y = add(y, divide(change, stop_gradient(_slope_of_erf(y))))
    # At the edges and beyond, values and slopes are infinite and nan alike.
    slope = where(equal(absolute(x), 1.0), math.inf, math.nan)
    return where(is_inside, y, multiply(where(is_inside, 0.0, x), slope))


def _slope_of_erf(y):
    return multiply(exp(negative(square(y))), 2.0 / math.sqrt(math.pi))


def _start_of_erfinv(x):
    w = negative(log(multiply(subtract(1.0, x), add(x, 1.0))))
    middle = _polynomial(
        subtract(w, 2.5),
        [2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
         -0.00125372503, -0.00417768164, 0.246640727, 1.50140941],
    )  # fmt: skip
    tail = _polynomial(
        subtract(sqrt(w), 3.0),
        [-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
         -0.0076224613, 0.00943887047, 1.00167406, 2.83297682],
    )  # fmt: skip
    return multiply(where(less(w, 5.0), middle, tail), x)


def _polynomial(x, coefficients):
    """The highest coefficient first."""
    value = multiply(x, coefficients[0])
    for coefficient in coefficients[1:-1]:
        value = multiply(add(value, coefficient), x)
    return add(value, coefficients[-1])


def fmax(x1, x2):
    """The larger; where one is nan, the other."""
    x1, x2 = _two(x1, x2)
    return where(isnan(x1), x2, where(isnan(x2), x1, maximum(x1, x2)))


def fmin(x1, x2):
    """The smaller; where one is nan, the other."""
    x1, x2 = _two(x1, x2)
    return where(isnan(x1), x2, where(isnan(x2), x1, minimum(x1, x2)))


def fmod(x1, x2):
    """What is left of x1 after x2 has been taken off as often as it fits: it has the sign of x1.

    >>> import kerasette
    >>> kerasette.ops.fmod([-7.0, 7.0], [3.0, -3.0]).numpy().tolist()
    [-1.0, 1.0]
    """
    x1, x2 = _two(x1, x2)
    if "float32" not in (x1.dtype, x2.dtype) and "float64" not in (x1.dtype, x2.dtype):
        rest = absolute(x1) % absolute(x2)
        return where(less(x1, 0), negative(rest), rest)
    x1, x2 = _two_reals(x1, x2)
    # The exact rest, and the gradient of x1 - x2 * trunc(x1 / x2).
    size = stop_gradient(absolute(x1) % absolute(x2))
    rest = where(less(x1, 0), negative(size), size)
    count = stop_gradient(trunc(divide(x1, x2)))
    count = where(isfinite(count), count, 0.0)
    # 0, with these gradients.
    whole = where(isfinite(x2), x2, 0.0)
    moved = subtract(x1, multiply(count, whole))
    moved = where(isfinite(x1), moved, 0.0)
    return add(rest, subtract(moved, stop_gradient(moved)))


def heaviside(x1, x2):
    """0 for negative x1, 1 for positive, and x2 where x1 is 0."""
    x1, x2 = _two_reals(x1, x2)
    step = where(less(x1, 0), 0.0, where(greater(x1, 0), 1.0, x2))
    return where(isnan(x1), stop_gradient(x1), step)


def hypot(x1, x2):
    """``sqrt(x1**2 + x2**2)``, without overflow; the gradient at (0, 0) is 0.

    >>> import kerasette
    >>> float(kerasette.ops.hypot(3.0, 4.0))
    5.0
    """
    x1, x2 = _two_reals(x1, x2)
    a, b = absolute(x1), absolute(x2)
    scale = stop_gradient(maximum(a, b))
    is_infinite = logical_or(equal(a, math.inf), equal(b, math.inf))
    scale = where(logical_or(equal(scale, 0), is_infinite), 1.0, scale)
    total = add(square(divide(a, scale)), square(divide(b, scale)))
    return where(is_infinite, math.inf, multiply(root(total), scale))


def ldexp(x1, x2):
    """``x1 * 2**x2``.

    Parameters
    ----------
    x1 : Tensor
    x2 : Tensor of integers

    Raises
    ------
    TypeError
        If x2 has another dtype.
    """
    x1, x2 = real(x1), convert_to_tensor(x2)
    if x2.dtype not in ("int32", "int64"):
        raise TypeError(f"ldexp exponent must be an integer type. Received: x2 dtype={x2.dtype}")
    return multiply(x1, power(2.0, cast(x2, x1.dtype)))


def logaddexp(x1, x2):
    """``log(exp(x1) + exp(x2))``, without overflow.

    >>> import kerasette
    >>> float(kerasette.ops.logaddexp(1000.0, 1000.0))
    1000.6931762695312
    """
    x1, x2 = _two_reals(x1, x2)
    distance = absolute(subtract(x1, x2))
    # Equal infinities are at no distance from each other.
    distance = where(equal(x1, x2), 0.0, distance)
    return add(maximum(x1, x2), log1p(exp(negative(distance))))


def logaddexp2(x1, x2):
    """``log2(2**x1 + 2**x2)``, without overflow."""
    x1, x2 = _two_reals(x1, x2)
    return divide(logaddexp(multiply(x1, LN_2), multiply(x2, LN_2)), LN_2)


def isneginf(x):
    """Whether it is minus infinity; bool."""
    return equal(real(x), -math.inf)


def isposinf(x):
    """Whether it is plus infinity; bool."""
    return equal(real(x), math.inf)


def signbit(x):
    """Whether it is negative, -0 among them; bool.

    >>> import kerasette
    >>> kerasette.ops.signbit([-0.0, 0.0, -3.0]).numpy().tolist()
    [True, False, True]
    """
    x = convert_to_tensor(x)
    if x.dtype in ("int32", "int64", "bool"):
        return less(x, 0)
    # What tells -0 from 0 is its reciprocal.
    return less(where(equal(x, 0), reciprocal(x), x), 0)


def sinc(x):
    """``sin(pi x) / (pi x)``, and 1 at 0.

    >>> import kerasette
    >>> kerasette.ops.sinc([0.0, 0.5]).numpy().round(4).tolist()
    [1.0, 0.6366000175476074]
    """
    x = real(x)
    is_zero = equal(x, 0)
    angle = multiply(where(is_zero, 1.0, x), np.pi)
    return where(is_zero, 1.0, divide(sin(angle), angle))
