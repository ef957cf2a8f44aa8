"""Ops that move elements, and compute nothing."""

import operator

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_INT64
from kerasette._core.ops.operands cimport (
    as_dtype,
    checked_axis,
    common_code,
    operand,
    product,
    view,
)
from kerasette._core.node cimport Node, new_node
from kerasette._core.tape cimport submit
from kerasette._core.dtypes cimport dtype_code
from kerasette._core.tensor cimport Tensor, checked_shape, constant, empty

from kerasette._core.dtypes import floatx


cdef Tensor strided(Tensor x, tuple shape, list strides, int64_t offset):
    """y[i, j, ...] = x.flat[offset + i * strides[0] + j * strides[1] + ...]."""
    cdef Tensor y = empty(shape, x.code)
    cdef Node node = new_node(csrc.KS_OP_strided_copy, x.code, [x], [y])
    cdef int n = 0
    for size, stride in zip(shape, strides):
        if size == 1:
            continue
        node.c.dims[n] = size
        node.c.strides[0][n] = stride
        n += 1
    if n == 0:
        node.c.dims[0] = 1
        node.c.strides[0][0] = 1
        n = 1
    node.c.n_dims = n
    node.c.size[0] = offset
    submit(node)
    return y


cdef list dense_strides(tuple shape):
    cdef list strides = []
    cdef int64_t step = 1
    for size in reversed(shape):
        strides.insert(0, step)
        step *= <int64_t> size
    return strides


cdef Tensor broadcast(Tensor x, tuple shape):
    cdef list strides = []
    cdef Py_ssize_t lead = len(shape) - len(x.shape)
    if x.shape == shape:
        return x
    own = dense_strides(x.shape)
    for i, size in enumerate(shape):
        if i < lead or (x.shape[i - lead] == 1 and size != 1):
            strides.append(0)
        elif x.shape[i - lead] == size:
            strides.append(own[i - lead])
        else:
            raise ValueError(f"Cannot broadcast a tensor of shape {x.shape} to shape {shape}.")
    return strided(x, shape, strides, 0)


cdef Tensor permuted(Tensor x, list axes):
    own = dense_strides(x.shape)
    shape = tuple([x.shape[axis] for axis in axes])
    return strided(x, shape, [own[axis] for axis in axes], 0)


def broadcast_to(x, shape):
    """x repeated to `shape`, by NumPy's rules.

    Raises
    ------
    ValueError
        If it cannot be.
    """
    cdef Tensor tensor = operand(x)
    cdef tuple full = checked_shape(shape)
    if len(full) < len(tensor.shape):
        raise ValueError(f"Cannot broadcast a tensor of shape {tensor.shape} to shape {full}.")
    return broadcast(tensor, full)


def transpose(x, axes=None):
    """x with its axes in another order, reversed by default."""
    cdef Tensor tensor = operand(x)
    cdef Py_ssize_t n = len(tensor.shape)
    if axes is None:
        order = list(range(n - 1, -1, -1))
    else:
        order = [checked_axis(axis, n) for axis in axes]
        if sorted(order) != list(range(n)):
            raise ValueError(
                f"axes={tuple(axes)} is not a permutation of the {n} axes of shape {tensor.shape}."
            )
    return permuted(tensor, order)


def reshape(x, newshape):
    """x under another shape; one size may be -1. The elements are not copied.

    Raises
    ------
    ValueError
        If the number of elements is another one.
    """
    cdef Tensor tensor = operand(x)
    if hasattr(newshape, "__index__"):
        newshape = (newshape,)
    sizes = [int(size) for size in newshape]
    if sizes.count(-1) == 1:
        known = product([size for size in sizes if size != -1])
        if known > 0 and tensor.count % known == 0:
            sizes[sizes.index(-1)] = tensor.count // known
    if any(size < 0 for size in sizes) or product(sizes) != tensor.count:
        raise ValueError(
            f"Cannot reshape a tensor of shape {tensor.shape} ({tensor.count} elements) to "
            f"{tuple(newshape)}."
        )
    return view(tensor, checked_shape(sizes))


def expand_dims(x, axis):
    """x with an axis of size 1 before `axis`."""
    cdef Tensor tensor = operand(x)
    place = checked_axis(axis, len(tensor.shape) + 1)
    return view(tensor, tensor.shape[:place] + (1,) + tensor.shape[place:])


