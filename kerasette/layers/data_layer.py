"""Layers that prepare data."""

from kerasette import ops
from kerasette.layers.layer import Layer


class DataLayer(Layer):
    """Base of the layers that may also be called on numbers and lists of numbers."""

    def __call__(self, inputs, **kwargs):
        """Calls the layer on a tensor, an array, a number or lists of them."""
        return super().__call__(ops.convert_to_tensor(inputs), **kwargs)
