"""Helpers around models."""

from typing import TYPE_CHECKING

from kerasette._core.dtypes import standardize_dtype
from kerasette.config import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)
from kerasette.data.unpacking import pack_x_y_sample_weight, unpack_x_y_sample_weight
from kerasette.graph.keras_tensor import is_keras_tensor
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
from kerasette.utils.numerical import normalize, to_categorical
from kerasette.utils.progbar import Progbar
from kerasette.utils.rng import set_random_seed
from kerasette.utils.session import clear_session

# What most programs do not need; files, for one, want much of the standard library.
__getattr__, __dir__, _RARE = exports(
    __name__,
    files="get_file",
    image_dataset="image_dataset_from_directory",
    images="array_to_img img_to_array load_img save_img",
    kerasette__data__py_dataset="PyDataset Sequence",
    kerasette__data__split_dataset="split_dataset",
    model_plot="model_to_dot plot_model",
    padding="pad_sequences",
    text_dataset="text_dataset_from_directory",
    text_picture="model_to_text",
    timeseries_dataset="timeseries_dataset_from_array",
)

if TYPE_CHECKING:
    from kerasette.data.py_dataset import PyDataset, Sequence
    from kerasette.data.split_dataset import split_dataset
    from kerasette.utils.files import get_file
    from kerasette.utils.image_dataset import image_dataset_from_directory
    from kerasette.utils.images import array_to_img, img_to_array, load_img, save_img
    from kerasette.utils.model_plot import model_to_dot, plot_model
    from kerasette.utils.padding import pad_sequences
    from kerasette.utils.text_dataset import text_dataset_from_directory
    from kerasette.utils.text_picture import model_to_text
    from kerasette.utils.timeseries_dataset import timeseries_dataset_from_array

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "array_to_img",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_file",
    "get_registered_name",
    "get_registered_object",
    "image_dataset_from_directory",
    "img_to_array",
    "is_interactive_logging_enabled",
    "is_keras_tensor",
    "load_img",
    "model_to_dot",
    "model_to_text",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "plot_model",
    "register_keras_serializable",
    "save_img",
    "serialize_keras_object",
    "set_random_seed",
    "split_dataset",
    "standardize_dtype",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
