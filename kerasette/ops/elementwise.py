"""Functions of each element by itself."""

from kerasette._core.ops import absolute, divide, equal, greater, less, not_equal, where

abs = absolute
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


def _truth(x):
    return not_equal(x, 0)
