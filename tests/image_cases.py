"""Images and layers whose answers in Keras are known: nothing about them is left to chance."""

import numpy as np

SIX_BY_EIGHT = (1, 6, 8, 2)
FIRST = {"data_format": "channels_first"}
QUARTER = {"factor": (0.25, 0.25)}
TENTH = {"factor": (0.1, 0.1)}


def case(name, layer, arguments, shape=SIX_BY_EIGHT, dtype="float32"):
    """What is called: [class, arguments], and on what."""
    return {"name": name, "layer": [layer, arguments], "shape": shape, "dtype": dtype}


def sized(name, height, width, more=None, **kwargs):
    return case(name, "Resizing", {"height": height, "width": width, **(more or {})}, **kwargs)


def cropped(name, height, width, more=None, layer="CenterCrop", **kwargs):
    return case(name, layer, {"height": height, "width": width, **(more or {})}, **kwargs)


def filled(layer, arguments):
    """A case for each fill mode and interpolation."""
    return [
        case(
            f"{layer}_{mode}_{interpolation}",
            layer,
            {
                **arguments,
                "fill_mode": mode,
                "interpolation": interpolation,
                "fill_value": 50.0,
            },
        )
        for mode in ("reflect", "wrap", "constant", "nearest")
        for interpolation in ("nearest", "bilinear")
    ]


# Keras on PyTorch.
CASES = [
    sized("smaller", 4, 5),
    sized("larger", 7, 11),
    sized("lower_and_wider", 3, 9),
    sized("one_pixel", 1, 1),
    sized("same", 6, 8),
    sized("from_one_pixel", 3, 2, shape=(2, 1, 1, 2)),
    sized("single", 4, 5, shape=(6, 8, 2)),
    sized("channels_first", 4, 5, FIRST, shape=(1, 2, 6, 8)),
    sized("single_channels_first", 9, 4, FIRST, shape=(2, 6, 8)),
    sized("integers", 4, 5, dtype="int32"),
    sized("integers_nearest", 4, 16, {"interpolation": "nearest"}, dtype="int32"),
    sized("nearest_smaller", 4, 5, {"interpolation": "nearest"}),
    sized("nearest_larger", 10, 20, {"interpolation": "nearest"}),
    sized("antialias", 4, 3, {"antialias": True}),
    sized("antialias_larger", 9, 9, {"antialias": True}),
    sized("antialias_bicubic", 4, 3, {"antialias": True, "interpolation": "bicubic"}),
    sized("antialias_nearest", 4, 3, {"antialias": True, "interpolation": "nearest"}),
    sized("crop_columns", 4, 4, {"crop_to_aspect_ratio": True}),
    sized("crop_rows", 4, 9, {"crop_to_aspect_ratio": True}),
    sized("crop_first", 4, 4, {"crop_to_aspect_ratio": True, **FIRST}, shape=(1, 2, 6, 8)),
    sized("pad_rows", 5, 4, {"pad_to_aspect_ratio": True, "fill_value": 9.5}),
    sized("pad_columns", 4, 9, {"pad_to_aspect_ratio": True, "fill_value": 9.5}),
    sized("pad_single", 4, 9, {"pad_to_aspect_ratio": True}, shape=(6, 8, 2)),
    cropped("middle", 4, 4),
    cropped("odd_middle", 3, 5),
    cropped("whole", 6, 8),
    cropped("middle_single", 3, 3, shape=(6, 8, 2)),
    cropped("middle_first", 3, 5, FIRST, shape=(1, 2, 6, 8)),
    cropped("middle_of_integers", 3, 5, dtype="int32"),
    cropped("too_large", 8, 12),
    cropped("too_high", 8, 4),
    cropped("too_wide", 4, 12),
    cropped("too_large_first", 8, 12, FIRST, shape=(1, 2, 6, 8)),
    cropped("random_whole", 6, 8, layer="RandomCrop"),
    cropped("random_same_height", 6, 4, layer="RandomCrop"),
    cropped("random_too_large", 8, 12, layer="RandomCrop"),
    cropped("random_too_wide", 3, 10, layer="RandomCrop"),
    cropped("random_too_high", 9, 4, layer="RandomCrop", shape=(6, 8, 2)),
    cropped("random_first", 8, 8, FIRST, layer="RandomCrop", shape=(1, 2, 6, 8)),
    *filled("RandomRotation", {"factor": (0.13, 0.13)}),
    *filled("RandomZoom", {"height_factor": (0.7, 0.7), "width_factor": (-0.3, -0.3)}),
    *filled("RandomTranslation", {"height_factor": (0.3, 0.3), "width_factor": (-0.7, -0.7)}),
    case("quarter", "RandomRotation", QUARTER),
    case("quarter_square", "RandomRotation", QUARTER, shape=(2, 6, 6, 1)),
    case("turn_single", "RandomRotation", TENTH, shape=(6, 8, 2)),
    case("turn_first", "RandomRotation", {**TENTH, **FIRST}, shape=(1, 2, 6, 8)),
    case("turn_integers", "RandomRotation", TENTH, dtype="int32"),
    case("turn_back", "RandomRotation", {"factor": (-0.4, -0.4)}),
    case("turn_far", "RandomRotation", {"factor": (0.1, 0.1), "fill_mode": "wrap"}, (1, 3, 17, 2)),
    case("zoom_out", "RandomZoom", {"height_factor": (0.6, 0.6)}),
    case("zoom_in", "RandomZoom", {"height_factor": (-0.6, -0.6)}),
    case("zoom_single", "RandomZoom", {"height_factor": (0.6, 0.6)}, shape=(6, 8, 2)),
    case("zoom_first", "RandomZoom", {"height_factor": (0.6, 0.6), **FIRST}, shape=(1, 2, 6, 8)),
    case("move", "RandomTranslation", {"height_factor": (0.5, 0.5), "width_factor": 0}),
    case(
        "move_single",
        "RandomTranslation",
        {"height_factor": (-0.4, -0.4), "width_factor": (0.9, 0.9)},
        shape=(6, 8, 2),
    ),
    case(
        "move_first",
        "RandomTranslation",
        {"height_factor": (-0.4, -0.4), "width_factor": (1.0, 1.0), **FIRST},
        shape=(1, 2, 6, 8),
    ),
    case("contrast", "RandomContrast", {"factor": (-0.5, 0.5)}),
    case("contrast_single", "RandomContrast", {"factor": (-1.0, 1.0)}, shape=(6, 8, 2)),
    case("contrast_none", "RandomContrast", {"factor": 0}),
    case("contrast_range", "RandomContrast", {"factor": (-1.0, 1.0), "value_range": (50, 180.5)}),
    case("contrast_first", "RandomContrast", {"factor": (-0.5, 0.5), **FIRST}, shape=(1, 2, 6, 8)),
    case("contrast_integers", "RandomContrast", {"factor": (-0.5, 0.5)}, dtype="int32"),
    case("brighter", "RandomBrightness", {"factor": (0.3, 0.3)}),
    case("darker", "RandomBrightness", {"factor": (-0.3, -0.3)}),
    case("brighter_range", "RandomBrightness", {"factor": (0.3, 0.3), "value_range": [200, -10.5]}),
    case("brighter_single", "RandomBrightness", {"factor": (1, 1)}, shape=(6, 8, 2)),
    case("brighter_integers", "RandomBrightness", {"factor": (0.3, 0.3)}, dtype="int32"),
]

