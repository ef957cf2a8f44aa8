from libc.stdint cimport int64_t

# Bytes of an element.
cdef int64_t itemsize(int code) noexcept nogil
# The ks_dtype of a name, a NumPy dtype or a Python type.
cdef int dtype_code(dtype) except -1
cdef str dtype_name(int code)
