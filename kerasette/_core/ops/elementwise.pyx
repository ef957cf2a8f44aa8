"""Ops on each element by itself, with NumPy's broadcasting."""

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_BOOL, KS_FLOAT64, KS_INT32
from kerasette._core.ops.operands cimport (
    as_dtype,
    matched,
    operand,
    real_operand,
    unary,
)
from kerasette._core.ops.shape cimport broadcast
from kerasette._core.node cimport Node, new_node
from kerasette._core.tape cimport submit
from kerasette._core.dtypes cimport dtype_code
from kerasette._core.tensor cimport Tensor, empty

# ---- one input ---------------------------------------------------------------


cdef Tensor numeric_operand(x, str name):
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_BOOL:
        raise TypeError(f"{name} is not defined for bool tensors; cast to a number first.")
    return tensor


def negative(x):
    """-x."""
    return unary(csrc.KS_OP_negative, numeric_operand(x, "negative"))


def absolute(x):
    """|x|; the gradient at 0 is 0. Truth values stay."""
    cdef Tensor tensor = operand(x)
    return tensor if tensor.code == KS_BOOL else unary(csrc.KS_OP_absolute, tensor)


def square(x):
    """x * x; of truth values int32."""
    cdef Tensor tensor = operand(x)
    if tensor.code == KS_BOOL:
        tensor = as_dtype(tensor, KS_INT32)
    return unary(csrc.KS_OP_square, tensor)


def sign(x):
    """-1, 0 or 1, of x's dtype; the gradient is 0. Truth values stay."""
    cdef Tensor tensor = operand(x)
    return tensor if tensor.code == KS_BOOL else unary(csrc.KS_OP_sign, tensor)


def exp(x):
    """e to the power x."""
    return unary(csrc.KS_OP_exp, real_operand(x))


def log(x):
    """Natural logarithm: -inf at 0, nan below."""
    return unary(csrc.KS_OP_log, real_operand(x))


def sqrt(x):
    """Square root; nan below 0."""
    return unary(csrc.KS_OP_sqrt, real_operand(x))


def sin(x):
    """Sine of radians."""
    return unary(csrc.KS_OP_sin, real_operand(x))


def cos(x):
    """Cosine of radians."""
    return unary(csrc.KS_OP_cos, real_operand(x))


def floor(x):
    """The largest whole number that is not above x; the gradient is 0."""
    return unary(csrc.KS_OP_floor, real_operand(x))


def ceil(x):
    """The smallest whole number that is not below x; the gradient is 0."""
    return unary(csrc.KS_OP_ceil, real_operand(x))


def round(x):
    """The nearest whole number, halves to even ones; the gradient is 0. Integers stay."""
    cdef Tensor tensor = numeric_operand(x, "round")
    return tensor if tensor.code > KS_FLOAT64 else unary(csrc.KS_OP_round, tensor)


def trunc(x):
    """x without its fraction; the gradient is 0. Integers stay."""
    cdef Tensor tensor = operand(x)
    return tensor if tensor.code > KS_FLOAT64 else unary(csrc.KS_OP_trunc, tensor)


def reciprocal(x):
    """1 / x."""
    return unary(csrc.KS_OP_reciprocal, real_operand(x))


def rsqrt(x):
    """1 / sqrt(x)."""
    return unary(csrc.KS_OP_rsqrt, real_operand(x))


def expm1(x):
    """exp(x) - 1, precise near 0."""
    return unary(csrc.KS_OP_expm1, real_operand(x))


def log1p(x):
    """log(1 + x), precise near 0."""
    return unary(csrc.KS_OP_log1p, real_operand(x))


def log2(x):
    """Logarithm to base 2."""
    return unary(csrc.KS_OP_log2, real_operand(x))


def log10(x):
    """Logarithm to base 10."""
    return unary(csrc.KS_OP_log10, real_operand(x))


