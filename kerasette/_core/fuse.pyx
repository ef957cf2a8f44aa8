"""What replays of a recording leave out: nodes that another one does as well.

While a step is recorded each op runs by itself. Before it is replayed, chains of nodes whose
results in between nobody else reads become one node, which does the same operations in the same
order on numbers that are still in registers: replays keep the bits of the recorded run.
"""

from libc.stdint cimport int64_t
from libc.string cimport memcpy

from kerasette._core.csrc cimport (
    KS_CONV_ACTIVATION,
    KS_CONV_CHANNELS,
    KS_CONV_FILTERS,
    KS_LINEAR,
    KS_OP_channel_affine,
    KS_OP_conv,
    KS_OP_conv_transpose,
    KS_OP_dense,
    KS_OP_relu,
    KS_OP_sigmoid,
    KS_OP_tanh,
    KS_OP_view,
    KS_RELU,
    KS_SIGMOID,
    KS_TANH,
    ks_node,
    ks_operand,
)
from kerasette._core.node cimport Node, allocate_node
from kerasette._core.step cimport Step
from kerasette._core.tensor cimport Tensor

# Ops that take a channel_affine and an activation into their last loop, and where their sizes say
# which activation, and how many channels the result has.
cdef dict ACTIVATION_AT = {
    KS_OP_conv: KS_CONV_ACTIVATION, KS_OP_conv_transpose: KS_CONV_ACTIVATION, KS_OP_dense: 3,
}
cdef dict CHANNELS_AT = {
    KS_OP_conv: KS_CONV_FILTERS, KS_OP_conv_transpose: KS_CONV_CHANNELS, KS_OP_dense: 1,
}
cdef dict ACTIVATIONS = {
    KS_OP_relu: KS_RELU, KS_OP_sigmoid: KS_SIGMOID, KS_OP_tanh: KS_TANH,
}


def fuse(Step step not None, outputs):
    """Has replays of a recording run fewer nodes.

    Parameters
    ----------
    step : Step
        Made with an arena, and finished.
    outputs : list
        What is read after a replay: the tensors among these.
    """
    cdef Recording recording = Recording(step, outputs)
    recording.fuse_all()
    if recording.placed:
        step.replay_instead(recording.placed)


cdef bint takes_more(Step step, int64_t i) except -1:
    """Whether step i is a forward call that an affine or an activation may be added to."""
    cdef ks_node *node = step.steps[i].node
    place = ACTIVATION_AT.get(node.op)
    return (
        place is not None
        and step.steps[i].function == node.forward
        and node.n_in <= 3
        and node.gate == NULL
        and node.size[<int> place] == KS_LINEAR
    )


