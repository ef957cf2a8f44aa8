"""From whatever holds numbers to NumPy arrays, or to sparse rows."""

import numpy as np

from kerasette._core.tensor import checked_array
from kerasette.data.dataframes import from_dataframe, from_pandas
from kerasette.data.sparse import SparseRows, is_sparse


def as_array(value, what):
    """`value` as an array of numbers, or as `SparseRows` of them.

    Parameters
    ----------
    value : array-like
        An array, a tensor of any library, a data frame, a sparse matrix, or lists of numbers.
    what : str
        What it is, for errors.

    Returns
    -------
    ndarray or SparseRows
        The same memory where that is possible; a memory map stays one.

    Raises
    ------
    ValueError
        If it does not hold real numbers.
    """
    if type(value) is np.ndarray:
        return checked_array(value, what)
    if isinstance(value, SparseRows):
        return value
    if is_sparse(value):
        return from_sparse(value, what)
    if is_pandas(value):
        return checked_array(from_pandas(value, what), what)
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        # A tensor of PyTorch that takes part in a derivative does not let NumPy look at it.
        value = value.detach().cpu()
    if not hasattr(value, "__array__"):
        if hasattr(value, "__dataframe__"):
            return checked_array(from_dataframe(value.__dataframe__(), what), what)
        if hasattr(value, "__dlpack__"):
            return checked_array(np.from_dlpack(value), what)
    return checked_array(value, what)


def is_pandas(value):
    """Whether a value is a DataFrame or a Series of pandas."""
    return type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "iloc")


def from_sparse(matrix, what):
    """Sparse rows; a column or a vector is dense, since it has one number for each sample."""
    if len(matrix.shape) == 2 and matrix.shape[1] != 1:
        return SparseRows(matrix, what)
    return checked_array(matrix.toarray(), what)


def holds_rows(value):
    """Whether something is an array rather than a number: it has an axis."""
    if hasattr(value, "shape"):
        return len(value.shape) > 0
    return hasattr(value, "__dataframe__") or hasattr(value, "__array__")
