from kerasette._core.node cimport Node
from kerasette._core.tensor cimport Tensor

# To be called when a place for gradients is handed to a node: `twin` will clear and write (or, if
# the place is not written for the first time, add) rows of it alone.
cdef int note_rows(Tensor place, Node twin, bint is_first) except -1
# The same: something will write, or add to, all of it.
cdef int note_whole(Tensor place) except -1
