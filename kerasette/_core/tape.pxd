from kerasette._core.node cimport Node

# Runs a node, and puts it on what is recording.
cdef int submit(Node node) except -1

# Whether this thread is in a tape: gradients may be wanted of what it does.
cdef bint is_taped() noexcept
