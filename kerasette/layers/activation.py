"""An activation as a layer."""

from kerasette import activations
from kerasette.layers.layer import Layer
from kerasette.layers.symbolic_calls import dtype_of_function


class Activation(Layer):
    """``activation(inputs)``, of any shape.

    Parameters
    ----------
    activation : str or callable
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a name that is not known.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Activation("relu")(kerasette.ops.arange(-1.0, 2.0)).numpy().tolist()
    [0.0, 0.0, 1.0]
    """

    _keeps_dtype = True

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The activation of the inputs."""
        return self.activation(inputs)

    def _output_dtype(self, inputs):
        return dtype_of_function(self.call, super()._output_dtype(inputs))

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
