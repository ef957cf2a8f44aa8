"""Activation functions with arguments, and those that are made of others.

What is not finite stays as it is: nan gives nan.
"""

import math
import warnings

from kerasette._core import ops as core
from kerasette._core.ops import (
    absolute,
    add,
    cast,
    divide,
    get_item,
    greater,
    greater_equal,
    hard_sigmoid,
    less,
    less_equal,
    max,
    multiply,
    negative,
    reshape,
    sigmoid,
    softplus,
    sqrt,
    square,
    stop_gradient,
    subtract,
    sum,
    tanh,
    transpose,
    where,
)
from kerasette.ops.arrangement import from_last, to_last
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.creation import arange
from kerasette.ops.elementwise import clip
from kerasette.ops.ordering import top_k
from kerasette.ops.reductions import cumsum

# Of the fixed point at mean 0 and variance 1: Klambauer et al., "Self-normalizing neural
# networks", 2017, equation 14.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def leaky_relu(x, negative_slope=0.2):
    """x above 0, ``negative_slope * x`` below.

    >>> import kerasette
    >>> kerasette.ops.leaky_relu([-2.0, 3.0], negative_slope=0.5).numpy().tolist()
    [-1.0, 3.0]
    """
    return core.leaky_relu(x, negative_slope)


def relu6(x):
    """x, not below 0 and not above 6. Integers stay integers."""
    x = convert_to_tensor(x)
    return clip(x, 0, 6) if x.dtype.startswith("int") else core.bounded_relu(x, 0.0, 6.0, 0.0, True)


def elu(x, alpha=1.0):
    """x above 0, ``alpha * (exp(x) - 1)`` below (Clevert et al., 2016, equation 15)."""
    return core.elu(x, alpha, 1.0, 1.0)


def selu(x):
    """``1.0507 * elu(x, 1.67326)``: keeps mean 0 and variance 1 (Klambauer et al., 2017)."""
    return core.elu(x, SELU_ALPHA, SELU_SCALE, 1.0)


def celu(x, alpha=1.0):
    """x above 0, ``alpha * (exp(x / alpha) - 1)`` below: smooth at 0 (Barron, 2017).

    Raises
    ------
    ValueError
        If `alpha` is 0.
    """
    if alpha == 0:
        raise ValueError("alpha cannot be 0 for celu().")
    return core.elu(x, alpha, 1.0, 1.0 / alpha)


def gelu(x, approximate=True):
    """x times the share of a normal distribution that lies below x (Hendrycks and Gimpel, 2016).

    Parameters
    ----------
    x : Tensor
    approximate : bool
        Whether the share is ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2``; exact if not.
    """
    return core.gelu(x, approximate)


def hard_silu(x):
    """``x * hard_sigmoid(x)`` (Howard et al., 2019, section 5.2)."""
    return multiply(x, hard_sigmoid(x))


def hard_tanh(x):
    """x, not below -1 and not above 1. Integers stay integers."""
    x = convert_to_tensor(x)
    if x.dtype.startswith("int"):
        return clip(x, -1, 1)
    return where(greater_equal(x, 1), 1.0, where(less_equal(x, -1), -1.0, x))


def hard_shrink(x, threshold=0.5):
    """x where its size is above `threshold`, else 0."""
    return where(less_equal(absolute(x), threshold), 0.0, x)


def soft_shrink(x, threshold=0.5):
    """x moved towards 0 by `threshold`, and 0 if it is nearer."""
    return subtract(x, clip(x, -threshold, threshold))


def tanh_shrink(x):
    """``x - tanh(x)``."""
    return subtract(x, tanh(x))


def threshold(x, threshold, default_value):
    """x above `threshold`, `default_value` elsewhere."""
    return where(less_equal(x, threshold), default_value, x)


def log_sigmoid(x):
    """``log(sigmoid(x))``, precise where the sigmoid is nearly 0."""
    return negative(softplus(negative(x)))


