"""Arrays cut in two for validation, and class weights turned into sample weights."""

import math
import numbers

import numpy as np

from kerasette._core.dtypes import floatx


def train_validation_split(arrays, validation_split):
    """The first part of each array for training, and the last part for validation.

    Parameters
    ----------
    arrays : list of ndarray or None
        Of equal length; None stays None.
    validation_split : float
        The share of validation; the cut is at ``floor(samples * (1 - validation_split))``.

    Returns
    -------
    (list, list)

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
    n_samples = len(arrays[0])
    cut = math.floor(n_samples * (1.0 - validation_split))
    if cut in (0, n_samples):
        raise ValueError(
            f"Training data contains {n_samples} samples, which is not sufficient to split it "
            "into a validation and training set as specified by "
            f"`validation_split={validation_split}`. Either provide more data, or a different "
            "value for the `validation_split` argument."
        )
    return (
        [None if array is None else array[:cut] for array in arrays],
        [None if array is None else array[cut:] for array in arrays],
    )


def class_weight_to_sample_weights(y, class_weight):
    """The weight of each sample's class; 1 for classes that are not named.

    Parameters
    ----------
    y : ndarray of shape (samples,), (samples, 1) or (samples, classes)
        Class numbers, or one row of scores a sample, of which the largest counts.
    class_weight : dict of int to float

    Returns
    -------
    ndarray of shape (samples,)

    Raises
    ------
    ValueError
        If it is no such dict.
    """
    if not isinstance(class_weight, dict):
        raise ValueError(
            "`class_weight` must be a dict of class numbers to weights. "
            f"Received: class_weight={class_weight!r}"
        )
    classes = y
    if y.ndim > 1:
        classes = np.argmax(y, axis=-1) if y.shape[-1] != 1 else np.squeeze(y, axis=-1)
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


def checked_class(number):
    """A key of `class_weight` as an int."""
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise ValueError(
            f"The keys of `class_weight` must be class numbers. Received the key {number!r}"
        )
    return number.__index__()


def checked_weight(number, weight):
    """A value of `class_weight` as a float."""
    try:
        return float(weight)
    except (TypeError, ValueError):
        raise ValueError(
            f"The values of `class_weight` must be numbers. Class {number} has {weight!r}"
        ) from None
