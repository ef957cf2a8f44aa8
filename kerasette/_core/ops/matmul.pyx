"""Matrix products and the fused dense layer."""

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.ops.operands cimport (
    as_dtype,
    common_code,
    operand,
    product,
    real_operand,
    view,
)
from kerasette._core.ops.shape cimport broadcast
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty

# The activations that a dense node applies itself: their derivative follows from their output.
FUSED_ACTIVATIONS = {
    None: csrc.KS_LINEAR,
    "linear": csrc.KS_LINEAR,
    "relu": csrc.KS_RELU,
    "sigmoid": csrc.KS_SIGMOID,
    "tanh": csrc.KS_TANH,
}

cdef int64_t MAX_SIZE = 2**31 - 1


cdef int check_blas_sizes(sizes) except -1:
    for size in sizes:
        if size > MAX_SIZE:
            raise ValueError(f"A matrix product takes sizes up to {MAX_SIZE}. Received: {size}")
    return 0


cdef tuple common_batch(tuple a, tuple b, tuple shape_a, tuple shape_b):
    """The broadcast leading shape of two stacks of matrices."""
    cdef Py_ssize_t n = max(len(a), len(b))
    shape = []
    for size_a, size_b in zip((1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b):
        if size_a != size_b and size_a != 1 and size_b != 1:
            raise ValueError(
                f"The stacks of matrices of shapes {shape_a} and {shape_b} do not fit together."
            )
        shape.append(size_b if size_a == 1 else size_a)
    return tuple(shape)


cdef Tensor stack_of(Tensor x, tuple batch):
    """A stack of matrices with the leading shape `batch`; a single matrix stays single."""
    if product(x.shape[:len(x.shape) - 2]) == 1:
        return x
    return broadcast(x, batch + x.shape[len(x.shape) - 2:])


def matmul(x1, x2):
    """Product of matrices, or of stacks of them, by NumPy's rules.

    A vector is a row on the left, a column on the right; leading axes are broadcast. Products of
    integers are integers; of truth values, whether both are true somewhere.

    Raises
    ------
    ValueError
        If the inner sizes differ, or an operand is a scalar.
    """
    cdef Tensor a = operand(x1)
    cdef Tensor b = operand(x2)
    cdef int code = common_code(a.code, b.code)
    cdef tuple shape_a = a.shape
    cdef tuple shape_b = b.shape
    if not shape_a or not shape_b:
        raise ValueError(f"matmul takes no scalars. Received shapes {shape_a} and {shape_b}.")
    a = as_dtype(a, code)
    b = as_dtype(b, code)
    if len(shape_a) == 1:
        a = view(a, (1, shape_a[0]))
    if len(shape_b) == 1:
        b = view(b, (shape_b[0], 1))
    m, k = a.shape[-2:]
    n = b.shape[-1]
    if b.shape[-2] != k:
        raise ValueError(
            f"matmul: the inner sizes of shapes {shape_a} and {shape_b} differ: {k} and "
            f"{b.shape[-2]}."
        )
    check_blas_sizes((m, n, k))
    cdef tuple batch = common_batch(a.shape[:-2], b.shape[:-2], shape_a, shape_b)
    a = stack_of(a, batch)
    b = stack_of(b, batch)
    cdef Tensor y = empty(batch + (m, n), code)
    cdef Node node = new_node(csrc.KS_OP_matmul, code, [a, b], [y])
    node.c.size[0] = product(batch)
    node.c.size[1] = m
    node.c.size[2] = n
    node.c.size[3] = k
    node.c.size[6] = 0 if a.count == m * k else m * k
    node.c.size[7] = 0 if b.count == k * n else k * n
    submit(node)
    if len(shape_a) > 1 and len(shape_b) > 1:
        return y
    end = () if len(shape_a) == 1 and len(shape_b) == 1 else (m if len(shape_b) == 1 else n,)
    return view(y, batch + end)


def dense(x, kernel, bias=None, activation=None):
    """``activation(x @ kernel + bias)``, in one node.

    Parameters
    ----------
    x : Tensor of shape (..., inputs)
    kernel : Tensor of shape (inputs, units)
    bias : Tensor of shape (units,), optional
    activation : {None, "linear", "relu", "sigmoid", "tanh"}

    Returns
    -------
    Tensor of shape (..., units)

    Raises
    ------
    ValueError
        If the shapes do not fit, or the activation is another one.
    """
    cdef Tensor w = real_operand(kernel)
    cdef Tensor data = real_operand(x)
    cdef Tensor b = None
    if activation not in FUSED_ACTIVATIONS:
        raise ValueError(
            f"dense() applies {sorted(filter(None, FUSED_ACTIVATIONS))}. "
            f"Received: activation={activation!r}"
        )
    if len(w.shape) != 2 or not data.shape or data.shape[-1] != w.shape[0]:
        raise ValueError(
            f"dense: x of shape {data.shape} and kernel of shape {w.shape} do not fit: the last "
            "size of x must be the first of the kernel."
        )
    cdef int code = common_code(data.code, w.code)
    cdef list inputs = [as_dtype(data, code), as_dtype(w, code)]
    if bias is not None:
        b = as_dtype(real_operand(bias), code)
        if b.shape != (w.shape[1],):
            raise ValueError(f"dense: bias has shape {b.shape}, expected ({w.shape[1]},).")
        inputs.append(b)
    k, n = w.shape
    m = product(data.shape[:-1])
    check_blas_sizes((m, n, k))
    cdef Tensor y = empty(data.shape[:-1] + (n,), code)
    cdef Node node = new_node(csrc.KS_OP_dense, code, inputs, [y])
    node.c.size[0] = m
    node.c.size[1] = n
    node.c.size[2] = k
    node.c.size[3] = FUSED_ACTIVATIONS[activation]
    add_scratch(node, csrc.ks_dense_plan_of(&node.c).bytes)
    submit(node)
    return y
