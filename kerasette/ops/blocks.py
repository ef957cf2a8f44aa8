"""Blocks of tensors: parts that begin somewhere and have a shape."""

import builtins
import math

import numpy as np

from kerasette._core import ops as core
from kerasette._core.ops import add, cast, get_item, less, reshape, where
from kerasette.ops.conversion import convert_to_tensor, is_tensor
from kerasette.ops.creation import arange
from kerasette.ops.scattering import scatter_update


def slice(inputs, start_indices, shape):
    """A block of a tensor.

    Parameters
    ----------
    inputs : Tensor
    start_indices : sequence of ints, or Tensor of integers of shape (axes,)
        Where it begins along each axis. A tensor may have another value in each step.
    shape : sequence of ints
        Its size along each axis.

    Raises
    ------
    ValueError
        If the block is not within the tensor.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.slice([[1, 2, 3], [4, 5, 6]], (0, 1), (2, 2)).numpy().tolist()
    [[2, 3], [5, 6]]
    """
    x = convert_to_tensor(inputs)
    shape = _checked_block("shape", shape, x)
    starts = _starts(start_indices, x, shape)
    if is_tensor(starts):
        for axis, size in enumerate(shape):
            x = core.take(x, add(get_item(starts, axis), arange(size)), axis)
        return x
    key = tuple(builtins.slice(start, start + size) for start, size in zip(starts, shape))
    return get_item(x, key)


def slice_update(inputs, start_indices, updates):
    """A tensor with another block.

    Parameters
    ----------
    inputs : Tensor
    start_indices : sequence of ints, or Tensor of integers of shape (axes,)
        Where the block begins along each axis.
    updates : Tensor
        The block, with as many axes.

    Raises
    ------
    ValueError
        If the block does not fit in.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.slice_update([1, 2, 3, 4], [1], [20, 30]).numpy().tolist()
    [1, 20, 30, 4]
    """
    x = convert_to_tensor(inputs)
    updates = convert_to_tensor(updates, x.dtype)
    shape = _checked_block("updates", updates.shape, x)
    starts = _starts(start_indices, x, shape)
    n = len(shape)
    if not n:
        return updates
    numbers = np.indices(shape, dtype="int64").reshape(n, math.prod(shape)).T
    starts = starts if is_tensor(starts) else np.array(starts, "int64").reshape(n)
    numbers = add(cast(starts, "int64"), numbers)
    # A block that would begin before the tensor is none that counts from its end.
    numbers = where(less(numbers, 0), np.array(x.shape, "int64"), numbers)
    return scatter_update(x, numbers, reshape(updates, (updates.size,)))


def _checked_block(name, shape, x):
    shape = tuple(int(size) for size in shape)
    if len(shape) != len(x.shape):
        raise ValueError(
            f"`{name}` must have as many axes as `inputs`. Received: {name} of shape {shape}, "
            f"inputs.shape={x.shape}"
        )
    if min(shape, default=0) < 0 or any(size > most for size, most in zip(shape, x.shape)):
        raise ValueError(f"There is no block of shape {shape} in a tensor of shape {x.shape}.")
    return shape


def _starts(starts, x, shape):
    """Where a block begins: ints that are checked, or a tensor."""
    n = len(starts) if not is_tensor(starts) else starts.size
    if n != len(x.shape):
        raise ValueError(
            f"`start_indices` must name a place for each axis. Received: {n} of them, "
            f"inputs.shape={x.shape}"
        )
    if is_tensor(starts):
        return starts
    starts = [int(start) for start in starts]
    for start, size, most in zip(starts, shape, x.shape, strict=True):
        if not 0 <= start <= most - size:
            raise ValueError(
                f"There is no block of shape {shape} at start_indices={starts} in a tensor of "
                f"shape {x.shape}."
            )
    return starts
