"""Arrays as data: checked once, then read row by row."""

import math

import numpy as np

from kerasette._core.feed import Feed, can_feed
from kerasette.data.sparse import SparseRows
from kerasette.default_dtype import floatx

# Up to this size an array in a layout that C cannot read is converted whole; above it, batch by
# batch, so that a big or memory-mapped array is never copied.
CONVERTED_WHOLE_BYTES = 64 << 20

# Rows that are staged at a time from an array that C cannot read, in elements.
STAGED_ELEMENTS = 1 << 20


def target_dtype(array):
    """The dtype that targets get: class numbers and truth values keep theirs, the rest floatx."""
    if array.dtype.kind in "iu":
        return "int32" if array.dtype.itemsize < 4 or array.dtype == np.int32 else "int64"
    return "bool" if array.dtype.kind == "b" else floatx()


class Batches:
    """Arrays of equal length, cut into batches.

    Parameters
    ----------
    batch_size : int
    layout : Layout
        How the step takes them.
    arrays : list of ndarray or SparseRows
        In the order of the layout.
    dtypes : list of str
        What the arrays are converted to.
    """

    def __init__(self, batch_size, layout, arrays, dtypes):
        self.layout = layout
        self.is_feedable = all(map(can_read, arrays))
        if not self.is_feedable:
            arrays = [readable(array) for array in arrays]
            self.is_feedable = all(map(can_read, arrays))
        self.arrays = arrays
        self.dtypes = dtypes
        self.batch_size = batch_size
        self.n_samples = len(arrays[0])
        self.row_shapes = tuple([array.shape[1:] for array in self.arrays])
        self._feeds = []

    def feed_into(self, inputs):
        """A `Feed` of the arrays, which C can read, into the inputs of a program."""
        for feed in self._feeds:
            if feed.inputs is inputs:
                return feed
        # Of full batches, and of the short one at the end.
        self._feeds = [*self._feeds[-1:], Feed(self.arrays, inputs)]
        return self._feeds[-1]

    @property
    def n_full(self):
        """Number of batches of full size."""
        return self.n_samples // self.batch_size

    @property
    def n_left(self):
        """Size of the last, short batch; 0: there is none."""
        return self.n_samples % self.batch_size

    def __len__(self):
        return self.n_full + (self.n_left > 0)

    def batches_to_stage(self):
        """How many batches to copy at a time when C cannot read the arrays."""
        row = sum(math.prod(shape) for shape in self.row_shapes)
        return max(1, STAGED_ELEMENTS // max(1, row * self.batch_size))

    def rows(self, order, start, stop):
        """Copies of rows `start` to `stop` of `order` (None: as they are), which C can read."""
        chosen = slice(start, stop) if order is None else order[start:stop]
        return [native(array[chosen]) for array in self.arrays]


def readable(array):
    """`array`, converted if C cannot read it and it is small."""
    if can_read(array) or isinstance(array, SparseRows) or array.nbytes > CONVERTED_WHOLE_BYTES:
        return array
    return native(array)


def can_read(array):
    """Whether C can read the rows of an array where they are."""
    return not isinstance(array, SparseRows) and can_feed(array)


def native(array):
    """A contiguous copy in a native dtype that C knows."""
    kinds = {"f": np.float32 if array.dtype.itemsize < 8 else np.float64, "b": np.bool_}
    integer = np.int32 if array.dtype.itemsize < 4 or array.dtype.str[1:] == "i4" else np.int64
    return np.ascontiguousarray(array, dtype=kinds.get(array.dtype.kind, integer))
