"""Gradients of tables that only an update reads: replays make them while they update.

Of Adam, RMSprop and momentum, which go over the whole table in any case. The place of the gradient
is then neither written nor read, and what is known of its rows stays as true as it was.
"""

from libc.stdint cimport int64_t

from kerasette._core.csrc cimport (
    KS_BAG_MOST_IDS,
    KS_INT32,
    KS_OP_adam,
    KS_OP_bag,
    KS_OP_gather,
    KS_OP_rmsprop,
    KS_OP_sgd,
    KS_UPDATE_WIDEST,
    ks_bag_scratch,
    ks_node,
    ks_operand,
    ks_step,
)
from kerasette._core.dtypes cimport itemsize
from kerasette._core.node cimport Node, backward_twin
from kerasette._core.recording cimport Recording, writes_of
from kerasette._core.tensor cimport Tensor, empty_private


def fuse_tables(Recording recording not None):
    """Leaves the gradient of a table to its update."""
    cdef int64_t i
    for i in range(recording.n_steps):
        if updates_table(&recording.steps[i]):
            update_from(recording, i)
    recording.place()


cdef bint updates_table(const ks_step *step) noexcept:
    """Whether it goes over all rows of a table, of whose gradient it knows rows."""
    cdef const ks_node *node = step.node
    return (
        (node.op == KS_OP_adam or node.op == KS_OP_rmsprop or node.op == KS_OP_sgd)
        and node.n_in > 3
        and step.function == node.forward
        and node.gate == NULL
        and node.scratch != NULL
        and 0 < node.inputs[0].count <= node.size[3] * KS_UPDATE_WIDEST
    )


cdef int update_from(Recording recording, int64_t last) except -1:
    cdef const ks_node *update = recording.steps[last].node
    cdef size_t gradient = <size_t> update.inputs[1].data
    cdef list steps = recording.steps_at(gradient)
    if len(steps) != 2 or steps[1] != last or gradient in recording.read_outside:
        return 0
    cdef int64_t first = steps[0]
    if not is_gradient_of_table(&recording.steps[first], update):
        return 0
    if reads_change(recording, first, last) or others_meet(recording, first, last):
        return 0
    recording.placed[first] = None
    recording.placed[last] = with_rows(recording.nodes[last], recording.nodes[first])
    return 0


cdef bint is_gradient_of_table(const ks_step *step, const ks_node *update) noexcept:
    """Whether it writes what the update reads, rows of that table."""
    cdef const ks_node *node = step.node
    return (
        (node.op == KS_OP_gather or node.op == KS_OP_bag)
        and step.function == node.backward
        and node.gate == NULL
        and node.inputs[0].grad == update.inputs[1].data
        and not node.inputs[0].add
        and node.inputs[0].count == update.inputs[0].count
        and node.size[0] == update.size[3]
        and 0 < node.inputs[1].count <= KS_BAG_MOST_IDS
    )


cdef bint reads_change(Recording recording, int64_t first, int64_t last) except -1:
    """Whether a step between the two writes what the gradient is made of."""
    cdef const ks_node *node = recording.steps[first].node
    cdef int64_t i
    cdef int k
    read = {<size_t> node.inputs[k].data for k in range(1, node.n_in)}
    read.add(<size_t> node.outputs[0].grad)
    for i in range(first + 1, last):
        if read & writes_of(&recording.steps[i]):
            return True
    return False


cdef bint others_meet(Recording recording, int64_t first, int64_t last) except -1:
    """Whether another step has to do with the place of the gradient, also as a part of more."""
    cdef const ks_operand *place = &recording.steps[last].node.inputs[1]
    cdef size_t begin = <size_t> place.data
    cdef size_t end = begin + place.count * itemsize(place.dtype)
    cdef const ks_node *node
    cdef const ks_operand *operand
    cdef size_t size
    cdef int64_t i
    cdef int k
    for i in range(recording.n_steps):
        node = recording.steps[i].node
        if i == first or i == last:
            continue
        for k in range(node.n_in + node.n_out):
            operand = &node.inputs[k]
            size = operand.count * itemsize(operand.dtype)
            if <size_t> operand.data < end and <size_t> operand.data + size > begin:
                return True
            if <size_t> operand.grad < end and <size_t> operand.grad + size > begin:
                return True
    return False


cdef Node with_rows(Node update, Node gradient):
    """The update with the gradient of its table."""
    cdef Node node = backward_twin(update)
    cdef Node bag = backward_twin(gradient)
    cdef Tensor scratch
    if bag.c.op == KS_OP_gather:
        # Each id is a bag of its own.
        bag.c.op = KS_OP_bag
        bag.c.size[2] = bag.c.inputs[1].count
        bag.c.size[3] = 1
        bag.c.size[4] = 0
        scratch = empty_private(((ks_bag_scratch(&bag.c) + 3) // 4,), KS_INT32)
        bag.c.scratch = scratch.data
        bag.c.scratch_bytes = 4 * scratch.count
        bag.storages.append(scratch.storage)
    bag.c.inputs[1].grad = NULL
    node.c.scratch = NULL
    node.c.pool = &bag.c
    node.storages.append(bag)
    return node
