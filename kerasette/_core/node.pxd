from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_function, ks_node, ks_operand, ks_status
from kerasette._core.tensor cimport Tensor

cdef enum:
    INLINE_OPERANDS = 8


cdef class Node:
    cdef ks_node c
    cdef ks_operand inline_operands[INLINE_OPERANDS]
    cdef ks_operand *more_operands
    # The operands, inputs first; None once a recording has ended.
    cdef list tensors
    # What keeps the memory alive.
    cdef list storages
    cdef Tensor scratch_of
    # How many of its outputs, the first ones, have a gradient.
    cdef int n_tracked
    # Whether backward spoils what forward has left for it, and whether it has done so.
    cdef bint spends
    cdef bint is_spent
    # Why the gradient stops here with an error; None if it does not.
    cdef str barrier


# A node without anything in it.
cdef Node allocate_node(int n_in, int n_out)
# A node of `op`, in the table of `code`, from `inputs` to `outputs`.
cdef Node new_node(int op, int code, list inputs, list outputs)
# Memory that forward leaves for backward, or backward needs for itself.
cdef int add_scratch(Node node, int64_t nbytes) except -1
# A node over the same operands, for one call of backward.
cdef Node backward_twin(Node node)
# Lets a node run only where `condition` (a bool) holds when its turn comes.
cdef int set_gate(Node node, Tensor condition) except -1
cdef int run_node(ks_function function, ks_node *node) except -1
# The name of its op.
cdef str op_name(ks_node *node)
cdef int raise_for(ks_status status, ks_node *node) except -1
