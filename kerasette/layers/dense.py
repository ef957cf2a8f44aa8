"""The fully connected layer."""

from typing import Any

from kerasette import activations, constraints, initializers, ops, regularizers
from kerasette._core import ops as core
from kerasette.checks import is_whole
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class Dense(Layer):
    """``activation(inputs @ kernel + bias)``.

    Parameters
    ----------
    units : int
        Size of the output; positive.
    activation : str, callable or None
        None, the default, is the identity.
    use_bias : bool
    kernel_initializer, bias_initializer : str, Initializer or callable
        Glorot's uniform and zeros by default.
    kernel_regularizer, bias_regularizer, activity_regularizer : str, Regularizer or callable
        Functions of kernel, bias and output that add to the loss; none by default.
    kernel_constraint, bias_constraint : str, Constraint or callable
        What kernel and bias are held to after each update; nothing by default.
    lora_rank, lora_alpha, quantization_config
        Of fine-tuning and quantization, which there is none of: None.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    kernel : Variable of shape (inputs, units)
    bias : Variable of shape (units,), or None

    Raises
    ------
    ValueError
        If `units` is not a positive integer, or an argument is not known; when it is called, if
        the input has less than two axes or another last size than the first.

    Notes
    -----
    Inputs have shape (batch, ..., inputs), outputs (batch, ..., units). Product, bias and a ReLU
    or tanh are one node; softmax and sigmoid are nodes of their own, so that a cross-entropy
    finds the logits before them.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Dense(3, activation="relu")
    >>> layer(kerasette.ops.ones((2, 4))).shape
    (2, 3)
    """

    _needs_real = True
    _none_only = Layer._none_only | {"lora_rank", "lora_alpha"}

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        lora_rank=None,
        lora_alpha=None,
        quantization_config=None,
        **kwargs,
    ):
        if not is_whole(units) or units <= 0:
            raise ValueError(
                "Received an invalid value for `units`, expected a positive integer. "
                f"Received: units={units!r}"
            )
        super().__init__(
            activity_regularizer=activity_regularizer,
            lora_rank=lora_rank,
            lora_alpha=lora_alpha,
            quantization_config=quantization_config,
            **kwargs,
        )
        self.units = units.__index__()
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        """Makes the kernel, and the bias if there is one."""
        inputs = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(inputs, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})

    def call(self, inputs, training=None):
        """The product, bias and activation."""
        if inputs.dtype != self.dtype:
            inputs = ops.cast(inputs, self.dtype)
        if self.activation is activations.relu:
            return core.dense(inputs, self.kernel, self.bias, "relu")
        if self.activation is activations.tanh:
            return core.dense(inputs, self.kernel, self.bias, "tanh")
        outputs = core.dense(inputs, self.kernel, self.bias)
        return outputs if self.activation is activations.linear else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        """The input's shape with `units` last."""
        return (*input_shape[:-1], self.units)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": None,
        }
