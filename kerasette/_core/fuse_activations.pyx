"""Normalizations and activations that replays leave to another node.

When predicting, a convolution or dense layer scales, shifts and activates its sums while they are
in registers. In training a relu is left to the node before it, forward and backward, and a softmax
to the cross-entropy of the same logits.
"""

from libc.stdint cimport int64_t
from libc.string cimport memcpy

from kerasette._core.csrc cimport (
    KS_CONV_ACTIVATION,
    KS_CONV_CHANNELS,
    KS_CONV_FILTERS,
    KS_LINEAR,
    KS_OP_batch_norm,
    KS_OP_channel_affine,
    KS_OP_conv,
    KS_OP_conv_transpose,
    KS_OP_dense,
    KS_OP_relu,
    KS_OP_sigmoid,
    KS_OP_softmax,
    KS_OP_softmax_crossentropy,
    KS_OP_sparse_softmax_crossentropy,
    KS_OP_tanh,
    KS_RELU,
    KS_SIGMOID,
    KS_TANH,
    ks_node,
    ks_operand,
    ks_step,
)
from kerasette._core.node cimport Node, allocate_node, backward_twin
from kerasette._core.recording cimport Recording, is_forward, writes_of

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


def fuse_activations(Recording recording not None):
    """Makes one node of several, one with the result of the other."""
    cdef int64_t i
    for i in range(recording.n_steps):
        if takes_more(&recording.steps[i]) and not fold_from(recording, i):
            rectify_from(recording, i)
        elif is_forward(&recording.steps[i], KS_OP_softmax):
            leave_to_loss(recording, i)
    recording.place()


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


cdef bint fold_from(Recording recording, int64_t first) except -1:
    """Makes one node of step `first` and what is done with its result alone, if there is
    anything and no gradient of it is taken."""
    cdef list chain = [first]
    cdef int64_t reader
    if recording.steps[first].node.op not in CHANNELS_AT:
        return False
    reader = recording.only_reader(first)
    if is_affine_of(recording.call_of(reader, first), recording.steps[first].node):
        chain.append(reader)
        reader = recording.only_reader(reader)
    cdef ks_node *activation = recording.call_of(reader, chain[len(chain) - 1])
    if activation != NULL and activation.op in ACTIVATIONS:
        chain.append(reader)
    cdef int64_t last = chain[len(chain) - 1]
    if last == first or recording.is_changed(first, last):
        return False
    recording.placed.update(dict.fromkeys(chain))
    recording.placed[last] = folded([recording.nodes[i] for i in chain])
    return True


cdef bint is_affine_of(ks_node *node, ks_node *sums) except -1:
    """Whether it scales and shifts the channels of a result, which are its last axis."""
    return (
        node != NULL
        and node.op == KS_OP_channel_affine
        and node.size[1] == sums.size[<int> CHANNELS_AT[sums.op]]
        and node.size[2] == 1
    )


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


cdef int rectify_from(Recording recording, int64_t first) except -1:
    """Leaves out a relu after step `first` and its gradient, which follows from its result."""
    cdef list steps = recording.pair_on(first)
    cdef list nodes = recording.nodes
    if steps is None or recording.steps[<int64_t> steps[1]].node.op != KS_OP_relu:
        return 0
    recording.placed[first] = rectified(nodes[first], nodes[steps[1]])
    recording.placed[steps[1]] = None
    if len(steps) == 4:
        recording.placed[steps[2]] = None
        recording.placed[steps[3]] = rectified(nodes[steps[3]], nodes[steps[2]])
    return 0


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


cdef int leave_to_loss(Recording recording, int64_t first) except -1:
    """Leaves out a softmax that a cross-entropy of the same logits makes for itself, and has that
    put it where the one left out would be."""
    cdef ks_node *softmax = recording.steps[first].node
    cdef list steps = losses_of(recording, first)
    if not steps or softmax.gate != NULL or recording.is_changed(first, steps[0]):
        return 0
    cdef list others = recording.steps_on(first)
    if len(others) > 1 and others[1] < steps[0]:
        return 0
    address = <size_t> softmax.outputs[0].data
    for i in range(first + 1, steps[len(steps) - 1]):
        if address in writes_of(&recording.steps[<int64_t> i]):
            return 0
    recording.placed[first] = None
    for i in steps:
        recording.placed[i] = with_softmax_at(recording.nodes[i], recording.nodes[first])
    return 0


cdef list losses_of(Recording recording, int64_t first):
    """The first cross-entropy after a softmax, of the same logits, and its gradient, if it has
    one."""
    cdef ks_node *softmax = recording.steps[first].node
    cdef ks_node *node
    cdef list found = []
    for i in recording.steps_at(<size_t> softmax.inputs[0].data):
        node = recording.steps[<int64_t> i].node
        if i < first or node.gate != NULL:
            continue
        if node.op not in (KS_OP_softmax_crossentropy, KS_OP_sparse_softmax_crossentropy):
            continue
        if node.inputs[0].data != softmax.inputs[0].data or node.size[1] != softmax.size[1]:
            continue
        if found:
            is_next = is_gradient_step(recording, found[0], i)
        else:
            is_next = recording.steps[<int64_t> i].function == node.forward
        if is_next:
            found.append(i)
    return found


cdef bint is_gradient_step(Recording recording, int64_t first, int64_t i) noexcept:
    """Whether step i is the backward call of step `first`."""
    cdef const ks_node *node = recording.steps[i].node
    return (
        recording.steps[i].function == node.backward
        and node.scratch == recording.steps[first].node.scratch
    )


cdef Node with_softmax_at(Node loss, Node softmax):
    twin = backward_twin(loss)
    twin.c.scratch = softmax.c.outputs[0].data
    twin.storages.extend(softmax.storages)
    return twin
