"""Helpers for preparing data."""

import numpy as np

from kerasette import ops
from kerasette.checks import check_size
from kerasette.config import floatx


def to_categorical(x, num_classes=None):
    """Class numbers as one-hot rows.

    Parameters
    ----------
    x : array of integers of at least 0, of any shape
        A last axis of size 1 (if there are others) is dropped.
    num_classes : int, optional
        The largest number plus one by default.

    Returns
    -------
    ndarray of float64 of shape x.shape + (num_classes,); for a tensor, a tensor

    Raises
    ------
    IndexError
        For a class number that is too large.
    ValueError
        For a number that is negative or has a fraction, and if there is no class number to tell
        `num_classes`, or that is not positive.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    is_tensor = ops.is_tensor(x)
    classes = _class_numbers(np.asarray(x))
    shape = classes.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    classes = classes.reshape(-1)
    if not num_classes:
        if not classes.size:
            raise ValueError("to_categorical() needs `num_classes` if there are no class numbers.")
        num_classes = int(classes.max()) + 1
    check_size("num_classes", num_classes)
    rows = np.zeros((classes.size, num_classes))
    rows[np.arange(classes.size), classes] = 1
    rows = rows.reshape(*shape, num_classes)
    return ops.convert_to_tensor(rows, floatx()) if is_tensor else rows


def _class_numbers(x):
    classes = x.astype("float64" if x.dtype.kind == "f" else "int64")
    # NaN is no class number, either.
    wrong = ~((classes >= 0) & (classes == np.floor(classes)) & (classes < 2**63))
    if wrong.any():
        raise ValueError(
            "Class numbers must be integers of at least 0. "
            f"Received: x with {x[wrong].reshape(-1)[0]} in it"
        )
    return classes.astype("int64")


def normalize(x, axis=-1, order=2):
    """x divided by its norm along `axis`; what is 0 stays 0.

    Parameters
    ----------
    x : array of numbers
    axis : int
    order : int or inf
        2 by default, the Euclidean norm.

    Returns
    -------
    ndarray of x's shape; for a tensor, a tensor

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.normalize([[3.0, 4.0]])
    array([[0.6, 0.8]])
    """
    array = np.atleast_1d(np.asarray(x))
    norm = np.linalg.norm(array, order, axis, keepdims=True)
    normalized = array / np.where(norm == 0, 1, norm)
    return ops.convert_to_tensor(normalized) if ops.is_tensor(x) else normalized
