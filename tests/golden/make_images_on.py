"""What Keras answers on another backend: for images, where PyTorch's differs or is missing.

    KERAS_BACKEND=jax python tests/golden/make_images_on.py         # Keras 3.15.1, JAX 0.10.2
    KERAS_BACKEND=tensorflow python tests/golden/make_images_on.py  # TensorFlow 2.21.0

writes `images_jax.npz` and `images_tensorflow.npz`.
"""

import sys
from pathlib import Path

import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent


def main(backend):
    """Write the answers of the cases of a backend."""
    sys.path.append(str(FOLDER.parent))
    import image_cases

    arrays = image_cases.answers(keras, image_cases.CASES_OF[backend])
    np.savez_compressed(FOLDER / f"images_{backend}.npz", **arrays)


if __name__ == "__main__":
    main(keras.config.backend())
