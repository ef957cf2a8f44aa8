"""Quantiles: the places of shares among elements in order."""

import numpy as np

from kerasette._core.memory import is_recording
from kerasette._core.ops import (
    add,
    any,
    cast,
    ceil,
    divide,
    equal,
    floor,
    maximum,
    multiply,
    ones_like,
    order,
    reshape,
    round,
    subtract,
    sum,
    transpose,
    where,
)
from kerasette._core.ops.operands import axes_of, checked_bool
from kerasette.ops.arithmetic import real
from kerasette.ops.conversion import convert_to_numpy, convert_to_tensor, is_tensor
from kerasette.ops.elementwise import isnan, logical_not
from kerasette.ops.selection import along_last

METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def quantile(x, q, axis=None, method="linear", keepdims=False):
    """The numbers below which shares q of the elements lie.

    Parameters
    ----------
    x : Tensor
        nan makes the result nan.
    q : float or Tensor of floats
        Shares in [0, 1]; a number, or along one axis. Of a tensor within a recorded step the
        values are not looked at: a share of which no element stands is refused when it runs.
    axis : int or tuple of ints, optional
        All by default.
    method : {"linear", "lower", "higher", "midpoint", "nearest"}
        What is taken of the two elements between which it lies: a mean weighted by distances, one
        of them, or their mean.
    keepdims : bool

    Returns
    -------
    Tensor
        With q's axis, if it has one, in front.

    Raises
    ------
    ValueError
        If a share is out of range or nan, there is no such method, or nothing to take quantiles
        of.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.quantile([1.0, 2.0, 4.0], [0.5, 0.75]).numpy().tolist()
    [2.0, 3.0]
    """
    return _quantiles(x, q, 1, axis, method, keepdims, leaves_nan_out=False)


def percentile(x, q, axis=None, method="linear", keepdims=False):
    """As `quantile`, with shares in percent."""
    return _quantiles(x, q, 100, axis, method, keepdims, leaves_nan_out=False)


def median(x, axis=None, keepdims=False):
    """The middle element in order, the mean of the two middle ones of an even number.

    >>> import kerasette
    >>> float(kerasette.ops.median([5.0, 1.0, 2.0, 100.0]))
    3.5
    """
    return quantile(x, 0.5, axis, keepdims=keepdims)


def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    """As `quantile`, of what is not nan."""
    return _quantiles(x, q, 1, axis, method, keepdims, leaves_nan_out=True)


def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    """As `percentile`, of what is not nan."""
    return _quantiles(x, q, 100, axis, method, keepdims, leaves_nan_out=True)


def nanmedian(x, axis=None, keepdims=False):
    """As `median`, of what is not nan."""
    return nanquantile(x, 0.5, axis, keepdims=keepdims)


def _quantiles(x, q, whole, axis, method, keepdims, leaves_nan_out):
    """Quantiles by shares of a whole: 1, or 100 for percent."""
    keepdims = checked_bool(keepdims, "keepdims")
    if method not in METHODS:
        raise ValueError(f"Invalid `method`. Expected one of {METHODS}. Received: method={method}")
    x = real(x)
    shares = _shares(q, whole, x.dtype)
    if len(shares.shape) > 1:
        raise ValueError(f"`q` must be a number or a vector. Received: shape {shares.shape}")
    rows, shape = _rows(x, axis)
    if not rows.shape[-1]:
        raise ValueError(f"There are no quantiles of no elements. The shape is {x.shape}.")
    found = _of_rows(rows, reshape(shares, (shares.size,)), method, leaves_nan_out)
    kept = [size if is_kept else 1 for size, is_kept in shape if is_kept or keepdims]
    return reshape(found, (*shares.shape, *kept))


def _shares(q, whole, dtype):
    """q as a tensor of parts of 1."""
    shares = convert_to_tensor(q, dtype)
    if not (is_tensor(q) and is_recording()):
        values = convert_to_numpy(q)
        if not np.all((values >= 0) & (values <= whole)):
            raise ValueError(f"q values must be in the range [0, {whole}]. Received: q={q}")
    return shares if whole == 1 else divide(shares, float(whole))


def _rows(x, axis):
    """x as rows of what belongs together, and for each axis its size and whether it is kept."""
    n = len(x.shape)
    gone = axes_of(axis, n)
    kept = [place for place in range(n) if place not in gone]
    count = 1
    for place in gone:
        count *= x.shape[place]
    moved = transpose(x, kept + sorted(gone))
    rows = reshape(moved, (moved.size // count if count else 0, count))
    return rows, [(x.shape[place], place in kept) for place in range(n)]


def _of_rows(rows, shares, method, leaves_nan_out):
    """A tensor of shape (shares, rows)."""
    ordered = along_last(rows, order(rows, rows.shape[-1], False))
    is_there = logical_not(isnan(rows))
    counts = sum(cast(is_there if leaves_nan_out else ones_like(rows), rows.dtype), -1, True)
    position = multiply(maximum(subtract(counts, 1.0), 0.0), shares)
    if method == "nearest":
        position = round(position)
    low, high = floor(position), ceil(position)
    below = along_last(ordered, cast(low, "int32"))
    above = along_last(ordered, cast(high, "int32"))
    if method in ("lower", "nearest"):
        found = below
    elif method == "higher":
        found = above
    elif method == "midpoint":
        found = multiply(add(below, above), 0.5)
    else:
        way = subtract(position, low)
        further = add(below, multiply(subtract(above, below), way))
        found = where(equal(low, high), below, further)
    if not leaves_nan_out:
        found = where(any(isnan(rows), -1, True), float("nan"), found)
    return transpose(found)
