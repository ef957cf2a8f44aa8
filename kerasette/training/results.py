"""What `predict` returns: the outputs of all batches, one after the other."""

import numpy as np

from kerasette import tree
from kerasette._core.tensor import Tensor


class Results:
    """Rows of each output of a model, collected batch by batch.

    Parameters
    ----------
    n_rows : int, optional
        How many rows all batches have together. Each output is an array of so many rows then,
        which C fills; without it, and where batches have other shapes than the first one has, or
        other numbers of rows than samples, they are put together at the end.
    batch_size : int, optional
        Samples of a whole batch.
    """

    def __init__(self, n_rows=None, batch_size=None):
        self.n_rows = n_rows
        self.batch_size = batch_size
        self.form = None
        # Shape and dtype of the rows of each array.
        self.rows = None
        self.arrays = None
        self.pieces = None

    def prepare(self, form, rows, first, n_outputs):
        """Makes room for outputs from batch `first` on.

        Parameters
        ----------
        form
            The structure of the outputs.
        rows : list of tuple or None
            What `rows_of` tells of them.
        first, n_outputs : int

        Returns
        -------
        list of ndarray or None
            What C is to fill, batch by batch; None: hand each batch to `add`.
        """
        if self.arrays is None and self.pieces is None:
            return self._begin(form, rows, n_outputs)
        if form != self.form:
            raise ValueError(
                f"The outputs of a batch are {describe(form)}, those of the batches before "
                f"{describe(self.form)}."
            )
        if self.arrays is not None and rows != self.rows:
            starts = [i * self.batch_size for i in range(first)]
            self.pieces = [
                [array[i : i + self.batch_size] for i in starts] for array in self.arrays
            ]
            self.arrays = None
        return self.arrays

    def _begin(self, form, rows, n_outputs):
        self.form = form
        if self.n_rows is None or rows is None:
            self.pieces = [[] for _ in range(n_outputs)]
            return None
        self.rows = rows
        self.arrays = [np.empty((self.n_rows, *shape), dtype) for shape, dtype in rows]
        return self.arrays

    def add(self, form, outputs, first, size):
        """Takes the outputs of batch `first`, of `size` samples."""
        arrays = self.prepare(form, rows_of(outputs, size), first, len(outputs))
        values = [output.numpy() if isinstance(output, Tensor) else output for output in outputs]
        if arrays is None:
            for pieces, value in zip(self.pieces, values, strict=True):
                pieces.append(np.array(value))
            return
        start = first * self.batch_size
        for array, value in zip(arrays, values, strict=True):
            array[start : start + size] = value

    def between(self, first, last):
        """The outputs of batches `first` to ``last - 1``, in memory of their own."""
        if self.arrays is None:
            return self._packed([concatenated(pieces[first:last]) for pieces in self.pieces])
        rows = slice(first * self.batch_size, last * self.batch_size)
        return self._packed([array[rows].copy() for array in self.arrays])

    def all(self, n_batches):
        """The outputs of `n_batches` batches, all that were done."""
        if self.arrays is None:
            return self._packed([concatenated(pieces) for pieces in self.pieces])
        n_rows = n_batches * self.batch_size
        if n_rows >= self.n_rows:
            return self._packed(self.arrays)
        return self._packed([array[:n_rows] for array in self.arrays])

    def _packed(self, values):
        if self.form is None:
            # A single array.
            return values[0]
        values = iter(values)
        # Dicts in the order of the user's.
        return tree.map_structure(lambda _: next(values), self.form)


def rows_of(outputs, n_rows):
    """Shape and dtype of the rows of each output; None: not each is a tensor of so many rows."""
    if not all(isinstance(output, Tensor) and output.shape[:1] == (n_rows,) for output in outputs):
        return None
    return [(output.shape[1:], np.dtype(output.dtype)) for output in outputs]


def concatenated(pieces):
    """The rows of all pieces.

    Raises
    ------
    ValueError
        If they have none, or do not fit one another.
    """
    for piece in pieces:
        if piece.ndim == 0:
            what = repr(piece.item()) if piece.dtype.kind in "OU" else "a single number"
            raise ValueError(
                "`predict` puts the outputs of all batches together, and an output has no axis of "
                f"samples: the model returned {what}."
            )
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def describe(form):
    """The form of outputs in words."""
    return repr(form).replace("None", "array")
