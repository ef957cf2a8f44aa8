"""What replays of a recording leave out: nodes that another one does as well.

While a step is recorded each op runs by itself. Before it is replayed, chains of nodes whose
results in between nobody else reads become one node, which does the same operations in the same
order on numbers that are still in registers: replays keep the bits of the recorded run. In training
a relu is left to the node before it, forward and backward. And where the result of a convolution is
pooled, the pooling goes along with it, forward and backward, a few images at a time: numbers that
are still in the cache.
"""

from libc.stdint cimport int64_t
from libc.string cimport memcpy

from kerasette._core.csrc cimport (
    KS_CONV_ACTIVATION,
    KS_CONV_BATCH,
    KS_CONV_CHANNELS,
    KS_CONV_FILTERS,
    KS_CONV_INPUT,
    KS_CONV_OUTPUT,
    KS_LINEAR,
    KS_OP_average_pool,
    KS_OP_batch_norm,
    KS_OP_channel_affine,
    KS_OP_conv,
    KS_OP_conv_transpose,
    KS_OP_dense,
    KS_OP_max_pool,
    KS_OP_relu,
    KS_OP_sigmoid,
    KS_OP_tanh,
    KS_OP_view,
    KS_RELU,
    KS_SIGMOID,
    KS_TANH,
    ks_conv_takes_pool,
    ks_node,
    ks_operand,
    ks_step,
)
from kerasette._core.node cimport Node, allocate_node, backward_twin
from kerasette._core.step cimport Step
from kerasette._core.tensor cimport Tensor

