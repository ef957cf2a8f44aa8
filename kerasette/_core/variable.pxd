from libc.stdint cimport int64_t

from kerasette._core.tensor cimport Tensor


cdef class Variable(Tensor):
    cdef public str name
    cdef public object path
    # Functions of the value: a term of the loss, and what an update is followed by. Or None.
    cdef object value_regularizer
    cdef object value_constraint
    cdef bint is_trainable
    # Notes for readers; nothing is done with them.
    cdef readonly bint autocast
    cdef readonly str aggregation
    cdef readonly str synchronization
    # Raised by every write.
    cdef readonly int64_t version
    cdef bint is_packed
