"""Where numbers stand among others, and how many there are."""

from kerasette._core import ops as core
from kerasette._core.ops import (
    add,
    any,
    cast,
    equal,
    expand_dims,
    floor_divide,
    full,
    less,
    less_equal,
    minimum,
    mod,
    multiply,
    ones,
    reshape,
    sum,
    take,
    where,
    zeros,
)
from kerasette.ops.conversion import convert_to_numpy, convert_to_tensor
from kerasette.ops.creation import arange
from kerasette.ops.elementwise import isnan, logical_and, logical_not, logical_or

# Shorter sequences are compared as a whole.
COMPARED = 24


def searchsorted(sorted_sequence, values, side="left"):
    """How many numbers of a sorted sequence stand before each value (int32).

    Parameters
    ----------
    sorted_sequence : Tensor of one axis
        Rising; nan last.
    values : Tensor
    side : {"left", "right"}
        Whether equals are not counted, or are.

    Returns
    -------
    Tensor of the shape of `values`, int32

    Raises
    ------
    ValueError
        If the sequence has several axes, or the side is another one.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.searchsorted([10, 20, 30], [20, 25]).numpy().tolist()
    [1, 2]
    """
    sequence, values = convert_to_tensor(sorted_sequence), convert_to_tensor(values)
    if len(sequence.shape) != 1:
        raise ValueError(
            "`searchsorted` only supports 1-D sorted sequences. Received: "
            f"sorted_sequence.shape={sequence.shape}"
        )
    if side not in ("left", "right"):
        raise ValueError(f"`side` must be 'left' or 'right'. Received: side={side!r}")
    before = _before if side == "left" else _before_or_equal
    n = sequence.size
    if n <= COMPARED:
        return sum(cast(before(sequence, expand_dims(values, -1)), "int32"), -1)
    # Halving: what stands before `low` is before a value, and from `high` on nothing is.
    low, high = zeros(values.shape, "int32"), full(values.shape, n, "int32")
    for _ in range(n.bit_length()):
        middle = floor_divide(add(low, high), 2)
        is_before = before(take(sequence, minimum(middle, n - 1)), values)
        is_before = logical_and(is_before, less(low, high))
        low = where(is_before, add(middle, 1), low)
        high = where(is_before, high, middle)
    return low


def _before(x1, x2):
    return logical_or(less(x1, x2), _only_second_nan(x1, x2))


def _before_or_equal(x1, x2):
    return logical_or(less_equal(x1, x2), isnan(x2))


def _only_second_nan(x1, x2):
    return logical_and(isnan(x2), logical_not(isnan(x1)))


def digitize(x, bins):
    """The number (int32) of the bin of each element: of how many `bins` it is not below.

    Parameters
    ----------
    x : Tensor
    bins : Tensor of one axis
        Where bins end, rising. An element that is one of them belongs to the bin above.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.digitize([0.0, 1.0, 2.5], [1.0, 2.0]).numpy().tolist()
    [0, 1, 2]
    """
    return searchsorted(bins, x, side="right")


def bincount(x, weights=None, minlength=0, sparse=False):
    """How often each of the numbers 0, 1, ... stands in x, or the sum of its weights.

    The values of x are read, so that a step in which that is done is not replayed.

    Parameters
    ----------
    x : Tensor of integers that are not negative, of one axis, or of two
        Of two axes the rows are counted by themselves.
    weights : Tensor of x's shape, optional
    minlength : int
        How many numbers are counted at least.
    sparse : bool
        Only False is supported.

    Returns
    -------
    Tensor of the dtype of the weights, or int32
        As long as the largest number asks for.

    Raises
    ------
    ValueError
        If x has other axes, a number is negative, the weights have another shape, or sparse
        tensors are asked for.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.bincount([1, 2, 2], minlength=4).numpy().tolist()
    [0, 1, 2, 0]
    """
    if sparse:
        raise ValueError("Unsupported value `sparse=True`: there are no sparse tensors.")
    x = convert_to_tensor(x)
    weights = ones(x.shape, "int32") if weights is None else convert_to_tensor(weights)
    if len(x.shape) not in (1, 2) or weights.shape != x.shape:
        raise ValueError(
            "bincount() takes numbers along one axis or two, and a weight for each. Received: "
            f"x.shape={x.shape}, weights.shape={weights.shape}"
        )
    if x.dtype not in ("int32", "int64"):
        raise TypeError(f"bincount() counts integers. Received dtype {x.dtype}")
    values = convert_to_numpy(x)
    if values.min(initial=0) < 0:
        raise ValueError("bincount() counts numbers from 0 on. Received a negative one.")
    length = max(int(values.max(initial=-1)) + 1, minlength)
    n_rows = x.shape[0] if len(x.shape) == 2 else 1
    numbers = reshape(cast(x, "int64"), (n_rows, -1 if x.size else 0))
    numbers = numbers + multiply(reshape(arange(n_rows, dtype="int64"), (n_rows, 1)), length)
    count = zeros((n_rows * length,), weights.dtype)
    count = core.scatter(count, reshape(numbers, (x.size,)), reshape(weights, (x.size,)), "add")
    return reshape(count, (*x.shape[:-1], length))


def isin(x1, x2, assume_unique=False, invert=False):
    """Whether each element of x1 is one of those of x2; bool.

    Parameters
    ----------
    x1, x2 : Tensor
    assume_unique : bool
        Whether no element stands twice; the result is the same.
    invert : bool
        Whether to tell those that are not.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.isin([1, 2, 3], [3, 1]).numpy().tolist()
    [True, False, True]
    """
    x2 = convert_to_tensor(x2)
    found = any(equal(expand_dims(x1, -1), reshape(x2, (x2.size,))), -1)
    return logical_not(found) if invert else found


def unravel_index(indices, shape):
    """Places along each axis of a tensor, for numbers of its elements in their order.

    Parameters
    ----------
    indices : Tensor of integers
        Negative ones count from the end.
    shape : tuple of ints

    Returns
    -------
    tuple of Tensor
        For each axis one of the shape and dtype of `indices`.

    Examples
    --------
    >>> import kerasette
    >>> [place.numpy().tolist() for place in kerasette.ops.unravel_index([0, 5], (2, 3))]
    [[0, 1], [0, 2]]
    """
    indices = convert_to_tensor(indices)
    found = []
    for size in reversed(shape):
        found.append(mod(indices, size))
        indices = floor_divide(indices, size)
    return tuple(reversed(found))
