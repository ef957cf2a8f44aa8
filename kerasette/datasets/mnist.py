"""MNIST: 60,000 + 10,000 handwritten digits of 28 x 28 pixels (LeCun, Cortes, Burges)."""

import numpy as np

from kerasette.datasets.cache import cached_file, reading

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path="mnist.npz"):
    """Loads MNIST, from the cache or by download.

    Parameters
    ----------
    path : str
        Name in the cache's ``datasets`` folder, or an absolute path.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        uint8 arrays: images of shape (samples, 28, 28) with values 0 to 255, and digits.

    Raises
    ------
    OSError
        If it cannot be downloaded.
    ValueError
        If the file is another one.
    """
    file_path = cached_file(path, URL, SHA256)
    with reading(file_path), np.load(file_path) as data:
        return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])
