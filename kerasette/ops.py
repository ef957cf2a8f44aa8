"""Functions of tensors: what layers, losses and metrics are made of.

Arguments may be tensors, variables, NumPy arrays, numbers or lists of them. Shapes broadcast as
in NumPy. Everything here has a gradient unless it says otherwise, and may be recorded.
"""

import numpy as np

from kerasette._core import ops as _core
from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import (
    absolute,
    add,
    argmax,
    argmin,
    broadcast_to,
    cast,
    copy,
    cos,
    divide,
    equal,
    exp,
    expand_dims,
    full,
    get_item,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    log_softmax,
    matmul,
    max,
    maximum,
    mean,
    min,
    minimum,
    multiply,
    negative,
    not_equal,
    ones,
    ones_like,
    power,
    relu,
    reshape,
    sigmoid,
    sign,
    sin,
    softmax,
    sqrt,
    square,
    squeeze,
    stack,
    subtract,
    sum,
    take,
    tanh,
    transpose,
    where,
    zeros,
    zeros_like,
)
from kerasette._core.tensor import Tensor, checked_array
from kerasette._core.tensor import convert as tensor_from
from kerasette.config import epsilon

__all__ = [
    "abs", "absolute", "add", "arange", "argmax", "argmin", "binary_crossentropy", "broadcast_to",
    "cast", "categorical_crossentropy", "clip", "concatenate", "convert_to_numpy",
    "convert_to_tensor", "copy", "cos", "divide", "divide_no_nan", "dot", "equal", "exp",
    "expand_dims", "full", "full_like", "get_item", "greater", "greater_equal", "is_tensor",
    "less", "less_equal", "log", "log_softmax", "logical_and", "logical_not", "logical_or",
    "matmul", "max", "maximum", "mean", "min", "minimum", "moveaxis", "multiply", "ndim",
    "negative", "not_equal", "one_hot", "ones", "ones_like", "power", "ravel", "relu", "reshape",
    "shape", "sigmoid", "sign", "sin", "size", "softmax", "sparse_categorical_crossentropy",
    "split", "sqrt", "square", "squeeze", "stack", "std", "subtract", "sum", "swapaxes", "take",
    "tanh", "transpose", "true_divide", "var", "where", "zeros", "zeros_like",
]  # fmt: skip

abs = absolute
true_divide = divide


# ---- to and from NumPy -------------------------------------------------------


def convert_to_tensor(x, dtype=None):
    """x as a tensor. Tensors stay as they are, arrays keep their dtype.

    Parameters
    ----------
    x : Tensor, array, number, or list of numbers
        Numbers and lists get ``floatx()``, or int32, or bool.
    dtype : str, optional

    Raises
    ------
    ValueError
        If it is not made of real numbers.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.convert_to_tensor([[1, 2.5]]).shape
    (1, 2)
    """
    if isinstance(x, Tensor):
        return x if dtype is None else cast(x, dtype)
    if dtype is not None:
        # One constant of the right dtype, and no node that casts it.
        x = checked_array(x).astype(standardize_dtype(dtype), copy=False)
    return tensor_from(x)


def convert_to_numpy(x):
    """A copy of x as a NumPy array."""
    return x.numpy() if isinstance(x, Tensor) else np.array(x)


def is_tensor(x):
    """Whether x is a tensor or a variable."""
    return isinstance(x, Tensor)


def shape(x):
    """Shape of x, a tuple of ints."""
    return x.shape if isinstance(x, Tensor) else np.shape(x)


def ndim(x):
    """Number of axes of x."""
    return len(shape(x))


def size(x):
    """Number of elements of x."""
    return x.size if isinstance(x, Tensor) else np.size(x)


def arange(start, stop=None, step=None, dtype=None):
    """The numbers start, start + step, ... below `stop`; from 0 if `stop` is None. A constant.

    >>> import kerasette
    >>> kerasette.ops.arange(2, 8, 3).numpy().tolist()
    [2, 5]
    """
    if stop is None:
        start, stop = 0, start
    values = np.arange(start, stop, 1 if step is None else step)
    if dtype is None:
        dtype = "int32" if values.dtype.kind in "iu" else standardize_dtype(None)
    return convert_to_tensor(values, standardize_dtype(dtype))


def full_like(x, fill_value, dtype=None):
    """A tensor of x's shape and dtype, everywhere `fill_value`."""
    x = convert_to_tensor(x)
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype)


# ---- element by element ------------------------------------------------------


def clip(x, x_min, x_max):
    """x, not below `x_min` and not above `x_max`. The gradient is 1 at the bounds, 0 beyond."""
    x = where(less(x, x_min), x_min, x)
    return where(greater(x, x_max), x_max, x)


