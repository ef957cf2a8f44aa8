"""Which batches an epoch takes, in which order."""

import warnings

import numpy as np

from kerasette.random.sources import numpy_random


class Epochs:
    """Epochs over batches: passes over all, or a number of steps that goes on in the next epoch.

    Parameters
    ----------
    batches : Batches
    steps : int, optional
        Steps of an epoch. The next epoch goes on where this one stopped, and a pass that ends
        within an epoch ends it early, with a warning.
    shuffle : bool or "batch"
        See `shuffled`.
    """

    is_stream = False

    def __init__(self, batches, steps=None, shuffle=False):
        self.batches = batches
        self.steps = steps
        self.shuffle = shuffle
        self._order = None
        self._next = 0

    @property
    def n_steps(self):
        """Steps of an epoch, as told to callbacks."""
        return len(self.batches) if self.steps is None else self.steps

    def draw(self):
        """The batches of the next epoch.

        Returns
        -------
        (ndarray or None, int, int)
            The order of the samples, the first batch, and the one after the last.
        """
        n_batches = len(self.batches)
        if self._next == 0:
            n_samples, size = self.batches.n_samples, self.batches.batch_size
            self._order = shuffled(self.shuffle, n_samples, size)
        first = self._next
        last = n_batches if self.steps is None else min(first + self.steps, n_batches)
        self._next = last if last < n_batches else 0
        return self._order, first, last

    def begin(self, is_first):
        """Called before the first epoch of a run.

        Parameters
        ----------
        is_first : bool
            Whether the model had not seen the shapes of data before.
        """
        if is_first:
            discard_first_draw(self.shuffle, self.batches.n_samples, self.batches.batch_size)

    def end_epoch(self, n_done):
        """Called after an epoch that nobody stopped: warns if it had too few steps."""
        if self.steps is not None and n_done < self.steps:
            warn_of_end(n_done, self.steps)

    def close(self):
        """Called when the run is over, whatever has happened."""


def warn_of_end(n_done, steps, hint="Make sure that there are enough."):
    """Warns that an epoch has ended before its number of steps."""
    warnings.warn(
        "Your input ran out of data; interrupting training. At least `steps_per_epoch * epochs` "
        f"batches are needed, and {n_done} of {steps} steps were done. {hint}",
        stacklevel=3,
    )


def shuffled(shuffle, n_samples, batch_size):
    """An order of the samples for one epoch, drawn from NumPy's global generator as Keras does.

    Parameters
    ----------
    shuffle : bool or "batch"
        "batch" shuffles within each batch only.

    Returns
    -------
    ndarray of int64, or None for the order in which they are
    """
    if shuffle == "batch":
        starts = range(0, n_samples, batch_size)
        draw = numpy_random().permutation
        pieces = [s + draw(min(batch_size, n_samples - s)) for s in starts]
        return np.concatenate(pieces)
    return numpy_random().permutation(n_samples) if shuffle else None


def discard_first_draw(shuffle, n_samples, batch_size):
    """Draws what Keras draws, and throws away, before the first epoch after a `compile`.

    It looks at one batch to find the shapes that losses and metrics need. Without the same draw,
    the same seed would give another order of the samples than Keras's.
    """
    if shuffle:
        n_drawn = min(batch_size, n_samples) if shuffle == "batch" else n_samples
        numpy_random().permutation(n_drawn)
