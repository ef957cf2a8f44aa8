"""Arrays as data: checked once, then read row by row."""

import numpy as np

from kerasette._core.dtypes import floatx
from kerasette._core.feed import can_feed
from kerasette._core.tensor import checked_array

# Up to this size an array in a layout that C cannot read is converted whole; above it, batch by
# batch, so that a big or memory-mapped array is never copied.
CONVERTED_WHOLE_BYTES = 64 << 20

# Rows that are staged at a time from an array that C cannot read, in elements.
STAGED_ELEMENTS = 1 << 20


def as_samples(value, name):
    """`value` as an array whose first axis counts samples.

    Raises
    ------
    ValueError
        If it is None, does not hold real numbers, or is a single number.
    """
    if value is None:
        raise ValueError(f"`{name}` is None, and expected is an array of samples.")
    array = checked_array(value, f"`{name}`")
    if array.ndim == 0:
        raise ValueError(
            f"`{name}` must have an axis of samples. Received a single number: {value!r}"
        )
    return array


def check_same_length(named_arrays):
    """Raises unless all arrays have the same number of samples.

    Parameters
    ----------
    named_arrays : dict of str to ndarray
    """
    if len({len(array) for array in named_arrays.values()}) > 1:
        sizes = "\n".join(f"'{name}' sizes: {len(a)}" for name, a in named_arrays.items())
        raise ValueError(
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
            f"samples.\n{sizes}"
        )


def target_dtype(array):
    """The dtype that targets get: integers stay integers (class numbers), the rest is floatx."""
    if array.dtype.kind in "iu":
        return "int32" if array.dtype.itemsize < 4 or array.dtype == np.int32 else "int64"
    return floatx()


class Batches:
    """Arrays of equal length, cut into batches.

    Parameters
    ----------
    batch_size : int
    dtypes : dict of str to str
        What the arrays are converted to, by name.
    **arrays : ndarray
        ``x``, ``y`` and ``sample_weight``, as many of them as there are.
    """

    def __init__(self, batch_size, dtypes, **arrays):
        self.names = tuple(arrays)
        self.arrays = [readable(array) for array in arrays.values()]
        self.dtypes = [dtypes[name] for name in arrays]
        self.batch_size = batch_size
        self.n_samples = len(self.arrays[0])
        self.is_feedable = all(can_feed(array) for array in self.arrays)

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
        row = sum(array[0:1].size for array in self.arrays)
        return max(1, STAGED_ELEMENTS // max(1, row * self.batch_size))

    def rows(self, order, start, stop):
        """Copies of rows `start` to `stop` of `order` (None: as they are), which C can read."""
        chosen = slice(start, stop) if order is None else order[start:stop]
        return [native(array[chosen]) for array in self.arrays]


def readable(array):
    """`array`, converted if C cannot read it and it is small."""
    if can_feed(array) or array.nbytes > CONVERTED_WHOLE_BYTES:
        return array
    return native(array)


def native(array):
    """A contiguous copy in a native dtype that C knows."""
    kinds = {"f": np.float32 if array.dtype.itemsize < 8 else np.float64, "b": np.bool_}
    integer = np.int32 if array.dtype.itemsize < 4 or array.dtype.str[1:] == "i4" else np.int64
    return np.ascontiguousarray(array, dtype=kinds.get(array.dtype.kind, integer))
