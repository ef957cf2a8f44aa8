from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_node, ks_step
from kerasette._core.step cimport Step


cdef class Recording:
    cdef Step step
    # What replays run so far.
    cdef const ks_step *steps
    cdef int64_t n_steps
    cdef list nodes
    cdef set read_outside
    # By address, the steps that have it as an operand or a gradient; made when it is needed.
    cdef dict meetings
    # What stands in place of steps, by their number: a node, or None.
    cdef dict placed
    cdef int place(self) except -1
    cdef int note_meetings(self) except -1
    cdef int note(self, size_t address, int64_t i) except -1
    cdef list steps_on(self, int64_t i)
    cdef list steps_at(self, size_t address)
    cdef int64_t only_reader(self, int64_t i) except -2
    cdef ks_node *call_of(self, int64_t i, int64_t before) except? NULL
    cdef bint is_changed(self, int64_t first, int64_t last) except -1
    cdef list pair_on(self, int64_t first)
    cdef bint is_gradient_of(self, list steps) except -1


# Whether it is a forward call of an op.
cdef bint is_forward(const ks_step *step, int op) noexcept
# The addresses that a step may write.
cdef set writes_of(const ks_step *step)
