"""Seeds of all generators at once."""

import random

import numpy as np

from kerasette.random.seeds import reset_global_seed_generator
from kerasette.random.sources import sources_in_use


def set_random_seed(seed):
    """Seeds Python's ``random``, NumPy's global generator, and draws without a seed of their own.

    Weights, dropout and shuffling of a program that calls this first are the same in every run. An
    estimator that is being fitted in this thread draws from this seed, too, from now on.

    Parameters
    ----------
    seed : int
        In [0, 2**32).

    Raises
    ------
    ValueError
        If it is not. Nothing has changed then.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.set_random_seed(1)
    >>> first = kerasette.random.normal((2,)).numpy()
    >>> kerasette.utils.set_random_seed(1)
    >>> bool((first == kerasette.random.normal((2,)).numpy()).all())
    True
    """
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise ValueError(
            "Expected `seed` argument to be an integer. "
            f"Received: seed={seed} (of type {type(seed)})"
        )
    np.random.seed(seed.__index__())
    random.seed(seed.__index__())
    reset_global_seed_generator()
    sources = sources_in_use()
    if sources is not None:
        sources.seed(seed.__index__())
