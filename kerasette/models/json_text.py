"""Models as text."""

import json

from kerasette.saving.deserialization import deserialize_keras_object


def model_from_json(json_string, custom_objects=None):
    """The model that ``to_json`` has described, with new weights; compiled, if that was.

    Parameters
    ----------
    json_string : str
    custom_objects : dict of str to class or function, optional
        What the text may name besides what is registered.

    Raises
    ------
    TypeError, ValueError
        If it names what is not known, or is no JSON of a model.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> kerasette.models.model_from_json(model.to_json()).output_shape
    (None, 2)
    """
    config = json.loads(json_string)
    if not isinstance(config, dict):
        raise ValueError(
            "`json_string` must be what `to_json` returns, an object with a class and a config. "
            f"Received: json_string={json_string!r}"
        )
    return deserialize_keras_object(config, custom_objects)
