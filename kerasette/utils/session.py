"""A fresh start within a process."""

import gc

from kerasette import naming
from kerasette.random import reset_global_seed_generator


def clear_session(free_memory=True):
    """Starts the numbers in automatic names again, and the generator of draws without a seed.

    Parameters
    ----------
    free_memory : bool
        Whether to collect garbage: models that refer to themselves keep theirs until then.
    """
    naming.reset()
    reset_global_seed_generator()
    if free_memory:
        gc.collect()
