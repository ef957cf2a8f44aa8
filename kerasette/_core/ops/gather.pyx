"""Rows by their numbers."""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_INT32, KS_INT64
from kerasette._core.ops.operands cimport as_dtype, checked_axis, operand, product, view
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
