"""Maxima and means of windows that slide over one to three spatial axes, channels last."""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_FLOAT64
from kerasette._core.node cimport Node, new_node
from kerasette._core.ops.conv cimport per_axis, set_geometry
from kerasette._core.ops.operands cimport as_dtype, operand, real_operand
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty

from kerasette._core.ops.conv import padding_pairs


cdef tuple pooled_sizes(tuple input_shape, tuple window, tuple strides, padding, pairs):
    sizes = []
    for size, taps, stride, pair in zip(input_shape[1:-1], window, strides, pairs):
        sizes.append((size + pair[0] + pair[1] - taps) // stride + 1 if size or padding == "valid"
                     else 0)
    if padding == "valid" and min(sizes) <= 0:
        raise ValueError(
            "Computed output size would be zero or negative. Received: "
            f"`inputs.shape={input_shape}`, `pool_size={window}`, `strides={strides}`, "
            f"`padding={padding}`."
        )
    return tuple(sizes)


cdef Tensor pooled(int op, Tensor x, pool_size, strides, padding):
    cdef Py_ssize_t n = len(x.shape) - 2
    if not 1 <= n <= 3:
        raise ValueError(
            "Inputs must have ndim=3, 4 or 5, corresponding to 1D, 2D and 3D inputs. Received "
            f"input shape: {x.shape}."
        )
    if padding not in ("valid", "same"):
        raise ValueError(
            f"Argument `padding` must be either 'valid' or 'same'. Received: padding={padding}"
        )
    window = per_axis(pool_size, n, "pool_size", 1)
    steps = window if strides is None else per_axis(strides, n, "strides", 1)
    ones = (1,) * n
    pairs = padding_pairs(padding, x.shape[1:-1], window, steps, ones)
    sizes = pooled_sizes(x.shape, window, steps, padding, pairs)
    cdef Tensor y = empty((x.shape[0], *sizes, x.shape[n + 1]), x.code)
    cdef Node node = new_node(op, x.code, [x], [y])
    set_geometry(
        node, x.shape, y.shape, (*window, 1, 1), steps, ones, [pair[0] for pair in pairs]
    )
    submit(node)
    return y


def max_pool(x, pool_size, strides=None, padding="valid"):
    """The largest number of each window, of each channel.

    Parameters
    ----------
    x : Tensor of shape (batch, spatial..., channels)
        One to three spatial axes. Integers stay integers (exact up to 2**53).
    pool_size : int or sequence of ints
        Of the window, along each spatial axis.
    strides : int or sequence of ints, optional
        From window to window; by default they stand side by side.
    padding : {"valid", "same"}
        Whether windows stay within x, or there is one for each stride of x; then those at the
        ends are cut, evenly, with the odd place at the end.

    Returns
    -------
    Tensor of shape (batch, spatial..., channels)
        Of equal numbers the first has the gradient; nan is the largest.

    Raises
    ------
    ValueError
        If x has other axes, a window does not fit, or for another padding.
    """
    cdef Tensor data = operand(x)
    if data.code <= KS_FLOAT64:
        return pooled(csrc.KS_OP_max_pool, data, pool_size, strides, padding)
    cdef Tensor numbers = as_dtype(data, KS_FLOAT64)
    return as_dtype(pooled(csrc.KS_OP_max_pool, numbers, pool_size, strides, padding), data.code)


def average_pool(x, pool_size, strides=None, padding="valid"):
    """The mean of each window, of each channel: of what it covers of x.

    Parameters and errors are those of `max_pool`; integers become floating-point numbers.
    """
    return pooled(csrc.KS_OP_average_pool, real_operand(x), pool_size, strides, padding)
