"""Activation functions."""

from libc.math cimport INFINITY

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_INT32, KS_INT64
from kerasette._core.ops.operands cimport operand, real_operand, unary
from kerasette._core.node cimport Node, new_node
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty

from kerasette._core.ops.elementwise import maximum


cdef Tensor with_numbers(int op, x, tuple numbers, bint flag=False):
    """A node whose attributes are `numbers`."""
    cdef Tensor tensor = real_operand(x)
    cdef Tensor y = empty(tensor.shape, tensor.code)
    cdef Node node = new_node(op, tensor.code, [tensor], [y])
    for i, number in enumerate(numbers):
        node.c.attr[<int> i] = <double> float(number)
    node.c.size[0] = flag
    submit(node)
    return y


def relu(x):
    """max(x, 0); the gradient at 0 is 0. Integers stay integers."""
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_INT32 or tensor.code == KS_INT64:
        return maximum(tensor, 0)
    return unary(csrc.KS_OP_relu, real_operand(tensor))


def bounded_relu(x, negative_slope, max_value, threshold, open_end):
    """x between bounds above `threshold`, ``negative_slope * (x - threshold)`` below.

    Without `max_value` there are no bounds; with it they are 0 and `max_value`, and the gradient
    there is 1, or 0 with `open_end`.
    """
    least, most = (-INFINITY, INFINITY) if max_value is None else (0.0, max_value)
    return with_numbers(
        csrc.KS_OP_bounded_relu, x, (negative_slope, least, most, threshold), not open_end
    )


def leaky_relu(x, negative_slope):
    """x above 0, ``negative_slope * x`` below; the gradient at 0 is the slope."""
    return with_numbers(csrc.KS_OP_leaky_relu, x, (negative_slope,))


def elu(x, alpha, scale, speed):
    """``scale * x`` above 0, ``scale * alpha * (exp(speed * x) - 1)`` below."""
    return with_numbers(csrc.KS_OP_elu, x, (alpha, scale, speed))


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    cdef Tensor logits = real_operand(x)
    cdef Tensor y = unary(csrc.KS_OP_sigmoid, logits)
    y.cached_activation = "sigmoid"
    y.cached_logits = logits
    return y


def tanh(x):
    """Hyperbolic tangent."""
    return unary(csrc.KS_OP_tanh, real_operand(x))


def softplus(x):
    """log(1 + exp(x))."""
    return unary(csrc.KS_OP_softplus, real_operand(x))


def softsign(x):
    """x / (1 + abs(x))."""
    return unary(csrc.KS_OP_softsign, real_operand(x))


def silu(x):
    """x * sigmoid(x)."""
    return unary(csrc.KS_OP_silu, real_operand(x))


def gelu(x, approximate):
    """x times the share of a normal distribution that lies below x, exactly or approximately."""
    return unary(csrc.KS_OP_gelu_tanh if approximate else csrc.KS_OP_gelu, real_operand(x))


def hard_sigmoid(x):
    """(x + 3) / 6, not below 0 and not above 1; the gradient at both ends is 0."""
    return unary(csrc.KS_OP_hard_sigmoid, real_operand(x))
