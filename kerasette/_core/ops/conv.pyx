"""Convolutions of one to three spatial axes and their transposes, channels last."""

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.ops.operands cimport as_dtype, common_code, real_operand
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty

from kerasette._core.ops.matmul import FUSED_ACTIVATIONS


cdef int check_activation(str op, activation) except -1:
    if activation not in FUSED_ACTIVATIONS:
        raise ValueError(
            f"{op}() applies {sorted(filter(None, FUSED_ACTIVATIONS))}. "
            f"Received: activation={activation!r}"
        )
    return 0


cdef bint is_whole(value):
    return hasattr(value, "__index__") and not isinstance(value, bool)


# Products of two of them are an int64.
cdef int64_t LARGEST = (<int64_t> 1 << 31) - 1


cdef tuple per_axis(value, Py_ssize_t n, str name, int64_t least):
    """`n` integers from `least` to 2 ** 31 - 1: those given, or the one given for all axes."""
    values = (value,) * n if is_whole(value) else value
    if (
        not isinstance(values, (tuple, list))
        or len(values) != n
        or not all([is_whole(item) and least <= item <= LARGEST for item in values])
    ):
        raise ValueError(
            f"The `{name}` argument must be a tuple of {n} integers, none of them less than "
            f"{least} or more than {LARGEST}. Received: {name}={value!r}"
        )
    return tuple([item.__index__() for item in values])


cdef Py_ssize_t spatial_axes(str op, Tensor x, Tensor kernel) except -1:
    """How many there are; x and kernel must have as many."""
    cdef Py_ssize_t n = len(x.shape) - 2
    if not 1 <= n <= 3:
        raise ValueError(
            f"{op}: inputs must have 3, 4 or 5 axes, for 1, 2 or 3 spatial ones. Received: "
            f"inputs of shape {x.shape}."
        )
    if len(kernel.shape) != n + 2:
        raise ValueError(
            f"{op}: kernel shape must have the same length as input, but received kernel of "
            f"shape {kernel.shape} and input of shape {x.shape}."
        )
    if 0 in kernel.shape:
        raise ValueError(f"{op}: a kernel of shape {kernel.shape} has no weights.")
    return n


cdef list operands(str op, Tensor x, Tensor kernel, bias, int64_t channels):
    """The inputs of a node, of one dtype."""
    cdef int code = common_code(x.code, kernel.code)
    cdef list inputs = [as_dtype(x, code), as_dtype(kernel, code)]
    cdef Tensor b
    if bias is not None:
        b = as_dtype(real_operand(bias), code)
        if b.shape != (channels,):
            raise ValueError(f"{op}: bias has shape {b.shape}, expected ({channels},).")
        inputs.append(b)
    return inputs


