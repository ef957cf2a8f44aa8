"""Softmax, and the cross-entropies fused with softmax and sigmoid."""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_INT32, KS_INT64
from kerasette._core.ops.operands cimport (
    as_dtype,
    checked_axis,
    operand,
    product,
    real_operand,
)
from kerasette._core.ops.shape cimport permuted
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.tape cimport submit
from kerasette._core.dtypes cimport dtype_code, itemsize
from kerasette._core.tensor cimport Tensor, checked_shape, empty

from kerasette._core.dtypes import floatx


cdef Tensor along_last(int op, Tensor x):
    cdef Tensor y = empty(x.shape, x.code)
    cdef Node node = new_node(op, x.code, [x], [y])
    node.c.size[0] = product(x.shape[:-1])
    node.c.size[1] = x.shape[-1]
    submit(node)
    return y


cdef Tensor along(int op, x, axis, str name):
    cdef Tensor tensor = real_operand(x)
    cdef Py_ssize_t n = len(tensor.shape)
    if n == 0:
        raise ValueError(f"{name}() needs at least one axis. Received a scalar.")
    place = checked_axis(axis, n)
    if place == n - 1:
        return along_last(op, tensor)
    # Its own inverse: the axis changes places with the last one.
    order = list(range(n))
    order[place], order[n - 1] = n - 1, place
    return permuted(along_last(op, permuted(tensor, order)), order)


def softmax(x, axis=-1):
    """exp(x) / sum(exp(x)) along `axis`, shifted by the maximum so that nothing overflows."""
    cdef Tensor logits = real_operand(x)
    cdef Tensor y = along(csrc.KS_OP_softmax, logits, axis, "softmax")
    if checked_axis(axis, len(logits.shape)) == len(logits.shape) - 1:
        y.cached_activation = "softmax"
        y.cached_logits = logits
    return y


def log_softmax(x, axis=-1):
    """x - log(sum(exp(x))) along `axis`."""
    return along(csrc.KS_OP_log_softmax, x, axis, "log_softmax")


cdef Tensor labels_of(target, tuple shape, str name):
    cdef Tensor labels = operand(target)
    if labels.code != KS_INT32 and labels.code != KS_INT64:
        # Labels that come as floats, as y often does.
        labels = as_dtype(labels, KS_INT64)
    if labels.shape != shape:
        raise ValueError(
            f"{name}: the shape of the labels, {labels.shape}, must be that of the other "
            f"argument without its last axis, {shape}."
        )
    return labels


cdef int check_classes(Tensor x, str name) except -1:
    if not x.shape or x.shape[-1] == 0:
        raise ValueError(f"{name}: the last axis holds the classes. Received shape {x.shape}.")
    return 0


def softmax_crossentropy(logits, target):
    """Cross-entropy of softmax(logits) against probabilities, along the last axis.

    Parameters
    ----------
    logits, target : Tensor of shape (..., classes)

    Returns
    -------
    Tensor of shape (...)
        ``-sum(target * log_softmax(logits))``.
    """
    cdef Tensor x = real_operand(logits)
    cdef Tensor t = as_dtype(operand(target), x.code)
    check_classes(x, "softmax_crossentropy")
    if x.shape != t.shape:
        raise ValueError(
            "softmax_crossentropy: logits and target must have the same shape. "
            f"Received: {x.shape} and {t.shape}"
        )
    return crossentropy(csrc.KS_OP_softmax_crossentropy, x, t)


def sparse_softmax_crossentropy(logits, target):
    """Cross-entropy of softmax(logits) against class numbers.

    Parameters
    ----------
    logits : Tensor of shape (..., classes)
    target : Tensor of shape (...)
        Integers in [0, classes).

    Returns
    -------
    Tensor of shape (...)

    Raises
    ------
    ValueError
        For a label out of range, with its position.
    """
    cdef Tensor x = real_operand(logits)
    check_classes(x, "sparse_softmax_crossentropy")
    cdef Tensor labels = labels_of(target, x.shape[:-1], "sparse_softmax_crossentropy")
    return crossentropy(csrc.KS_OP_sparse_softmax_crossentropy, x, labels)


cdef Tensor crossentropy(int op, Tensor x, Tensor target):
    cdef Tensor y = empty(x.shape[:-1], x.code)
    cdef Node node = new_node(op, x.code, [x, target], [y])
    node.c.size[0] = y.count
    node.c.size[1] = x.shape[-1]
    add_scratch(node, x.count * itemsize(x.code))
    submit(node)
    return y


def sigmoid_crossentropy(logits, target):
    """Cross-entropy of sigmoid(logits) against probabilities, element by element.

    ``max(x, 0) - x * target + log(1 + exp(-|x|))``, which never overflows.
    """
    cdef Tensor x = real_operand(logits)
    cdef Tensor t = as_dtype(operand(target), x.code)
    if x.shape != t.shape:
        raise ValueError(
            "sigmoid_crossentropy: logits and target must have the same shape. "
            f"Received: {x.shape} and {t.shape}"
        )
    cdef Tensor y = empty(x.shape, x.code)
    submit(new_node(csrc.KS_OP_sigmoid_crossentropy, x.code, [x, t], [y]))
    return y


def pick(x, indices):
    """x[..., indices[...]]: one element of each row.

    Parameters
    ----------
    x : Tensor of shape (..., classes)
    indices : Tensor of shape (...)
        Integers in [0, classes).

    Raises
    ------
    ValueError
        For an index out of range, with its position.
    """
    cdef Tensor values = real_operand(x)
    check_classes(values, "pick")
    cdef Tensor labels = labels_of(indices, values.shape[:-1], "pick")
    cdef Tensor y = empty(labels.shape, values.code)
    cdef Node node = new_node(csrc.KS_OP_pick, values.code, [values, labels], [y])
    node.c.size[0] = labels.count
    node.c.size[1] = values.shape[-1]
    submit(node)
    return y


def one_hot(x, num_classes, dtype=None):
    """A row for each integer: 1 at its place, else 0; all 0 for an integer out of range.

    Other numbers are cut down to integers.

    Returns
    -------
    Tensor of shape x.shape + (num_classes,)
    """
    cdef Tensor indices = operand(x)
    cdef int code = dtype_code(floatx() if dtype is None else dtype)
    if indices.code != KS_INT32 and indices.code != KS_INT64:
        indices = as_dtype(indices, KS_INT32)
    if not hasattr(num_classes, "__index__"):
        raise ValueError(
            f"`num_classes` must be an integer. Received: num_classes={num_classes!r}"
        )
    size = checked_shape((num_classes,))[0]
    cdef Tensor y = empty(indices.shape + (size,), code if code <= 1 else 0)
    cdef Node node = new_node(csrc.KS_OP_one_hot, y.code, [indices], [y])
    node.c.size[0] = size
    submit(node)
    return as_dtype(y, code)
