"""Helpers around models."""

from kerasette._core.dtypes import standardize_dtype
from kerasette.config import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)
from kerasette.data.unpacking import pack_x_y_sample_weight, unpack_x_y_sample_weight
from kerasette.utils.numerical import normalize, to_categorical
from kerasette.utils.progbar import Progbar
from kerasette.utils.py_dataset import PyDataset
from kerasette.utils.rng import set_random_seed
from kerasette.utils.session import clear_session

Sequence = PyDataset

__all__ = [
    "Progbar",
    "PyDataset",
    "Sequence",
    "clear_session",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "is_interactive_logging_enabled",
    "normalize",
    "pack_x_y_sample_weight",
    "set_random_seed",
    "standardize_dtype",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
