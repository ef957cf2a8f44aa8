"""What Keras answers on another backend, or with Pillow: for images and their files.

    KERAS_BACKEND=jax python tests/golden/make_images_on.py         # Keras 3.15.1, JAX 0.10.2
    KERAS_BACKEND=tensorflow python tests/golden/make_images_on.py  # TensorFlow 2.21.0
    KERAS_BACKEND=torch python tests/golden/make_images_on.py       # PyTorch 2.13.0, Pillow 13.0.0

writes `images_jax.npz`, for what PyTorch answers otherwise or not at all; `images_tensorflow.npz`
`image_datasets.npz` and `datasets.npz`, as data sets of folders are TensorFlow's; and
`image_files.npz`.
"""

import sys
import tempfile
from pathlib import Path

import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent))


def write(name, arrays):
    """Write a dict of arrays, with fixed dates."""
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)


def write_layers(backend):
    """Write the answers of layers on a backend."""
    import image_cases

    write(f"images_{backend}", image_cases.answers(keras, image_cases.CASES_OF[backend]))


def write_datasets():
    """Write batches of the pictures in folders."""
    import image_file_cases as cases
    import tensorflow as tf
    from keras.src.utils.dataset_utils import index_directory
    from keras.src.utils.image_dataset_utils import ALLOWLIST_FORMATS

    def write_png(path, pixels):
        tf.io.write_file(path, tf.io.encode_png(pixels))

    with tempfile.TemporaryDirectory() as folder:
        cases.make_folders(folder, write_png)
        found = cases.of_datasets(keras, folder)
        found |= cases.of_indices(index_directory, ALLOWLIST_FORMATS, folder)
    write("image_datasets", found)


def write_texts_and_series():
    """Write batches of texts in folders and of windows of series."""
    import dataset_cases as cases

    found = cases.of_series(keras)
    with tempfile.TemporaryDirectory() as folder:
        cases.make_folders(folder)
        write("datasets", {**found, **cases.of_texts(keras, folder)})


def write_files():
    """Write what functions for pictures return."""
    import image_file_cases as cases

    with tempfile.TemporaryDirectory() as folder:
        write("image_files", cases.of_pictures(keras, folder))


def main(backend):
    """Write what is made with a backend."""
    if backend == "torch":
        write_files()
        return
    write_layers(backend)
    if backend == "tensorflow":
        write_datasets()
        write_texts_and_series()


if __name__ == "__main__":
    main(keras.config.backend())
