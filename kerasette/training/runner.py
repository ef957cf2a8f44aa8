"""Runs a step of a model over batches: replayed where it can be, eagerly where it cannot."""

import numpy as np

from kerasette import tree
from kerasette._core import ops
from kerasette._core.feed import Feed
from kerasette._core.step import Step
from kerasette._core.tensor import Tensor
from kerasette.random.sources import number_in_use
from kerasette.training.programs import form_of

FOREVER = 1e9


class BatchRunner:
    """One pass of a step over data.

    Parameters
    ----------
    pool : ProgramPool
    kind : str
        "train", "test" or "predict": what kinds of steps keys tell apart.
    function : callable
        From structures of input tensors, by the names that they have in the layout of `batches`,
        to a structure of tensors: logs in a dict, outputs if there are `results`.
    batches : Batches
    order : ndarray of int64, optional
        A permutation of the samples.
    results : Results, optional
        Where the outputs of each batch go.
    code_has_moved : callable, optional
        If code that is not ours runs within the step: tells whether something that it reads has
        changed since this was last asked.
    is_eager : bool
        Whether nothing is to be recorded.
    watcher : callable, optional
        Gives the `Watcher` of the next step, which then runs eagerly, or None.
    """

    def __init__(
        self, pool, kind, function, batches, order=None, results=None, code_has_moved=None,
        is_eager=False, watcher=None,
    ):  # fmt: skip
        self.pool = pool
        self.kind = kind
        self.function = function
        self.batches = batches
        self.order = order
        self.results = results
        self.code_has_moved = code_has_moved
        self.is_eager = is_eager
        self.watcher = watcher
        self.n_replayed = 0
        self.n_eager = 0
        # What the last step returned as logs: floats or arrays by name, or None.
        self.logs = None

    def run(self, first, end, seconds):
        """Runs batches from number `first` on, one at least, until `seconds` have passed.

        Parameters
        ----------
        first, end : int
            Batches `first` to ``end - 1`` at most.
        seconds : float

        Returns
        -------
        int
            The batch to go on with.
        """
        batches = self.batches
        is_short = first == batches.n_full
        size = batches.n_left if is_short else batches.batch_size
        key = (
            self.kind, size, batches.layout.key, batches.row_shapes, tuple(batches.dtypes),
            number_in_use(),
        )  # fmt: skip
        watcher = self.watcher and self.watcher()
        if watcher is not None:
            with watcher.watching():
                self._run_eagerly(first, size)
            return first + 1
        if self.is_eager or not self.pool.is_replayable(key) or self._comes_once(key, is_short):
            self._run_eagerly(first, size)
            return first + 1
        workspace = self.pool.lease()
        try:
            program = workspace.find(key)
            if program is None or not program.is_trusted:
                self._record(workspace, key, first, size)
                return first + 1
            last = first + 1 if is_short else min(end, batches.n_full)
            return self._replay(program, first, last, size, seconds)
        finally:
            self.pool.give_back(workspace)

    def call(self, *inputs):
        """The step, of the tensors of a batch."""
        return self.function(**self.batches.layout.pack(inputs))

    def _comes_once(self, key, is_short):
        # A full batch that other full batches follow is worth a recording at once.
        return self.pool.is_new(key) and (is_short or self.batches.n_full < 2)

    def _rows(self, first, size):
        start = first * self.batches.batch_size
        return self.batches.rows(self.order, start, start + size)

    def _take(self, form, outputs, first, size):
        """Keeps what a step returned."""
        if self.results is not None:
            self.results.add(form, outputs, first, size)
        elif isinstance(form, dict):
            self.logs = tree.pack_sequence_as(form, [as_log(output) for output in outputs])

    def tensors(self, first, size):
        """The tensors of a batch, one after the other."""
        rows = self._rows(first, size)
        return [ops.cast(ops.copy(row), dtype) for row, dtype in zip(rows, self.batches.dtypes)]

    def _run_eagerly(self, first, size):
        inputs = self.tensors(first, size)
        with Step():
            returned = self.call(*inputs)
        self.n_eager += 1
        self._take(form_of(returned), tree.flatten(returned), first, size)

    def _record(self, workspace, key, first, size):
        rows = self._rows(first, size)
        shapes = [(size, *shape) for shape in self.batches.row_shapes]
        program, obstacle = workspace.record(
            key, list(zip(shapes, self.batches.dtypes)),
            lambda inputs: Feed(rows, inputs).load(0), self.call, self.code_has_moved,
        )  # fmt: skip
        self.n_eager += 1
        if obstacle is not None:
            self.pool.note_obstacle(key, obstacle)
        self._take(program.form, program.outputs, first, size)

    def _replay(self, program, first, last, size, seconds):
        """Replays from batch `first` on; counts what was done, even if a batch fails."""
        outputs, arrays = (), ()
        if self.results is not None:
            outputs = program.outputs
            arrays = self.results.prepare(program.form, program.rows, first, len(outputs))
            if arrays is None:
                # What C cannot collect is collected after each batch.
                last = first + 1
        n_samples, size = self.batches.n_samples, self.batches.batch_size
        order, offset = self.order, 0
        if self.batches.is_feedable and last <= self.batches.n_full:
            feed = self.batches.feed_into(program.inputs)
        else:
            last = min(last, first + self.batches.batches_to_stage())
            start, stop, offset = first * size, min(last * size, n_samples), first
            arrays = arrays and [array[start:stop] for array in arrays]
            if self.batches.is_feedable and order is not None:
                feed, order = self.batches.feed_into(program.inputs), order[start:stop]
            else:
                feed, order = Feed(self.batches.rows(order, start, stop), program.inputs), None
                seconds = FOREVER
        drained = outputs if arrays else ()
        begun = first - offset
        try:
            feed.run(program.step, order, begun, last - offset, seconds, drained, arrays or ())
        finally:
            self.n_replayed += feed.next_batch - begun
        if arrays is None or (self.results is None and isinstance(program.form, dict)):
            self._take(program.form, program.outputs, first, min(size, n_samples - first * size))
        return feed.next_batch + offset


def as_log(value):
    """What a step or a metric returned: a float, or, if it holds several numbers, an array."""
    if isinstance(value, Tensor):
        value = value.numpy()
    elif type(value) is float or not hasattr(value, "__array__"):
        return value
    value = np.asarray(value)
    return float(value.item()) if value.size == 1 else value
