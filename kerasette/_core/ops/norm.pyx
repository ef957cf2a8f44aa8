"""Normalization over a batch and over a sample."""

import numpy as np

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.dtypes cimport dtype_name
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.ops.operands cimport as_dtype, checked_axis, operand, product, real_operand
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty, tensor_of


cdef Tensor numbers(value, double default, int64_t count, Tensor x, str name):
    """`count` numbers of the dtype of x: those given, or the default for each."""
    cdef Tensor tensor
    if value is None:
        return tensor_of(np.full(count, default, dtype_name(x.code)))
    tensor = as_dtype(operand(value), x.code)
    if tensor.count != count:
        raise ValueError(
            f"{name} has shape {tensor.shape}, and {count} numbers are needed for an input of "
            f"shape {x.shape}."
        )
    return tensor


cdef int set_channels(Node node, Tensor x, Py_ssize_t axis) except -1:
    node.c.size[0] = product(x.shape[:axis])
    node.c.size[1] = x.shape[axis]
    node.c.size[2] = product(x.shape[axis + 1:])
    return add_scratch(node, csrc.KS_NORM_SCRATCH(0, node.c.size[1]))


def batch_norm(x, gamma=None, beta=None, axis=-1, double epsilon=1e-3):
    """Each channel less its mean, over its standard deviation, times gamma, plus beta.

    ``y = (x - mean) / sqrt(variance + epsilon) * gamma + beta``

    Parameters
    ----------
    x : Tensor
    gamma, beta : Tensor of shape (channels,), optional
        1 and 0 by default.
    axis : int
        That of the channels; statistics are over all others.
    epsilon : float

    Returns
    -------
    y : Tensor of the shape of x
    mean, variance : Tensor of shape (channels,)
        nan over no values; the variance is divided by their number. They are results without
        a gradient: what is made of them is a constant to a tape.
    """
    cdef Tensor tensor = real_operand(x)
    cdef Py_ssize_t place = checked_axis(axis, len(tensor.shape))
    channels = tensor.shape[place]
    cdef Tensor y = empty(tensor.shape, tensor.code)
    cdef Tensor mean = empty((channels,), tensor.code)
    cdef Tensor variance = empty((channels,), tensor.code)
    cdef list inputs = [
        tensor,
        numbers(gamma, 1.0, channels, tensor, "gamma"),
        numbers(beta, 0.0, channels, tensor, "beta"),
    ]
    cdef Node node = new_node(csrc.KS_OP_batch_norm, tensor.code, inputs, [y, mean, variance])
    set_channels(node, tensor, place)
    node.c.attr[0] = epsilon
    submit(node)
    return y, mean, variance


def channel_affine(x, mean, factor, offset=None, axis=-1):
    """``(x - mean) * factor + offset``, with a number of each for each place of `axis`.

    Parameters
    ----------
    x : Tensor
    mean, factor, offset : Tensor of shape (channels,)
        An offset that is not given is 0.
    axis : int
        That of the channels.
    """
    cdef Tensor tensor = real_operand(x)
    cdef Py_ssize_t place = checked_axis(axis, len(tensor.shape))
    channels = tensor.shape[place]
    cdef Tensor y = empty(tensor.shape, tensor.code)
    cdef list inputs = [
        tensor,
        numbers(mean, 0.0, channels, tensor, "mean"),
        numbers(factor, 1.0, channels, tensor, "factor"),
        numbers(offset, 0.0, channels, tensor, "offset"),
    ]
    cdef Node node = new_node(csrc.KS_OP_channel_affine, tensor.code, inputs, [y])
    set_channels(node, tensor, place)
    submit(node)
    return y


def layer_norm(
    x, gamma=None, beta=None, Py_ssize_t n_axes=1, double epsilon=1e-3, bint rms_scaling=False
):
    """Each sample less its mean, over its standard deviation, times gamma, plus beta.

    ``y = (x - mean) / sqrt(variance + epsilon) * gamma + beta``

    Parameters
    ----------
    x : Tensor
    gamma, beta : Tensor, optional
        As many numbers as a sample has; 1 and 0 by default.
    n_axes : int
        A sample is the last so many axes of x; statistics are over them.
    epsilon : float
    rms_scaling : bool
        Whether x is taken as it is, without subtracting the mean (the variance is the same).
    """
    cdef Tensor tensor = real_operand(x)
    cdef Py_ssize_t n = len(tensor.shape)
    if not 1 <= n_axes <= n:
        raise ValueError(f"{n_axes} axes of a tensor of shape {tensor.shape} were asked for.")
    width = product(tensor.shape[n - n_axes:])
    cdef Tensor y = empty(tensor.shape, tensor.code)
    cdef list inputs = [
        tensor,
        numbers(gamma, 1.0, width, tensor, "gamma"),
        numbers(beta, 0.0, width, tensor, "beta"),
    ]
    cdef Node node = new_node(csrc.KS_OP_layer_norm, tensor.code, inputs, [y])
    node.c.size[0] = product(tensor.shape[:n - n_axes])
    node.c.size[1] = width
    node.c.size[2] = rms_scaling
    node.c.attr[0] = epsilon
    add_scratch(node, csrc.KS_NORM_SCRATCH(node.c.size[0], width))
    submit(node)
    return y
