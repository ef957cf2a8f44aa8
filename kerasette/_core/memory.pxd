cdef class Storage:
    """Aligned memory with an owner."""

    cdef char *data
    cdef size_t nbytes
    cdef bint is_mine


cdef class Arena:
    """Memory that the recordings of one workspace share."""

    cdef list blocks
    cdef Py_ssize_t block
    cdef size_t offset
    # The tensors of the recording that is being made.
    cdef list live
    # The block of the last `take`.
    cdef Storage taken
    # Bytes that the recording has taken from here, and constants that it has made beside.
    cdef readonly size_t used
    cdef public size_t constant_bytes
    # Why what is being recorded cannot be replayed; None if it can.
    cdef public str obstacle
    cdef public bint is_exported
    cdef char *take(self, size_t nbytes) except NULL


cdef Storage new_storage(size_t nbytes)
cdef Arena swap_arena(Arena arena)
cdef Arena current_arena()
cpdef int note_obstacle(str reason) except -1
cdef int note_read() except -1
