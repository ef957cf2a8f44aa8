"""Convolutions of each channel by itself."""

from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.layers.convolution import Convolution, checked_count


class DepthwiseConv(Convolution):
    """Base of the depthwise convolutions of one and two axes."""

    _prefixes = ("depthwise", "bias")

    def __init__(
        self, kernel_size, strides=1, padding="valid", depth_multiplier=1, data_format=None,
        dilation_rate=1, activation=None, use_bias=True,
        depthwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        depthwise_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            activity_regularizer, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = checked_count("depth_multiplier", depth_multiplier)
        self._keep("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape):
        """Makes the kernel, and the bias if there is one."""
        channels = self._channels_of(input_shape)
        self.compute_output_shape(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = self._add("kernel", shape, "depthwise")
        self.bias = self._add_bias(channels * self.depth_multiplier)
        self.input_spec = self._spec_for(channels)

    def _convolved(self, inputs, bias, activation):
        return depthwise(self, inputs, self.kernel, bias, activation)

    def compute_output_shape(self, input_shape):
        """The shape of the output, with `depth_multiplier` channels for each of the input."""
        self._check_rank(input_shape)
        channels = input_shape[self._channel_axis]
        filters = None if channels is None else channels * self.depth_multiplier
        return self._output_shape(input_shape, filters)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier}


def depthwise(layer, inputs, kernel, bias=None, activation=None):
    """The convolution of each channel with kernels of its own.

    Parameters
    ----------
    layer : Convolution
        For strides, padding and dilation.
    inputs : Tensor of shape (batch, ..., channels)
    kernel : Tensor of shape (..., channels, multiplier)
    bias : Tensor of shape (channels * multiplier,), optional
    activation : {"relu", "tanh"}, optional
    """
    # As many groups as channels; the filters of one after those of the other, as they are.
    *sizes, channels, multiplier = kernel.shape
    kernel = ops.reshape(kernel, (*sizes, 1, channels * multiplier))
    return core.conv(
        inputs, kernel, bias, layer.strides, layer.padding, layer.dilation_rate, channels,
        activation,
    )  # fmt: skip


class DepthwiseConv2D(DepthwiseConv):
    """Filters that slide over each channel of images by itself.

    Parameters
    ----------
    kernel_size, strides, dilation_rate : int or tuple of 2 int
        As for `Conv2D`; there may be strides and dilation together.
    padding : {"valid", "same"}
        As for `Conv2D`.
    depth_multiplier : int
        Filters for each channel; positive. The output has ``channels * depth_multiplier``
        channels, those of the first channel first.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or (batch, channels, rows, columns).
    activation : str, callable or None
        None, the default, is the identity.
    use_bias : bool
    depthwise_initializer, bias_initializer : str, Initializer or callable
        Glorot's uniform and zeros by default.
    depthwise_regularizer, bias_regularizer, activity_regularizer : str, Regularizer or callable
        Functions of kernel, bias and output that add to the loss; none by default.
    depthwise_constraint, bias_constraint : str, Constraint or callable
        What kernel and bias are held to after each update; nothing by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    kernel : Variable of shape (rows, columns, channels, depth_multiplier)
    bias : Variable of shape (channels * depth_multiplier,), or None

    Raises
    ------
    ValueError
        If an argument is out of range or not known. When it is called, if the inputs have not
        four axes, or another number of channels than in the first call, or the kernel is larger
        than the image.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.DepthwiseConv2D(3, depth_multiplier=2)
    >>> layer(kerasette.ops.ones((2, 9, 9, 4))).shape
    (2, 7, 7, 8)
    """

    rank = 2

    def __init__(
        self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, data_format=None,
        dilation_rate=(1, 1), activation=None, use_bias=True,
        depthwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        depthwise_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate,
            activation, use_bias, depthwise_initializer, bias_initializer, depthwise_regularizer,
            bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip


class DepthwiseConv1D(DepthwiseConv):
    """Filters that slide over each channel of sequences by itself.

    Parameters
    ----------
    kernel_size, strides, dilation_rate : int or tuple of 1 int
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or (batch, channels, steps).
    padding, depth_multiplier, activation, use_bias, depthwise_initializer, bias_initializer, \
depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, \
bias_constraint, **kwargs
        As for `DepthwiseConv2D`.

    Attributes
    ----------
    kernel : Variable of shape (steps, channels, depth_multiplier)
    bias : Variable of shape (channels * depth_multiplier,), or None

    Raises
    ------
    ValueError
        As `DepthwiseConv2D`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.DepthwiseConv1D(3)
    >>> layer(kerasette.ops.ones((2, 10, 4))).shape
    (2, 8, 4)
    """
