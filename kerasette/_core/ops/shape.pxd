from kerasette._core.tensor cimport Tensor

cdef Tensor broadcast(Tensor x, tuple shape)
cdef Tensor permuted(Tensor x, list axes)
