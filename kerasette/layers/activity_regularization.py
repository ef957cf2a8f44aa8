"""A penalty on what a layer passes on."""

from kerasette import regularizers
from kerasette.layers.layer import Layer


class ActivityRegularization(Layer):
    """Passes its inputs on, and adds a penalty on them to the loss.

    ``(l1 * sum(|inputs|) + l2 * sum(inputs ** 2)) / batch size``

    Parameters
    ----------
    l1, l2 : float
        Not negative.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.ActivityRegularization(l2=0.5)
    >>> y = layer(kerasette.ops.ones((2, 3)))
    >>> [float(loss) for loss in layer.losses]
    [1.5]
    """

    _keeps_dtype = True

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The inputs."""
        return inputs

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        config = super().get_config()
        del config["activity_regularizer"]
        return {**config, "l1": self.l1, "l2": self.l2}
