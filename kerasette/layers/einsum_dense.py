"""The fully connected layer over any axes, said by an equation."""

import copy
from typing import Any

from kerasette import activations, constraints, initializers, ops, regularizers
from kerasette.initializers import VarianceScaling
from kerasette.layers.einsum_equation import EinsumEquation
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class EinsumDense(Layer):
    """``activation(einsum(equation, inputs, kernel) + bias)``.

    Parameters
    ----------
    equation : str
        Letters for the axes of inputs, kernel and outputs, as ``"abc,cd->abd"``. ``...`` in
        front of inputs and outputs, or behind, stands for axes that stay as they are.
    output_shape : int or tuple
        Sizes of the outputs' axes but the first and those of ``...``; None for a size that is the
        inputs'.
    activation : str, callable or None
        None, the default, is the identity.
    bias_axes : str, optional
        Letters of the outputs' axes that the bias has; there is none by default.
    kernel_initializer, bias_initializer : str, Initializer or callable
        Glorot's uniform and zeros by default.
    kernel_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of kernel and bias that add to the loss; none by default.
    kernel_constraint, bias_constraint : str, Constraint or callable
        What kernel and bias are held to after each update; nothing by default.
    lora_rank, lora_alpha, gptq_unpacked_column_size, quantization_config
        Of fine-tuning and quantization, which there is none of: None.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    kernel : Variable
    bias : Variable, or None

    Raises
    ------
    ValueError
        When it is built: if the equation is not of this form, or does not fit the shapes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d")
    >>> layer(kerasette.ops.ones((2, 3, 4))).shape
    (2, 3, 5)
    """

    _needs_real = True
    _none_only = Layer._none_only | {"lora_rank", "lora_alpha", "gptq_unpacked_column_size"}

    def __init__(
        self,
        equation,
        output_shape,
        activation=None,
        bias_axes=None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        lora_rank=None,
        lora_alpha=None,
        gptq_unpacked_column_size=None,
        quantization_config=None,
        **kwargs,
    ):
        super().__init__(
            lora_rank=lora_rank,
            lora_alpha=lora_alpha,
            gptq_unpacked_column_size=gptq_unpacked_column_size,
            quantization_config=quantization_config,
            **kwargs,
        )
        self.equation = equation
        is_size = hasattr(output_shape, "__index__")
        self.partial_output_shape = (output_shape,) if is_size else tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def _sizes(self, input_shape):
        return EinsumEquation(self.equation, input_shape, self.partial_output_shape)

    def build(self, input_shape):
        """Makes the kernel, and the bias if it has axes."""
        sizes = self._sizes(input_shape)
        bias_shape = None if self.bias_axes is None else sizes.bias_shape(self.bias_axes)
        self.input_spec = InputSpec(ndim=len(input_shape))
        self.kernel = self.add_weight(
            shape=sizes.kernel_shape,
            initializer=self._initializer_of(sizes),
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if bias_shape is not None:
            self.bias = self.add_weight(
                shape=bias_shape,
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def _initializer_of(self, sizes):
        """The initializer, told which of the kernel's axes are inputs and which outputs."""
        initializer = self.kernel_initializer
        if not isinstance(initializer, VarianceScaling):
            return initializer
        if initializer.input_axes is not None and initializer.output_axes is not None:
            return initializer
        initializer = copy.copy(initializer)
        initializer.input_axes = sizes.input_axes
        initializer.output_axes = sizes.output_axes
        return initializer

    def call(self, inputs, training=None):
        """The product, bias and activation."""
        outputs = ops.einsum(self.equation, ops.cast(inputs, self.dtype), self.kernel)
        if self.bias is not None:
            outputs = ops.add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        """The shape that the equation says."""
        return self._sizes(input_shape).output_shape

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "output_shape": list(self.partial_output_shape),
            "equation": self.equation,
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": None,
        }
