"""Poolings that go along with a convolution in replays, forward and backward.

They do so a few images at a time, on numbers that are still in the cache.
"""

from libc.stdint cimport int64_t

from kerasette._core.csrc cimport (
    KS_CONV_BATCH,
    KS_CONV_CHANNELS,
    KS_CONV_FILTERS,
    KS_CONV_INPUT,
    KS_CONV_OUTPUT,
    KS_OP_average_pool,
    KS_OP_conv,
    KS_OP_max_pool,
    ks_conv_takes_pool,
    ks_node,
    ks_step,
)
from kerasette._core.node cimport Node, backward_twin
from kerasette._core.recording cimport Recording, is_forward


def fuse_pools(Recording recording not None):
    """Has poolings go along with convolutions."""
    cdef int64_t i
    for i in range(recording.n_steps):
        if is_forward(&recording.steps[i], KS_OP_conv):
            pool_along(recording, i)
    recording.place()


cdef int pool_along(Recording recording, int64_t conv) except -1:
    """Has the only pooling of a convolution's result go along with it, where nobody else reads
    that result, or its gradient passes from the one to the other and is nobody else's."""
    cdef ks_node *node = recording.steps[conv].node
    cdef ks_node *backward
    cdef ks_node *slope
    if node.gate != NULL or node.pool != NULL or not ks_conv_takes_pool(node):
        return 0
    steps = recording.steps_on(conv)
    pools = [i for i in steps if pools_result_of(&recording.steps[i], node, True)]
    slopes = [i for i in steps if pools_result_of(&recording.steps[i], node, False)]
    backwards = [i for i in steps if is_backward_of(&recording.steps[i], node)]
    if len(pools) == 1 and not slopes and recording.only_reader(conv) == pools[0]:
        recording.placed[pools[0]] = None
        recording.placed[conv] = with_pool(recording, conv, pools[0])
        # Its result need not be kept.
        (<Node> recording.placed[conv]).c.backward = NULL
        return 0
    if not len(pools) == len(slopes) == len(backwards) == 1 or slopes > backwards:
        return 0
    backward = recording.steps[<int64_t> backwards[0]].node
    slope = recording.steps[<int64_t> slopes[0]].node
    gradient = <size_t> backward.outputs[0].grad
    if (
        gradient != <size_t> slope.inputs[0].grad
        or slope.inputs[0].add
        or recording.meetings[gradient] != slopes + backwards
        or gradient in recording.read_outside
    ):
        return 0
    recording.placed.update(dict.fromkeys(pools + slopes))
    recording.placed[conv] = with_pool(recording, conv, pools[0])
    recording.placed[backwards[0]] = with_pool(recording, backwards[0], slopes[0])
    return 0


cdef Node with_pool(Recording recording, int64_t conv, int64_t pool):
    """The node of step `conv` with that of step `pool`."""
    cdef Node node = backward_twin(recording.nodes[conv])
    node.c.pool = recording.steps[pool].node
    node.storages.append(recording.nodes[pool])
    return node


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
