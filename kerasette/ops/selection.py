"""Elements by their numbers."""

import math

import numpy as np

from kerasette._core import ops as core
from kerasette._core.ops import add, broadcast_to, cast, reshape
from kerasette.ops.arrangement import from_last, to_last
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor


def take(x, indices, axis=None):
    """Elements of x at `indices` along `axis`, or of the flattened x.

    Parameters
    ----------
    x : Tensor
    indices : Tensor or array of integers
        Negative ones count from the end. What stands twice adds up in the gradient.
    axis : int, optional

    Returns
    -------
    Tensor of shape x.shape[:axis] + indices.shape + x.shape[axis + 1:]

    Raises
    ------
    TypeError
        If they are no integers.
    ValueError
        For an index out of range, with its position.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.take([10, 20, 30], [0, -1]).numpy().tolist()
    [10, 30]
    """
    x = convert_to_tensor(x)
    n = x.size if axis is None else x.shape[places((axis,), len(x.shape))[0]]
    return core.take(x, core.wrapped(indices, n), axis)


def take_along_axis(x, indices, axis=None):
    """Of each row along `axis` the elements that its row of `indices` names.

    Parameters
    ----------
    x : Tensor
    indices : Tensor of integers
        As many axes as x, with other sizes along `axis`; elsewhere they are broadcast. Negative
        ones count from the end.
    axis : int, optional
        By default both are flattened.

    Raises
    ------
    TypeError
        If they are no integers.
    ValueError
        If there is no such element, or the shapes do not fit.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.take_along_axis([[1, 2], [3, 4]], [[1], [0]], axis=1).numpy().tolist()
    [[2], [3]]
    """
    x, indices = convert_to_tensor(x), convert_to_tensor(indices)
    if axis is None:
        x, indices, axis = reshape(x, (x.size,)), reshape(indices, (indices.size,)), 0
    if len(x.shape) != len(indices.shape):
        raise ValueError(
            "take_along_axis() takes indices with as many axes as x. Received shapes "
            f"{x.shape} and {indices.shape}."
        )
    (axis,) = places((axis,), len(x.shape))
    indices = core.wrapped(indices, x.shape[axis])
    x, indices = to_last(x, axis), to_last(indices, axis)
    lead = np.broadcast_shapes(x.shape[:-1], indices.shape[:-1])
    x = broadcast_to(x, (*lead, x.shape[-1]))
    indices = broadcast_to(indices, (*lead, indices.shape[-1]))
    return from_last(along_last(x, indices), axis)


def along_last(x, order):
    """Elements of the last axis by their numbers, which are in range."""
    n = x.shape[-1]
    starts = np.arange(math.prod(x.shape[:-1])).reshape(*x.shape[:-1], 1) * n
    return core.take(reshape(x, (x.size,)), add(cast(order, "int64"), starts))
