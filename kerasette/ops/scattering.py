"""Elements put into a tensor at places that are given by numbers."""

import math

from kerasette._core import ops as core
from kerasette._core.ops import (
    add,
    cast,
    concatenate,
    divide,
    equal,
    multiply,
    reshape,
    stop_gradient,
    subtract,
    where,
    zeros,
)
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.creation import arange
from kerasette.ops.elementwise import isfinite, logical_and, logical_or

REDUCTIONS = ("add", "max", "min", "mul")


def scatter(indices, values, shape):
    """Zeros, to which values are added at places; what comes twice adds up.

    Parameters
    ----------
    indices : Tensor of integers of shape (..., k)
        The places: numbers along the first k axes of the result. Negative ones count from the end.
    values : Tensor of shape (..., *shape[k:])
    shape : tuple of ints

    Raises
    ------
    TypeError
        If the indices are no integers.
    ValueError
        If a place is out of range, or the shapes do not fit.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.scatter([[0], [2], [0]], [1.0, 2.0, 3.0], (4,)).numpy().tolist()
    [4.0, 0.0, 2.0, 0.0]
    """
    indices, values = convert_to_tensor(indices), convert_to_tensor(values)
    shape = tuple(int(size) for size in shape)
    rest = shape[indices.shape[-1] :] if indices.shape else ()
    if values.shape != (*indices.shape[:-1], *rest):
        raise ValueError(
            f"scatter() takes a value for each place. Received: indices.shape={indices.shape}, "
            f"values.shape={values.shape}, shape={shape}"
        )
    count = math.prod(indices.shape[:-1])
    indices = reshape(indices, (count, indices.shape[-1]))
    values = reshape(values, (count, *rest))
    return scatter_update(zeros(shape, values.dtype), indices, values, "add")


def scatter_update(inputs, indices, updates, reduction=None):
    """A tensor with other elements, or parts, at some places.

    Parameters
    ----------
    inputs : Tensor
    indices : Tensor of integers of shape (n, k)
        n places: numbers along the first k axes. Negative ones count from the end.
    updates : Tensor of shape (n, *inputs.shape[k:])
        What comes there; of several for one place the last.
    reduction : {None, "add", "max", "min", "mul"}
        Whether it is combined with what is there, and how.

    Raises
    ------
    TypeError
        If the indices are no integers.
    ValueError
        If a place is out of range, the shapes do not fit, or there is no such reduction.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.scatter_update([1, 2, 3], [[0], [2]], [10, 30]).numpy().tolist()
    [10, 2, 30]
    """
    if reduction is not None:
        reduction = reduction.lower()
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"Invalid reduction: {reduction}. "
                "Supported values are: None, 'add', 'max', 'min', 'mul'."
            )
    x, indices = convert_to_tensor(inputs), convert_to_tensor(indices)
    updates = convert_to_tensor(updates, x.dtype)
    if len(indices.shape) != 2 or not 0 < indices.shape[1] <= len(x.shape):
        raise ValueError(
            "`indices` must have shape (number of updates, number of axes). Received: "
            f"indices.shape={indices.shape}, inputs.shape={x.shape}"
        )
    k = indices.shape[1]
    if updates.shape != (indices.shape[0], *x.shape[k:]):
        raise ValueError(
            f"`updates` must have shape {(indices.shape[0], *x.shape[k:])}. Received: "
            f"updates.shape={updates.shape}"
        )
    table = reshape(x, (math.prod(x.shape[:k]), *x.shape[k:]))
    rows = core.flat_index(indices, x.shape[:k])
    return reshape(_combined(table, rows, updates, reduction), x.shape)


def _combined(table, rows, updates, how):
    if how == "add":
        if table.dtype == "bool":
            table, updates = cast(table, "int32"), cast(updates, "int32")
            return cast(core.scatter(table, rows, updates, how), "bool")
        return core.scatter(table, rows, updates, how)
    if how is None:
        return _replaced(table, rows, updates)
    y = core.scatter(stop_gradient(table), rows, stop_gradient(updates), how)
    if y.dtype not in ("float32", "float64"):
        return y
    if how == "mul":
        slopes = _slopes_of_product(table, rows, updates)
    else:
        slopes = _slopes_of_extreme(y, table, rows, updates)
    # What is added is 0, and brings the gradient of a sum with these slopes.
    terms = [
        multiply(_change(x), stop_gradient(slope))
        for x, slope in zip((table, updates), slopes, strict=True)
    ]
    return add(y, core.scatter(terms[0], rows, terms[1], "add"))


def _change(x):
    """0, with the gradient of x."""
    x = where(isfinite(x), x, 0.0)
    return subtract(x, stop_gradient(x))


def _replaced(table, rows, updates):
    # Updates stand behind the rows, so the largest number is that of the last update.
    n, count = table.shape[0], updates.shape[0]
    later = arange(n, n + count, dtype="int64")
    numbers = core.scatter(arange(n, dtype="int64"), rows, later, "max")
    return core.take(concatenate([table, updates], 0), numbers, 0)


def _slopes_of_extreme(y, table, rows, updates):
    """1 for what is the extreme; several that are share it."""
    is_table, is_update = equal(table, y), equal(updates, core.take(y, rows, 0))
    here, there = cast(is_table, y.dtype), cast(is_update, y.dtype)
    share = core.reciprocal(core.maximum(core.scatter(here, rows, there, "add"), 1.0))
    return multiply(here, share), multiply(there, core.take(share, rows, 0))


def _slopes_of_product(table, rows, updates):
    """The product of the others: without zeros a quotient, beside one zero that of the rest."""
    zeros_here, zeros_there = equal(table, 0), equal(updates, 0)
    product = core.scatter(
        where(zeros_here, 1.0, table), rows, where(zeros_there, 1.0, updates), "mul"
    )
    count = core.scatter(cast(zeros_here, "int32"), rows, cast(zeros_there, "int32"), "add")

    def slope(x, is_zero, product, count):
        rest = divide(product, where(is_zero, 1.0, x))
        only = logical_or(equal(count, 0), logical_and(is_zero, equal(count, 1)))
        return where(only, rest, 0.0)

    return (
        slope(table, zeros_here, product, count),
        slope(updates, zeros_there, core.take(product, rows, 0), core.take(count, rows, 0)),
    )
