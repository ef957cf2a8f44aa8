"""The reviews of films that other examples here use, as lists of words."""

import sys

from kerasette.datasets import imdb_reviews
from kerasette.text import split_words


def read_reviews(n_training=None, n_test=None):
    """The first reviews to train with and to test with; all of them by default.

    Returns
    -------
    (words, labels), (words, labels)
        A list of lists of str; an array, 1 for a review that is positive, 0 for a negative one.
    """
    try:
        (training, labels), (test, test_labels) = imdb_reviews.load_data()
    except FileNotFoundError as error:
        sys.exit(str(error))
    return (
        ([split_words(review) for review in training[:n_training]], labels[:n_training]),
        ([split_words(review) for review in test[:n_test]], test_labels[:n_test]),
    )
