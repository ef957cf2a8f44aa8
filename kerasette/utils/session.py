"""A fresh start within a process."""

import gc

from kerasette import naming
from kerasette.dtype_policy import reset_dtype_policy
from kerasette.random.seeds import reset_global_seed_generator


def clear_session(free_memory=True):
    """Starts automatic names, draws without a seed and the dtype policy of new layers again.

    Parameters
    ----------
    free_memory : bool
        Whether to collect garbage: models that refer to themselves keep theirs until then.
    """
    naming.reset()
    reset_global_seed_generator()
    reset_dtype_policy()
    if free_memory:
        gc.collect()
