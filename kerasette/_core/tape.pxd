from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_function, ks_node, ks_operand, ks_program, ks_step
from kerasette._core.tensor cimport Arena, Tensor, Variable

cdef enum:
    INLINE_OPERANDS = 8


cdef class Node:
    cdef ks_node c
    cdef ks_operand inline_operands[INLINE_OPERANDS]
    cdef ks_operand *more_operands
    cdef list tensors
    cdef list storages
    cdef Tensor scratch_of
    # Why the gradient stops here with an error; None if it does not.
    cdef str barrier


cdef class Step:
    cdef ks_step *steps
    cdef int64_t n_steps
    cdef int64_t capacity
    cdef list nodes
    cdef list commits
    cdef dict pending
    cdef set updated
    cdef Arena arena
    cdef Step outer
    cdef Arena outer_arena
    cdef list outer_tapes
    cdef bint is_finished
    cdef int append(self, ks_function function, Node node) except -1
    cdef int add_commit(self, Node node, list variables) except -1
    cdef int flush(self) except -1
    cdef int finish(self) except -1
    cdef int forget_tensors(self) except -1
    cdef ks_program program(self) noexcept


# A node of `op`, in the table of `code`, from `inputs` to `outputs`.
cdef Node new_node(int op, int code, list inputs, list outputs)
cdef int add_scratch(Node node, int64_t nbytes) except -1
# Runs a node, and puts it on what is recording.
cdef int submit(Node node) except -1
# Runs a node that writes into a Variable: at the end of the step, if one is being made.
cdef int commit(Node node, list variables) except -1
# The tensor to read for an argument: a Variable's pending value, if it has one.
cdef Tensor current_value(Tensor tensor)
cdef Step current_step()