# Where PyTorch has another answer than the other backends, or none.
JAX_CASES = [
    sized("bicubic_smaller", 4, 5, {"interpolation": "bicubic"}),
    sized("bicubic_larger", 7, 11, {"interpolation": "bicubic"}),
    sized("bicubic_integers", 7, 11, {"interpolation": "bicubic"}, dtype="int32"),
    sized("lanczos3_smaller", 4, 5, {"interpolation": "lanczos3"}),
    sized("lanczos3_larger", 7, 11, {"interpolation": "lanczos3"}),
    sized("lanczos5_larger", 7, 11, {"interpolation": "lanczos5"}),
    sized("lanczos3_antialias", 4, 3, {"interpolation": "lanczos3", "antialias": True}),
    sized("lanczos5_antialias", 4, 3, {"interpolation": "lanczos5", "antialias": True}),
    # Halves, which PyTorch rounds to even numbers.
    case(
        "halfway",
        "RandomTranslation",
        {
            "height_factor": (0.25, 0.25),
            "width_factor": (-0.0625, -0.0625),
            "interpolation": "nearest",
        },
    ),
    case(
        "halfway_zoom",
        "RandomZoom",
        {"height_factor": (1, 1), "width_factor": (-0.5, -0.5), "interpolation": "nearest"},
    ),
]
TENSORFLOW_CASES = [
    sized("area_smaller", 4, 5, {"interpolation": "area"}),
    sized("area_larger", 7, 11, {"interpolation": "area"}),
    sized("area_integers", 4, 3, {"interpolation": "area"}, dtype="int32"),
]
CASES_OF = {"torch": CASES, "jax": JAX_CASES, "tensorflow": TENSORFLOW_CASES}


def images_for(described):
    """Images with values as those of pictures, the same for all cases of a shape."""
    shape = described["shape"]
    values = np.random.default_rng(len(shape)).uniform(0, 255, shape)
    return values.astype(described["dtype"])


def input_name(described):
    """Where the images of a case are kept."""
    return f"{described['shape']} {described['dtype']}"


def is_same(a, b):
    return a.dtype == b.dtype and np.array_equal(a, b)


def answers(keras, cases):
    """Images, and what the layers make of them in training and, if anything, otherwise."""
    found = {}
    for described in cases:
        images = found[input_name(described)] = images_for(described)
        layer_name, arguments = described["layer"]
        layer = getattr(keras.layers, layer_name)(**arguments)
        for training in (True, False):
            outputs = keras.ops.convert_to_numpy(layer(images, training=training))
            if not is_same(outputs, expected_of(found, described, training)):
                found[f"{described['name']}/{training}"] = outputs
    return found


def expected_of(arrays, described, training):
    """What `answers` has found, with what it has left out."""
    name = described["name"]
    unchanged = arrays[input_name(described)]
    if training or described["layer"][0] in ("Resizing", "CenterCrop"):
        return arrays.get(f"{name}/True", unchanged)
    return arrays.get(f"{name}/False", unchanged)
