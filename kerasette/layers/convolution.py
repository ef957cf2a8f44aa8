"""What the layers with convolutions have in common."""

from kerasette import activations, constraints, initializers, ops, regularizers
from kerasette.checks import is_whole
from kerasette.config import standardize_data_format
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer
from kerasette.windows import output_size, padding_of, sizes_of


class Convolution(Layer):
    """Base of the layers that slide a kernel over their inputs.

    Subclasses have the number of spatial axes as `rank`; they make their weights in ``build``
    from arguments that ``_keep`` has taken, and define ``_convolved``, of inputs with the channels
    last.
    """

    _needs_real = True
    rank = 1
    _paddings = ("same", "valid")
    # What the arguments for each weight begin with.
    _prefixes = ("kernel", "bias")

    def __init__(
        self, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
        activity_regularizer, **kwargs,
    ):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.kernel_size = sizes_of(kernel_size, self.rank, "kernel_size")
        self.strides = sizes_of(strides, self.rank, "strides")
        self.dilation_rate = sizes_of(dilation_rate, self.rank, "dilation_rate")
        self.padding = padding_of(padding, self._paddings)
        self.data_format = standardize_data_format(data_format)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.input_spec = InputSpec(min_ndim=self.rank + 2)

    # ---- weights -----------------------------------------------------------------

    def _keep(self, prefix, initializer, regularizer, constraint):
        """Takes the three arguments for a weight."""
        setattr(self, f"{prefix}_initializer", initializers.get(initializer))
        setattr(self, f"{prefix}_regularizer", regularizers.get(regularizer))
        setattr(self, f"{prefix}_constraint", constraints.get(constraint))

    def _add(self, name, shape, prefix=None):
        """Makes a weight by the arguments that begin with `prefix`, or else with its name."""
        prefix = prefix or name
        return self.add_weight(
            shape=shape,
            initializer=getattr(self, f"{prefix}_initializer"),
            regularizer=getattr(self, f"{prefix}_regularizer"),
            constraint=getattr(self, f"{prefix}_constraint"),
            name=name,
        )

    def _add_bias(self, filters):
        return self._add("bias", (filters,)) if self.use_bias else None

    # ---- call --------------------------------------------------------------------

    def call(self, inputs):
        """The convolution, bias and activation."""
        fused = self._fused_activation()
        outputs = self._with_channels_last(
            lambda x: self._convolved(x, self.bias, fused), self._cast(inputs)
        )
        return outputs if fused else self._activated(outputs)

    def _fused_activation(self):
        """The name of the activation, if it is computed together with the convolution."""
        if self.activation is activations.relu:
            return "relu"
        return "tanh" if self.activation is activations.tanh else None

    def _activated(self, outputs):
        return outputs if self.activation is activations.linear else self.activation(outputs)

    def _cast(self, inputs):
        return inputs if inputs.dtype == self.dtype else ops.cast(inputs, self.dtype)

    def _with_channels_last(self, function, inputs):
        """`function` of inputs with the channels last; what it returns has them as the inputs."""
        if self.data_format == "channels_last":
            return function(inputs)
        # The op sees, and tells in errors, what has the channels last.
        self.compute_output_shape(inputs.shape)
        return ops.moveaxis(function(ops.moveaxis(inputs, 1, -1)), -1, 1)

    # ---- shapes ------------------------------------------------------------------

    @property
    def _channel_axis(self):
        return -1 if self.data_format == "channels_last" else 1

    def _channels_of(self, input_shape):
        """The number of channels, for `build`.

        Raises
        ------
        ValueError
            If it is not known, or the shape has another number of axes.
        """
        self._check_rank(input_shape)
        axis = self._channel_axis
        if input_shape[axis] is None:
            raise ValueError(
                "The number of input channels must be known when a layer is built. "
                f"Received: input_shape={input_shape}, whose axis {axis} has the channels "
                f"(data_format={self.data_format!r})"
            )
        return input_shape[axis]

    def _spec_for(self, channels):
        return InputSpec(min_ndim=self.rank + 2, axes={self._channel_axis: channels})

    def _check_rank(self, input_shape):
        if len(input_shape) != self.rank + 2:
            raise ValueError(
                "Kernel shape must have the same length as input, but received a kernel of size "
                f"{self.kernel_size} and input of shape {tuple(input_shape)}; expected "
                f"{self.rank + 2} axes: the batch, the channels and {self.rank} of space."
            )

    def _output_shape(self, input_shape, filters):
        """The shape after a convolution.

        Raises
        ------
        ValueError
            If the kernel is larger than the inputs.
        """
        self._check_rank(input_shape)
        is_last = self.data_format == "channels_last"
        space = input_shape[1:-1] if is_last else input_shape[2:]
        sizes = tuple(
            output_size(size, kernel, stride, self.padding, dilation)
            for size, kernel, stride, dilation in zip(
                space, self.kernel_size, self.strides, self.dilation_rate, strict=True
            )
        )
        if self.padding == "valid" and any(size is not None and size < 1 for size in sizes):
            raise ValueError(
                "Computed output size would be zero or negative. "
                f"Received: inputs shape={tuple(input_shape)}, kernel_size={self.kernel_size}, "
                f"dilation_rate={self.dilation_rate}, strides={self.strides}, "
                f"padding={self.padding!r}, data_format={self.data_format!r}"
            )
        return self._shape_of(input_shape[0], sizes, filters)

    def _shape_of(self, batch, sizes, channels):
        if self.data_format == "channels_last":
            return (batch, *sizes, channels)
        return (batch, channels, *sizes)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {
            **super().get_config(),
            "kernel_size": list(self.kernel_size),
            "strides": list(self.strides),
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": list(self.dilation_rate),
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
        }
        for prefix in self._prefixes:
            for module, kind in _KINDS:
                name = f"{prefix}_{kind}"
                config[name] = module.serialize(getattr(self, name))
        return config


_KINDS = (
    (initializers, "initializer"),
    (regularizers, "regularizer"),
    (constraints, "constraint"),
)


def checked_count(name, value):
    """A positive integer.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not is_whole(value) or value <= 0:
        kind = "value" if is_whole(value) else "integer"
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected a strictly positive {kind}. "
            f"Received {name}={value!r}."
        )
    return value.__index__()


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