# Ops that take an activation into their last loop, and where their sizes say which; and those that
# take a channel_affine before that, and where it says how many channels the result has.
cdef dict ACTIVATION_AT = {
    KS_OP_conv: KS_CONV_ACTIVATION, KS_OP_conv_transpose: KS_CONV_ACTIVATION, KS_OP_dense: 3,
    KS_OP_batch_norm: 3,
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
    Recording(step, outputs).shorten()
    Recording(step, outputs).pool()


cdef bint takes_more(const ks_step *step) except -1:
    """Whether it is a forward call that an affine or an activation may be added to."""
    cdef const ks_node *node = step.node
    place = ACTIVATION_AT.get(node.op)
    return (
        place is not None
        and step.function == node.forward
        and node.n_in <= 3
        and node.outputs[0].count > 0
        and node.gate == NULL
        and node.size[<int> place] == KS_LINEAR
    )


cdef class Recording:
    """The steps of a recording, and which of them meet the memory of which result."""

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

    def __init__(self, Step step, outputs):
        self.step = step
        self.steps = step.program().steps
        self.nodes = step.nodes_replayed()
        self.n_steps = len(self.nodes)
        self.read_outside = {
            <size_t> (<Tensor> output).data for output in outputs if isinstance(output, Tensor)
        }
        self.placed = {}

    cdef int shorten(self) except -1:
        """Makes one node of several, one with the result of the other."""
        cdef int64_t i
        for i in range(self.n_steps):
            if takes_more(&self.steps[i]) and not self.fold_from(i):
                self.rectify_from(i)
        return self.place()

    cdef int pool(self) except -1:
        """Has poolings go along with convolutions."""
        cdef int64_t i
        for i in range(self.n_steps):
            if is_forward(&self.steps[i], KS_OP_conv):
                self.pool_along(i)
        return self.place()

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
        if self.meetings is None:
            self.note_meetings()
        return self.meetings[<size_t> self.steps[i].node.outputs[0].data]

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

    cdef bint fold_from(self, int64_t first) except -1:
        """Makes one node of step `first` and what is done with its result alone, if there is
        anything and no gradient of it is taken."""
        cdef list chain = [first]
        cdef int64_t reader
        if self.steps[first].node.op not in CHANNELS_AT:
            return False
        reader = self.only_reader(first)
        if is_affine_of(self.call_of(reader, first), self.steps[first].node):
            chain.append(reader)
            reader = self.only_reader(reader)
        cdef ks_node *activation = self.call_of(reader, chain[len(chain) - 1])
        if activation != NULL and activation.op in ACTIVATIONS:
            chain.append(reader)
        cdef int64_t last = chain[len(chain) - 1]
        if last == first or self.is_changed(first, last):
            return False
        self.placed.update(dict.fromkeys(chain))
        self.placed[last] = folded([self.nodes[i] for i in chain])
        return True

    cdef int rectify_from(self, int64_t first) except -1:
        """Leaves out a relu after step `first` and its gradient, which follows from its result."""
        cdef ks_node *source = self.steps[first].node
        cdef size_t address = <size_t> source.outputs[0].data
        cdef list steps = self.steps_on(first)
        if address in self.read_outside or len(steps) not in (2, 4) or steps[0] != first:
            return 0
        cdef ks_node *relu = self.call_of(steps[1], first)
        if relu == NULL or relu.op != KS_OP_relu:
            return 0
        if self.meetings[<size_t> relu.outputs[0].data][0] != steps[1]:
            return 0
        if len(steps) == 4 and not self.is_gradient_of(steps, source):
            return 0
        self.placed[first] = rectified(self.nodes[first], self.nodes[steps[1]])
        self.placed[steps[1]] = None
        if len(steps) == 4:
            self.placed[steps[2]] = None
            self.placed[steps[3]] = rectified(self.nodes[steps[3]], self.nodes[steps[2]])
        return 0

    cdef bint is_gradient_of(self, list steps, ks_node *source) except -1:
        """Whether the last two of these four steps are the gradients of the first two, the first
        of which runs `source`, and nothing but the result of the one is read by the other."""
        cdef ks_node *relu = self.steps[<int64_t> steps[2]].node
        cdef ks_node *last = self.steps[<int64_t> steps[3]].node
        if self.steps[<int64_t> steps[2]].function != relu.backward or relu.op != KS_OP_relu:
            return False
        if self.steps[<int64_t> steps[3]].function != source.backward:
            return False
        between = <size_t> relu.inputs[0].grad
        return (
            relu.inputs[0].data == source.outputs[0].data
            and last.outputs[0].data == source.outputs[0].data
            and <size_t> last.outputs[0].grad == between
            and not relu.inputs[0].add
            and between not in self.read_outside
            and self.meetings[between] == steps[2:]
            and not any([
                <size_t> relu.outputs[0].grad in writes_of(&self.steps[i])
                for i in range(steps[2] + 1, steps[3])
            ])
        )

    cdef int pool_along(self, int64_t conv) except -1:
        """Has the only pooling of a convolution's result go along with it, where nobody else reads
        that result, or its gradient passes from the one to the other and is nobody else's."""
        cdef ks_node *node = self.steps[conv].node
        cdef ks_node *backward
        cdef ks_node *slope
        if node.gate != NULL or node.pool != NULL or not ks_conv_takes_pool(node):
            return 0
        steps = self.steps_on(conv)
        pools = [i for i in steps if pools_result_of(&self.steps[i], node, True)]
        slopes = [i for i in steps if pools_result_of(&self.steps[i], node, False)]
        backwards = [i for i in steps if is_backward_of(&self.steps[i], node)]
        if len(pools) == 1 and not slopes and self.only_reader(conv) == pools[0]:
            self.placed[pools[0]] = None
            self.placed[conv] = self.with_pool(conv, pools[0])
            (<Node> self.placed[conv]).c.backward = NULL
            return 0
        if not len(pools) == len(slopes) == len(backwards) == 1 or slopes > backwards:
            return 0
        backward = self.steps[<int64_t> backwards[0]].node
        slope = self.steps[<int64_t> slopes[0]].node
        gradient = <size_t> backward.outputs[0].grad
        if (
            gradient != <size_t> slope.inputs[0].grad
            or slope.inputs[0].add
            or self.meetings[gradient] != slopes + backwards
            or gradient in self.read_outside
        ):
            return 0
        self.placed.update(dict.fromkeys(pools + slopes))
        self.placed[conv] = self.with_pool(conv, pools[0])
        self.placed[backwards[0]] = self.with_pool(backwards[0], slopes[0])
        return 0

    cdef Node with_pool(self, int64_t conv, int64_t pool):
        """The node of step `conv` with that of step `pool`."""
        cdef Node node = backward_twin(self.nodes[conv])
        node.c.pool = self.steps[pool].node
        node.storages.append(self.nodes[pool])
        return node


cdef bint is_forward(const ks_step *step, int op) noexcept:
    return step.node.op == op and step.function == step.node.forward


cdef bint pools_result_of(const ks_step *step, const ks_node *conv, bint forward) noexcept:
    """Whether it is a call of a pooling's forward or backward half, over a convolution's result."""
    cdef const ks_node *node = step.node
    cdef int axis
    if node.op != KS_OP_max_pool and node.op != KS_OP_average_pool:
        return False
    if node.gate != NULL or node.inputs[0].data != conv.outputs[0].data:
        return False
    for axis in range(3):
        if node.size[<int> KS_CONV_INPUT + axis] != conv.size[<int> KS_CONV_OUTPUT + axis]:
            return False
    return (
        node.size[<int> KS_CONV_BATCH] == conv.size[<int> KS_CONV_BATCH]
        and node.size[<int> KS_CONV_CHANNELS] == conv.size[<int> KS_CONV_FILTERS]
        and (step.function == node.forward) == forward
    )


cdef bint is_backward_of(const ks_step *step, const ks_node *conv) noexcept:
    """Whether it is a call of a convolution's backward half."""
    cdef const ks_node *node = step.node
    return (
        node.op == KS_OP_conv
        and step.function == node.backward
        and node.outputs[0].data == conv.outputs[0].data
        and node.gate == NULL
    )


cdef bint is_affine_of(ks_node *node, ks_node *sums) except -1:
    """Whether it scales and shifts the channels of a result, which are its last axis."""
    return (
        node != NULL
        and node.op == KS_OP_channel_affine
        and node.size[1] == sums.size[<int> CHANNELS_AT[sums.op]]
        and node.size[2] == 1
    )


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


cdef Node rectified(Node node, Node relu):
    """The node with the relu of its result, forward or backward, instead of that."""
    cdef Node twin = backward_twin(node)
    cdef ks_operand *result = twin.c.outputs
    # Of a layer without activation, room for the gradient behind it is needed: here it was.
    if node.c.op == KS_OP_dense and result.grad != NULL:
        twin.c.scratch = result.grad
    result.data = relu.c.outputs[0].data
    result.grad = relu.c.outputs[0].grad
    twin.c.size[<int> ACTIVATION_AT[node.c.op]] = KS_RELU
    twin.storages.extend(relu.storages)
    return twin


cdef Node folded(list parts):
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
