"""Means of rows that are taken from a table: one node in replays, which copies no row."""

from libc.stdint cimport int64_t

from kerasette._core cimport runtime
from kerasette._core.csrc cimport (
    KS_BAG_MOST_IDS,
    KS_INT32,
    KS_OP_bag,
    KS_OP_gather,
    KS_OP_mean,
    ks_bag_scratch,
    ks_node,
    ks_op_entry,
)
from kerasette._core.node cimport Node, backward_twin
from kerasette._core.recording cimport Recording, is_forward
from kerasette._core.tensor cimport Tensor, empty_private


def fuse_bags(Recording recording not None):
    """Makes a bag of a gather and a mean over its rows, and of their gradients."""
    cdef int64_t i
    for i in range(recording.n_steps):
        if is_forward(&recording.steps[i], KS_OP_gather):
            bag_from(recording, i)
    recording.place()


cdef int bag_from(Recording recording, int64_t first) except -1:
    cdef list steps = recording.pair_on(first)
    cdef list nodes = recording.nodes
    if steps is None:
        return 0
    if not is_mean_of(recording.steps[<int64_t> steps[1]].node, recording.steps[first].node):
        return 0
    recording.placed[first] = bag_of(nodes[first], nodes[steps[1]])
    recording.placed[steps[1]] = None
    if len(steps) == 4:
        recording.placed[steps[2]] = None
        recording.placed[steps[3]] = gradient_of(bag_of(nodes[steps[3]], nodes[steps[2]]))
    return 0


cdef bint is_mean_of(const ks_node *mean, const ks_node *gather) noexcept:
    """Whether it is a mean over rows, which are whole. A mean of single numbers adds them up in
    another order."""
    return (
        mean.op == KS_OP_mean
        and gather.gate == NULL
        and mean.size[2] == gather.size[1] > 1
        and 0 < gather.inputs[1].count <= KS_BAG_MOST_IDS
    )


cdef Node bag_of(Node gather, Node mean):
    """The node of both, forward or backward."""
    cdef Node bag = backward_twin(gather)
    cdef const ks_op_entry *entry = &runtime.context.ops[gather.c.dtype][<int> KS_OP_bag]
    bag.c.op = KS_OP_bag
    bag.c.forward = entry.forward
    bag.c.backward = entry.backward
    bag.c.outputs[0] = mean.c.outputs[0]
    bag.c.size[2] = mean.c.size[0]
    bag.c.size[3] = mean.c.size[1]
    bag.c.size[4] = 1
    bag.storages.extend(mean.storages)
    return bag


cdef Node gradient_of(Node bag):
    """The same with what its gradient needs; the flags of rows stand where a gather has them."""
    cdef Tensor scratch
    bag.c.inputs[1].grad = bag.c.scratch
    scratch = empty_private(((ks_bag_scratch(&bag.c) + 3) // 4,), KS_INT32)
    bag.c.scratch = scratch.data
    bag.c.scratch_bytes = 4 * scratch.count
    bag.storages.append(scratch.storage)
    return bag
