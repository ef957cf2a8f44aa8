"""The order of elements."""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_INT32
from kerasette._core.ops.operands cimport operand, product
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty


def order(x, k, falling):
    """Places (int32) along the last axis of the first k in rising or falling order.

    Of equals the first comes first; nan is the largest. `k` is not more than there are.
    """
    cdef Tensor tensor = operand(x)
    cdef tuple lead = tensor.shape[:-1]
    cdef Tensor y = empty((*lead, k), KS_INT32)
    cdef Node node = new_node(csrc.KS_OP_order, tensor.code, [tensor], [y])
    if tensor.shape[-1] >= 2**31:
        raise ValueError(f"At most 2**31 - 1 elements can be ordered. The shape is {tensor.shape}.")
    node.c.size[0] = product(lead)
    node.c.size[1] = tensor.shape[-1]
    node.c.size[2] = k
    node.c.size[3] = bool(falling)
    add_scratch(node, 8 * tensor.count)
    submit(node)
    return y
