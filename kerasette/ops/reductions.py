"""Sums and what is made of them, over axes."""

from kerasette._core import ops as core
from kerasette._core.ops import (
    absolute,
    add,
    any,
    broadcast_to,
    cast,
    divide,
    exp,
    log,
    mean,
    multiply,
    not_equal,
    power,
    reshape,
    square,
    squeeze,
    stop_gradient,
    subtract,
    sum,
    where,
)
from kerasette._core.ops.operands import axes_of, checked_bool
from kerasette.ops.arithmetic import real
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor, ndim, shape
from kerasette.ops.elementwise import isclose, isfinite, logical_not, root, saturate_cast

amax = core.max
amin = core.min


def max(x, axis=None, keepdims=False, initial=None):
    """The largest element over all axes, or over `axis`, and not less than `initial`, if given.

    `initial` has x's dtype, and is the maximum of no elements.

    >>> import kerasette
    >>> kerasette.ops.max([[1.0, 5.0], [2.0, 3.0]], axis=1, initial=4.0).numpy().tolist()
    [5.0, 4.0]
    """
    if initial is None:
        return core.max(x, axis, keepdims)
    return _extreme(core.max, core.maximum, convert_to_tensor(x), axis, keepdims, initial)


def min(x, axis=None, keepdims=False, initial=None):
    """The smallest element over all axes, or over `axis`, and not more than `initial`, if given.

    `initial` has x's dtype, and is the minimum of no elements.
    """
    if initial is None:
        return core.min(x, axis, keepdims)
    return _extreme(core.min, core.minimum, convert_to_tensor(x), axis, keepdims, initial)


def _extreme(of_many, of_two, x, axis, keepdims, initial):
    if x.dtype in ("float32", "float64"):
        initial = convert_to_tensor(initial, x.dtype)
    else:
        # Infinity is the largest integer.
        initial = saturate_cast(initial, x.dtype)
    if 0 in [x.shape[place] for place in axes_of(axis, len(x.shape))]:
        # The sum of nothing has the shape, and tells nothing.
        return broadcast_to(initial, sum(x, axis, keepdims).shape)
    return of_two(of_many(x, axis, keepdims), initial)


def all(x, axis=None, keepdims=False):
    """Whether all are true (not 0), over all axes or over `axis` (int or tuple); bool."""
    return logical_not(any(logical_not(x), axis, keepdims))


def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether all elements are close, as `isclose` says; a bool tensor.

    >>> import kerasette
    >>> bool(kerasette.ops.allclose([1.0, 2.0], [1.0, 2.0000001]))
    True
    """
    return all(isclose(x1, x2, rtol, atol, equal_nan))


def count_nonzero(x, axis=None):
    """How many are not 0, over all axes or over `axis` (int or tuple); int32."""
    return sum(cast(not_equal(x, 0), "int32"), axis)


def prod(x, axis=None, keepdims=False, dtype=None):
    """Product over all axes, or over `axis` (int or tuple); 1 over no elements.

    With `dtype`, x is cast first; bools are multiplied as int32.
    """
    return core.prod(x if dtype is None else cast(x, dtype), axis, keepdims)


def cumsum(x, axis=None, dtype=None):
    """Sums of each element and all before it along `axis`, or in the flattened tensor.

    With `dtype`, x is cast first; bools are counted as int32.

    >>> import kerasette
    >>> kerasette.ops.cumsum([[1, 2], [3, 4]], axis=0).numpy().tolist()
    [[1, 2], [4, 6]]
    """
    x = convert_to_tensor(x) if dtype is None else cast(x, dtype)
    return core.cumsum(reshape(x, (x.size,)), 0) if axis is None else core.cumsum(x, axis)


def var(x, axis=None, keepdims=False):
    """Variance over all axes, or over `axis` (int or tuple): the mean squared deviation."""
    deviations = subtract(x, mean(x, axis, keepdims=True))
    return mean(square(deviations), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Standard deviation: the root of `var`. Its gradient is 0 where it is 0."""
    return root(var(x, axis, keepdims))


def ptp(x, axis=None, keepdims=False):
    """Maximum minus minimum, over all axes or over `axis` (int or tuple)."""
    return subtract(max(x, axis, keepdims), min(x, axis, keepdims))


