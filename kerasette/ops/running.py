"""What is made of neighbours along an axis, or of all before."""

from kerasette._core.ops import (
    add,
    cast,
    concatenate,
    get_item,
    multiply,
    not_equal,
    ones,
    reshape,
    subtract,
    sum,
)
from kerasette.ops.arithmetic import real
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor


def _part(x, axis, start, stop):
    return get_item(x, (slice(None),) * axis + (slice(start, stop),))


def cumprod(x, axis=None, dtype=None):
    """Products of each element and all before it along `axis`, or in the flattened tensor.

    With `dtype`, x is cast first; bools are counted as int32.

    >>> import kerasette
    >>> kerasette.ops.cumprod([[1, 2], [3, 4]], axis=0).numpy().tolist()
    [[1, 2], [3, 8]]
    """
    x = convert_to_tensor(x) if dtype is None else cast(x, dtype)
    x = cast(x, "int32") if x.dtype == "bool" else x
    if axis is None:
        x, axis = reshape(x, (x.size,)), 0
    (axis,) = places((axis,), len(x.shape))
    reach = 1
    # Each round multiplies by what is as far before as products reach already.
    while reach < x.shape[axis]:
        lead = ones((*x.shape[:axis], reach, *x.shape[axis + 1 :]), x.dtype)
        x = multiply(x, concatenate([lead, _part(x, axis, None, -reach)], axis))
        reach *= 2
    return x


def diff(a, n=1, axis=-1):
    """Differences of neighbours along `axis`, n times over: the axis is n shorter.

    Parameters
    ----------
    a : Tensor of one axis or more
        Of bools, whether neighbours differ.
    n : int
    axis : int

    Raises
    ------
    ValueError
        If `n` is negative, or there is no such axis.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.diff([1, 4, 9]).numpy().tolist()
    [3, 5]
    """
    x = convert_to_tensor(a)
    if n < 0:
        raise ValueError(f"Order `n` must be non-negative. Received: n={n}")
    (axis,) = places((axis,), len(x.shape))
    for _ in range(n):
        pair = _part(x, axis, 1, None), _part(x, axis, None, max(x.shape[axis] - 1, 0))
        x = not_equal(*pair) if x.dtype == "bool" else subtract(*pair)
    return x


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Area below a line through points, by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor
        Heights along `axis`.
    x : Tensor, optional
        Where they stand: of y's shape, or one for each place of `axis`.
    dx : float
        How far they are apart, if `x` is not given.
    axis : int

    Raises
    ------
    ValueError
        If there is no such axis, or the shapes do not fit.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.ops.trapezoid([1.0, 2.0, 3.0]))
    4.0
    """
    y = real(y)
    (axis,) = places((axis,), len(y.shape))
    middle = multiply(add(_part(y, axis, 1, None), _part(y, axis, None, -1)), 0.5)
    if x is None:
        return sum(multiply(middle, dx), axis)
    x = convert_to_tensor(x)
    if len(x.shape) == 1:
        x = reshape(x, (x.size,) + (1,) * (len(y.shape) - axis - 1))
        return sum(multiply(middle, diff(x, axis=0)), axis)
    return sum(multiply(middle, diff(x, axis=axis)), axis)
