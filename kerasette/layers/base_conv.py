"""What the convolutions of one, two and three axes have in common."""

from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.checks import is_whole
from kerasette.layers.convolution import Convolution, check_strides_and_dilation, checked_count


class Conv(Convolution):
    """Base of the convolutions of one, two and three axes."""

    _none_only = Convolution._none_only | {"lora_rank", "lora_alpha"}

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
        groups=1, activation=None, use_bias=True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer=None, bias_regularizer=None,
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
