"""Convolutions."""

from kerasette import ops
from kerasette._core import ops as core
from kerasette.checks import is_whole
from kerasette.layers.convolution import Convolution, checked_count


class Conv(Convolution):
    """Base of the convolutions of one, two and three axes."""

    _none_only = Convolution._none_only | {"lora_rank", "lora_alpha"}

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
        groups=1, activation=None, use_bias=True, kernel_initializer="glorot_uniform",
        bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
        activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            activity_regularizer, **kwargs,
        )  # fmt: skip
        self.filters = checked_count("filters", filters)
        self.groups = self._checked_groups(groups)
        check_strides_and_dilation(self)
        self._keep("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def _checked_groups(self, groups):
        if not is_whole(groups) or groups <= 0:
            raise ValueError(
                f"The number of groups must be a positive integer. Received: groups={groups!r}."
            )
        if self.filters % groups:
            raise ValueError(
                "The number of filters must be evenly divisible by the number of groups. "
                f"Received: groups={groups}, filters={self.filters}."
            )
        return groups.__index__()

    def build(self, input_shape):
        """Makes the kernel, and the bias if there is one."""
        channels = self._channels_of(input_shape)
        if channels % self.groups:
            raise ValueError(
                "The number of input channels must be evenly divisible by the number of groups. "
                f"Received groups={self.groups}, but the input has {channels} channels (full "
                f"input shape is {tuple(input_shape)})."
            )
        self.compute_output_shape(input_shape)
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = self._add("kernel", shape)
        self.bias = self._add_bias(self.filters)
        self.input_spec = self._spec_for(channels)

    def convolution_op(self, inputs, kernel):
        """The convolution alone, which subclasses may change.

        Parameters
        ----------
        inputs : Tensor
            With the channels where `data_format` says.
        kernel : Tensor
            Of the shape of the weight.

        Returns
        -------
        Tensor
            To which bias and activation are applied.

        Examples
        --------
        >>> import kerasette
        >>> class Centred(kerasette.layers.Conv2D):
        ...     def convolution_op(self, inputs, kernel):
        ...         kernel = kernel - kerasette.ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
        ...         return super().convolution_op(inputs, kernel)
        >>> float(Centred(1, 3, use_bias=False)(kerasette.ops.ones((1, 3, 3, 1)))) < 1e-6
        True
        """
        return self._with_channels_last(lambda x: self._convolution(x, kernel), inputs)

    def call(self, inputs):
        """The convolution, bias and activation."""
        if getattr(self.convolution_op, "__func__", None) is Conv.convolution_op:
            return super().call(inputs)
        outputs = self.convolution_op(self._cast(inputs), self.kernel)
        if self.bias is not None:
            shape = self._shape_of(1, (1,) * self.rank, self.filters)
            outputs = ops.add(outputs, ops.reshape(self.bias, shape))
        return self._activated(outputs)

    def _convolved(self, inputs, bias, activation):
        return self._convolution(inputs, self.kernel, bias, activation)

    def _convolution(self, inputs, kernel, bias=None, activation=None):
        return core.conv(
            inputs, kernel, bias, self.strides, self.padding, self.dilation_rate, self.groups,
            activation,
        )  # fmt: skip

    def compute_output_shape(self, input_shape):
        """The shape of the output: as many channels as filters."""
        return self._output_shape(input_shape, self.filters)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "filters": self.filters, "groups": self.groups}


def check_strides_and_dilation(layer):
    """Raises if a layer has strides and dilation, which Keras's has not together.

    Raises
    ------
    ValueError
        With both.
    """
    if max(layer.strides) > 1 and max(layer.dilation_rate) > 1:
        raise ValueError(
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. "
            f"Received: strides={layer.strides} and dilation_rate={layer.dilation_rate}"
        )


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
        kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None,
        bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
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
        kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None,
        bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
