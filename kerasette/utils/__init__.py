"""Helpers around models."""

from typing import TYPE_CHECKING

from kerasette._core.dtypes import standardize_dtype
from kerasette.config import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)
from kerasette.data.py_dataset import PyDataset
from kerasette.data.split_dataset import split_dataset
from kerasette.data.unpacking import pack_x_y_sample_weight, unpack_x_y_sample_weight
from kerasette.lazy import exports
from kerasette.saving import (
    CustomObjectScope,
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
    serialize_keras_object,
)
from kerasette.utils.files import get_file
from kerasette.utils.numerical import normalize, to_categorical
from kerasette.utils.padding import pad_sequences
from kerasette.utils.progbar import Progbar
from kerasette.utils.rng import set_random_seed
from kerasette.utils.session import clear_session

Sequence = PyDataset

# Most programs draw no pictures.
__getattr__, __dir__, _PICTURES = exports(
    __name__, model_plot="model_to_dot plot_model", text_picture="model_to_text"
)

if TYPE_CHECKING:
    from kerasette.utils.model_plot import model_to_dot, plot_model
    from kerasette.utils.text_picture import model_to_text

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_file",
    "get_registered_name",
    "get_registered_object",
    "is_interactive_logging_enabled",
    "model_to_dot",
    "model_to_text",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "plot_model",
    "register_keras_serializable",
    "serialize_keras_object",
    "set_random_seed",
    "split_dataset",
    "standardize_dtype",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
