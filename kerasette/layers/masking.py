"""Which time steps are to be left out."""

from kerasette import ops
from kerasette.layers.layer import Layer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class Masking(Layer):
    """Gives sequences a mask: a time step all of whose features equal a value is left out.

    Parameters
    ----------
    mask_value : float
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Notes
    -----
    Inputs have shape (batch, steps, features); what is left out becomes 0. The mask has shape
    (batch, steps) and is False there. Layers that know masks, and the loss, heed it.

    Examples
    --------
    >>> import numpy as np
    >>> import kerasette
    >>> layer = kerasette.layers.Masking(mask_value=9.0)
    >>> x = np.array([[[1.0, 9.0], [9.0, 9.0]]])
    >>> layer(x).numpy().tolist(), layer.compute_mask(x).numpy().tolist()
    ([[[1.0, 9.0], [0.0, 0.0]]], [[True, False]])
    """

    _keeps_dtype = True

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.mask_value = (
            deserialize_keras_object(mask_value) if isinstance(mask_value, dict) else mask_value
        )
        self.supports_masking = True
        self.built = True

    def compute_mask(self, inputs, mask=None):
        """Which time steps differ from the value anywhere."""
        return ops.any(ops.not_equal(inputs, self.mask_value), -1)

    def call(self, inputs):
        """The inputs, with 0 where they are left out."""
        mask = self.compute_mask(inputs)
        outputs = ops.where(ops.expand_dims(mask, -1), inputs, 0)
        outputs._keras_mask = mask
        return outputs

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "mask_value": serialize_keras_object(self.mask_value)}
