"""Choosing a token by what a model says of each."""

import numpy as np

from kerasette import ops
from kerasette.checks import is_number
from kerasette.random.sources import numpy_random


def sample(scores, temperature=1.0, rng=None, from_logits=True):
    """Class numbers drawn with the probabilities that a model gives.

    Parameters
    ----------
    scores : array or Tensor of shape (..., classes)
        Logits, or probabilities.
    temperature : float
        What logits are divided by: below 1 the likeliest are drawn more often, above 1 less. 0
        takes the likeliest, the first of those that are equal.
    rng : numpy.random.Generator, optional
        NumPy's global generator by default. It is not asked at temperature 0.
    from_logits : bool
        Whether `scores` are logits. Probabilities need not sum to 1.

    Returns
    -------
    ndarray of int64 of shape (...)

    Raises
    ------
    ValueError
        If there are no classes, a score is NaN, none of a row can be drawn (all logits are
        -infinity, all probabilities 0), one is infinite, a probability is negative, or the
        temperature is.

    Notes
    -----
    A true draw: the first class whose probability exceeds a random number, as one meets it in
    listings, is something else.

    Examples
    --------
    >>> import numpy as np
    >>> from kerasette import text
    >>> int(text.sample([0.1, 0.7, 0.2], temperature=0, from_logits=False))
    1
    >>> draws = text.sample(np.log([[0.1, 0.9]] * 1000), rng=np.random.default_rng(0))
    >>> float(draws.mean())
    0.911
    """
    scores = np.asarray(ops.convert_to_numpy(scores), "float64")
    _check(scores, temperature, from_logits)
    check_generator(rng)
    if temperature == 0:
        return scores.argmax(axis=-1)
    with np.errstate(divide="ignore"):
        logits = scores if from_logits else np.log(scores)
    with np.errstate(over="ignore"):
        logits = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    bounds = np.exp(logits).cumsum(axis=-1)
    lots = (numpy_random() if rng is None else rng).random(scores.shape[:-1]) * bounds[..., -1]
    # The first class whose bound is above the number; one of probability 0 adds nothing to it.
    return (bounds <= lots[..., None]).sum(axis=-1)


def check_temperature(temperature):
    """Raises ValueError for a temperature that is negative, infinite or no number."""
    if not is_number(temperature) or not 0 <= temperature < np.inf:
        raise ValueError(
            f"`temperature` must be a number of at least 0. Received: temperature={temperature!r}"
        )


def check_generator(rng):
    """Raises ValueError for what numbers cannot be drawn from; None is NumPy's own."""
    if rng is not None and not hasattr(rng, "random"):
        raise ValueError(f"`rng` must be a generator of NumPy, or None. Received: rng={rng!r}")


def _check(scores, temperature, from_logits):
    """Raises unless a class can be drawn from each row."""
    check_temperature(temperature)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(f"`scores` must have classes on their last axis: shape {scores.shape}")
    if np.isnan(scores).any() or (scores == np.inf).any():
        raise ValueError("`scores` must not be NaN or infinite.")
    if not from_logits and (scores < 0).any():
        raise ValueError("Probabilities must not be negative. For logits pass `from_logits=True`.")
    if not (scores > (-np.inf if from_logits else 0)).any(axis=-1).all():
        raise ValueError("In each row of `scores`, some class must be possible.")
