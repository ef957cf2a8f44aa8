"""Random numbers that depend on a key, a counter and a position, and on nothing else.

A state is an int64 tensor (key, counter). Philox4x32-10 (Salmon et al., "Parallel random numbers:
as easy as 1, 2, 3", SC11) turns it into as many numbers as a draw needs, the same for any number
of threads and any instruction set.
"""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_FLOAT64, KS_INT64
from kerasette._core.ops.operands cimport operand, real_operand
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.tape cimport submit
from kerasette._core.dtypes cimport dtype_code
from kerasette._core.tensor cimport Tensor, checked_shape, empty

from kerasette._core.dtypes import floatx


cdef Tensor checked_state(state):
    cdef Tensor tensor = operand(state)
    if tensor.code != KS_INT64 or tensor.shape != (2,):
        raise ValueError(
            "A random state is an int64 tensor of shape (2,). "
            f"Received: shape {tensor.shape}, dtype {tensor.dtype}"
        )
    return tensor


def advance(state):
    """The state of the next draw."""
    cdef Tensor before = checked_state(state)
    cdef Tensor after = empty((2,), KS_INT64)
    submit(new_node(csrc.KS_OP_random_advance, KS_INT64, [before], [after]))
    return after


cdef Tensor draw(int op, state, shape, double first, double second, dtype):
    cdef Tensor start = checked_state(state)
    cdef int code = dtype_code(floatx() if dtype is None else dtype)
    if code > KS_FLOAT64:
        raise ValueError(f"Random numbers are floating-point. Received: dtype={dtype!r}")
    cdef Tensor y = empty(checked_shape(shape), code)
    cdef Node node = new_node(op, code, [start], [y])
    node.c.attr[0] = first
    node.c.attr[1] = second
    submit(node)
    return y


def uniform(state, shape, minval=0.0, maxval=1.0, dtype=None):
    """Uniform numbers in [minval, maxval)."""
    return draw(csrc.KS_OP_random_uniform, state, shape, minval, maxval, dtype)


def normal(state, shape, mean=0.0, stddev=1.0, dtype=None):
    """Normal numbers (Box and Muller, 1958)."""
    return draw(csrc.KS_OP_random_normal, state, shape, mean, stddev, dtype)


def dropout(x, state, double rate):
    """x with a share `rate` of its elements set to 0 and the others divided by 1 - rate.

    Srivastava et al., "Dropout", JMLR 15 (2014), section 10 (inverted).
    """
    cdef Tensor data = real_operand(x)
    cdef Tensor start = checked_state(state)
    if not 0 <= rate < 1:
        raise ValueError(f"rate must be in [0, 1). Received: rate={rate}")
    cdef Tensor y = empty(data.shape, data.code)
    cdef Node node = new_node(csrc.KS_OP_dropout, data.code, [data, start], [y])
    node.c.attr[0] = rate
    add_scratch(node, data.count)
    submit(node)
    return y
