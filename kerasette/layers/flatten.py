"""All but the batch axis as one."""

import math

from kerasette import ops
from kerasette.config import standardize_data_format
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class Flatten(Layer):
    """Inputs of shape (batch, a, b, ...) as (batch, a * b * ...); (batch,) as (batch, 1).

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        With the latter, the axis after the batch goes last before the sizes are multiplied, so
        that the result is the same in both layouts. ``"channels_last"`` by default.
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

    _keeps_dtype = True

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)
        self.built = True

    def call(self, inputs):
        """The same numbers under another shape."""
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        return ops.reshape(inputs, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        """The batch size, and the product of the rest."""
        rest = tuple(input_shape[1:])
        return (input_shape[0], None if None in rest else math.prod(rest))

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "data_format": self.data_format}
