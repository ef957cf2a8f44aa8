from kerasette._core.node cimport Node

# Runs a node, and puts it on what is recording.
cdef int submit(Node node) except -1
