"""Nothing, as a layer."""

from kerasette import tree
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.call import dtype_after_cast
from kerasette.layers.layer import Layer
from kerasette.shapes import map_shapes


class Identity(Layer):
    """The inputs as they are.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> kerasette.layers.Identity()(x) is x
    True
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The inputs."""
        return inputs

    def compute_output_spec(self, inputs):
        """Symbolic tensors like the inputs, real ones of the layer's dtype."""
        return tree.map_structure(
            lambda x: KerasTensor(x.shape, dtype_after_cast(x, self._cast_dtype)), inputs
        )

    def compute_output_shape(self, input_shape):
        """The input's shape, or those of several inputs."""
        return map_shapes(tuple, input_shape)
