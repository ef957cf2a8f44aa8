"""Nodes: recorded calls of C functions on buffers."""

from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy

from kerasette._core cimport runtime
from kerasette._core.csrc cimport (
    KS_INDEX_OUT_OF_RANGE,
    KS_INT32,
    KS_OK,
    ks_function,
    ks_node,
    ks_op_entry,
    ks_operand,
    ks_program,
    ks_status,
    ks_step,
)
from kerasette._core.dtypes cimport dtype_name
from kerasette._core.tensor cimport Tensor, empty

# Releasing the GIL costs about 0.1 us; only work that takes longer is worth it.
cdef int64_t GIL_ELEMENTS = 8192


cdef class Node:
    def __dealloc__(self):
        free(self.more_operands)


cdef Node allocate_node(int n_in, int n_out):
    cdef Node node = Node.__new__(Node)
    cdef ks_operand *operands = node.inline_operands
    if n_in + n_out > INLINE_OPERANDS:
        operands = <ks_operand *> calloc(n_in + n_out, sizeof(ks_operand))
        if operands == NULL:
            raise MemoryError
        node.more_operands = operands
    node.c.n_in = n_in
    node.c.n_out = n_out
    node.n_tracked = 1
    node.c.inputs = operands
    node.c.outputs = operands + n_in
    return node


cdef Node new_node(int op, int code, list inputs, list outputs):
    cdef int n_in = <int> len(inputs)
    cdef Node node = allocate_node(n_in, <int> len(outputs))
    cdef const ks_op_entry *entry = &runtime.context.ops[code][op]
    cdef ks_operand *operand = node.c.inputs
    cdef Tensor tensor
    if entry.forward == NULL:
        # The ops of domain REAL in ks_ops.h.
        raise TypeError(
            f"{(<bytes> entry.name).decode()} is defined for float32 and float64 tensors. "
            f"Received dtype {dtype_name(code)}; cast to a floating-point dtype first."
        )
    node.c.op = op
    node.c.dtype = code
    node.c.forward = entry.forward
    node.c.backward = entry.backward
    node.tensors = inputs + outputs
    node.storages = []
    for tensor in node.tensors:
        operand.data = tensor.data
        operand.count = tensor.count
        operand.dtype = tensor.code
        node.storages.append(tensor.storage)
        operand += 1
    return node


cdef int add_scratch(Node node, int64_t nbytes) except -1:
    """Memory that forward leaves for backward, or backward needs for itself."""
    node.scratch_of = empty(((nbytes + 3) // 4,), KS_INT32)
    node.c.scratch = node.scratch_of.data
    node.c.scratch_bytes = nbytes
    node.storages.append(node.scratch_of.storage)
    return 0


cdef Node backward_twin(Node node):
    """A node over the same operands, for one call of backward: gradients belong to a call."""
    cdef int n_in = node.c.n_in
    cdef int n_out = node.c.n_out
    cdef Node twin = allocate_node(n_in, n_out)
    cdef ks_operand *operands = twin.c.inputs
    memcpy(operands, node.c.inputs, (n_in + n_out) * sizeof(ks_operand))
    twin.c = node.c
    twin.c.inputs = operands
    twin.c.outputs = operands + n_in
    twin.n_tracked = node.n_tracked
    twin.scratch_of = node.scratch_of
    twin.tensors = node.tensors
    twin.storages = list(node.storages)
    return twin


cdef int set_gate(Node node, Tensor condition) except -1:
    node.c.gate = <const uint8_t *> condition.data
    node.storages.append(condition.storage)
    return 0


cdef str op_name(ks_node *node):
    return (<bytes> runtime.context.ops[node.dtype][node.op].name).decode()


cdef int raise_for(ks_status status, ks_node *node) except -1:
    name = op_name(node)
    if status == KS_INDEX_OUT_OF_RANGE:
        least, limit = 0, node.size[0 if name in ("gather", "bag", "scatter") else 1]
        if name == "flat_index":
            limit = node.size[1 + node.error_position % node.size[0]]
            least = -limit
        raise ValueError(
            f"{name}: value {node.error_value} at position {node.error_position} is out of range: "
            f"expected an index in [{least}, {limit})."
        )
    raise RuntimeError(f"{name} failed with status {status}")


cdef int run_node(ks_function function, ks_node *node) except -1:
    cdef ks_step step
    cdef ks_program program
    cdef ks_node *failed = NULL
    cdef ks_status status
    cdef int64_t work = 0
    cdef int i
    step.function = function
    step.node = node
    program.steps = &step
    program.n_steps = 1
    for i in range(node.n_in):
        work += node.inputs[i].count
    if work < GIL_ELEMENTS:
        status = runtime.run_program(&program, &failed)
    else:
        with nogil:
            status = runtime.run_program(&program, &failed)
    if status != KS_OK:
        raise_for(status, failed)
    return 0