def padding_pairs(padding, input_shape, kernel_size, strides, dilation):
    """How many zeros come before and after the input along each spatial axis.

    Parameters
    ----------
    padding : {"valid", "same", "causal"} or sequence of pairs of ints
    input_shape, kernel_size, strides, dilation : tuple of ints
        One for each spatial axis.

    Raises
    ------
    ValueError
        If it is none of these, or causal for more than one axis.
    """
    cdef Py_ssize_t n = len(input_shape)
    if padding == "valid":
        return ((0, 0),) * n
    if padding == "causal" and n == 1:
        return ((dilation[0] * (kernel_size[0] - 1), 0),)
    if padding == "same":
        pairs = []
        for size, taps, stride, step in zip(input_shape, kernel_size, strides, dilation):
            lacking = max((-(-size // stride) - 1) * stride + step * (taps - 1) + 1 - size, 0)
            pairs.append((lacking // 2, lacking - lacking // 2))
        return tuple(pairs)
    if isinstance(padding, str) or not hasattr(padding, "__len__") or len(padding) != n:
        raise ValueError(
            "`padding` must be either 'valid' or 'same' (or 'causal', for one spatial axis), or "
            f"a pair of integers for each of {n} spatial axes. Received: padding={padding!r}"
        )
    return tuple([per_axis(pair, 2, "padding", 0) for pair in padding])


cdef tuple output_sizes(tuple input_shape, tuple kernel_shape, padding, tuple strides,
                        tuple dilation, tuple pairs):
    sizes = []
    for size, taps, stride, step, pair in zip(
        input_shape[1:-1], kernel_shape, strides, dilation, pairs
    ):
        sizes.append((size + pair[0] + pair[1] - step * (taps - 1) - 1) // stride + 1)
    if min(sizes) <= 0:
        raise ValueError(
            "Computed output size would be zero or negative. Received: inputs of shape "
            f"{input_shape}, kernel of shape {kernel_shape}, strides={strides}, "
            f"padding={padding!r}, dilation={dilation}."
        )
    return tuple(sizes)


cdef int set_axes(Node node, int place, sizes, int64_t filler) except -1:
    """Sizes of the last spatial axes; those that are not there have the size `filler`."""
    cdef Py_ssize_t missing = 3 - len(sizes)
    cdef Py_ssize_t axis
    for axis in range(3):
        node.c.size[place + axis] = filler if axis < missing else sizes[axis - missing]
    return 0


cdef int set_geometry(
    Node node, tuple inputs, tuple outputs, tuple kernel, strides, dilation, pads
) except -1:
    """Of the convolution from `inputs` to `outputs`, shapes with batch and channels."""
    set_axes(node, csrc.KS_CONV_INPUT, inputs[1:-1], 1)
    set_axes(node, csrc.KS_CONV_OUTPUT, outputs[1:-1], 1)
    set_axes(node, csrc.KS_CONV_KERNEL, kernel[:-2], 1)
    set_axes(node, csrc.KS_CONV_STRIDE, strides, 1)
    set_axes(node, csrc.KS_CONV_DILATION, dilation, 1)
    set_axes(node, csrc.KS_CONV_PAD, pads, 0)
    node.c.size[csrc.KS_CONV_BATCH] = inputs[0]
    node.c.size[csrc.KS_CONV_CHANNELS] = inputs[len(inputs) - 1]
    node.c.size[csrc.KS_CONV_FILTERS] = outputs[len(outputs) - 1]
    return 0


cdef Tensor submitted(Node node, int64_t groups, activation, Tensor y):
    node.c.size[csrc.KS_CONV_GROUPS] = groups
    node.c.size[csrc.KS_CONV_ACTIVATION] = FUSED_ACTIVATIONS[activation]
    add_scratch(node, csrc.ks_conv_scratch_bytes(&node.c))
    submit(node)
    return y


def conv(
    x, kernel, bias=None, strides=1, padding="valid", dilation=1, groups=1, activation=None
):
    """``activation(x * kernel + bias)``, * being a convolution, in one node.

    Parameters
    ----------
    x : Tensor of shape (batch, spatial..., channels)
        One to three spatial axes.
    kernel : Tensor of shape (spatial..., channels / groups, filters)
    bias : Tensor of shape (filters,), optional
    strides, dilation : int or sequence of ints
        Steps between places of the output, and between taps, along each spatial axis.
    padding : {"valid", "same", "causal"} or sequence of pairs of ints
        Zeros around x: none; so many that the output is as large as x over the strides; those
        before the only axis, so that no output sees later inputs; or how many before and after
        along each axis.
    groups : int
        Divides channels and filters; the filters of each group see its channels.
    activation : {None, "linear", "relu", "sigmoid", "tanh"}

    Returns
    -------
    Tensor of shape (batch, spatial..., filters)

    Raises
    ------
    ValueError
        If shapes do not fit or the output would have none, or for another activation.
    """
    cdef Tensor data = real_operand(x)
    cdef Tensor w = real_operand(kernel)
    check_activation("conv", activation)
    cdef Py_ssize_t n = spatial_axes("conv", data, w)
    channels = data.shape[n + 1]
    filters = w.shape[n + 1]
    cdef int64_t parts = per_axis(groups, 1, "groups", 1)[0]
    if channels % parts or filters % parts or w.shape[n] * parts != channels:
        raise ValueError(
            "conv: the channels of inputs must be those of the kernel times `groups`, which "
            f"divides channels and filters. Received: inputs of shape {data.shape}, kernel of "
            f"shape {w.shape}, groups={groups}."
        )
    steps = per_axis(strides, n, "strides", 1)
    spread = per_axis(dilation, n, "dilation", 1)
    pairs = padding_pairs(padding, data.shape[1:-1], w.shape[:-2], steps, spread)
    sizes = output_sizes(data.shape, w.shape, padding, steps, spread, pairs)
    cdef list inputs = operands("conv", data, w, bias, filters)
    data = inputs[0]
    cdef Tensor y = empty((data.shape[0], *sizes, filters), data.code)
    cdef Node node = new_node(csrc.KS_OP_conv, data.code, inputs, [y])
    set_geometry(node, data.shape, y.shape, w.shape, steps, spread, [pair[0] for pair in pairs])
    return submitted(node, parts, activation, y)


def conv_transpose(
    x, kernel, bias=None, *, output_shape, pads=0, strides=1, dilation=1, activation=None
):
    """The transpose of a convolution, plus bias, through an activation, in one node.

    Place o of x and tap t of the kernel meet at place ``o * stride + t * dilation - pad`` of the
    output, where it exists.

    Parameters
    ----------
    x : Tensor of shape (batch, spatial..., channels)
        One to three spatial axes.
    kernel : Tensor of shape (spatial..., filters, channels)
    bias : Tensor of shape (filters,), optional
    output_shape : sequence of ints
        Of the spatial axes.
    pads, strides, dilation : int or sequence of ints
        As above, along each spatial axis.
    activation : {None, "linear", "relu", "sigmoid", "tanh"}

    Returns
    -------
    Tensor of shape (batch, *output_shape, filters)

    Raises
    ------
    ValueError
        If shapes do not fit, or for another activation.
    """
    cdef Tensor data = real_operand(x)
    cdef Tensor w = real_operand(kernel)
    check_activation("conv_transpose", activation)
    cdef Py_ssize_t n = spatial_axes("conv_transpose", data, w)
    filters = w.shape[n]
    if w.shape[n + 1] != data.shape[n + 1]:
        raise ValueError(
            "conv_transpose: the last axis of the kernel must be as large as that of inputs. "
            f"Received: inputs of shape {data.shape}, kernel of shape {w.shape}."
        )
    sizes = per_axis(output_shape, n, "output_shape", 1)
    before = per_axis(pads, n, "pads", 0)
    steps = per_axis(strides, n, "strides", 1)
    spread = per_axis(dilation, n, "dilation", 1)
    cdef list inputs = operands("conv_transpose", data, w, bias, filters)
    data = inputs[0]
    cdef Tensor y = empty((data.shape[0], *sizes, filters), data.code)
    cdef Node node = new_node(csrc.KS_OP_conv_transpose, data.code, inputs, [y])
    set_geometry(node, y.shape, data.shape, w.shape, steps, spread, before)
    return submitted(node, 1, activation, y)
