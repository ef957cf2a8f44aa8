from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_node
from kerasette._core.tensor cimport Tensor
from kerasette._core.node cimport Node

# `value` as the tensor that an op reads.
cdef Tensor operand(value)
# The same, as floating-point numbers.
cdef Tensor real_operand(value)
cdef Tensor as_dtype(Tensor x, int code)
# Two operands, converted to the dtype that they have in common.
cdef tuple matched(a, b)
cdef int common_code(int a, int b) noexcept
cpdef int checked_axis(axis, Py_ssize_t ndim) except -100
# What `axis` of a reduction means: all for None, or one, or several that differ.
cpdef list axes_of(axis, Py_ssize_t ndim)
# A bool, for which 0 and 1 may stand.
cpdef bint checked_bool(value, str name) except -1
cdef int64_t product(shape) except -1
cdef Tensor unary(int op, Tensor x)
cdef Tensor view(Tensor x, tuple shape)
