"""What a stream gives, as batches: checked against the model, and against the batch before."""

import time
from collections import deque
from contextlib import contextmanager

from kerasette.data.splits import class_weight_to_sample_weights
from kerasette.data.stream_epochs import OVER
from kerasette.data.structures import Layout, arrays_by_name, check_same_length, count_samples


class BatchMaker:
    """Makes `Batches` of one batch each, of one epoch.

    Parameters
    ----------
    model : Trainer
    what : str
        What the batches are for; "predict" takes the inputs alone.
    stream : Stream
    class_weight : dict, optional
    """

    def __init__(self, model, what, stream, class_weight=None):
        self.model = model
        self.what = what
        self.stream = stream
        self.class_weight = class_weight
        self.n_batches = 0
        self.layout = None

    def __call__(self, batch):
        """The next batch.

        Raises
        ------
        ValueError
            If it does not fit the model, or x and y have another structure than those before.
        """
        self.n_batches += 1
        with self._named_in_errors():
            data = self._unpacked(batch)
            arrays = arrays_by_name(data)
            check_same_length(arrays)
            size = count_samples(arrays["x"])
            if size == 0:
                raise ValueError("It has no samples.")
            self._check_structure(arrays)
            return self.model._stream_batch(self.what, arrays, size)

    def _unpacked(self, batch):
        x, y, sample_weight = self.stream.unpacked(batch)
        if self.what == "predict":
            return x, None, None
        if self.class_weight is not None and y is not None:
            if sample_weight is not None:
                raise ValueError(
                    "You cannot specify `class_weight` and `sample_weight` at the same time."
                )
            y = arrays_by_name((x, y, None))["y"]
            sample_weight = class_weight_to_sample_weights(y, self.class_weight)
        return x, y, sample_weight

    def _check_structure(self, arrays):
        # As in Keras, some batches may have sample weights and others none.
        layout = Layout({name: arrays[name] for name in arrays if name != "sample_weight"})
        if self.layout is None:
            self.layout = layout
        elif layout.key != self.layout.key:
            raise ValueError(
                f"It has the structure ({layout.describe()}), and the batches before it had "
                f"({self.layout.describe()})."
            )

    @contextmanager
    def _named_in_errors(self):
        try:
            yield
        except ValueError as error:
            raise ValueError(
                f"Batch {self.n_batches} of the {self.stream.kind}: {error}"
            ) from error


class StreamCourse:
    """An epoch over a stream, with the methods of an `ArrayCourse`.

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
