"""Tensors put together and taken apart, as NumPy names it."""

from kerasette._core import ops as core
from kerasette._core.ops import broadcast_to, reshape
from kerasette.ops.arrangement import ravel, split
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor


def append(x1, x2, axis=None):
    """x2 after x1 along `axis`; by default both are flattened.

    >>> import kerasette
    >>> kerasette.ops.append([1, 2], [[3], [4]]).numpy().tolist()
    [1, 2, 3, 4]
    """
    if axis is None:
        return core.concatenate([ravel(x1), ravel(x2)], 0)
    return core.concatenate([x1, x2], axis)


def array_split(x, indices_or_sections, axis=0):
    """Parts of x along `axis`, of nearly the same size: a list.

    Parameters
    ----------
    x : Tensor
    indices_or_sections : int or sequence of ints
        The number of parts, of which the first are one longer where they cannot be equal; or
        where the second and each later part begins.
    axis : int

    Raises
    ------
    ValueError
        If there is no such axis, or the number is not positive.

    Examples
    --------
    >>> import kerasette
    >>> [part.numpy().tolist() for part in kerasette.ops.array_split([1, 2, 3], 2)]
    [[1, 2], [3]]
    """
    x = convert_to_tensor(x)
    if not hasattr(indices_or_sections, "__index__"):
        return split(x, indices_or_sections, axis)
    (place,) = places((axis,), len(x.shape))
    count = indices_or_sections.__index__()
    if count < 1:
        raise ValueError(f"array_split() makes 1 part or more. Received: {count}")
    size, longer = divmod(x.shape[place], count)
    return split(x, [size * i + min(i, longer) for i in range(1, count)], place)


def hstack(xs):
    """Tensors one after the other along their second axis, vectors along their only one."""
    xs = [_at_least(x, 1) for x in xs]
    return core.concatenate(xs, 1 if xs and len(xs[0].shape) > 1 else 0)


def vstack(xs):
    """Tensors one after the other along their first axis; vectors are rows."""
    return core.concatenate([_at_least(x, 2) for x in xs], 0)


def dstack(xs):
    """Tensors one after the other along their third axis, which matrices and vectors get."""
    return core.concatenate([_at_least(x, 3) for x in xs], 2)


def _at_least(x, n):
    """x with n axes: a vector is a row, a matrix has a third axis of size 1."""
    x = convert_to_tensor(x)
    if not x.shape:
        x = reshape(x, (1,))
    if len(x.shape) == 1 and n > 1:
        x = reshape(x, (1, x.size))
    return reshape(x, (*x.shape, 1)) if len(x.shape) == 2 and n == 3 else x


def hsplit(x, indices_or_sections):
    """Parts of x along its second axis, of a vector along its only one: a list, as `split`."""
    x = convert_to_tensor(x)
    return split(x, indices_or_sections, 1 if len(x.shape) > 1 else 0)


def vsplit(x, indices_or_sections):
    """Parts of x along its first axis: a list, as `split`."""
    return _split_of(x, indices_or_sections, 0, "vsplit")


def dsplit(x, indices_or_sections):
    """Parts of x along its third axis: a list, as `split`."""
    return _split_of(x, indices_or_sections, 2, "dsplit")


def _split_of(x, indices_or_sections, axis, name):
    x = convert_to_tensor(x)
    least = max(axis + 1, 2)
    if len(x.shape) < least:
        raise ValueError(f"{name}() takes {least} axes or more. Received shape {x.shape}.")
    return split(x, indices_or_sections, axis)


def meshgrid(*x, indexing="xy"):
    """Coordinates of a grid, from the coordinates along each of its axes.

    Parameters
    ----------
    *x : Tensor of one axis each
    indexing : {"xy", "ij"}
        Whether the first of them runs along the second axis of the grid, or along the first.

    Returns
    -------
    list of Tensor
        One for each of `x`, all of the shape of the grid.

    Raises
    ------
    ValueError
        If `indexing` is neither, or one has several axes.

    Examples
    --------
    >>> import kerasette
    >>> [grid.numpy().tolist() for grid in kerasette.ops.meshgrid([1, 2, 3], [4, 5])]
    [[[1, 2, 3], [1, 2, 3]], [[4, 4, 4], [5, 5, 5]]]
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"`indexing` must be 'xy' or 'ij'. Received: indexing={indexing!r}")
    vectors = [convert_to_tensor(vector) for vector in x]
    if any(len(vector.shape) > 1 for vector in vectors):
        raise ValueError(f"meshgrid() takes vectors. Received shapes {[v.shape for v in vectors]}")
    axes = list(range(len(vectors)))
    if indexing == "xy":
        axes[:2] = axes[:2][::-1]
    sizes = [vectors[axis].size for axis in axes]
    grids = []
    for number, vector in enumerate(vectors):
        own = [vector.size if axis == number else 1 for axis in axes]
        grids.append(broadcast_to(reshape(vector, own), sizes))
    return grids
