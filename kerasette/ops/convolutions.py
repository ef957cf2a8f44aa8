"""Convolutions over one to three axes, and what is made of them."""

from kerasette._core import ops as core
from kerasette.config import standardize_data_format
from kerasette.ops.arrangement import moveaxis
from kerasette.ops.conversion import convert_to_tensor
from kerasette.windows import padding_of, sizes_of, transposed_size


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution over one to three axes, as neural networks have it: the kernel is not turned.

    Parameters
    ----------
    inputs : Tensor of shape (batch, spatial..., channels) or (batch, channels, spatial...)
    kernel : Tensor of shape (spatial..., channels / groups, filters)
        With less channels than the inputs have, these come in groups, and so do the filters;
        those of a group see its channels.
    strides : int or tuple of ints
        Steps of the kernel along each spatial axis.
    padding : {"valid", "same"}
        No zeros around the inputs, or so many that the output is as large as the inputs divided
        by the strides.
    data_format : {"channels_last", "channels_first"}, optional
        ``config.image_data_format()`` by default.
    dilation_rate : int or tuple of ints
        Distance of neighbours in the kernel along each spatial axis.

    Raises
    ------
    ValueError
        If the shapes do not fit, the kernel is larger than the inputs, or another argument is
        out of range.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0], [2.0], [4.0], [8.0]]]
    >>> kerasette.ops.conv(x, [[[1.0]], [[-1.0]]]).numpy()[0, :, 0].tolist()
    [-1.0, -2.0, -4.0]
    """
    x, kernel, is_last = _operands(inputs, kernel, data_format)
    channels, seen = x.shape[-1], kernel.shape[-2]
    if seen == 0 or channels % seen:
        raise ValueError(
            f"Input channels ({channels}) must be divisible by kernel input channels ({seen}). "
            f"Received: inputs of shape {x.shape} (channels last), kernel of shape {kernel.shape}."
        )
    y = _convolved(x, kernel, channels // seen, strides, padding, dilation_rate)
    return y if is_last else moveaxis(y, -1, 1)


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution of each channel by itself, with filters of its own.

    Parameters
    ----------
    inputs : Tensor of shape (batch, spatial..., channels) or (batch, channels, spatial...)
    kernel : Tensor of shape (spatial..., channels, multiplier)
    strides, padding, data_format, dilation_rate
        As in `conv`.

    Returns
    -------
    Tensor with channels * multiplier channels, those made of one channel side by side

    Raises
    ------
    ValueError
        As `conv`, and if inputs and kernel have different numbers of channels.

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0, 2.0], [3.0, 5.0]]]
    >>> kerasette.ops.depthwise_conv(x, [[[1.0], [10.0]]]).numpy().tolist()
    [[[1.0, 20.0], [3.0, 50.0]]]
    """
    x, kernel, is_last = _operands(inputs, kernel, data_format)
    y = _depthwise(x, kernel, strides, padding, dilation_rate, is_last)
    return y if is_last else moveaxis(y, -1, 1)


def separable_conv(
    inputs,
    depthwise_kernel,
    pointwise_kernel,
    strides=1,
    padding="valid",
    data_format=None,
    dilation_rate=1,
):
    """A depthwise convolution, and then one of the channels at each place.

    Parameters
    ----------
    inputs : Tensor of shape (batch, spatial..., channels) or (batch, channels, spatial...)
    depthwise_kernel : Tensor of shape (spatial..., channels, multiplier)
    pointwise_kernel : Tensor of shape (1..., channels * multiplier, filters)
    strides, padding, data_format, dilation_rate
        As in `conv`, of the depthwise convolution.

    Raises
    ------
    ValueError
        As `depthwise_conv` and `conv`.

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0, 2.0], [3.0, 5.0]]]
    >>> kerasette.ops.separable_conv(x, [[[1.0], [10.0]]], [[[1.0], [1.0]]]).numpy().tolist()
    [[[21.0], [53.0]]]
    """
    x, kernel, is_last = _operands(inputs, depthwise_kernel, data_format)
    x = _depthwise(x, kernel, strides, padding, dilation_rate, is_last)
    y = conv(x, pointwise_kernel, 1, "valid", "channels_last", dilation_rate)
    return y if is_last else moveaxis(y, -1, 1)


