"""Convolutions."""

from typing import Any

from kerasette.layers.base_conv import Conv


class Conv2D(Conv):
    """Filters that slide over images: ``activation(convolution(inputs, kernel) + bias)``.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size : int or tuple of 2 int
        Rows and columns that a filter sees.
    strides : int or tuple of 2 int
        Distance of the places at which it stands.
    padding : {"valid", "same"}
        Whether filters stay inside of the image; or stand at each stride of it, and see zeros
        around it, with one more behind than before if their number is odd.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or (batch, channels, rows, columns).
        ``kerasette.config.image_data_format()`` by default. The latter is turned around for the
        computation, which costs time.
    dilation_rate : int or tuple of 2 int
        Distance of neighbours in what a filter sees; not together with strides.
    groups : int
        Filters come in so many groups of equal size, and each sees its share of the channels.
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
        ``name``, ``dtype`` and ``trainable`` of `Layer`. ``lora_rank`` and ``lora_alpha`` of
        fine-tuning, which there is none of, must be None.

    Attributes
    ----------
    kernel : Variable of shape (rows, columns, channels // groups, filters)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        If an argument is out of range or not known, `groups` does not divide `filters`, or there
        are strides and dilation. When it is called, if the inputs have not four axes, `groups`
        does not divide their channels, these are not as many as in the first call, or the kernel
        is larger than the image.

    Notes
    -----
    As everywhere in deep learning, the kernel is not mirrored. Convolution, bias and a ReLU or
    tanh are one node; other activations are nodes of their own.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")
    >>> layer(kerasette.ops.ones((2, 28, 28, 1))).shape
    (2, 14, 14, 8)
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None,
        dilation_rate=(1, 1), groups=1, activation=None, use_bias=True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


class Conv1D(Conv):
    """Filters that slide over sequences.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, dilation_rate : int or tuple of 1 int
    padding : {"valid", "same", "causal"}
        As for `Conv2D`. With "causal" all zeros are before the sequence: no step of the output
        depends on later ones of the input.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or (batch, channels, steps).
    groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, \
bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs
        As for `Conv2D`.

    Attributes
    ----------
    kernel : Variable of shape (steps, channels // groups, filters)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        As `Conv2D`; inputs have three axes.

    References
    ----------
    van den Oord et al., "WaveNet: a generative model for raw audio" (2016), section 2.1, for
    causal convolutions.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv1D(8, 3, padding="causal", dilation_rate=4)
    >>> layer(kerasette.ops.ones((2, 20, 5))).shape
    (2, 20, 8)
    """

    _paddings = ("causal", "same", "valid")


class Conv3D(Conv):
    """Filters that slide over volumes, or over films.

    Parameters
    ----------
    filters : int
        Channels of the output; positive.
    kernel_size, strides, dilation_rate : int or tuple of 3 int
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, depth, rows, columns, channels), or the channels after the batch.
    padding, groups, activation, use_bias, kernel_initializer, bias_initializer, \
kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, \
**kwargs
        As for `Conv2D`.

    Attributes
    ----------
    kernel : Variable of shape (depth, rows, columns, channels // groups, filters)
    bias : Variable of shape (filters,), or None

    Raises
    ------
    ValueError
        As `Conv2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Conv3D(8, (1, 3, 3))
    >>> layer(kerasette.ops.ones((2, 5, 9, 9, 1))).shape
    (2, 5, 7, 7, 8)
    """

    rank = 3

    def __init__(
        self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None,
        dilation_rate=(1, 1, 1), groups=1, activation=None, use_bias=True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
