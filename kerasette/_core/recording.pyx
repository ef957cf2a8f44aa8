"""A recording, and which of its steps meet the memory of which result.

What tells who reads a result are addresses: the steps that have it as an operand, and the tensors
that are read after a run.
"""

from libc.stdint cimport int64_t

from kerasette._core.csrc cimport KS_OP_view, ks_node, ks_step
from kerasette._core.step cimport Step
from kerasette._core.tensor cimport Tensor


cdef class Recording:
    """The steps of a recording, and which of them meet the memory of which result."""

    def __init__(self, Step step, outputs):
        self.step = step
        self.steps = step.program().steps
        self.nodes = step.nodes_replayed()
        self.n_steps = len(self.nodes)
        self.read_outside = {
            <size_t> (<Tensor> output).data for output in outputs if isinstance(output, Tensor)
        }
        self.placed = {}

    cdef int place(self) except -1:
        if self.placed:
            self.step.replay_instead(self.placed)
        return 0

    cdef int note_meetings(self) except -1:
        cdef int64_t i
        cdef int k
        cdef ks_node *node
        self.meetings = {}
        for i in range(self.n_steps):
            node = self.steps[i].node
            if node.op == KS_OP_view and self.steps[i].function == node.forward:
                # The same memory, under another shape.
                continue
            for k in range(node.n_in + node.n_out):
                self.note(<size_t> node.inputs[k].data, i)
                self.note(<size_t> node.inputs[k].grad, i)
            self.note(<size_t> node.gate, i)
        return 0

    cdef int note(self, size_t address, int64_t i) except -1:
        cdef list steps
        if address:
            steps = self.meetings.setdefault(address, [])
            if not steps or steps[len(steps) - 1] != i:
                steps.append(i)
        return 0

    cdef list steps_on(self, int64_t i):
        """The steps that meet the result of step i."""
        return self.steps_at(<size_t> self.steps[i].node.outputs[0].data)

    cdef list steps_at(self, size_t address):
        """The steps that have something that begins there as an operand or a gradient."""
        if self.meetings is None:
            self.note_meetings()
        return self.meetings[address]

    cdef int64_t only_reader(self, int64_t i) except -2:
        """The step that reads the result of step i, if it is the only one and nothing else does;
        else -1."""
        cdef size_t address = <size_t> self.steps[i].node.outputs[0].data
        cdef list steps = self.steps_on(i)
        if len(steps) != 2 or steps[0] != i or address in self.read_outside:
            return -1
        return steps[1]

    cdef ks_node *call_of(self, int64_t i, int64_t before) except? NULL:
        """The node of step i, if that is a forward call whose first input is the result of
        step `before`, and no other one is; else NULL."""
        cdef size_t address = <size_t> self.steps[before].node.outputs[0].data
        cdef ks_node *node
        cdef int k
        if i < 0:
            return NULL
        node = self.steps[i].node
        if self.steps[i].function != node.forward or node.gate != NULL:
            return NULL
        for k in range(node.n_in):
            if (<size_t> node.inputs[k].data == address) != (k == 0):
                return NULL
        return node

    cdef bint is_changed(self, int64_t first, int64_t last) except -1:
        """Whether a step between the two writes what the first one reads."""
        cdef ks_node *reader = self.steps[first].node
        cdef int64_t i
        cdef int k
        read = {<size_t> reader.inputs[k].data for k in range(reader.n_in)}
        for i in range(first + 1, last):
            if read & writes_of(&self.steps[i]):
                return True
        return False

    cdef list pair_on(self, int64_t first):
        """The steps that meet the result of step `first`, if these are that step, a call on the
        result alone, and perhaps the gradients of both; else None."""
        cdef ks_node *source = self.steps[first].node
        cdef list steps = self.steps_on(first)
        if <size_t> source.outputs[0].data in self.read_outside:
            return None
        if len(steps) not in (2, 4) or steps[0] != first:
            return None
        cdef ks_node *reader = self.call_of(steps[1], first)
        if reader == NULL or self.meetings[<size_t> reader.outputs[0].data][0] != steps[1]:
            return None
        return steps if len(steps) == 2 or self.is_gradient_of(steps) else None

    cdef bint is_gradient_of(self, list steps) except -1:
        """Whether the last two of these four steps are the gradients of the first two, and nothing
        but the result of the one is read by the other."""
        cdef ks_node *source = self.steps[<int64_t> steps[0]].node
        cdef ks_node *reader = self.steps[<int64_t> steps[1]].node
        cdef ks_node *slope = self.steps[<int64_t> steps[2]].node
        cdef ks_node *last = self.steps[<int64_t> steps[3]].node
        if slope.op != reader.op or self.steps[<int64_t> steps[2]].function != slope.backward:
            return False
        if self.steps[<int64_t> steps[3]].function != source.backward:
            return False
        between = <size_t> slope.inputs[0].grad
        return (
            slope.inputs[0].data == source.outputs[0].data
            and last.outputs[0].data == source.outputs[0].data
            and <size_t> last.outputs[0].grad == between
            and not slope.inputs[0].add
            and between not in self.read_outside
            and self.meetings[between] == steps[2:]
            and not any([
                <size_t> slope.outputs[0].grad in writes_of(&self.steps[i])
                for i in range(steps[2] + 1, steps[3])
            ])
        )


cdef bint is_forward(const ks_step *step, int op) noexcept:
    return step.node.op == op and step.function == step.node.forward


cdef set writes_of(const ks_step *step):
    """The addresses that a step may write."""
    cdef const ks_node *node = step.node
    cdef int k
    if step.function != node.forward:
        return {<size_t> node.inputs[k].grad for k in range(node.n_in)}
    # Without an output something is updated in place.
    if node.n_out == 0:
        return {<size_t> node.inputs[k].data for k in range(node.n_in)}
    return {<size_t> node.outputs[k].data for k in range(node.n_out)}
