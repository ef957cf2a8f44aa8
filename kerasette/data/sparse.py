"""Sparse matrices as data: made dense batch by batch."""


def is_sparse(value):
    """Whether a value is a sparse matrix or array as those of SciPy."""
    return hasattr(value, "tocsr") and hasattr(value, "toarray")


class SparseRows:
    """The rows of a sparse matrix; those that are taken become dense.

    Parameters
    ----------
    matrix : scipy.sparse matrix or array of shape (rows, columns), of any format
    what : str
        What it is, for errors.

    Raises
    ------
    ValueError
        If it does not hold real numbers.
    """

    def __init__(self, matrix, what="The value"):
        if matrix.dtype.kind not in "fiub" or matrix.dtype.itemsize > 8:
            raise ValueError(
                f"{what} cannot be converted to a tensor: it has dtype {matrix.dtype}, and "
                "expected are real numbers."
            )
        self.matrix = matrix.tocsr()

    @property
    def shape(self):
        return tuple(self.matrix.shape)

    @property
    def dtype(self):
        return self.matrix.dtype

    ndim = 2

    def __len__(self):
        return self.matrix.shape[0]

    def __getitem__(self, rows):
        """Rows by a slice or an array of numbers, as a dense array."""
        return self.matrix[rows].toarray()

    def between(self, start, stop):
        """Rows `start` to ``stop - 1``, still sparse."""
        return SparseRows(self.matrix[start:stop])
