from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_function, ks_program, ks_step
from kerasette._core.memory cimport Arena
from kerasette._core.node cimport Node
from kerasette._core.tensor cimport Tensor
from kerasette._core.variable cimport Variable


cdef class Step:
    cdef ks_step *steps
    cdef int64_t n_steps
    cdef int64_t capacity
    cdef list nodes
    # What replays run, if that is something else.
    cdef ks_step *replayed
    cdef int64_t n_replayed
    cdef list replayed_nodes
    cdef list commits
    cdef dict pending
    cdef set updated
    # Where the variables lie that it writes to.
    cdef set written
    cdef Arena arena
    cdef Step outer
    cdef Arena outer_arena
    cdef bint is_finished
    cdef int append(self, ks_function function, Node node) except -1
    cdef int add_commit(self, Node node, list variables) except -1
    cdef int commit_assignment(self, Variable variable, Tensor value) except -1
    cdef int flush(self) except -1
    cdef int finish(self) except -1
    cdef int forget_tensors(self) except -1
    # The nodes of `program`.
    cdef list nodes_replayed(self)
    # Has replays run other nodes in place of those of `program`, by their number; for None, none.
    cdef int replay_instead(self, dict placed) except -1
    cdef ks_program program(self) noexcept


# The step that this thread makes, or None.
cdef Step current_step()
# The condition of `only_when` under which this thread is, or None.
cdef Tensor current_gate()
# Runs a node that writes into variables: at the end of the step, if one is being made.
cdef int commit(Node node, list variables) except -1
# The tensor to read for an argument: a Variable's pending value, if it has one.
cdef Tensor current_value(Tensor tensor)
