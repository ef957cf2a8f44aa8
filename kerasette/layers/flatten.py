"""All but the batch axis as one."""

import math

from kerasette import config, ops
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class Flatten(Layer):
    """Inputs of shape (batch, a, b, ...) as (batch, a * b * ...); (batch,) as (batch, 1).

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Only this one is known.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For another format, or scalar inputs.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Flatten()(kerasette.ops.ones((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        if data_format not in (None, "channels_last"):
            raise ValueError(
                "The `data_format` argument must be 'channels_last'. "
                f"Received: data_format={data_format}"
            )
        self.data_format = config.image_data_format()
        self.input_spec = InputSpec(min_ndim=1)
        self.built = True

    def call(self, inputs):
        """The same numbers under another shape."""
        return ops.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def compute_output_shape(self, input_shape):
        """The batch size, and the product of the rest."""
        rest = tuple(input_shape[1:])
        return (input_shape[0], None if None in rest else math.prod(rest))

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "data_format": self.data_format}
