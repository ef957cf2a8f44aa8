"""Arrays cut in two for validation, and class weights turned into sample weights."""

import math
import numbers

import numpy as np

from kerasette import tree
from kerasette.data.sparse import SparseRows
from kerasette.default_dtype import floatx

# Rows of a sparse matrix that are dense at a time.
DENSE_ROWS = 1024


def train_validation_split(data, validation_split):
    """The first part of each array for training, and the last part for validation.

    Parameters
    ----------
    data : structure of ndarray or SparseRows
        Of equal length; None stays None.
    validation_split : float
        The share of validation; the cut is at ``floor(samples * (1 - validation_split))``.

    Returns
    -------
    (structure, structure)

    Raises
    ------
    ValueError
        If one of the parts would be empty.
    """
    if not isinstance(validation_split, numbers.Real) or not 0 <= validation_split < 1:
        raise ValueError(
            "`validation_split` must be a number in [0, 1). "
            f"Received: validation_split={validation_split!r}"
        )
    n_samples = next(len(array) for array in tree.flatten(data) if array is not None)
    cut = math.floor(n_samples * (1.0 - validation_split))
    if cut in (0, n_samples):
        raise ValueError(
            f"Training data contains {n_samples} samples, which is not sufficient to split it "
            "into a validation and training set as specified by "
            f"`validation_split={validation_split}`. Either provide more data, or a different "
            "value for the `validation_split` argument."
        )
    return rows_between(data, 0, cut), rows_between(data, cut, n_samples)


def rows_between(data, start, stop):
    """Rows `start` to ``stop - 1`` of each array in a structure, in place."""

    def part(array):
        if isinstance(array, SparseRows):
            return array.between(start, stop)
        return array[start:stop]

    return tree.map_structure(part, data, none_is_leaf=False)


def class_weight_to_sample_weights(y, class_weight):
    """The weight of each sample's class; 1 for classes that are not named.

    Parameters
    ----------
    y : ndarray or SparseRows of shape (samples,), (samples, 1) or (samples, classes)
        Class numbers, or one row of scores a sample, of which the largest counts.
    class_weight : dict of int to float

    Returns
    -------
    ndarray of shape (samples,)

    Raises
    ------
    ValueError
        If it is no such dict, or the targets are those of several outputs.
    """
    if not isinstance(class_weight, dict):
        raise ValueError(
            "`class_weight` must be a dict of class numbers to weights. "
            f"Received: class_weight={class_weight!r}"
        )
    if tree.is_nested(y):
        raise ValueError("`class_weight` is only supported for Models with a single output.")
    classes = y
    if y.ndim > 1:
        classes = largest(y) if y.shape[-1] != 1 else np.squeeze(y, axis=-1)
    if classes.ndim != 1:
        raise ValueError(
            "`class_weight` is only supported for targets with one class a sample. "
            f"Received: y.shape={y.shape}"
        )
    classes = np.round(classes).astype("int64")
    weights = np.ones(len(y), dtype=floatx())
    for number, weight in class_weight.items():
        weights[classes == checked_class(number)] = checked_weight(number, weight)
    return weights


def largest(scores):
    """Where in each row the largest number is."""
    if not isinstance(scores, SparseRows):
        return np.argmax(scores, axis=-1)
    starts = range(0, len(scores), DENSE_ROWS)
    return np.concatenate([np.argmax(scores[i : i + DENSE_ROWS], axis=-1) for i in starts])


def checked_class(number):
    """A key of `class_weight` as an int: 1.0 and True are the key 1, too, as they hash alike."""
    is_number = isinstance(number, (numbers.Real, np.bool_)) or hasattr(number, "__index__")
    if not is_number or not float(number).is_integer():
        raise ValueError(
            f"The keys of `class_weight` must be class numbers. Received the key {number!r}"
        )
    return int(number)


def checked_weight(number, weight):
    """A value of `class_weight` as a float."""
    try:
        return float(weight)
    except (TypeError, ValueError):
        raise ValueError(
            f"The values of `class_weight` must be numbers. Class {number} has {weight!r}"
        ) from None
