"""One epoch, as a loop goes through it: batches are fetched, then run."""

from kerasette.training.runner import FOREVER


class ArrayCourse:
    """An epoch over arrays: all of its batches are at hand. See also `StreamCourse`.

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
