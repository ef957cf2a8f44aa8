"""Batches for recordings: what is fed in, and the loop that replays over many."""

import numpy as np

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS,
    PyBUF_STRIDED_RO,
    PyBUF_WRITABLE,
    PyBuffer_Release,
    PyObject_GetBuffer,
)
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free

from kerasette._core cimport runtime
from kerasette._core.csrc cimport (
    KS_OK,
    KS_UINT8,
    ks_drain,
    ks_feed,
    ks_node,
    ks_program,
    ks_status,
)
from kerasette._core.dtypes cimport dtype_code, itemsize
from kerasette._core.node cimport raise_for
from kerasette._core.step cimport Step
from kerasette._core.tensor cimport Tensor, alias, empty

from kerasette._core.dtypes import NUMPY_DTYPES

FEED_DTYPES = {np.dtype("uint8"): KS_UINT8}
for _code, _dtype in enumerate(NUMPY_DTYPES):
    FEED_DTYPES[_dtype] = _code


def can_feed(array):
    """Whether rows of `array` can be gathered in C: contiguous rows of a dtype that C knows."""
    cdef ks_feed feed
    cdef int64_t rows
    return find_rows(array, &feed, &rows)


cdef bint find_rows(array, ks_feed *feed, int64_t *rows) except -1:
    """Notes where the rows of an array are, which somebody else holds on to, and how many; False if
    they cannot be gathered."""
    cdef Py_buffer view
    dtype = FEED_DTYPES.get(array.dtype)
    if dtype is None or array.ndim == 0:
        return False
    PyObject_GetBuffer(array, &view, PyBUF_STRIDED_RO)
    feed.source = <const char *> view.buf
    feed.row_bytes = view.strides[0]
    feed.from_dtype = dtype
    rows[0] = view.shape[0]
    is_dense = has_dense_rows(&view)
    PyBuffer_Release(&view)
    return is_dense


cdef bint has_dense_rows(const Py_buffer *view) noexcept:
    """Whether the numbers of each row are neighbours, in order."""
    cdef Py_ssize_t nbytes = view.itemsize
    cdef int axis
    if view.len == 0:
        return True
    for axis in range(view.ndim - 1, 0, -1):
        if view.shape[axis] > 1 and view.strides[axis] != nbytes:
            return False
        nbytes *= view.shape[axis]
    return True


