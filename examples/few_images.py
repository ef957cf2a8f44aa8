"""A thousand images of digits to train on, a book's choice; the same for several examples.

No example itself; the others import it. The images are the first thousand of MNIST, which is
downloaded once (11 MB, into KERASETTE_HOME, by default ~/.kerasette). Where it cannot be had, or
with ``--digits``, scikit-learn's bundled digits of 8 x 8 pixels take its place.
"""

from typing import NamedTuple

import numpy as np

from kerasette.datasets import mnist
from kerasette.utils import to_categorical


class Images(NamedTuple):
    """Rows of pixels from 0 to 1 and one-hot digits, each for training, validation and testing."""

    train: tuple
    validation: tuple
    test: tuple
    is_mnist: bool

    @property
    def n_pixels(self):
        return self.train[0].shape[1]


def load(use_digits=False):
    """The images: of MNIST if they can be had, of scikit-learn else or if asked for."""
    if not use_digits:
        try:
            return load_mnist()
        except OSError as error:
            print(f"{error}\nscikit-learn's digits instead")
    return load_digits()


def load_mnist():
    (x, y), (x_test, y_test) = mnist.load_data()
    parts = [(x[:1000], y[:1000]), (x[1000:2000], y[1000:2000]), (x_test, y_test)]
    return Images(*[prepared(*part, brightest=255) for part in parts], True)


def load_digits():
    from sklearn import datasets

    x, y = datasets.load_digits(return_X_y=True)
    order = np.random.RandomState(0).permutation(len(x))
    parts = [(x[rows], y[rows]) for rows in np.split(order, [1000, 1300])]
    return Images(*[prepared(*part, brightest=16) for part in parts], False)


def prepared(x, y, brightest):
    return x.reshape(len(x), -1) / brightest, to_categorical(y, 10)


def add_options(parser):
    """The options of examples with these images."""
    parser.add_argument("--digits", action="store_true", help="scikit-learn's digits, not MNIST")
    return parser
