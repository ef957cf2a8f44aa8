from libc.stdint cimport int64_t

from kerasette._core.node cimport Node

# Integers for each of `n` axes, from one for all or a sequence.
cdef tuple per_axis(value, Py_ssize_t n, str name, int64_t least)
# The sizes of ks_conv.h; inputs and outputs with batch and channels, kernel with two more axes.
cdef int set_geometry(
    Node node, tuple inputs, tuple outputs, tuple kernel, strides, dilation, pads
) except -1