def squareplus(x, b=4):
    """``(x + sqrt(x**2 + b)) / 2`` (Barron, 2021), precise for negative x, too."""
    root = sqrt(add(square(x), b))
    # The same by the third binomial formula, without the cancellation.
    below = divide(0.5 * b, subtract(root, where(less(x, 0), x, 0.0)))
    return where(less(x, 0), below, multiply(add(x, root), 0.5))


def sparse_plus(x):
    """0 up to -1, ``(x + 1)**2 / 4`` up to 1, then x."""
    within = square(add(clip(x, -1, 1), 1.0))
    return where(greater_equal(x, 1), x, multiply(within, 0.25))


def sparse_sigmoid(x):
    """0 up to -1, ``(x + 1) / 2`` up to 1, then 1."""
    within = multiply(add(x, 1.0), 0.5)
    return where(greater_equal(x, 1), 1.0, where(less_equal(x, -1), 0.0, within))


def glu(x, axis=-1):
    """The first half of x along `axis` times the sigmoid of the second (Dauphin et al., 2017).

    Raises
    ------
    ValueError
        If the axis has no halves.
    """
    x = convert_to_tensor(x)
    (axis,) = places((axis,), len(x.shape))
    half, rest = divmod(x.shape[axis], 2)
    if rest:
        raise ValueError(f"glu() halves axis {axis}, whose size is odd. Received shape {x.shape}.")
    lead = (slice(None),) * axis
    first, second = (get_item(x, (*lead, part)) for part in (slice(half), slice(half, None)))
    return multiply(first, sigmoid(second))


def softmax(x, axis=-1):
    """``exp(x) / sum(exp(x))`` along `axis`: an int, a tuple of ints, or None for all axes."""
    x = convert_to_tensor(x)
    if isinstance(axis, int) and x.shape[axis : axis + 1 or None] == (1,):
        warnings.warn(
            f"You are using a softmax over axis {axis} of a tensor of shape {x.shape}, which has "
            "size 1 there: every result is 1. Did you mean to use a sigmoid instead?",
            stacklevel=2,
        )
    return _along(core.softmax, x, axis)


def log_softmax(x, axis=-1):
    """``x - log(sum(exp(x)))`` along `axis`: an int, a tuple of ints, or None for all axes."""
    return _along(core.log_softmax, x, axis)


def sparsemax(x, axis=-1):
    """The distribution nearest to x along `axis`: like a softmax, but with zeros.

    Martins and Astudillo, "From softmax to sparsemax", ICML 2016, algorithm 1.

    >>> import kerasette
    >>> kerasette.ops.sparsemax([2.0, 1.5, -1.0]).numpy().tolist()
    [0.75, 0.25, 0.0]
    """
    x = to_last(convert_to_tensor(x), axis)
    # A shift changes nothing but that the threshold is found precisely.
    x = subtract(x, stop_gradient(max(x, -1, keepdims=True)))
    values, _ = top_k(x, x.shape[-1])
    numbers = arange(1, x.shape[-1] + 1, dtype=values.dtype)
    kept = greater(add(multiply(values, numbers), 1.0), cumsum(values, -1))
    total = sum(where(kept, values, 0.0), -1, keepdims=True)
    threshold = divide(subtract(total, 1.0), sum(cast(kept, values.dtype), -1, keepdims=True))
    return from_last(core.relu(subtract(x, threshold)), axis)


def _along(function, x, axis):
    if axis is not None and not isinstance(axis, (tuple, list)):
        return function(x, axis)
    x = convert_to_tensor(x)
    n = len(x.shape)
    axes = places(range(n) if axis is None else axis, n)
    order = [place for place in range(n) if place not in axes] + axes
    moved = transpose(x, order)
    flat = reshape(moved, (*moved.shape[: n - len(axes)], math.prod(moved.shape[n - len(axes) :])))
    back = reshape(function(flat), moved.shape)
    return transpose(back, [order.index(place) for place in range(n)])


hard_swish = hard_silu
