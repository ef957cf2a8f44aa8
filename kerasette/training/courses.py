"""One epoch, as a loop goes through it: batches are fetched, then run."""

import time
from collections import deque

from kerasette.data.stream_epochs import OVER
from kerasette.training.runner import FOREVER


class ArrayCourse:
    """An epoch over arrays: all of its batches are at hand.

    Parameters
    ----------
    epochs : Epochs
    start_runner : callable
        From `Batches` and an order to a `BatchRunner`.

    Attributes
    ----------
    done : int
        Batches done in this epoch.
    logs : dict or None
        What the last step returned.
    """

    def __init__(self, epochs, start_runner):
        order, self._first, self._last = epochs.draw()
        self._runner = start_runner(epochs.batches, order)
        self._place = self._first
        self._end = self._first

    @property
    def done(self):
        return self._place - self._first

    @property
    def logs(self):
        return self._runner.logs

    @property
    def counts(self):
        """How many steps were replayed, and how many ran eagerly."""
        return self._runner.n_replayed, self._runner.n_eager

    def fetch(self, count):
        """Gets the next batches: `count` of them, or fewer at the end; None: as many as there are.

        Returns
        -------
        int
            How many there are.
        """
        self._end = self._last if count is None else min(self._place + count, self._last)
        return self._end - self._place

    def advance(self, seconds):
        """Runs batches, at least one, until so many seconds have passed."""
        self._place = self._runner.run(self._place, self._end, seconds)

    def run_fetched(self):
        """Runs all batches that were fetched."""
        while self._place < self._end:
            self.advance(FOREVER)


class StreamCourse:
    """An epoch over a stream, of the same methods.

    Parameters
    ----------
    epochs : StreamEpochs
    start_runner : callable
        From `Batches` and an order to a `BatchRunner`.
    make_batches : callable
        From what the stream gives to `Batches`.
    """

    def __init__(self, epochs, start_runner, make_batches):
        epochs.begin_epoch()
        self._epochs = epochs
        self._start_runner = start_runner
        self._make_batches = make_batches
        self._fetched = deque()
        self.done = 0
        self.logs = None
        self.counts = (0, 0)

    def fetch(self, count):
        while len(self._fetched) < (count or 1):
            batch = self._epochs.take()
            if batch is OVER:
                break
            self._fetched.append(self._make_batches(batch))
        return len(self._fetched)

    def advance(self, seconds):
        end = time.monotonic() + seconds
        self._run_one()
        while time.monotonic() < end and self.fetch(None):
            self._run_one()

    def run_fetched(self):
        while self._fetched:
            self._run_one()

    def _run_one(self):
        runner = self._start_runner(self._fetched.popleft(), None)
        try:
            runner.run(0, 1, 0.0)
        finally:
            replayed, eager = self.counts
            self.counts = (replayed + runner.n_replayed, eager + runner.n_eager)
        self.logs = runner.logs
        self.done += 1
