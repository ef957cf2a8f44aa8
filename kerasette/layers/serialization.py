"""Layers as dicts, and back."""

from kerasette.layers.layer import Layer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


def serialize(layer):
    """The dict that stands for a layer in a config."""
    return serialize_keras_object(layer)


def deserialize(config, custom_objects=None):
    """The layer that `serialize` has described; built, if it was.

    Parameters
    ----------
    config : dict
    custom_objects : dict of str to class or function, optional
        What the config may name besides what is registered.

    Raises
    ------
    ValueError
        If it describes something else.
    TypeError
        For a name that is not known.

    Examples
    --------
    >>> import kerasette
    >>> config = kerasette.layers.serialize(kerasette.layers.Dense(3, name="last"))
    >>> kerasette.layers.deserialize(config)
    <Dense name=last, built=False>
    """
    found = deserialize_keras_object(config, custom_objects)
    if not isinstance(found, Layer):
        raise ValueError(
            "`kerasette.layers.deserialize` was passed a `config` of something that is not a "
            f"`Layer`. Received: {config}"
        )
    return found
