"""What ops do with their arguments before they make a node."""

import functools

import numpy as np

from libc.stdint cimport int64_t

from kerasette._core.csrc cimport (
    KS_BOOL,
    KS_FLOAT64,
    KS_INT32,
    KS_INT64,
    KS_OP_cast,
    KS_OP_view,
)
from kerasette._core.node cimport Node, new_node
from kerasette._core.recursion cimport Py_EnterRecursiveCall, Py_LeaveRecursiveCall
from kerasette._core.step cimport current_value
from kerasette._core.tape cimport submit
from kerasette._core.dtypes cimport dtype_code
from kerasette._core.tensor cimport Tensor, alias, constant, empty, tensor_of

from kerasette._core.dtypes import floatx
from kerasette._core.variable import Variable


# Types of most arguments, which hold no symbolic tensor: known at a glance.
cdef frozenset PLAIN = frozenset({Tensor, Variable, np.ndarray, int, float, bool, str, type(None)})

cdef type symbolic_kind = None


def set_symbolic_kind(type kind):
    """Tells which class symbolic tensors are of; it is no part of the core."""
    global symbolic_kind
    symbolic_kind = kind


cdef bint is_symbolic(value) except -1:
    kind = type(value)
    if kind in PLAIN:
        return False
    if isinstance(value, symbolic_kind):
        return True
    if not isinstance(value, (list, tuple, dict)):
        return False
    # A list may hold itself.
    Py_EnterRecursiveCall(b" among the arguments of an op")
    try:
        return holds_symbolic(value.values() if isinstance(value, dict) else value)
    finally:
        Py_LeaveRecursiveCall()


cpdef bint holds_symbolic(values) except -1:
    """Whether there is a symbolic tensor among values, or in lists, tuples and dicts of them."""
    for value in values:
        if is_symbolic(value):
            return True
    return False


def dispatching(function, call_symbolically):
    """`function`, but for calls that have something symbolic among their arguments.

    Compiled, because each op of the user's own loops goes through it: 0.1 us, of Python 0.3 us.

    Parameters
    ----------
    function : callable
    call_symbolically : callable
        Of `function`, a tuple of arguments and a dict of them: what is called instead.
    """

    @functools.wraps(function)
    def op(*args, **kwargs):
        if holds_symbolic(args) or (kwargs and holds_symbolic(kwargs.values())):
            return call_symbolically(function, args, kwargs)
        return function(*args, **kwargs)

    return op


cdef Tensor operand(value):
    return current_value(tensor_of(value))


cdef Tensor real_operand(value):
    cdef Tensor x = operand(value)
    return x if x.code <= KS_FLOAT64 else as_dtype(x, dtype_code(floatx()))


cdef Tensor unary(int op, Tensor x):
    cdef Tensor y = empty(x.shape, x.code)
    submit(new_node(op, x.code, [x], [y]))
    return y


cdef Tensor as_dtype(Tensor x, int code):
    cdef Tensor y
    if x.code == code:
        return x
    y = empty(x.shape, code)
    cdef Node node = new_node(KS_OP_cast, code, [x], [y])
    if x.code > KS_FLOAT64:
        # Integers have no gradient.
        node.c.backward = NULL
    submit(node)
    return y


cdef Tensor view(Tensor x, tuple shape):
    """x under another shape with the same number of elements."""
    cdef Tensor y = alias(x.storage, x.data, shape, x.code)
    submit(new_node(KS_OP_view, x.code, [x], [y]))
    return y


cdef int common_code(int a, int b) noexcept:
    """Keras's promotion: floats win over integers of any size, then the larger size wins."""
    if a == b:
        return a
    if a <= KS_FLOAT64 and b <= KS_FLOAT64:
        return KS_FLOAT64
    if a <= KS_FLOAT64:
        return a
    if b <= KS_FLOAT64:
        return b
    return KS_INT64 if KS_INT64 in (a, b) else KS_INT32


cdef bint is_number(value):
    return isinstance(value, (int, float, bool)) and not hasattr(value, "dtype")


cdef int code_beside(value, int code) except -1:
    """Dtype of a Python number beside a tensor: the tensor's, unless it cannot hold it."""
    if isinstance(value, bool):
        return code
    if isinstance(value, float) and code > KS_FLOAT64:
        return dtype_code(floatx())
    if code == KS_BOOL:
        return KS_INT32
    if code == KS_INT32 and not -(2**31) <= value < 2**31:
        return KS_INT64
    return code


cdef tuple matched(a, b):
    cdef Tensor x
    cdef Tensor y
    if is_number(b) and not is_number(a):
        x = operand(a)
        y = constant(b, code_beside(b, x.code))
        return as_dtype(x, y.code), y
    if is_number(a) and not is_number(b):
        y = operand(b)
        x = constant(a, code_beside(a, y.code))
        return x, as_dtype(y, x.code)
    x = operand(a)
    y = operand(b)
    cdef int code = common_code(x.code, y.code)
    return as_dtype(x, code), as_dtype(y, code)


cpdef int checked_axis(axis, Py_ssize_t ndim) except -100:
    if isinstance(axis, bool) or not hasattr(axis, "__index__"):
        raise ValueError(f"An axis is an integer. Received: axis={axis!r}")
    cdef Py_ssize_t place
    try:
        # What is compared is what is used.
        place = axis
    except OverflowError:
        place = ndim
    if not -ndim <= place < ndim:
        raise ValueError(
            f"axis {axis} is out of bounds for a tensor of {ndim} dimensions."
        )
    return <int> (place + ndim if place < 0 else place)


cpdef list axes_of(axis, Py_ssize_t ndim):
    if axis is None:
        return list(range(ndim))
    if not isinstance(axis, (tuple, list)):
        return [checked_axis(axis, ndim)]
    axes = [checked_axis(a, ndim) for a in axis]
    if len(set(axes)) != len(axes):
        raise ValueError(f"An axis stands twice in axis={axis}.")
    return axes


cpdef bint checked_bool(value, str name) except -1:
    if value is True or value is False:
        return value
    if isinstance(value, (int, np.integer, np.bool_)) and value in (0, 1):
        return bool(value)
    raise ValueError(f"`{name}` must be a bool. Received: {name}={value!r}")


cdef int64_t product(shape) except -1:
    cdef int64_t count = 1
    for size in shape:
        count *= <int64_t> size
    return count