cdef class Recording:
    """The steps of a recording, and which of them meet the memory of which result."""

    cdef Step step
    cdef set read_outside
    # By address, the steps that have it as an operand or a gradient; made when it is needed.
    cdef dict meetings
    # What stands in place of steps, by their number: a node, or None.
    cdef dict placed

    def __init__(self, Step step, outputs):
        self.step = step
        self.read_outside = {
            <size_t> (<Tensor> output).data for output in outputs if isinstance(output, Tensor)
        }
        self.placed = {}

    cdef int fuse_all(self) except -1:
        cdef int64_t i
        for i in range(self.step.n_steps):
            if takes_more(self.step, i):
                self.fuse_from(i)
        return 0

    cdef int note_meetings(self) except -1:
        cdef int64_t i
        cdef int k
        cdef ks_node *node
        self.meetings = {}
        for i in range(self.step.n_steps):
            node = self.step.steps[i].node
            if node.op == KS_OP_view and self.step.steps[i].function == node.forward:
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

    cdef int64_t only_reader(self, int64_t i) except -2:
        """The step that reads the result of step i, if it is the only one and nothing else does;
        else -1."""
        cdef size_t address = <size_t> self.step.steps[i].node.outputs[0].data
        if self.meetings is None:
            self.note_meetings()
        steps = self.meetings[address]
        if len(steps) != 2 or steps[0] != i or address in self.read_outside:
            return -1
        return steps[1]

    cdef ks_node *call_of(self, int64_t i, int64_t before) except? NULL:
        """The node of step i, if that is a forward call whose first input is the result of
        step `before`, and no other one is; else NULL."""
        cdef size_t address = <size_t> self.step.steps[before].node.outputs[0].data
        cdef ks_node *node
        cdef int k
        if i < 0:
            return NULL
        node = self.step.steps[i].node
        if self.step.steps[i].function != node.forward or node.gate != NULL:
            return NULL
        for k in range(node.n_in):
            if (<size_t> node.inputs[k].data == address) != (k == 0):
                return NULL
        return node

    cdef bint is_changed(self, int64_t first, int64_t last) except -1:
        """Whether a step between the two writes what the first one reads."""
        cdef ks_node *reader = self.step.steps[first].node
        cdef int64_t i
        cdef int k
        read = {<size_t> reader.inputs[k].data for k in range(reader.n_in)}
        for i in range(first + 1, last):
            if read & writes_of(self.step, i):
                return True
        return False

    cdef int fuse_from(self, int64_t first) except -1:
        """One node of step `first` and what is done with its result alone."""
        cdef list chain = [first]
        cdef int64_t reader = self.only_reader(first)
        if is_affine_of(self.call_of(reader, first), self.step.steps[first].node):
            chain.append(reader)
            reader = self.only_reader(reader)
        cdef ks_node *activation = self.call_of(reader, chain[len(chain) - 1])
        if activation != NULL and activation.op in ACTIVATIONS:
            chain.append(reader)
        cdef int64_t last = chain[len(chain) - 1]
        if last == first or self.is_changed(first, last):
            return 0
        self.placed.update(dict.fromkeys(chain))
        self.placed[last] = fused([self.step.nodes[i] for i in chain])
        return 0


cdef bint is_affine_of(ks_node *node, ks_node *sums) except -1:
    """Whether it scales and shifts the channels of a result, which are its last axis."""
    return (
        node != NULL
        and node.op == KS_OP_channel_affine
        and node.size[1] == sums.size[<int> CHANNELS_AT[sums.op]]
        and node.size[2] == 1
    )


cdef set writes_of(Step step, int64_t i):
    """The addresses that step i may write."""
    cdef ks_node *node = step.steps[i].node
    cdef int k
    if step.steps[i].function != node.forward:
        return {<size_t> node.inputs[k].grad for k in range(node.n_in)}
    # Without an output something is updated in place.
    if node.n_out == 0:
        return {<size_t> node.inputs[k].data for k in range(node.n_in)}
    return {<size_t> node.outputs[k].data for k in range(node.n_out)}


cdef Node fused(list parts):
    """A node that does what these do, one with the result of the other."""
    cdef Node first = parts[0]
    cdef Node last = parts[len(parts) - 1]
    cdef Node affine = parts[1] if (<Node> parts[1]).c.op == KS_OP_channel_affine else None
    cdef int n_in = first.c.n_in + (3 if affine is not None else 0)
    cdef Node node = allocate_node(n_in, 1)
    cdef ks_operand *operands = node.c.inputs
    node.c = first.c
    node.c.n_in = n_in
    node.c.inputs = operands
    node.c.outputs = operands + n_in
    node.c.backward = NULL
    memcpy(operands, first.c.inputs, first.c.n_in * sizeof(ks_operand))
    if affine is not None:
        memcpy(operands + first.c.n_in, affine.c.inputs + 1, 3 * sizeof(ks_operand))
    operands[n_in] = last.c.outputs[0]
    node.c.size[<int> ACTIVATION_AT[first.c.op]] = ACTIVATIONS.get(last.c.op, KS_LINEAR)
    node.storages = [storage for part in parts for storage in (<Node> part).storages]
    return node
