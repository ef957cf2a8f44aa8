from libc.stdint cimport int64_t

from kerasette._core.memory cimport Arena, Storage


cdef class Tensor:
    cdef readonly tuple shape
    cdef int code
    cdef int64_t count
    cdef char *data
    cdef Storage storage
    # Whether somebody outside looks at the memory (buffer protocol, DLPack).
    cdef bint is_shared
    cdef Tensor cached_logits
    cdef str cached_activation
    # Which entries are real, a bool tensor; None: all of them.
    cdef public Tensor _keras_mask
    # Of a place for gradients (rows.pyx): which rows are not zero, a byte each, if rows are
    # written by themselves; and whether a node is to write all of it that knows of no bytes.
    cdef Tensor row_flags
    cdef bint is_written_whole
    cdef object __weakref__


cdef tuple checked_shape(shape)
cdef int64_t count_of(tuple shape) except -1
# A tensor for a node to write.
cdef Tensor empty(tuple shape, int code)
# The same in memory of its own, even while recording.
cdef Tensor empty_private(tuple shape, int code)
# A tensor over memory that is there already.
cdef Tensor alias(Storage storage, char *data, tuple shape, int code)
# `value` as a tensor: a Tensor stays, anything else is copied into a constant.
cdef Tensor tensor_of(value)
cdef Tensor constant(value, int code)
cdef object array_of(Tensor tensor)
cdef object source_of(value)
cdef int code_for(value, array) except -1
cdef int copy_in(Tensor tensor, array) except -1
# Ends a recording.
cdef int release(Arena arena) except -1
