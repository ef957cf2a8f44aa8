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
        If it names what is not known, or is no JSON.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> kerasette.models.model_from_json(model.to_json()).output_shape
    (None, 2)
    """
    return deserialize_keras_object(json.loads(json_string), custom_objects)
