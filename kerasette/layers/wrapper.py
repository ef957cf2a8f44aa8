"""The base of layers around a layer."""

from kerasette.layers.layer import Layer
from kerasette.layers.serialization import deserialize, serialize


class Wrapper(Layer):
    """Base of layers that do something with another layer; subclasses define ``call``.

    Parameters
    ----------
    layer : Layer
    **kwargs
        Those of `Layer`.

    Attributes
    ----------
    layer : Layer

    Raises
    ------
    ValueError
        If `layer` is no layer.

    Examples
    --------
    >>> import kerasette
    >>> class Twice(kerasette.layers.Wrapper):
    ...     def call(self, inputs):
    ...         return self.layer(self.layer(inputs))
    >>> layer = Twice(kerasette.layers.Rescaling(3.0))
    >>> float(layer(kerasette.ops.ones(())))
    9.0
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"Layer {layer} supplied to Wrapper isn't a supported layer type. Please ensure "
                "wrapped layer is a valid Keras layer."
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape=None):
        """Builds the layer, if it is not built."""
        if not self.layer.built:
            self.layer.build(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "layer": serialize(self.layer)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The layer that `get_config` has described, with new weights."""
        layer = deserialize(config["layer"], custom_objects)
        return super().from_config({**config, "layer": layer})
