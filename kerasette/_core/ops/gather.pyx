"""Rows by their numbers."""

import numpy as np

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_BOOL, KS_INT32, KS_INT64
from kerasette._core.ops.operands cimport (
    as_dtype,
    checked_axis,
    operand,
    product,
    real_operand,
    view,
)
from kerasette._core.ops.shape cimport permuted
from kerasette._core.node cimport Node, new_node
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty


cdef Tensor rows(Tensor table, Tensor indices):
    cdef Tensor y = empty(indices.shape + table.shape[1:], table.code)
    cdef Node node = new_node(csrc.KS_OP_gather, table.code, [table, indices], [y])
    node.c.size[0] = table.shape[0]
    node.c.size[1] = product(table.shape[1:])
    submit(node)
    return y


def take(x, indices, axis=None):
    """Elements of x at `indices` along `axis`, or of the flattened x.

    Parameters
    ----------
    x : Tensor
    indices : Tensor or array of integers
        In [0, size of the axis); negative ones are out of range. Numbers that stand twice add
        up in the gradient.
    axis : int, optional

    Returns
    -------
    Tensor of shape x.shape[:axis] + indices.shape + x.shape[axis + 1:]

    Raises
    ------
    ValueError
        For an index out of range, with its position.
    """
    cdef Tensor table = operand(x)
    cdef Tensor index = operand(indices)
    cdef Tensor y
    if index.code != KS_INT32 and index.code != KS_INT64:
        raise TypeError(f"take() takes integer indices. Received dtype {index.dtype}")
    if axis is None:
        return rows(view(table, (table.count,)), index)
    cdef Py_ssize_t n = len(table.shape)
    place = checked_axis(axis, n)
    if place == 0:
        return rows(table, index)
    order = [place] + [i for i in range(n) if i != place]
    y = rows(permuted(table, order), index)
    # y is (indices..., the other axes...); the indices go where the axis was.
    k = len(index.shape)
    back = [k + i for i in range(place)] + list(range(k)) + [k + i for i in range(place, n - 1)]
    return permuted(y, back)


cdef Tensor counted(Tensor indices, tuple shape, tuple sizes):
    """Flat indices, of `shape`, of places that have an index along each axis of `sizes`."""
    if indices.code != KS_INT32 and indices.code != KS_INT64:
        raise TypeError(f"Indices are integers. Received dtype {indices.dtype}")
    cdef Tensor y = empty(shape, KS_INT64)
    cdef Node node = new_node(csrc.KS_OP_flat_index, KS_INT64, [indices], [y])
    node.c.size[0] = len(sizes)
    for i in range(len(sizes)):
        node.c.size[i + 1] = sizes[i]
    submit(node)
    return y


def wrapped(indices, size):
    """Indices along an axis, from 0 on (int64): negative ones are counted from its end.

    Raises
    ------
    TypeError
        If they are no integers.
    ValueError
        For an index that is not in [-size, size), with its position.
    """
    cdef Tensor index = operand(indices)
    return counted(index, index.shape, (size,))


def flat_index(indices, sizes):
    """Numbers of elements of an array of the shape `sizes`, in C order (int64).

    Parameters
    ----------
    indices : Tensor of integers of shape (..., len(sizes))
        Their indices along each axis. Negative ones count from the end.
    sizes : tuple of ints

    Returns
    -------
    Tensor of shape (...)

    Raises
    ------
    As `wrapped`, for each axis.
    """
    cdef Tensor index = operand(indices)
    if index.shape[-1:] != (len(sizes),):
        raise ValueError(f"Indices along {len(sizes)} axes have shape {index.shape}.")
    return counted(index, index.shape[:-1], tuple(sizes))


BAGS = {"sum": 0, "mean": 1}


