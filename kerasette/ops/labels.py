"""Class numbers and what is made of them."""

from kerasette._core import ops as core
from kerasette._core.ops import max
from kerasette.ops.arrangement import from_last
from kerasette.ops.conversion import check_is_dense


def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """1 at the place that x names along a new `axis`, else 0; only 0 for x out of range.

    Parameters
    ----------
    x : Tensor or array of integers, of any shape
    num_classes : int
        Size of the new axis.
    axis : int
    dtype : str, optional
        ``floatx()`` by default.
    sparse : bool
        Only False is supported.

    Raises
    ------
    ValueError
        If sparse tensors are asked for.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.one_hot([0, 2], 3).numpy().tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    check_is_dense(sparse)
    rows = core.one_hot(x, num_classes, dtype)
    return from_last(rows, axis)


def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False):
    """1 at every place that a row of class numbers names, else 0.

    Parameters
    ----------
    inputs : Tensor of integers of shape (samples, numbers, ...), or (numbers,)
        The second axis, or the only one, gives way to the classes. Numbers out of range are left
        out.
    num_classes : int
    axis : int
        Where the classes are in the result.
    dtype : str, optional
        ``floatx()`` by default.
    sparse : bool
        Only False is supported.

    Raises
    ------
    ValueError
        If there is no `num_classes`, or sparse tensors are asked for.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.multi_hot([[0, 2], [1, 1]], 3).numpy().tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    check_is_dense(sparse)
    if num_classes is None:
        raise ValueError("Argument `num_classes` must be specified.")
    rows = core.one_hot(inputs, num_classes, dtype)
    hot = max(rows, 1 if len(rows.shape) > 2 else 0)
    return from_last(hot, axis)
