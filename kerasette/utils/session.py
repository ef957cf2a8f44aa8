"""A fresh start within a process."""

from kerasette import naming
from kerasette.random import reset_global_seed_generator


def clear_session(free_memory=True):
    """Starts the numbers in automatic names again, and the generator of draws without a seed.

    Parameters
    ----------
    free_memory : bool
        Taken for Keras's sake: memory is freed with the objects that hold it.
    """
    naming.reset()
    reset_global_seed_generator()
