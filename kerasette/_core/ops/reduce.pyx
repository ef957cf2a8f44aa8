"""Sums, means, extrema over axes."""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_BOOL, KS_INT32
from kerasette._core.ops.operands cimport (
    as_dtype,
    axes_of,
    checked_axis,
    checked_bool,
    operand,
    product,
    real_operand,
    view,
)
from kerasette._core.ops.shape cimport permuted
from kerasette._core.node cimport Node, new_node
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty


cdef Tensor reduced(int op, Tensor x, axis, keepdims, int out_code):
    """Brings the reduced axes side by side, and reduces (outer, reduced, inner)."""
    cdef Py_ssize_t n = len(x.shape)
    cdef list axes = sorted(axes_of(axis, n))
    cdef list kept = [i for i in range(n) if i not in axes]
    cdef tuple shape = tuple([x.shape[i] for i in kept])
    cdef tuple full = tuple([1 if i in axes else x.shape[i] for i in range(n)])
    cdef Py_ssize_t first = axes[0] if axes else 0
    cdef Py_ssize_t last = axes[len(axes) - 1] + 1 if axes else 0
    if last - first != len(axes):
        x = permuted(x, kept + axes)
        first, last = len(kept), n
    cdef tuple sizes = x.shape
    cdef Tensor y = empty(full if checked_bool(keepdims, "keepdims") else shape, out_code)
    cdef Node node = new_node(op, x.code, [x], [y])
    node.c.size[0] = product(sizes[:first])
    node.c.size[1] = product(sizes[first:last])
    node.c.size[2] = product(sizes[last:])
    submit(node)
    return y


cdef int check_not_empty(Tensor x, axis, str name) except -1:
    for a in axes_of(axis, len(x.shape)):
        if x.shape[a] == 0:
            raise ValueError(f"{name}() of no elements: axis {a} of shape {x.shape} is empty.")
    return 0


def sum(x, axis=None, keepdims=False):
    """Sum over all axes, or over `axis` (int or tuple). Bools are counted."""
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_BOOL:
        tensor = as_dtype(tensor, KS_INT32)
    return reduced(csrc.KS_OP_sum, tensor, axis, keepdims, tensor.code)


def mean(x, axis=None, keepdims=False):
    """Mean over all axes, or over `axis` (int or tuple); nan over no elements."""
    cdef Tensor tensor = real_operand(x)
    return reduced(csrc.KS_OP_mean, tensor, axis, keepdims, tensor.code)


def squared_norm(x, axis=None, keepdims=False):
    """Sum of the squares over all axes, or over `axis` (int or tuple)."""
    cdef Tensor tensor = real_operand(x)
    return reduced(csrc.KS_OP_squared_norm, tensor, axis, keepdims, tensor.code)


def prod(x, axis=None, keepdims=False):
    """Product over all axes, or over `axis` (int or tuple); 1 over no elements."""
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_BOOL:
        tensor = as_dtype(tensor, KS_INT32)
    return reduced(csrc.KS_OP_prod, tensor, axis, keepdims, tensor.code)


def any(x, axis=None, keepdims=False):
    """Whether one is true (not 0), over all axes or over `axis` (int or tuple); bool."""
    return reduced(csrc.KS_OP_sum, as_dtype(operand(x), KS_BOOL), axis, keepdims, KS_BOOL)


def cumsum(x, axis):
    """Sums of each element and all before it along `axis`."""
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_BOOL:
        tensor = as_dtype(tensor, KS_INT32)
    cdef int place = checked_axis(axis, len(tensor.shape))
    cdef Tensor y = empty(tensor.shape, tensor.code)
    cdef Node node = new_node(csrc.KS_OP_cumsum, tensor.code, [tensor], [y])
    node.c.size[0] = product(tensor.shape[:place])
    node.c.size[1] = tensor.shape[place]
    node.c.size[2] = product(tensor.shape[place + 1:])
    submit(node)
    return y


def max(x, axis=None, keepdims=False):
    """Maximum; nan if there is one. Equal maxima share the gradient."""
    cdef Tensor tensor = operand(x)
    check_not_empty(tensor, axis, "max")
    return reduced(csrc.KS_OP_max, tensor, axis, keepdims, tensor.code)


def min(x, axis=None, keepdims=False):
    """Minimum; nan if there is one. Equal minima share the gradient."""
    cdef Tensor tensor = operand(x)
    check_not_empty(tensor, axis, "min")
    return reduced(csrc.KS_OP_min, tensor, axis, keepdims, tensor.code)


cdef Tensor arg(int op, x, axis, keepdims, str name):
    cdef Tensor tensor = operand(x)
    cdef tuple shape
    check_not_empty(tensor, axis, name)
    if axis is None:
        shape = (1,) * len(tensor.shape) if checked_bool(keepdims, "keepdims") else ()
        return view(reduced(op, view(tensor, (tensor.count,)), 0, False, KS_INT32), shape)
    if isinstance(axis, (tuple, list)):
        raise ValueError(f"{name}() takes one axis. Received: axis={axis}")
    return reduced(op, tensor, axis, keepdims, KS_INT32)


def argmax(x, axis=None, keepdims=False):
    """Index (int32) of the first maximum along `axis`, or in the flattened tensor."""
    return arg(csrc.KS_OP_argmax, x, axis, keepdims, "argmax")


def argmin(x, axis=None, keepdims=False):
    """Index (int32) of the first minimum along `axis`, or in the flattened tensor."""
    return arg(csrc.KS_OP_argmin, x, axis, keepdims, "argmin")
