"""Epochs over a stream of batches."""

import warnings

from kerasette.data.epochs import warn_of_end

# What comes after the last batch of an epoch.
OVER = object()


class StreamEpochs:
    """Epochs over a stream: each a pass over it, or a number of steps that goes on in the next.

    Parameters
    ----------
    stream : Stream
    steps : int, optional
        Steps of an epoch. The next epoch goes on where this one stopped, and an end of the stream
        within an epoch ends it early, with a warning; the next epoch begins at its start then.
    shuffle : bool or "batch"
        Whether batches that have numbers come in another order in each pass.
    class_weight : dict, optional
        Kept for whoever makes arrays of the batches.

    Raises
    ------
    ValueError
        If there is no batch.
    """

    is_stream = True

    def __init__(self, stream, steps=None, shuffle=False, class_weight=None):
        stream.open()
        self.stream = stream
        self.steps = steps
        self.shuffle = bool(shuffle)
        self.class_weight = class_weight
        self._pass = None
        self._n_seen = 0
        self._n_done = 0
        self._is_over = True

    @property
    def n_steps(self):
        """Steps of an epoch, as told to callbacks; None if nobody knows."""
        return self.stream.n_batches if self.steps is None else self.steps

    def begin(self, is_first=False):
        """Called before the first epoch of a run: the stream starts anew."""
        self.close()
        self.stream.on_epoch_end()

    def begin_epoch(self):
        """Called before the first batch of an epoch."""
        self.stream.on_epoch_begin()
        if self._pass is None or self.steps is None:
            self.close()
            self._pass = self.stream.iterate(self.shuffle)
            self._n_seen = 0
        self._n_done = 0
        self._is_over = False

    def take(self):
        """The next batch of this epoch, or `OVER`."""
        if self._is_over or self._n_done == self.steps:
            return OVER
        if self._is_at_end():
            return self._stop()
        try:
            batch = next(self._pass)
        except StopIteration:
            return self._stop()
        except Exception as error:
            number = self._n_done + 1
            error.add_note(f"Raised by the {self.stream.kind} for batch {number} of the epoch.")
            raise
        self._n_seen += 1
        self._n_done += 1
        return batch

    def first(self):
        """The first batch, to look at; `begin` is to follow."""
        self.begin_epoch()
        return self.take()

    def end_epoch(self, n_done):
        """Called after an epoch that nobody stopped."""
        if self._pass is not None:
            self._pass.pause()
        if self._is_over or self._is_at_end():
            self._pass = None
        self.stream.on_epoch_end()

    def close(self):
        """Called when the run is over, whatever has happened."""
        if self._pass is not None:
            self._pass.pause()
            self._pass = None

    def _is_at_end(self):
        n_batches = self.stream.n_batches
        return n_batches is not None and self._n_seen >= n_batches

    def _stop(self):
        self._is_over = True
        if self.steps is not None:
            warn_of_end(self._n_done, self.steps, self._hint())
        elif not self.stream.begins_anew:
            warnings.warn(
                f"Your input ran out of data; interrupting training. {self._hint()}", stacklevel=3
            )
        return OVER

    def _hint(self):
        if self.stream.begins_anew:
            return "The next epoch begins with the first batch."
        return (
            f"A {self.stream.kind} goes through its data once: of an epoch that comes later, only "
            "the first two batches, which were kept, are left. Let it go on for ever, or pass a "
            "`kerasette.utils.PyDataset`, which can begin anew."
        )
