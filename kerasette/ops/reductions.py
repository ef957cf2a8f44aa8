"""Sums and what is made of them, over axes."""

from kerasette._core.ops import mean, sqrt, square, subtract


def var(x, axis=None, keepdims=False):
    """Variance over all axes, or over `axis` (int or tuple): the mean squared deviation."""
    deviations = subtract(x, mean(x, axis, keepdims=True))
    return mean(square(deviations), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Standard deviation: the root of `var`. Its gradient is not finite where it is 0."""
    return sqrt(var(x, axis, keepdims))
