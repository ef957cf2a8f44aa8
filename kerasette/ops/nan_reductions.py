"""Reductions that leave nan out."""

from kerasette._core.ops import (
    any,
    argmax,
    argmin,
    cast,
    divide,
    max,
    min,
    not_equal,
    square,
    subtract,
    sum,
    where,
)
from kerasette.ops.arithmetic import real
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.elementwise import isnan, logical_not, root
from kerasette.ops.reductions import all, cumsum, prod
from kerasette.ops.running import cumprod


def nansum(x, axis=None, keepdims=False):
    """Sum of what is not nan, over all axes or over `axis` (int or tuple); 0 of nothing.

    >>> import kerasette
    >>> float(kerasette.ops.nansum([1.0, float("nan"), 2.0]))
    3.0
    """
    return sum(_filled(x, 0), axis, keepdims)


def nanprod(x, axis=None, keepdims=False):
    """Product of what is not nan, over all axes or over `axis` (int or tuple); 1 of nothing."""
    return prod(_filled(x, 1), axis, keepdims)


def nancumsum(x, axis=None, dtype=None):
    """Sums of each element and all before it along `axis`, as `cumsum`, with 0 for nan."""
    return cumsum(_filled(x, 0), axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    """Products of each element and all before it along `axis`, as `cumprod`, with 1 for nan."""
    return cumprod(_filled(x, 1), axis, dtype)


def nanmean(x, axis=None, keepdims=False):
    """Mean of what is not nan, over all axes or over `axis` (int or tuple); nan of nothing."""
    x = real(x)
    return divide(nansum(x, axis, keepdims), _count(x, axis, keepdims))


def nanvar(x, axis=None, keepdims=False):
    """Variance of what is not nan, over all axes or over `axis` (int or tuple)."""
    x = real(x)
    # What is left out has no deviation. Others may be nan, where there are infinities.
    deviations = where(isnan(x), 0.0, subtract(x, nanmean(x, axis, keepdims=True)))
    return divide(sum(square(deviations), axis, keepdims), _count(x, axis, keepdims))


def nanstd(x, axis=None, keepdims=False):
    """Standard deviation of what is not nan: the root of `nanvar`. Its gradient at 0 is 0."""
    return root(nanvar(x, axis, keepdims))


def nanmax(x, axis=None, keepdims=False):
    """Maximum of what is not nan, over all axes or over `axis` (int or tuple); nan of nothing."""
    return _extreme(max, x, float("-inf"), axis, keepdims)


def nanmin(x, axis=None, keepdims=False):
    """Minimum of what is not nan, over all axes or over `axis` (int or tuple); nan of nothing."""
    return _extreme(min, x, float("inf"), axis, keepdims)


def nanargmax(x, axis=None, keepdims=False):
    """Place (int32) of the first maximum that is not nan; -1 if all are nan."""
    return _place(argmax, x, float("-inf"), axis, keepdims)


def nanargmin(x, axis=None, keepdims=False):
    """Place (int32) of the first minimum that is not nan; -1 if all are nan."""
    return _place(argmin, x, float("inf"), axis, keepdims)


def _is_float(x):
    return x.dtype in ("float32", "float64")


def _count(x, axis, keepdims):
    """How many are not nan, in x's dtype."""
    return sum(cast(logical_not(isnan(x)), x.dtype), axis, keepdims)


def _filled(x, value):
    x = convert_to_tensor(x)
    return where(not_equal(x, x), value, x) if _is_float(x) else x


def _extreme(function, x, neutral, axis, keepdims):
    x = convert_to_tensor(x)
    if not _is_float(x):
        return function(x, axis, keepdims)
    extreme = function(_filled(x, neutral), axis, keepdims)
    return where(all(isnan(x), axis, keepdims), float("nan"), extreme)


def _place(function, x, neutral, axis, keepdims):
    x = convert_to_tensor(x)
    place = function(_filled(x, neutral), axis, keepdims)
    if not _is_float(x):
        return place
    return where(any(logical_not(isnan(x)), axis, keepdims), place, -1)