def bag(table, ids, mode="mean", mask=None, starts=None):
    """Sums or means of rows of a table: one for each bag of ids.

    Parameters
    ----------
    table : Tensor of floating-point numbers, of shape (rows, width)
    ids : Tensor or array of integers
        In [0, rows). Of shape (bags, length); or (n,), those of all bags one after the other,
        with `starts`.
    mode : {"sum", "mean"}
    mask : Tensor of bool, of the shape of `ids`, optional
        False where an id does not count: it is neither added nor divided by.
    starts : array of integers, of shape (bags + 1,), optional
        Where bags of different lengths begin, rising from 0, and n at the end.

    Returns
    -------
    Tensor of shape (bags, width)
        Zeros for a bag in which no id counts.

    Raises
    ------
    ValueError
        For an unknown mode, shapes or starts that do not fit, or an id out of range, with its
        position in the flat ids.
    """
    cdef Tensor x = real_operand(table)
    cdef Tensor index = operand(ids)
    cdef list inputs = [x, index]
    if mode not in BAGS:
        raise ValueError(f"`mode` must be 'sum' or 'mean'. Received: mode={mode!r}")
    if index.code != KS_INT32 and index.code != KS_INT64:
        raise TypeError(f"bag() takes integer ids. Received dtype {index.dtype}")
    if len(x.shape) != 2 or len(index.shape) != (2 if starts is None else 1):
        raise ValueError(
            "bag() takes a table of rank 2 and ids of rank 2, or of rank 1 with `starts`. "
            f"Received: table.shape={x.shape}, ids.shape={index.shape}, "
            f"starts{' given' if starts is not None else '=None'}"
        )
    if index.count > csrc.KS_BAG_MOST_IDS:
        raise ValueError(f"bag() takes at most {csrc.KS_BAG_MOST_IDS} ids at once.")
    if mask is not None:
        inputs.append(checked_mask(operand(mask), index, starts))
    if starts is not None:
        inputs.append(checked_starts(starts, index.count))
    cdef int64_t bags = index.shape[0] if starts is None else (<Tensor> inputs[2]).count - 1
    cdef Tensor y = empty((bags, x.shape[1]), x.code)
    cdef Node node = new_node(csrc.KS_OP_bag, x.code, inputs, [y])
    node.c.size[0] = x.shape[0]
    node.c.size[1] = x.shape[1]
    node.c.size[2] = bags
    node.c.size[3] = index.shape[1] if starts is None else 0
    node.c.size[4] = BAGS[mode]
    submit(node)
    return y


cdef Tensor checked_mask(Tensor mask, Tensor ids, starts):
    if starts is not None:
        raise ValueError("bag() takes a mask or starts, not both.")
    if mask.code != KS_BOOL or mask.shape != ids.shape:
        raise ValueError(
            f"A mask of ids of shape {ids.shape} is bool and of that shape. Received: a mask of "
            f"shape {mask.shape} and dtype {mask.dtype}"
        )
    return mask


cdef Tensor checked_starts(starts, int64_t n):
    """Where bags start, as the kernel reads them without looking."""
    values = np.asarray(starts)
    if values.ndim != 1 or values.dtype.kind not in "iu" or len(values) == 0:
        raise ValueError(
            "`starts` are integers, one for each bag and one more. Received: an array of shape "
            f"{values.shape} and dtype {values.dtype}"
        )
    if values[0] != 0 or values[len(values) - 1] != n or np.any(values[1:] < values[:-1]):
        raise ValueError(f"`starts` must rise from 0 to the number of ids, {n}. Got: {values}")
    return operand(values.astype("int64"))


SCATTERS = {
    "add": csrc.KS_SCATTER_ADD,
    "mul": csrc.KS_SCATTER_MULTIPLY,
    "max": csrc.KS_SCATTER_MAXIMUM,
    "min": csrc.KS_SCATTER_MINIMUM,
}


def scatter(x, indices, updates, str how):
    """x, of which row ``indices[i]`` is combined with ``updates[i]``, for each i in turn.

    Parameters
    ----------
    x : Tensor of shape (rows, ...)
    indices : Tensor of integers of shape (n,)
        In [0, rows).
    updates : Tensor of x's dtype and shape (n, ...)
    how : {"add", "mul", "max", "min"}
        Only sums have a gradient.

    Raises
    ------
    ValueError
        If the shapes do not fit, or for an index out of range, with its position.
    """
    cdef Tensor table = operand(x)
    cdef Tensor index = operand(indices)
    cdef Tensor rows = as_dtype(operand(updates), table.code)
    if index.code != KS_INT32 and index.code != KS_INT64:
        raise TypeError(f"scatter() takes integer indices. Received dtype {index.dtype}")
    if len(index.shape) != 1 or rows.shape != index.shape + table.shape[1:]:
        raise ValueError(
            f"Updates of shape {rows.shape} and indices of shape {index.shape} do not fit rows of "
            f"a tensor of shape {table.shape}."
        )
    cdef Tensor y = empty(table.shape, table.code)
    cdef Node node = new_node(csrc.KS_OP_scatter, table.code, [table, index, rows], [y])
    node.c.size[0] = table.shape[0]
    node.c.size[1] = product(table.shape[1:])
    node.c.size[2] = SCATTERS[how]
    if how != "add":
        node.c.backward = NULL
    submit(node)
    return y