def divide_no_nan(x1, x2):
    """x1 / x2, and 0 where x2 is 0."""
    is_zero = equal(x2, 0)
    return where(is_zero, 0.0, divide(x1, where(is_zero, 1.0, x2)))


def logical_and(x1, x2):
    """Whether both are true (not 0); bool."""
    return where(_truth(x1), _truth(x2), False)


def logical_or(x1, x2):
    """Whether one of the two is true (not 0); bool."""
    return where(_truth(x1), True, _truth(x2))


def logical_not(x):
    """Whether x is false (0); bool."""
    return equal(x, 0)


def _truth(x):
    return not_equal(x, 0)


# ---- reductions --------------------------------------------------------------


def var(x, axis=None, keepdims=False):
    """Variance over all axes, or over `axis` (int or tuple): the mean squared deviation."""
    deviations = subtract(x, mean(x, axis, keepdims=True))
    return mean(square(deviations), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Standard deviation: the root of `var`. Its gradient is not finite where it is 0."""
    return sqrt(var(x, axis, keepdims))


# ---- shapes ------------------------------------------------------------------


def concatenate(xs, axis=0):
    """Tensors one after the other along `axis`; their other sizes are equal."""
    return _core.concatenate(xs, axis)


def ravel(x):
    """x as a vector."""
    return reshape(x, (-1,)) if size(x) else reshape(x, (0,))


def swapaxes(x, axis1, axis2):
    """x with two of its axes exchanged."""
    order = list(range(ndim(x)))
    axis1, axis2 = _places((axis1, axis2), len(order))
    order[axis1], order[axis2] = axis2, axis1
    return transpose(x, order)


def moveaxis(x, source, destination):
    """x with axes moved to other places, the rest in their order.

    Parameters
    ----------
    x : Tensor
    source, destination : int, or list or tuple of ints
        As many places as axes.

    Raises
    ------
    ValueError
        If there are not, or one stands twice or out of bounds.
    """
    sources = source if isinstance(source, (list, tuple)) else (source,)
    destinations = destination if isinstance(destination, (list, tuple)) else (destination,)
    sources = _places(sources, ndim(x))
    destinations = _places(destinations, ndim(x))
    if not len(sources) == len(destinations) == len(set(sources)) == len(set(destinations)):
        raise ValueError(
            "`source` and `destination` must name equally many different axes. "
            f"Received: source={source}, destination={destination}"
        )
    order = [axis for axis in range(ndim(x)) if axis not in sources]
    for place, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, axis)
    return transpose(x, order)


def _places(axes, n):
    for axis in axes:
        if not -n <= axis < n:
            raise ValueError(f"axis {axis} is out of bounds for a tensor of {n} dimensions.")
    return [axis % n for axis in axes]


def split(x, indices_or_sections, axis=0):
    """Parts of x along `axis`, a list.

    Parameters
    ----------
    x : Tensor
    indices_or_sections : int or sequence of ints
        The number of equal parts, or where the second and each later part begins.
    axis : int

    Raises
    ------
    ValueError
        If the axis cannot be cut in so many equal parts.
    """
    x = convert_to_tensor(x)
    (axis,) = _places((axis,), len(x.shape))
    length = x.shape[axis]
    if hasattr(indices_or_sections, "__index__"):
        sections = int(indices_or_sections)
        if sections < 1 or length % sections:
            raise ValueError(
                f"indices_or_sections={sections} equal parts are asked for along axis={axis}, "
                f"whose size {length} is not divisible by it. The shape is {x.shape}."
            )
        cuts = [length // sections * i for i in range(1, sections)]
    else:
        cuts = [int(cut) for cut in indices_or_sections]
    lead = (slice(None),) * axis
    return [
        get_item(x, (*lead, slice(start, stop)))
        for start, stop in zip([0, *cuts], [*cuts, length], strict=True)
    ]


# ---- neural networks -----------------------------------------------------------


def dot(x1, x2):
    """Product of numbers, vectors or matrices; of the last axis of x1 with x2's last but one."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if not x1.shape or not x2.shape:
        return multiply(x1, x2)
    if len(x2.shape) <= 2:
        return matmul(x1, x2)
    # Every row of x1 with every matrix of x2: one product with the matrices side by side.
    columns = moveaxis(x2, -2, 0)
    product = matmul(x1, reshape(columns, (x2.shape[-2], -1)))
    return reshape(product, x1.shape[:-1] + columns.shape[1:])


def one_hot(x, num_classes, axis=-1, dtype=None):
    """1 at the place that x names along a new `axis`, else 0; only 0 for x out of range.

    Parameters
    ----------
    x : Tensor or array of integers, of any shape
    num_classes : int
        Size of the new axis.
    axis : int
    dtype : str, optional
        ``floatx()`` by default.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.one_hot([0, 2], 3).numpy().tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    rows = _core.one_hot(x, num_classes, dtype)
    return rows if axis in (-1, len(rows.shape) - 1) else moveaxis(rows, -1, axis)


def binary_crossentropy(target, output, from_logits=False):
    """Cross-entropy of probabilities, element by element.

    ``-(target * log(output) + (1 - target) * log(1 - output))``

    Parameters
    ----------
    target, output : Tensor of the same shape
        Probabilities.
    from_logits : bool
        Whether `output` is still to go through a sigmoid. If a sigmoid made it, the logits are
        used in either case, and nothing is lost near 0 and 1; other probabilities are clipped
        to [epsilon, 1 - epsilon].

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    output = convert_to_tensor(output)
    target = cast(target, _real(output))
    _check_same_shape(target, output)
    logits = _logits_of(output, from_logits, "sigmoid")
    if logits is not None:
        return _core.sigmoid_crossentropy(logits, target)
    output = clip(output, epsilon(), 1.0 - epsilon())
    one = add(multiply(target, log(output)), multiply(1.0 - target, log(1.0 - output)))
    return negative(one)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy of distributions along `axis`: ``-sum(target * log(output), axis)``.

    Parameters
    ----------
    target, output : Tensor of the same shape
        Distributions over classes. `output` is divided by its sum, and clipped to
        [epsilon, 1 - epsilon].
    from_logits : bool
        Whether `output` is still to go through a softmax. If a softmax over the last axis made
        it, the logits are used in either case, without clipping.
    axis : int

    Returns
    -------
    Tensor of their shape without `axis`

    Raises
    ------
    ValueError
        If the shapes differ, or they are scalars.
    """
    output = convert_to_tensor(output)
    target = cast(target, _real(output))
    _check_same_shape(target, output)
    if not output.shape:
        raise ValueError(
            "Arguments `target` and `output` must be at least rank 1. Received: "
            f"target.shape={target.shape}, output.shape={output.shape}"
        )
    is_last = axis in (-1, len(output.shape) - 1)
    logits = _logits_of(output, from_logits, "softmax" if is_last else None)
    if logits is not None:
        return _core.softmax_crossentropy(_to_last(logits, axis), _to_last(target, axis))
    return negative(sum(multiply(target, log(_distribution(output, axis))), axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy of distributions against class numbers: ``-log(output[target])``.

    Parameters
    ----------
    target : Tensor of integers, or of floats that are whole
        Class numbers in [0, classes); of the shape of `output` without `axis`, or with a size of
        1 there.
    output : Tensor
        Distributions over classes along `axis`, as for `categorical_crossentropy`.
    from_logits : bool
    axis : int

    Returns
    -------
    Tensor of the shape of `output` without `axis`

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class number is out of range.
    """
    output = convert_to_tensor(output)
    target = convert_to_tensor(target)
    if not output.shape:
        raise ValueError(
            f"Argument `output` must be at least rank 1. Received: output.shape={output.shape}"
        )
    (place,) = _places((axis,), len(output.shape))
    if len(target.shape) == len(output.shape) and target.shape[place] == 1:
        target = squeeze(target, place)
    if target.shape != output.shape[:place] + output.shape[place + 1 :]:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape up until the last "
            f"dimension: target.shape={target.shape}, output.shape={output.shape}"
        )
    is_last = place == len(output.shape) - 1
    logits = _logits_of(output, from_logits, "softmax" if is_last else None)
    if logits is not None:
        return _core.sparse_softmax_crossentropy(_to_last(logits, axis), target)
    return negative(_core.pick(_to_last(log(_distribution(output, axis)), axis), target))


def _real(x):
    return x.dtype if x.dtype in ("float32", "float64") else standardize_dtype(None)


def _check_same_shape(target, output):
    if target.shape != output.shape:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape. Received: "
            f"target.shape={target.shape}, output.shape={output.shape}"
        )


def _logits_of(output, from_logits, activation):
    """The logits if they are given, or kept by the activation that made `output`; else None."""
    if from_logits:
        return output
    kept = output._logits
    return kept[1] if kept is not None and kept[0] == activation else None


def _to_last(x, axis):
    return x if axis in (-1, len(x.shape) - 1) else moveaxis(x, axis, -1)


def _distribution(output, axis):
    output = divide(output, sum(output, axis, keepdims=True))
    return clip(output, epsilon(), 1.0 - epsilon())
