"""More elements than there were."""

import math

import numpy as np

from kerasette._core import ops as core
from kerasette._core.ops import broadcast_to, full, reshape
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor

PAD_MODES = ("constant", "edge", "reflect", "symmetric", "wrap")


def tile(x, repeats):
    """x side by side with itself, `repeats` times along each axis.

    Parameters
    ----------
    x : Tensor
    repeats : int or sequence of ints
        For the last axes, if there are fewer than axes; more make new axes in front.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.tile([1, 2], (2, 2)).numpy().tolist()
    [[1, 2, 1, 2], [1, 2, 1, 2]]
    """
    x = convert_to_tensor(x)
    repeats = (repeats,) if hasattr(repeats, "__index__") else tuple(int(r) for r in repeats)
    n = max(len(repeats), len(x.shape))
    sizes = [1] * (n - len(x.shape)) + list(x.shape)
    x = reshape(x, sizes)
    for axis, count in zip(reversed(range(n)), reversed(repeats), strict=False):
        if count != 1:
            sizes[axis] *= count
            x = reshape(_parts_repeated(x, axis, count), sizes)
    return x


def repeat(x, repeats, axis=None):
    """Each element along `axis`, or of the flattened tensor, several times in a row.

    Parameters
    ----------
    x : Tensor
    repeats : int or sequence of ints
        How many times; for all alike, or for each.
    axis : int, optional

    Raises
    ------
    ValueError
        If there are not as many counts as elements, or one is negative or no integer.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.repeat([1, 2], [2, 1]).numpy().tolist()
    [1, 1, 2]
    """
    x = convert_to_tensor(x)
    if axis is None:
        x, axis = reshape(x, (x.size,)), 0
    (axis,) = places((axis,), len(x.shape))
    counts = np.asarray(repeats)
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError(f"`repeats` counts elements, none negative. Received: repeats={repeats}")
    if counts.size != 1:
        return core.take(x, np.repeat(np.arange(x.shape[axis]), counts), axis)
    sizes = list(x.shape)
    sizes[axis] *= counts.item()
    return reshape(_parts_repeated(x, axis + 1, counts.item()), sizes)


def _parts_repeated(x, axis, count):
    """Each part of x that the axes from `axis` on make, `count` times: (parts, count, size)."""
    parts, size = math.prod(x.shape[:axis]), math.prod(x.shape[axis:])
    return broadcast_to(reshape(x, (parts, 1, size)), (parts, count, size))


def pad(x, pad_width, mode="constant", constant_values=None):
    """x with more elements before and after each axis.

    Parameters
    ----------
    x : Tensor
    pad_width : int, pair of ints, or sequence of such pairs
        How many before and after: for all axes alike, or a pair for each axis.
    mode : {"constant", "edge", "reflect", "symmetric", "wrap"}
        Whether they are `constant_values`, the last element, those before it in turn (without or
        with itself), or those from the other end.
    constant_values : float, optional
        0 by default. Only with "constant".

    Raises
    ------
    ValueError
        If there are not as many pairs as axes, the mode is not known, or constant values are
        given for another mode.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.pad([1, 2], (1, 2)).numpy().tolist()
    [0, 1, 2, 0, 0]
    """
    x = convert_to_tensor(x)
    if mode not in PAD_MODES:
        raise ValueError(f"`mode` must be one of {PAD_MODES}. Received: mode={mode}")
    if constant_values is not None and mode != "constant":
        raise ValueError(
            "Argument `constant_values` can only be provided when `mode == 'constant'`. "
            f"Received: mode={mode}"
        )
    for axis, (before, after) in enumerate(_pad_widths(pad_width, x.shape)):
        if not before and not after:
            continue
        if mode == "constant":
            x = _padded(x, axis, before, after, constant_values or 0)
        else:
            numbers = np.pad(np.arange(x.shape[axis]), (before, after), mode)
            x = core.take(x, numbers, axis)
    return x


def _pad_widths(pad_width, sizes):
    widths = np.array(pad_width)
    if widths.ndim == 2 and len(widths) not in (1, len(sizes)):
        raise ValueError(
            "`pad_width` must have the same length as `x.shape`. Received: "
            f"pad_width={pad_width} (of length {len(widths)}) and x.shape={sizes} (of length "
            f"{len(sizes)})"
        )
    if widths.dtype.kind not in "iu" or (widths < 0).any():
        raise ValueError(f"`pad_width` counts elements. Received: pad_width={pad_width}")
    return np.broadcast_to(widths, (len(sizes), 2)).tolist()


def _padded(x, axis, before, after, value):
    parts = [x]
    if before:
        sizes = (*x.shape[:axis], before, *x.shape[axis + 1 :])
        parts.insert(0, full(sizes, value, x.dtype))
    if after:
        parts.append(full((*x.shape[:axis], after, *x.shape[axis + 1 :]), value, x.dtype))
    return core.concatenate(parts, axis)