def average(x, axis=None, weights=None):
    """Mean over all axes, or over `axis`, in which each element counts as its weight.

    Parameters
    ----------
    x : Tensor
    axis : int or tuple of ints, optional
    weights : Tensor, optional
        Of x's shape, or one for each place of `axis`. Equal by default.

    Raises
    ------
    ValueError
        If the weights have another shape.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.ops.average([1.0, 4.0], weights=[2, 1]).numpy())
    2.0
    """
    if weights is None:
        return mean(x, axis)
    x, weights = convert_to_tensor(x), convert_to_tensor(weights)
    if weights.shape != x.shape:
        is_one_axis = axis is not None and not isinstance(axis, (tuple, list))
        (place,) = places((axis,), len(x.shape)) if is_one_axis else (None,)
        if place is None or weights.shape != x.shape[place : place + 1]:
            raise ValueError(
                "`weights` must have the shape of x, or one element for each place of `axis`. "
                f"Received: x.shape={x.shape}, weights.shape={weights.shape}, axis={axis}"
            )
        weights = reshape(weights, (-1,) + (1,) * (len(x.shape) - place - 1))
        weights = multiply(weights, core.ones_like(x))
    return divide(sum(multiply(x, weights), axis), sum(weights, axis))


def logsumexp(x, axis=None, keepdims=False):
    """``log(sum(exp(x)))`` over all axes, or over `axis` (int or tuple), without overflow.

    >>> import kerasette
    >>> float(kerasette.ops.logsumexp([1000.0, 1000.0]).numpy())
    1000.6931762695312
    """
    keepdims = checked_bool(keepdims, "keepdims")
    axes = tuple(axes_of(axis, ndim(x)))
    if 0 in [shape(x)[place] for place in axes]:
        # -inf, of no elements.
        return log(sum(exp(x), axis, keepdims))
    most = stop_gradient(max(x, axis, keepdims=True))
    # Infinite ones are not subtracted: inf - inf is nan.
    most = where(isfinite(most), most, 0.0)
    total = add(log(sum(exp(subtract(x, most)), axis, keepdims=True)), most)
    return total if keepdims else squeeze(total, axes)


def norm(x, ord=None, axis=None, keepdims=False):
    """Norm of all of x, of vectors along `axis`, or of matrices over two axes.

    Parameters
    ----------
    x : Tensor
    ord : int, float, inf, -inf or "fro", optional
        For vectors p, in the p-th root of the sum of p-th powers of sizes, the largest or
        smallest size (inf, -inf), or the number of elements that are not 0 (0). For matrices
        "fro", 1, -1, inf or -inf: the largest or smallest sum of sizes of a column (1) or row
        (inf). By default the root of the sum of squares, of which the gradient at 0 is 0.
    axis : int or tuple of one or two ints, optional
        By default all, which must be one or two if `ord` is given.
    keepdims : bool

    Raises
    ------
    ValueError
        If there is no such norm.
    """
    x, keepdims = real(x), checked_bool(keepdims, "keepdims")
    axes = axes_of(axis, len(x.shape))
    if ord is None or (ord == "fro" and len(axes) == 2) or (ord == 2 and len(axes) == 1):
        return _euclidean(x, axes, keepdims)
    if len(axes) == 1 and not isinstance(ord, str):
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) == 2 and ord in (1, -1, float("inf"), -float("inf")):
        rows, columns = axes
        first, then = (rows, columns) if ord in (1, -1) else (columns, rows)
        sums = sum(absolute(x), first, keepdims=True)
        extreme = (max if ord > 0 else min)(sums, then, keepdims=True)
        return extreme if keepdims else squeeze(extreme, tuple(axes))
    raise ValueError(f"norm() has no ord={ord!r} over {len(axes)} axes.")


def _vector_norm(x, ord, axes, keepdims):
    if ord == float("inf"):
        return max(absolute(x), axes, keepdims)
    if ord == -float("inf"):
        return min(absolute(x), axes, keepdims)
    if ord == 0:
        return cast(sum(cast(not_equal(x, 0), "int32"), axes, keepdims), x.dtype)
    if ord == 1:
        return sum(absolute(x), axes, keepdims)
    return power(sum(power(absolute(x), float(ord)), axes, keepdims), 1.0 / ord)


def _euclidean(x, axes, keepdims):
    return root(sum(square(x), axes, keepdims))
