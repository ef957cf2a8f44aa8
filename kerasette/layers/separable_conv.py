"""Convolutions of each channel by itself, then across the channels."""

from typing import Any

from kerasette._core import ops as core
from kerasette.layers.convolution import Convolution, checked_count
from kerasette.layers.depthwise_conv import depthwise


class SeparableConv(Convolution):
    """Base of the separable convolutions of one and two axes."""

    _prefixes = ("depthwise", "pointwise", "bias")

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
        depth_multiplier=1, activation=None, use_bias=True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
        activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None,
        bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            activity_regularizer, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = checked_count("depth_multiplier", depth_multiplier)
        self.filters = checked_count("filters", filters)
        self._keep("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._keep("pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape):
        """Makes both kernels, and the bias if there is one."""
        channels = self._channels_of(input_shape)
        self.compute_output_shape(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.depthwise_kernel = self._add("depthwise_kernel", shape, "depthwise")
        shape = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        self.pointwise_kernel = self._add("pointwise_kernel", shape, "pointwise")
        self.bias = self._add_bias(self.filters)
        self.input_spec = self._spec_for(channels)

    def _convolved(self, inputs, bias, activation):
        inner = depthwise(self, inputs, self.depthwise_kernel)
        return core.conv(inner, self.pointwise_kernel, bias, activation=activation)

    def compute_output_shape(self, input_shape):
        """The shape of the output: as many channels as filters."""
        return self._output_shape(input_shape, self.filters)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "depth_multiplier": self.depth_multiplier,
        }


class SeparableConv2D(SeparableConv):
    """A depthwise convolution of images, then one of 1 x 1 that mixes the channels.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, dilation_rate : int or tuple of 2 int
        Of the first, as for `Conv2D`; there may be strides and dilation together.
    padding : {"valid", "same"}
        As for `Conv2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or (batch, channels, rows, columns).
    depth_multiplier : int
        Channels between the two for each of the input; positive.
    activation : str, callable or None
        Of the output; None, the default, is the identity.
    use_bias : bool
        Whether the output has one.
    depthwise_initializer, pointwise_initializer, bias_initializer : str, Initializer or callable
        Glorot's uniform for both kernels, and zeros by default.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer : str, \
Regularizer or callable
        Functions of kernels, bias and output that add to the loss; none by default.
    depthwise_constraint, pointwise_constraint, bias_constraint : str, Constraint or callable
        What kernels and bias are held to after each update; nothing by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    depthwise_kernel : Variable of shape (rows, columns, channels, depth_multiplier)
    pointwise_kernel : Variable of shape (1, 1, channels * depth_multiplier, filters)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        If an argument is out of range or not known. When it is called, if the inputs have not
        four axes, or another number of channels than in the first call, or the kernel is larger
        than the image.

    References
    ----------
    Chollet, "Xception: deep learning with depthwise separable convolutions", CVPR (2017).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SeparableConv2D(8, 3, activation="relu")
    >>> layer(kerasette.ops.ones((2, 9, 9, 4))).shape
    (2, 7, 7, 8)
    >>> layer.count_params()
    76
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None,
        dilation_rate=(1, 1), depth_multiplier=1, activation=None, use_bias=True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
        activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None,
        bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier,
            activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer,
            depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


class SeparableConv1D(SeparableConv):
    """A depthwise convolution of sequences, then one of size 1 that mixes the channels.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, dilation_rate : int or tuple of 1 int
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or (batch, channels, steps).
    padding, depth_multiplier, activation, use_bias, depthwise_initializer, \
pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, \
bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, \
bias_constraint, **kwargs
        As for `SeparableConv2D`.

    Attributes
    ----------
    depthwise_kernel : Variable of shape (steps, channels, depth_multiplier)
    pointwise_kernel : Variable of shape (1, channels * depth_multiplier, filters)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        As `SeparableConv2D`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SeparableConv1D(8, 3)
    >>> layer(kerasette.ops.ones((2, 10, 4))).shape
    (2, 8, 8)
    """


SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D
