"""How many threads a fit takes."""

import math
from contextlib import contextmanager

from kerasette._core.runtime import work_alone
from kerasette.layers import BatchNormalization, Dense

SMALL_STEP_FLOPS = 5e7
"""Half a millisecond of products, more or less."""


@contextmanager
def threads_of_fit(model, batch_size):
    """Trains with one thread if the steps are small, with all threads if not.

    Two threads share a small step at 1.2 to 1.5 times the speed of one, for 1.4 times its processor
    time. What scikit-learn has for more cores is ``n_jobs``, and two fits beside each other are
    twice as fast as one after the other only if neither of them takes both cores.

    Parameters
    ----------
    model : Model
        Built.
    batch_size : int
    """
    if not has_small_steps(model, batch_size):
        yield
        return
    before = work_alone(True)
    try:
        yield
    finally:
        work_alone(before)


def has_small_steps(model, batch_size):
    """Whether the products of a training step are few; only of dense networks is that known."""
    layers = [layer for layer in model._flatten_layers() if layer._own_weights()]
    # A subclass may multiply as often as it likes.
    if not all(type(layer) in (Dense, BatchNormalization) for layer in layers):
        return False
    return batch_size * sum(map(_flops_of_sample, layers)) < SMALL_STEP_FLOPS


def _flops_of_sample(layer):
    """A product forward and two backward, each of a multiplication and an addition a weight."""
    axes = layer.get_build_config()["input_shape"][1:-1]
    rows = math.prod(math.inf if length is None else length for length in axes)
    return 6 * layer.count_params() * rows
