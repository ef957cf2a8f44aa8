"""Matrices of one shape, triangles, diagonals and powers."""

import numpy as np

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import (
    broadcast_to,
    cast,
    concatenate,
    ones_like,
    reshape,
    sum,
    take,
    where,
    zeros,
    zeros_like,
)
from kerasette.checks import is_whole
from kerasette.ops.arrangement import flip, moveaxis
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.running import cumprod


def eye(N, M=None, k=0, dtype=None):
    """An (N, M) matrix of zeros with ones on the k-th diagonal above the main one; a constant.

    M is N by default.
    """
    return convert_to_tensor(np.eye(N, M, 0 if k is None else k), standardize_dtype(dtype))


def identity(n, dtype=None):
    """The (n, n) matrix with ones on its diagonal and zeros elsewhere; a constant."""
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=None):
    """An (N, M) matrix of ones up to the k-th diagonal above the main one, zeros beyond.

    M is N by default; a constant.
    """
    return convert_to_tensor(np.tri(N, M, k), standardize_dtype(dtype))


def tril(x, k=0):
    """Matrices of the last two axes with zeros beyond the k-th diagonal above the main one."""
    return _triangle(x, k, lambda mask: mask)


def triu(x, k=0):
    """Matrices of the last two axes with zeros before the k-th diagonal above the main one."""
    return _triangle(x, k - 1, np.logical_not)


def _triangle(x, k, kept):
    x = convert_to_tensor(x)
    if len(x.shape) < 2:
        raise ValueError(f"A triangle is part of a matrix. Received shape {x.shape}.")
    mask = kept(np.tri(*x.shape[-2:], k, dtype=bool))
    return where(mask, x, zeros_like(x))


def diag(x, k=0):
    """The matrix with the vector x on its k-th diagonal; of a matrix, the diagonal.

    Parameters
    ----------
    x : Tensor of one or two axes
    k : int
        Above the main diagonal; negative ones are below.

    Raises
    ------
    ValueError
        If x has another number of axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.diag([1, 2]).numpy().tolist()
    [[1, 0], [0, 2]]
    """
    x = convert_to_tensor(x)
    if len(x.shape) == 2:
        return diagonal(x, k)
    if len(x.shape) != 1:
        raise ValueError(f"diag() takes a vector or a matrix. Received shape {x.shape}.")
    n = x.shape[0]
    # Every place of the matrix names an element, or the 0 behind them.
    numbers = np.full((n + abs(k),) * 2, n)
    rows = np.arange(n) + max(-k, 0)
    numbers[rows, rows + k] = np.arange(n)
    return take(concatenate([x, zeros((1,), x.dtype)], 0), numbers)


def diagflat(x, k=0):
    """The matrix with all elements of x, in their order, on its k-th diagonal.

    >>> import kerasette
    >>> kerasette.ops.diagflat([[1], [2]], k=1).numpy().tolist()
    [[0, 1, 0], [0, 0, 2], [0, 0, 0]]
    """
    x = convert_to_tensor(x)
    return diag(reshape(x, (x.size,)), k)


def vander(x, N=None, increasing=False):
    """The matrix of powers of the elements of a vector, one in each row (Vandermonde's matrix).

    Parameters
    ----------
    x : Tensor of one axis
    N : int, optional
        The number of columns; by default as many as rows.
    increasing : bool
        Whether the exponents rise from 0, and do not fall to it.

    Raises
    ------
    TypeError
        If N is no integer.
    ValueError
        If x is no vector, or N negative.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.vander([2, 3], 3).numpy().tolist()
    [[4, 2, 1], [9, 3, 1]]
    """
    x = convert_to_tensor(x)
    if len(x.shape) != 1:
        raise ValueError(f"vander() takes a vector. Received shape {x.shape}.")
    if N is not None and not is_whole(N):
        raise TypeError(f"Argument `N` must be of type `int`. Received: N={N} of type {type(N)}")
    count = x.size if N is None else N
    if count < 0:
        raise ValueError(f"`N` must be a nonnegative integer. Received: N={N}")
    if count == 0:
        return zeros((x.size, 0), x.dtype)
    column = reshape(x, (x.size, 1))
    factors = concatenate([ones_like(column), broadcast_to(column, (x.size, count - 1))], 1)
    powers = cast(cumprod(factors, 1), x.dtype)
    return powers if increasing else flip(powers, 1)


def diagonal(x, offset=0, axis1=0, axis2=1):
    """The diagonal, `offset` above the main one, over two axes; it is the last axis of the result.

    Raises
    ------
    ValueError
        If x has not two such axes.
    """
    x = convert_to_tensor(x)
    axis1, axis2 = places((axis1, axis2), len(x.shape))
    if axis1 == axis2:
        raise ValueError(f"A diagonal is over two axes. Received: axis1=axis2={axis1}")
    x = moveaxis(x, (axis1, axis2), (-2, -1))
    *lead, n_rows, n_columns = x.shape
    rows = np.arange(n_rows)
    rows = rows[(rows + offset >= 0) & (rows + offset < n_columns)]
    return take(reshape(x, (*lead, n_rows * n_columns)), rows * n_columns + rows + offset, -1)


def trace(x, offset=0, axis1=0, axis2=1):
    """Sum of the diagonal, `offset` above the main one, over two axes."""
    return sum(diagonal(x, offset, axis1, axis2), -1)