cdef class Feed:
    """Where the inputs of a recording come from: arrays, whose rows are gathered into its inputs.

    Parameters
    ----------
    arrays : list of ndarray
        `can_feed` each; all of the same length.
    inputs : list of Tensor
        Of shape (batch, ...).
    """

    cdef ks_feed *feeds
    cdef readonly list arrays
    cdef readonly list inputs
    # The batch to go on with, or the one that failed, since the last `run` began.
    cdef readonly int64_t next_batch
    cdef int64_t batch
    cdef int64_t rows

    def __init__(self, list arrays, list inputs):
        cdef int64_t i
        cdef Tensor tensor
        self.arrays = arrays
        self.inputs = inputs
        self.feeds = <ks_feed *> calloc(len(arrays) + 1, sizeof(ks_feed))
        if self.feeds == NULL:
            raise MemoryError
        for i in range(len(arrays)):
            tensor = inputs[i]
            array = arrays[i]
            is_found = find_rows(array, &self.feeds[i], &self.rows)
            if not is_found or array.shape[1:] != tensor.shape[1:]:
                raise ValueError(f"cannot feed an array {array.shape} into {tensor.shape}")
            self.batch = tensor.shape[0]
            self.feeds[i].row_count = tensor.count // max(self.batch, 1)
            self.feeds[i].to_dtype = tensor.code
            self.feeds[i].destination = tensor.data

    def __dealloc__(self):
        free(self.feeds)

    def load(self, int64_t start):
        """Rows start, start + 1, ... into the inputs, in their order."""
        cdef ks_feed feed
        cdef int64_t i
        if not 0 <= start <= self.rows - self.batch:
            raise IndexError("rows out of range")
        for i in range(len(self.arrays)):
            feed = self.feeds[i]
            feed.source += start * feed.row_bytes
            runtime.feed_rows(&feed, 1, NULL, self.batch)

    def gather(self, const int64_t[::1] index):
        """Rows index[0], index[1], ... into the inputs."""
        self.check_index(index)
        if index.shape[0] != self.batch:
            raise IndexError("as many indices as the batch has rows are needed")
        if self.batch:
            runtime.feed_rows(self.feeds, len(self.arrays), &index[0], self.batch)

    def check_index(self, const int64_t[::1] index):
        """Raises unless every index is a row: C does not look."""
        cdef int64_t i
        for i in range(index.shape[0]):
            if not 0 <= index[i] < self.rows:
                raise IndexError(f"row {index[i]} of {self.rows}")

    def run(
        self, Step step, index, int64_t first, int64_t n_batches, double seconds,
        outputs=(), results=(),
    ):
        """Replays `step` for batches `first` .. `n_batches` - 1, without the GIL.

        Parameters
        ----------
        index : ndarray of int64 or None
            Row numbers, `check_index`-ed; batch b takes batch-size many from b * batch-size on.
            None: the rows in their order.
        seconds : float
            Returns after the first batch that ends later than this.
        outputs, results : list of Tensor and of ndarray, optional
            After batch b, each output is copied to where batch b begins in its result
            (C-contiguous, of its dtype).

        Returns
        -------
        int
            The batch to go on with. If a batch fails, `next_batch` says which.
        """
        cdef const int64_t[::1] rows
        cdef const int64_t *row = NULL
        cdef int64_t deadline = runtime.nanoseconds() + <int64_t> (seconds * 1e9)
        cdef ks_program program = step.program()
        cdef ks_node *failed = NULL
        cdef ks_status status
        cdef int64_t n_feeds = len(self.arrays)
        cdef int64_t available = self.rows
        cdef int64_t n_drains = len(outputs)
        self.next_batch = first
        cdef Drains drains = Drains(outputs, results, n_batches)
        if index is not None:
            rows = index
            available = rows.shape[0]
            if available:
                row = &rows[0]
        if n_batches * self.batch > available:
            raise IndexError("there are fewer rows than the batches need")
        with nogil:
            status = runtime.run_batches(
                &program, self.feeds, n_feeds, drains.drains, n_drains, row, self.batch,
                n_batches, deadline, &self.next_batch, &failed,
            )
        if status != KS_OK:
            raise_for(status, failed)
        return self.next_batch


cdef class Drains:
    """Where outputs go. Holds the arrays while C writes into them."""

    cdef ks_drain *drains
    cdef object results

    def __init__(self, outputs, results, int64_t n_batches):
        cdef int64_t i
        cdef Tensor output
        self.results = results
        self.drains = <ks_drain *> calloc(len(outputs) + 1, sizeof(ks_drain))
        if self.drains == NULL:
            raise MemoryError
        for i in range(len(outputs)):
            output = outputs[i]
            self.drains[i].source = output.data
            self.drains[i].batch_bytes = output.count * itemsize(output.code)
            self.drains[i].destination = checked_result(
                results[i], n_batches * self.drains[i].batch_bytes
            )

    def __dealloc__(self):
        free(self.drains)


cdef char *checked_result(result, int64_t nbytes) except? NULL:
    cdef Py_buffer view
    cdef char *data = NULL
    try:
        PyObject_GetBuffer(result, &view, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
    except (BufferError, ValueError):
        # Neither contiguous nor writable.
        pass
    else:
        if view.len >= nbytes:
            data = <char *> view.buf
        PyBuffer_Release(&view)
    if data == NULL:
        raise ValueError("the result needs a C-contiguous, writable array that is large enough")
    return data


def placeholder(shape, dtype):
    """A tensor to be fed. While recording it lies in the arena, and survives the recording."""
    cdef Tensor tensor = empty(tuple(shape), dtype_code(dtype))
    return keep(tensor)


def keep(Tensor tensor):
    """A second tensor over the same memory, which stays there when the recording ends: what is
    fed into, and read from, a recording."""
    return alias(tensor.storage, tensor.data, tensor.shape, tensor.code)