def erf(x):
    """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
    return unary(csrc.KS_OP_erf, real_operand(x))


def tan(x):
    """Tangent of radians."""
    return unary(csrc.KS_OP_tan, real_operand(x))


def arcsin(x):
    """Angle in [-pi/2, pi/2] whose sine is x; nan beyond [-1, 1]."""
    return unary(csrc.KS_OP_arcsin, real_operand(x))


def arccos(x):
    """Angle in [0, pi] whose cosine is x; nan beyond [-1, 1]."""
    return unary(csrc.KS_OP_arccos, real_operand(x))


def arctan(x):
    """Angle in [-pi/2, pi/2] whose tangent is x."""
    return unary(csrc.KS_OP_arctan, real_operand(x))


def sinh(x):
    """Hyperbolic sine."""
    return unary(csrc.KS_OP_sinh, real_operand(x))


def cosh(x):
    """Hyperbolic cosine."""
    return unary(csrc.KS_OP_cosh, real_operand(x))


def arcsinh(x):
    """The number whose hyperbolic sine is x."""
    return unary(csrc.KS_OP_arcsinh, real_operand(x))


def arccosh(x):
    """The number from 0 on whose hyperbolic cosine is x; nan below 1."""
    return unary(csrc.KS_OP_arccosh, real_operand(x))


def arctanh(x):
    """The number whose hyperbolic tangent is x; nan beyond [-1, 1]."""
    return unary(csrc.KS_OP_arctanh, real_operand(x))


def cast(x, dtype):
    """x in another dtype, rounded towards zero when it becomes an integer."""
    return as_dtype(operand(x), dtype_code(dtype))


def copy(x):
    """A tensor with the same values in memory of its own."""
    cdef Tensor source = operand(x)
    cdef Tensor y = empty(source.shape, source.code)
    cdef Node node = new_node(csrc.KS_OP_strided_copy, source.code, [source], [y])
    node.c.n_dims = 1
    node.c.dims[0] = source.count
    node.c.strides[0][0] = 1
    submit(node)
    return y


def stop_gradient(variable):
    """The same values, through which no gradient goes."""
    cdef Tensor source = operand(variable)
    cdef Tensor y = empty(source.shape, source.code)
    cdef Node node = new_node(csrc.KS_OP_cast, source.code, [source], [y])
    node.c.backward = NULL
    submit(node)
    return y


# ---- two inputs --------------------------------------------------------------


cdef tuple broadcast_shape(tuple a, tuple b):
    cdef Py_ssize_t n = max(len(a), len(b))
    cdef list shape = []
    padded_a = (1,) * (n - len(a)) + a
    padded_b = (1,) * (n - len(b)) + b
    for size_a, size_b in zip(padded_a, padded_b):
        if size_a != size_b and size_a != 1 and size_b != 1:
            raise ValueError(
                f"operands could not be broadcast together with shapes {a} {b}"
            )
        shape.append(size_b if size_a == 1 else size_a)
    return tuple(shape)


cdef int set_strides(int64_t *strides, tuple shape, tuple full) except -1:
    """Strides of a dense array of `shape` over the loops of the shape it is broadcast to."""
    cdef int64_t step = 1
    cdef Py_ssize_t lead = len(full) - len(shape)
    cdef Py_ssize_t i
    for i in range(len(full) - 1, -1, -1):
        if i < lead or (shape[i - lead] == 1 and full[i] != 1):
            strides[i] = 0
        else:
            strides[i] = step
            step *= <int64_t> shape[i - lead]
    return 0


cdef int set_loops(Node node, tuple a, tuple b, tuple full) except -1:
    """The fewest loops that walk both operands: neighbours that run on are one loop."""
    cdef int64_t[2][8] strides
    cdef int64_t size
    cdef int last = -1
    cdef int i
    set_strides(strides[0], a, full)
    set_strides(strides[1], b, full)
    for i in range(len(full)):
        size = full[i]
        if size == 1:
            continue
        if last >= 0 and runs_on(node, last, strides[0][i] * size, strides[1][i] * size):
            node.c.dims[last] *= size
        else:
            last += 1
            node.c.dims[last] = size
        node.c.strides[0][last] = strides[0][i]
        node.c.strides[1][last] = strides[1][i]
    if last < 0:
        last = 0
        node.c.dims[0] = 1
        node.c.strides[0][0] = 1
        node.c.strides[1][0] = 1
    node.c.n_dims = last + 1
    return 0


cdef bint runs_on(Node node, int last, int64_t step_a, int64_t step_b) noexcept:
    return node.c.strides[0][last] == step_a and node.c.strides[1][last] == step_b


cdef Tensor binary(int op, Tensor a, Tensor b, int out_code):
    cdef tuple shape = a.shape if a.shape == b.shape else broadcast_shape(a.shape, b.shape)
    cdef Tensor y = empty(shape, out_code)
    cdef Node node = new_node(op, a.code, [a, b], [y])
    if a.shape == b.shape:
        node.c.n_dims = 1
        node.c.dims[0] = a.count
        node.c.strides[0][0] = 1
        node.c.strides[1][0] = 1
    else:
        set_loops(node, a.shape, b.shape, shape)
    submit(node)
    return y


# Ops of truth values: their sum says whether one is true, their product whether both are.
cdef dict OF_TRUTH_VALUES = {
    csrc.KS_OP_add: csrc.KS_OP_maximum,
    csrc.KS_OP_maximum: csrc.KS_OP_maximum,
    csrc.KS_OP_multiply: csrc.KS_OP_minimum,
    csrc.KS_OP_minimum: csrc.KS_OP_minimum,
}


cdef Tensor arithmetic(int op, x1, x2, str name):
    cdef Tensor a
    cdef Tensor b
    a, b = matched(x1, x2)
    if a.code == KS_BOOL and op in OF_TRUTH_VALUES:
        return binary(OF_TRUTH_VALUES[op], a, b, KS_BOOL)
    if a.code == KS_BOOL:
        raise TypeError(f"{name} is not defined for two bool tensors; cast to a number first.")
    return binary(op, a, b, a.code)


cdef Tensor real_arithmetic(int op, x1, x2):
    cdef Tensor a
    cdef Tensor b
    a, b = matched(x1, x2)
    if a.code > KS_FLOAT64:
        a = real_operand(a)
        b = real_operand(b)
    return binary(op, a, b, a.code)


cdef Tensor comparison(int op, x1, x2):
    cdef Tensor a
    cdef Tensor b
    a, b = matched(x1, x2)
    return binary(op, a, b, KS_BOOL)


def add(x1, x2):
    """x1 + x2."""
    return arithmetic(csrc.KS_OP_add, x1, x2, "add")


def subtract(x1, x2):
    """x1 - x2."""
    return arithmetic(csrc.KS_OP_subtract, x1, x2, "subtract")


def multiply(x1, x2):
    """x1 * x2."""
    return arithmetic(csrc.KS_OP_multiply, x1, x2, "multiply")


def divide(x1, x2):
    """x1 / x2; integers are divided as floats."""
    return real_arithmetic(csrc.KS_OP_divide, x1, x2)


def power(x1, x2):
    """x1 ** x2. Integers stay integers: they wrap around, and fractions become 0."""
    return arithmetic(csrc.KS_OP_power, x1, x2, "power")


def floor_divide(x1, x2):
    """The largest whole number that is not above x1 / x2; the gradient is 0.

    Integers stay integers, and divided by 0 they give 0.
    """
    return arithmetic(csrc.KS_OP_floor_divide, x1, x2, "floor_divide")


def mod(x1, x2):
    """What is left of x1 after ``floor_divide(x1, x2)`` times x2: it has the sign of x2.

    Integers stay integers, and of bools it is int32.
    """
    cdef Tensor a
    cdef Tensor b
    a, b = matched(x1, x2)
    if a.code == KS_BOOL:
        a, b = as_dtype(a, KS_INT32), as_dtype(b, KS_INT32)
    return binary(csrc.KS_OP_mod, a, b, a.code)


def arctan2(x1, x2):
    """Angle in [-pi, pi] of the point with ordinate x1 and abscissa x2."""
    return real_arithmetic(csrc.KS_OP_arctan2, x1, x2)


def maximum(x1, x2):
    """The larger; nan if either is. Where they are equal, each gets half the gradient."""
    return arithmetic(csrc.KS_OP_maximum, x1, x2, "maximum")


def minimum(x1, x2):
    """The smaller; nan if either is. Where they are equal, each gets half the gradient."""
    return arithmetic(csrc.KS_OP_minimum, x1, x2, "minimum")


def equal(x1, x2):
    """x1 == x2, as bool."""
    return comparison(csrc.KS_OP_equal, x1, x2)


def not_equal(x1, x2):
    """x1 != x2, as bool."""
    return comparison(csrc.KS_OP_not_equal, x1, x2)


def less(x1, x2):
    """x1 < x2, as bool."""
    return comparison(csrc.KS_OP_less, x1, x2)


def less_equal(x1, x2):
    """x1 <= x2, as bool."""
    return comparison(csrc.KS_OP_less_equal, x1, x2)


def greater(x1, x2):
    """x1 > x2, as bool."""
    return comparison(csrc.KS_OP_greater, x1, x2)


def greater_equal(x1, x2):
    """x1 >= x2, as bool."""
    return comparison(csrc.KS_OP_greater_equal, x1, x2)


def where(condition, x1=None, x2=None):
    """x1 where `condition` holds, else x2; all three are broadcast together.

    Raises
    ------
    ValueError
        If x1 or x2 is missing: the places where a condition holds are as many as its values say,
        and a tensor has a shape that does not depend on values.
    """
    if x1 is None or x2 is None:
        if x1 is not x2:
            raise ValueError(
                "`x1` and `x2` either both should be `None` or both should have non-None value."
            )
        raise ValueError(
            "where() without `x1` and `x2` is not supported: the shape of its result would depend "
            "on values. Use numpy.where on an array."
        )
    cdef Tensor chosen = as_dtype(operand(condition), KS_BOOL)
    cdef Tensor a
    cdef Tensor b
    a, b = matched(x1, x2)
    shape = broadcast_shape(broadcast_shape(a.shape, b.shape), chosen.shape)
    chosen = broadcast(chosen, shape)
    a = broadcast(a, shape)
    b = broadcast(b, shape)
    cdef Tensor y = empty(shape, a.code)
    submit(new_node(csrc.KS_OP_where, a.code, [chosen, a, b], [y]))
    return y
