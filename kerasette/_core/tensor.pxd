from libc.stdint cimport int64_t


cdef class Storage:
    """Aligned memory with an owner."""

    cdef char *data
    cdef size_t nbytes
    cdef object owner
    cdef bint is_mine


cdef class Arena:
    """Memory that the recordings of one workspace share."""

    cdef list blocks
    cdef Py_ssize_t block
    cdef size_t offset
    cdef list live
    # Why what is being recorded cannot be replayed; None if it can.
    cdef public str obstacle
    cdef public bint is_exported
    # The block of the last `take`.
    cdef Storage taken
    cdef char *take(self, size_t nbytes) except NULL


cdef class Tensor:
    cdef readonly tuple shape
    cdef int code
    cdef int64_t count
    cdef char *data
    cdef Storage storage
    cdef Tensor cached_logits
    cdef str cached_activation
    cdef object __weakref__
    cdef int exports


cdef class Variable(Tensor):
    cdef public str name
    cdef public object path
    cdef bint is_trainable
    cdef readonly int64_t version
    cdef public object regularizer
    cdef public object constraint
    cdef bint is_packed
    cdef bint is_shared


cdef int64_t itemsize(int code) noexcept nogil
cdef int dtype_code(dtype) except -1
cdef str dtype_name(int code)
cdef tuple checked_shape(shape)
cdef Tensor empty(tuple shape, int code)
cdef Tensor empty_private(tuple shape, int code)
cdef Tensor alias(Storage storage, char *data, tuple shape, int code)
cdef Tensor tensor_of(value)
cdef Tensor constant(value, int code)
cdef Arena swap_arena(Arena arena)
cdef Arena current_arena()
cdef int note_read() except -1