def conv_transpose(
    inputs,
    kernel,
    strides=1,
    padding="valid",
    output_padding=None,
    data_format=None,
    dilation_rate=1,
):
    """What a convolution does to gradients, done to inputs.

    Each place of the inputs adds its multiple of the kernel to the output.

    Parameters
    ----------
    inputs : Tensor of shape (batch, spatial..., channels) or (batch, channels, spatial...)
    kernel : Tensor of shape (spatial..., filters, channels)
    strides : int or tuple of ints
        Distance of the places in the output along each spatial axis.
    padding : {"valid", "same"}
        All that kernels reach, or `strides` places for each of the inputs.
    output_padding : int or tuple of ints, optional
        Places at the end beyond the smallest output; by default as many as `padding` demands.
    data_format : {"channels_last", "channels_first"}, optional
        ``config.image_data_format()`` by default.
    dilation_rate : int or tuple of ints
        Distance of neighbours in the kernel along each spatial axis.

    Raises
    ------
    ValueError
        If the shapes do not fit, or another argument is out of range.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 4.

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0], [3.0]]]
    >>> kerasette.ops.conv_transpose(x, [[[1.0]], [[10.0]]], 2).numpy()[0, :, 0].tolist()
    [1.0, 10.0, 3.0, 30.0]
    """
    x, kernel, is_last = _operands(inputs, kernel, data_format)
    _check_channels(x, kernel, kernel.shape[-1], is_last)
    n, strides, dilation = _steps(x, strides, dilation_rate)
    extra = (None,) * n
    if output_padding is not None:
        extra = sizes_of(output_padding, n, "output_padding", allow_zero=True)
    sizes, pads = zip(
        *map(
            transposed_size, x.shape[1:-1], kernel.shape, strides, [padding_of(padding)] * n, extra,
            dilation,
        )
    )  # fmt: skip
    if min(sizes) < 1:
        raise ValueError(
            f"Computed output size would be zero or negative. Received: inputs of shape {x.shape} "
            f"(channels last), kernel of shape {kernel.shape}, strides={strides}, "
            f"padding={padding!r}, output_padding={output_padding}, dilation_rate={dilation}."
        )
    y = core.conv_transpose(
        x, kernel, output_shape=sizes, pads=pads, strides=strides, dilation=dilation
    )
    return y if is_last else moveaxis(y, -1, 1)


def _operands(inputs, kernel, data_format):
    """Inputs with the channels last, kernel, and whether they had them there."""
    is_last = standardize_data_format(data_format) == "channels_last"
    inputs, kernel = convert_to_tensor(inputs), convert_to_tensor(kernel)
    if not 3 <= len(inputs.shape) <= 5:
        raise ValueError(
            "Inputs must have ndim=3, 4 or 5, for 1, 2 or 3 spatial axes. Received: inputs of "
            f"shape {inputs.shape}."
        )
    if len(kernel.shape) != len(inputs.shape):
        raise ValueError(
            "Kernel shape must have the same length as input, but received kernel of shape "
            f"{kernel.shape} and input of shape {inputs.shape}."
        )
    return inputs if is_last else moveaxis(inputs, 1, -1), kernel, is_last


def _check_channels(x, kernel, seen, is_last):
    if x.shape[-1] != seen:
        data_format = "channels_last" if is_last else "channels_first"
        raise ValueError(
            "The number of input channels must match the kernel's input channels. Received: "
            f"inputs of shape {x.shape} (channels last), kernel of shape {kernel.shape}, "
            f"input channels={x.shape[-1]}, kernel input channels={seen}, "
            f"data_format={data_format!r}."
        )


def _depthwise(x, kernel, strides, padding, dilation_rate, is_last):
    *size, channels, multiplier = kernel.shape
    _check_channels(x, kernel, channels, is_last)
    # The filters of a channel lie side by side already.
    kernel = core.reshape(kernel, (*size, 1, channels * multiplier))
    return _convolved(x, kernel, channels, strides, padding, dilation_rate)


def _convolved(x, kernel, groups, strides, padding, dilation_rate):
    _, strides, dilation = _steps(x, strides, dilation_rate)
    return core.conv(x, kernel, None, strides, padding_of(padding), dilation, groups)


def _steps(x, strides, dilation_rate):
    """The number of spatial axes, and the steps along each, of windows and within them."""
    n = len(x.shape) - 2
    return n, sizes_of(strides, n, "strides"), sizes_of(dilation_rate, n, "dilation_rate")
