"""Checks of the arguments of compile, fit, evaluate and predict."""

import numbers
import operator

import numpy as np


def checked_batch_size(batch_size, n_samples=None, steps=None):
    """`batch_size`; without one 32, or what cuts the samples into `steps` batches.

    Raises
    ------
    ValueError
        If it is not a positive integer.
    """
    if batch_size is not None:
        return checked_count(batch_size, "batch_size")
    return -(-n_samples // steps) if steps and n_samples else 32


def checked_count(value, name):
    """A positive integer, from the argument `name`."""
    count = _as_integer(value)
    if count is None or count < 1:
        raise ValueError(f"`{name}` must be a positive integer. Received: {name}={value!r}")
    return count


def checked_steps(value, name):
    """A positive integer, or None for as many as there are."""
    return None if value is None else checked_count(value, name)


def checked_epoch(value, name):
    """The number of an epoch: an integer, not negative."""
    number = _as_integer(value)
    if number is None or number < 0:
        raise ValueError(f"`{name}` must be an integer, 0 or more. Received: {name}={value!r}")
    return number


def checked_verbose(verbose):
    """0, 1 or 2."""
    verbose = 1 if isinstance(verbose, str) and verbose == "auto" else verbose
    if not _is_among(verbose, (0, 1, 2)):
        raise ValueError(f"`verbose` must be 'auto', 0, 1 or 2. Received: verbose={verbose!r}")
    return int(verbose)


def checked_shuffle(shuffle):
    """True, False or "batch"; None is False."""
    if shuffle is None:
        return False
    if not _is_among(shuffle, (True, False, "batch")):
        raise ValueError(f"`shuffle` must be a bool or 'batch'. Received: shuffle={shuffle!r}")
    return shuffle


def checked_jit_compile(value):
    """True, False or "auto"."""
    if not _is_among(value, (True, False, "auto")):
        raise ValueError(f"`jit_compile` must be a bool or 'auto'. Received: jit_compile={value!r}")
    return value


def validated_epochs(validation_freq):
    """A function that says whether an epoch, counted from 0, is followed by validation.

    Parameters
    ----------
    validation_freq : int or collection of int
        Every so many epochs, or after these epochs, counted from 1.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if _as_integer(validation_freq) is not None:
        every = checked_count(validation_freq, "validation_freq")
        return lambda epoch: (epoch + 1) % every == 0
    if not isinstance(validation_freq, (list, tuple, set, frozenset, range)):
        raise ValueError(
            "Expected `validation_freq` to be a list or int. "
            f"Received: validation_freq={validation_freq!r} of the type {type(validation_freq)}."
        )
    chosen = {checked_count(epoch, "validation_freq") for epoch in validation_freq}
    return lambda epoch: epoch + 1 in chosen


def _is_among(value, choices):
    # Arrays compare with each of their elements.
    return isinstance(value, (int, str, np.bool_, numbers.Integral)) and value in choices


def _as_integer(value):
    """An integer of Python, or None for anything that is none; a bool is none."""
    try:
        return None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return None
