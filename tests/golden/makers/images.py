"""Layers for images: calls, configs and errors."""

import sys

import keras

from .configs import describe_all
from .more_layers import error_of
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
import image_cases

CONFIGS = [
    ["Resizing", {"height": 4, "width": 5}],
    [
        "Resizing",
        {
            "height": 4,
            "width": 5,
            "interpolation": "nearest",
            "pad_to_aspect_ratio": True,
            "fill_value": 2,
            "antialias": True,
            "data_format": "channels_first",
            "name": "mine",
        },
    ],
    ["Resizing", {"height": 4, "width": 5, "crop_to_aspect_ratio": True, "dtype": "float64"}],
    ["CenterCrop", {"height": 4, "width": 5}],
    ["CenterCrop", {"height": 4, "width": 5, "data_format": "channels_first"}],
    ["RandomFlip", {}],
    ["RandomFlip", {"mode": "vertical", "seed": 3, "data_format": "channels_first"}],
    ["RandomRotation", {"factor": 0.2}],
    [
        "RandomRotation",
        {
            "factor": [0.3, -0.2],
            "fill_mode": "wrap",
            "interpolation": "nearest",
            "seed": 3,
            "fill_value": 1.5,
            "data_format": "channels_first",
        },
    ],
    ["RandomZoom", {"height_factor": 0.2}],
    ["RandomZoom", {"height_factor": [-0.2, 0.3], "width_factor": 0.5, "seed": 3}],
    ["RandomTranslation", {"height_factor": 0.2, "width_factor": [0.1, 0.2]}],
    [
        "RandomTranslation",
        {"height_factor": -0.2, "width_factor": 0, "fill_mode": "constant", "fill_value": 2},
    ],
    ["RandomContrast", {"factor": 0.2}],
    ["RandomContrast", {"factor": [0.2, 0.1], "value_range": [0, 1], "seed": 3}],
    ["RandomContrast", {"factor": 0.2, "data_format": "channels_first"}],
    ["RandomBrightness", {"factor": 0.2}],
    ["RandomBrightness", {"factor": [0.2, -0.1], "value_range": [1, 0], "seed": 3}],
    ["RandomCrop", {"height": 4, "width": 5, "seed": 3}],
    ["RandomCrop", {"height": 4, "width": 5, "seed": 3, "data_format": "channels_first"}],
]
ERRORS = {
    "data_format": ["CenterCrop", {"height": 4, "width": 5, "data_format": "first"}],
    "rotation_none": ["RandomRotation", {}],
    "rotation_factor": ["RandomRotation", {"factor": 1.5}],
    "rotation_negative": ["RandomRotation", {"factor": -1.5}],
    "rotation_pair": ["RandomRotation", {"factor": [1.5, 2.0]}],
    "rotation_three": ["RandomRotation", {"factor": [0.1, 0.2, 0.3]}],
    "rotation_text": ["RandomRotation", {"factor": "half"}],
    "rotation_fill": ["RandomRotation", {"factor": 0.1, "fill_mode": "mirror"}],
    "rotation_interpolation": ["RandomRotation", {"factor": 0.1, "interpolation": "bicubic"}],
    "zoom_factor": ["RandomZoom", {"height_factor": 1.5}],
    "zoom_closest": ["RandomZoom", {"height_factor": -1.0}],
    "zoom_width": ["RandomZoom", {"height_factor": 0.5, "width_factor": [0.1, 1.1]}],
    "zoom_three": ["RandomZoom", {"height_factor": [0.1, 0.2, 0.3]}],
    "zoom_text": ["RandomZoom", {"height_factor": 0.1, "width_factor": "half"}],
    "zoom_fill": ["RandomZoom", {"height_factor": 0.1, "fill_mode": "mirror"}],
    "zoom_interpolation": ["RandomZoom", {"height_factor": 0.1, "interpolation": "area"}],
    "translation_factor": ["RandomTranslation", {"height_factor": 1.5, "width_factor": 0}],
    "translation_pair": ["RandomTranslation", {"height_factor": 0, "width_factor": [-2, 0]}],
    "translation_three": ["RandomTranslation", {"height_factor": [0, 0, 0], "width_factor": 0}],
    "translation_none": ["RandomTranslation", {"height_factor": 0, "width_factor": None}],
    "translation_fill": [
        "RandomTranslation",
        {"height_factor": 0, "width_factor": 0, "fill_mode": "edge"},
    ],
    "contrast_factor": ["RandomContrast", {"factor": 1.5}],
    "contrast_negative": ["RandomContrast", {"factor": -0.5}],
    "contrast_pair": ["RandomContrast", {"factor": [-0.5, -0.1]}],
    "contrast_none": ["RandomContrast", {"factor": None}],
    "brightness_factor": ["RandomBrightness", {"factor": 1.5}],
    "brightness_range": ["RandomBrightness", {"factor": 0.5, "value_range": 255}],
    "brightness_three": ["RandomBrightness", {"factor": 0.5, "value_range": [0, 1, 2]}],
    "seed": ["RandomFlip", {"seed": "one"}],
    "unknown": ["RandomFlip", {"nonsense": 1}],
    # Raised when it is called.
    "resizing_interpolation": ["Resizing", {"height": 4, "width": 5, "interpolation": "spline"}],
    "resizing_fill": ["Resizing", {"height": 4, "width": 5, "fill_mode": "reflect"}],
    "resizing_both": [
        "Resizing",
        {"height": 4, "width": 5, "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
    ],
}


def make():
    """Write `images.npz` and `images.json`."""
    write_arrays("images", image_cases.answers(keras, image_cases.CASES))
    configs = describe_all("layers", CONFIGS)
    for described in configs:
        # JSON has no tuples.
        config = described["config"]
        described["tuples"] = [key for key in config if isinstance(config[key], tuple)]
    errors = {name: {"layer": layer, **error_of(layer)} for name, layer in ERRORS.items()}
    write_json("images", {"configs": configs, "errors": errors})
