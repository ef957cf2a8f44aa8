"""Pictures in files and folders, and what Keras makes of them."""

import os

import numpy as np

RNG = np.random.default_rng(0)
PICTURES = {
    "grey": RNG.uniform(0, 255, (5, 7, 1)),
    "color": RNG.uniform(0, 255, (5, 7, 3)),
    "clear": RNG.uniform(0, 255, (5, 7, 4)),
    "deep": RNG.uniform(0, 60000, (5, 7, 1)),
}
TO_IMG = [
    ("grey", {}),
    ("color", {}),
    ("clear", {}),
    ("deep", {}),
    ("color", {"scale": False}),
    ("deep", {"scale": False}),
    ("color", {"dtype": "float64"}),
    ("first", {"data_format": "channels_first"}),
    ("zeros", {}),
    ("equal", {}),
]
TO_ARRAY = [{}, {"dtype": "uint8"}, {"data_format": "channels_first"}, {"dtype": "float64"}]
LOADED = [
    {},
    {"color_mode": "grayscale"},
    {"color_mode": "rgba"},
    {"target_size": (3, 4)},
    {"target_size": (9, 8), "interpolation": "bilinear"},
    {"target_size": (3, 4), "interpolation": "bicubic"},
    {"target_size": (3, 4), "interpolation": "hamming"},
    {"target_size": (3, 4), "interpolation": "box"},
    {"target_size": (3, 4), "interpolation": "lanczos"},
    {"target_size": (4, 4), "interpolation": "bilinear", "keep_aspect_ratio": True},
    {"target_size": (2, 6), "interpolation": "bilinear", "keep_aspect_ratio": True},
]


def arrays():
    more = {"first": np.moveaxis(PICTURES["color"], -1, 0), "zeros": np.zeros((2, 3, 1))}
    return {**PICTURES, **more, "equal": np.full((2, 3, 3), 7.0)}


def of_pictures(keras, folder):
    """What the functions for single pictures return, as arrays by name."""
    utils, found, given = keras.utils, {}, arrays()
    for i, (name, arguments) in enumerate(TO_IMG):
        img = utils.array_to_img(given[name], **arguments)
        found[f"to_img_{i}_{img.mode}"] = np.asarray(img)
        for j, more in enumerate(TO_ARRAY[: 1 if i > 3 else None]):
            found[f"to_array_{i}_{j}"] = utils.img_to_array(img, **more)
    for name in PICTURES:
        path = os.path.join(folder, f"{name}.{'tiff' if name == 'deep' else 'png'}")
        utils.save_img(path, given[name], scale=name != "deep")
        for i, arguments in enumerate(LOADED):
            if name != "deep" or arguments.get("interpolation") in (None, "bilinear"):
                img = utils.load_img(path, **arguments)
                found[f"loaded_{name}_{i}_{img.mode}"] = np.asarray(img)
    return found


# ---- folders ---------------------------------------------------------------------

FOLDERS = {"birds": 1, "cats": 3, "dogs/young": 2, ".hidden": 1}
SIZES = [(5, 7), (8, 6), (4, 12), (9, 9)]
DATASETS = {
    "plain": {},
    "small": {"image_size": (4, 5), "batch_size": 4},
    "number": {"image_size": 6},
    "none": {"labels": None},
    "no_mode": {"label_mode": None},
    "given": {"labels": [3, 1, 0, 3, 0, 1, 1]},
    "categorical": {"label_mode": "categorical"},
    "binary": {"label_mode": "binary", "class_names": ["dogs", "cats"]},
    "order": {"class_names": ["dogs", "birds"]},
    "gray": {"color_mode": "grayscale"},
    "rgba": {"color_mode": "rgba"},
    "single": {"batch_size": None},
    "training": {"validation_split": 0.3, "subset": "training"},
    "validation": {"validation_split": 0.3, "subset": "validation"},
    "cropped": {"crop_to_aspect_ratio": True},
    "padded": {"pad_to_aspect_ratio": True},
    "first": {"data_format": "channels_first"},
    "cropped_first": {"data_format": "channels_first", "crop_to_aspect_ratio": True},
    "padded_first": {"data_format": "channels_first", "pad_to_aspect_ratio": True},
    **{
        name: {"interpolation": name, "image_size": (3, 7)}
        for name in ("nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian")
    },
    "mitchellcubic": {"interpolation": "MitchellCubic", "image_size": (3, 7)},
}
INDICES = {
    "shuffled": {"seed": 3},
    "given_shuffled": {"labels": [3, 1, 0, 3, 0, 1, 1], "seed": 5},
    "some_shuffled": {"class_names": ["dogs", "birds"], "seed": 7},
    "none_shuffled": {"labels": None, "seed": 9},
}


def make_folders(folder, write):
    """Pictures in folders; `write` takes a path and a uint8 array."""
    rng, number = np.random.default_rng(1), 0
    for name, count in FOLDERS.items():
        os.makedirs(os.path.join(folder, name))
        for i in range(count):
            pixels = rng.integers(0, 256, (*SIZES[number % len(SIZES)], 3), dtype="uint8")
            write(os.path.join(folder, name, f"{i}.{'PNG' if i else 'png'}"), pixels)
            number += 1
    with open(os.path.join(folder, "cats", "notes.txt"), "w") as file:
        file.write("no picture")


def of_datasets(keras, folder):
    """Batches, file paths and names of classes of data sets that are not shuffled."""
    found = {}
    for name, arguments in DATASETS.items():
        dataset = keras.utils.image_dataset_from_directory(
            folder, **{"image_size": (5, 4), "shuffle": False, "verbose": False, **arguments}
        )
        for i, batch in enumerate(dataset):
            parts = batch if isinstance(batch, tuple) else (batch,)
            if name in ("single", "plain") or i < 2:
                for part, values in zip("xy", parts, strict=False):
                    found[f"{name}_{part}_{i}"] = np.asarray(values)
        found[f"{name}_files"] = relative(dataset.file_paths, folder)
        found[f"{name}_classes"] = np.array(dataset.class_names or [])
    return found


def of_indices(index_directory, formats, folder):
    """Files and labels in the order of a seed."""
    found = {}
    for name, arguments in INDICES.items():
        paths, labels, _ = index_directory(
            folder, **{"labels": "inferred", "formats": formats, "verbose": False, **arguments}
        )
        found[f"{name}_files"] = relative(paths, folder)
        found[f"{name}_labels"] = np.asarray([] if labels is None else labels)
    return found


def relative(paths, folder):
    return np.array([os.path.relpath(path, folder).replace(os.sep, "/") for path in paths])
