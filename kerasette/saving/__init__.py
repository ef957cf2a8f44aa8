"""Objects as plain dicts that JSON can hold, and back: the format of Keras's configs."""

from kerasette.lazy import getattr_of
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.registration import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from kerasette.saving.serialization import serialize_keras_object

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "register_keras_serializable",
    "serialize_keras_object",
]

__getattr__ = getattr_of(__name__)