def squeeze(x, axis=None):
    """x without its axes of size 1, or without `axis` (int or tuple), which must have size 1."""
    cdef Tensor tensor = operand(x)
    cdef Py_ssize_t n = len(tensor.shape)
    if axis is None:
        gone = [i for i in range(n) if tensor.shape[i] == 1]
    else:
        gone = [checked_axis(a, n) for a in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    for i in gone:
        if tensor.shape[i] != 1:
            raise ValueError(f"Cannot squeeze axis {i} of shape {tensor.shape}: its size is not 1.")
    return view(tensor, tuple([size for i, size in enumerate(tensor.shape) if i not in gone]))


def get_item(x, key):
    """x[key] for integers, slices, None and Ellipsis; a copy, with a gradient.

    Raises
    ------
    IndexError
        If there are too many indices, or one is out of range.
    TypeError
        For arrays and lists as indices: use ``take``.
    """
    cdef Tensor tensor = operand(x)
    keys = list(key) if isinstance(key, tuple) else [key]
    for part in keys:
        if not (part is None or part is Ellipsis or isinstance(part, slice) or is_place(part)):
            raise TypeError(
                "A tensor is indexed by integers, slices, None and Ellipsis; use ops.take for "
                f"arrays of indices. Received: {part!r}"
            )
    keys = without_ellipsis(keys, tensor.shape)
    own = dense_strides(tensor.shape)
    copied, shape, strides, offset, axis = [], [], [], 0, 0
    for part in keys:
        if part is None:
            shape.append(1)
            continue
        size = tensor.shape[axis]
        if isinstance(part, slice):
            start, stop, step = part.indices(size)
            copied.append(len(range(start, stop, step)))
            shape.append(copied[-1])
            strides.append(step * own[axis])
        else:
            start = operator.index(part)
            if not -size <= start < size:
                raise IndexError(
                    f"index {start} is out of bounds for axis {axis} with size {size}"
                )
            start %= size
        offset += start * own[axis]
        axis += 1
    y = strided(tensor, tuple(copied), strides, offset if 0 not in copied else 0)
    return y if copied == shape else view(y, tuple(shape))


cdef bint is_place(part) except -1:
    """Whether it names one place of an axis: one integer, no bool, and no array that holds one."""
    if isinstance(part, bool) or (isinstance(part, Tensor) and (<Tensor> part).shape):
        return False
    try:
        operator.index(part)
    except TypeError:
        return False
    return True


def without_ellipsis(keys, shape):
    """`keys` with as many full slices as the shape has axes that no key names."""
    used = sum(part is not None and part is not Ellipsis for part in keys)
    if used > len(shape):
        raise IndexError(f"too many indices ({used}) for a tensor of shape {shape}")
    places = [i for i, part in enumerate(keys) if part is Ellipsis]
    if len(places) > 1:
        raise IndexError("an index can only have a single ellipsis")
    place = places[0] if places else len(keys)
    full = [slice(None)] * (len(shape) - used)
    return keys[:place] + full + keys[place + 1:]


def concatenate(xs, axis=-1):
    """Tensors one after the other along `axis`; their other sizes are equal.

    Raises
    ------
    ValueError
        If there is none, or their shapes do not fit.
    """
    cdef list parts = [operand(x) for x in xs]
    cdef Tensor part
    cdef Tensor first
    if not parts:
        raise ValueError("concatenate() needs at least one tensor.")
    cdef int code = (<Tensor> parts[0]).code
    for part in parts:
        code = common_code(code, part.code)
    parts = [as_dtype(part, code) for part in parts]
    first = parts[0]
    place = checked_axis(axis, len(first.shape))
    total = 0
    for part in parts:
        if (len(part.shape) != len(first.shape) or part.shape[:place] != first.shape[:place]
                or part.shape[place + 1:] != first.shape[place + 1:]):
            raise ValueError(
                f"The shapes of tensors to concatenate along axis {place} must agree elsewhere. "
                f"Received: {[p.shape for p in parts]}"
            )
        total += part.shape[place]
    cdef Tensor y = empty(first.shape[:place] + (total,) + first.shape[place + 1:], code)
    cdef Node node = new_node(csrc.KS_OP_concatenate, code, parts, [y])
    node.c.size[0] = product(first.shape[:place])
    submit(node)
    return y


def stack(x, axis=0):
    """Tensors of one shape side by side along a new axis."""
    parts = [operand(part) for part in x]
    if not parts:
        raise ValueError("stack() needs at least one tensor.")
    return concatenate([expand_dims(part, axis) for part in parts], axis)


def full(shape, fill_value, dtype=None):
    """A tensor of `shape`, everywhere `fill_value`: a number, or an array that is repeated."""
    cdef int code = dtype_code(floatx() if dtype is None else dtype)
    if not isinstance(fill_value, (int, float)):
        return broadcast(as_dtype(operand(fill_value), code), checked_shape(shape))
    if code == KS_INT64 and abs(fill_value) > 2**53:
        # A node's attributes are doubles.
        return broadcast(constant(fill_value, code), checked_shape(shape))
    cdef Tensor y = empty(checked_shape(shape), code)
    cdef Node node = new_node(csrc.KS_OP_fill, code, [], [y])
    node.c.attr[0] = fill_value
    submit(node)
    return y


def zeros(shape, dtype=None):
    """A tensor of zeros."""
    return full(shape, 0, dtype)


def ones(shape, dtype=None):
    """A tensor of ones."""
    return full(shape, 1, dtype)


def zeros_like(x, dtype=None):
    """Zeros of x's shape and dtype."""
    cdef Tensor tensor = operand(x)
    return full(tensor.shape, 0, tensor.dtype if dtype is None else dtype)


def ones_like(x, dtype=None):
    """Ones of x's shape and dtype."""
    cdef Tensor tensor = operand(x)
    return full(tensor.shape, 1, tensor.dtype if dtype is None else dtype)
