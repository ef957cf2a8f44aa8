"""Transposed convolutions."""

from typing import Any

from kerasette._core import ops as core
from kerasette.layers.convolution import Convolution, check_strides_and_dilation, checked_count
from kerasette.windows import sizes_of, transposed_size


class ConvTranspose(Convolution):
    """Base of the transposed convolutions of one, two and three axes."""

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", output_padding=None,
        data_format=None, dilation_rate=1, activation=None, use_bias=True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            activity_regularizer, **kwargs,
        )  # fmt: skip
        self.filters = checked_count("filters", filters)
        self.output_padding = self._checked_output_padding(output_padding)
        check_strides_and_dilation(self)
        self._keep("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def _checked_output_padding(self, output_padding):
        if output_padding is None:
            return None
        sizes = sizes_of(output_padding, self.rank, "output_padding", allow_zero=True)
        if any(size >= stride for size, stride in zip(sizes, self.strides, strict=True)):
            raise ValueError(
                "`output_padding` must be strictly less than `strides` for all dimensions. "
                f"Received: output_padding={sizes}, strides={self.strides}"
            )
        return sizes

    def build(self, input_shape):
        """Makes the kernel, and the bias if there is one."""
        channels = self._channels_of(input_shape)
        self.kernel = self._add("kernel", (*self.kernel_size, self.filters, channels))
        self.bias = self._add_bias(self.filters)
        self.input_spec = self._spec_for(channels)

    def _convolved(self, inputs, bias, activation):
        sizes, pads = zip(*self._windows(inputs.shape))
        return core.conv_transpose(
            inputs, self.kernel, bias, output_shape=sizes, pads=pads, strides=self.strides,
            dilation=self.dilation_rate, activation=activation,
        )  # fmt: skip

    def _windows(self, shape):
        """For each axis of space the output's size, and how many places of padding precede it.

        Parameters
        ----------
        shape : tuple
            Of inputs with the channels last.
        """
        self._check_rank(shape)
        extra = self.output_padding or (None,) * self.rank
        found = [
            transposed_size(size, kernel, stride, self.padding, added, dilation)
            for size, kernel, stride, added, dilation in zip(
                shape[1:-1], self.kernel_size, self.strides, extra, self.dilation_rate, strict=True
            )
        ]
        if any(size is not None and size < 1 for size, _ in found):
            raise ValueError(
                "Computed output size would be zero or negative. Received: inputs shape="
                f"{tuple(shape)} (channels last), kernel_size={self.kernel_size}, "
                f"strides={self.strides}, padding={self.padding!r}"
            )
        return found

    def compute_output_shape(self, input_shape):
        """The shape of the output: as many channels as filters."""
        batch, *rest = input_shape
        if self.data_format == "channels_first":
            rest = [*rest[1:], *rest[:1]]
        sizes = [size for size, _ in self._windows((batch, *rest))]
        return self._shape_of(batch, sizes, self.filters)

    def get_config(self):
        """The arguments that make such a layer."""
        extra = self.output_padding
        return {
            **super().get_config(),
            "filters": self.filters,
            "output_padding": None if extra is None else list(extra),
        }


class Conv2DTranspose(ConvTranspose):
    """Images made larger by filters: what a convolution does to gradients, done to inputs.

    Each place of the input adds its multiple of the kernel to the output, a stride beside that of
    its neighbour.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size : int or tuple of 2 int
    strides : int or tuple of 2 int
        How many times as large the output is.
    padding : {"valid", "same"}
        Whether the output has all places that kernels reach, or `strides` for each of the input.
    output_padding : int or tuple of 2 int, optional
        How many rows and columns there are at the end beyond the smallest output; less than
        `strides`. By default as many as "valid" and "same" demand.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or (batch, channels, rows, columns).
    dilation_rate : int or tuple of 2 int
        Distance of neighbours in the kernel; not together with strides.
    activation : str, callable or None
        None, the default, is the identity.
    use_bias : bool
    kernel_initializer, bias_initializer : str, Initializer or callable
        Glorot's uniform and zeros by default.
    kernel_regularizer, bias_regularizer, activity_regularizer : str, Regularizer or callable
        Functions of kernel, bias and output that add to the loss; none by default.
    kernel_constraint, bias_constraint : str, Constraint or callable
        What kernel and bias are held to after each update; nothing by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    kernel : Variable of shape (rows, columns, filters, channels)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        If an argument is out of range or not known, or there are strides and dilation; when it is
        called, if the inputs have not four axes, or another number of channels than in the first
        call.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 4.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv2DTranspose(8, 3, strides=2, padding="same")
    >>> layer(kerasette.ops.ones((2, 14, 14, 4))).shape
    (2, 28, 28, 8)
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", output_padding=None,
        data_format=None, dilation_rate=(1, 1), activation=None, use_bias=True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


class Conv1DTranspose(ConvTranspose):
    """Sequences made longer by filters.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, output_padding, dilation_rate : int or tuple of 1 int
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or (batch, channels, steps).
    padding, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, \
bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs
        As for `Conv2DTranspose`.

    Attributes
    ----------
    kernel : Variable of shape (steps, filters, channels)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        As `Conv2DTranspose`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv1DTranspose(8, 3, strides=2)
    >>> layer(kerasette.ops.ones((2, 10, 4))).shape
    (2, 21, 8)
    """


class Conv3DTranspose(ConvTranspose):
    """Volumes made larger by filters.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, output_padding, dilation_rate : int or tuple of 3 int
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, depth, rows, columns, channels), or the channels after the batch.
    padding, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, \
bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs
        As for `Conv2DTranspose`.

    Attributes
    ----------
    kernel : Variable of shape (depth, rows, columns, filters, channels)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        As `Conv2DTranspose`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv3DTranspose(8, 2, strides=2)
    >>> layer(kerasette.ops.ones((2, 3, 4, 5, 1))).shape
    (2, 6, 8, 10, 8)
    """

    rank = 3

    # Keras has `data_format` before `output_padding` here.
    def __init__(
        self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None,
        output_padding=None, dilation_rate=(1, 1, 1), activation=None, use_bias=True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
