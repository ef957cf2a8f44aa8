"""Layers one after the other, as a layer."""

from kerasette.layers.layer import Layer
from kerasette.layers.serialization import deserialize, serialize


class Pipeline(Layer):
    """Layers that are applied one after the other: steps that prepare data.

    Parameters
    ----------
    layers : list of Layer
    name : str, optional

    Attributes
    ----------
    layers : list of Layer

    Examples
    --------
    >>> import kerasette
    >>> steps = [kerasette.layers.Rescaling(2.0), kerasette.layers.Rescaling(1.0, offset=1.0)]
    >>> float(kerasette.layers.Pipeline(steps)(kerasette.ops.ones(())))
    3.0
    """

    def __init__(self, layers, name=None):
        super().__init__(name=name)
        self._pipeline_layers = list(layers)
        self.supports_masking = True

    @property
    def layers(self):
        """The layers, in order."""
        return self._pipeline_layers

    def build(self, input_shape):
        """Builds the layers."""
        for layer in self._pipeline_layers:
            if not layer.built:
                layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)

    def call(self, inputs, training=True, mask=None):
        """What the last layer returns."""
        for layer in self._pipeline_layers:
            arguments = {}
            if mask is not None and "mask" in layer._call.names:
                arguments["mask"] = mask
            if layer._takes_training and training is not None:
                arguments["training"] = training
            inputs = layer(inputs, **arguments)
            # From here on tensors carry their masks.
            mask = None
        return inputs

    def compute_mask(self, inputs, previous_mask):
        """None: the outputs carry what the layers have given them."""
        return

    def compute_output_shape(self, input_shape):
        """The shape of the last layer's output."""
        for layer in self._pipeline_layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def get_config(self):
        """The arguments that make such a layer."""
        return {"layers": [serialize(layer) for layer in self._pipeline_layers], "name": self.name}

    @classmethod
    def from_config(cls, config):
        """The layer that `get_config` has described, with new weights.

        Raises
        ------
        ValueError
            If it has no list of layers.
        """
        layers = config.get("layers")
        if not isinstance(layers, (list, tuple)):
            raise ValueError(
                "`Pipeline` config must contain a `layers` key mapping to a list of serialized "
                f"layers. Received config with layers={layers}."
            )
        return cls(**{**config, "layers": [deserialize(layer) for layer in layers]})
