"""Inputs on another scale."""

import numpy as np

from kerasette import ops
from kerasette.checks import check_numbers
from kerasette.layers.data_layer import DataLayer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class Rescaling(DataLayer):
    """``inputs * scale + offset``, in training and otherwise.

    Parameters
    ----------
    scale : float or array
        Arrays are broadcast against the inputs: one number for each channel, say.
    offset : float or array
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `scale` or `offset` is anything but numbers.

    Notes
    -----
    The output has the layer's dtype, whatever the inputs': images of integers become real.

    Examples
    --------
    >>> import numpy as np
    >>> import kerasette
    >>> layer = kerasette.layers.Rescaling(1 / 128, offset=-1)
    >>> layer(np.array([0, 64, 255])).numpy().tolist()
    [-1.0, -0.5, 0.9921875]
    """

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        check_numbers("scale", scale)
        check_numbers("offset", offset)
        self.scale = scale
        self.offset = offset
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The inputs on another scale."""
        scaled = ops.multiply(ops.cast(inputs, self.dtype), self._of_dtype(self.scale))
        return ops.add(scaled, self._of_dtype(self.offset))

    def _of_dtype(self, value):
        array = np.asarray(value, self.dtype)
        return array.item() if array.ndim == 0 else ops.convert_to_tensor(array)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {"scale": self.scale, "offset": self.offset}
        return {**super().get_config(), **serialize_keras_object(config)}

    @classmethod
    def from_config(cls, config):
        """The layer that `get_config` has described."""
        return super().from_config(deserialize_keras_object(config))
