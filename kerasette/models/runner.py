"""Runs a step of a model over batches: replayed where it can be, eagerly where it cannot."""

from kerasette._core import ops
from kerasette._core.feed import Feed
from kerasette._core.step import Step

FOREVER = 1e9


class BatchRunner:
    """One pass of a step over data.

    Parameters
    ----------
    pool : ProgramPool
    kind : str
        "train", "test" or "predict": what kinds of steps keys tell apart.
    function : callable
        From input tensors, by the names that they have in `batches`, to a list of tensors.
    batches : Batches
    order : ndarray of int64, optional
        A permutation of the samples.
    result : ndarray, optional
        Where the first output of each batch goes.
    has_user_code : bool
        Whether code that is not ours runs within the step.
    is_eager : bool
        Whether nothing is to be recorded.
    """

    def __init__(
        self, pool, kind, function, batches, order=None, result=None, has_user_code=False,
        is_eager=False,
    ):  # fmt: skip
        self.pool = pool
        self.kind = kind
        self.function = function
        self.batches = batches
        self.order = order
        self.result = result
        self.has_user_code = has_user_code
        self.is_eager = is_eager
        self.row_shapes = tuple(array.shape[1:] for array in batches.arrays)
        # Made for one program; not kept by the program, which would keep the user's arrays.
        self.feed = None
        self.n_replayed = 0
        self.n_eager = 0

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
        is_short = first == self.batches.n_full
        size = self.batches.n_left if is_short else self.batches.batch_size
        key = (self.kind, size, self.batches.names, self.row_shapes, tuple(self.batches.dtypes))
        if self.is_eager or not self.pool.is_replayable(key) or self._comes_once(key, is_short):
            self._run_eagerly(first, size)
            return first + 1
        workspace = self.pool.lease()
        try:
            program = workspace.find(key)
            if program is None or not program.is_trusted:
                self._record(workspace, key, first, size)
                return first + 1
            last = first + 1 if is_short else min(end, self.batches.n_full)
            done = self._replay(program, first, last, seconds)
            self.n_replayed += done - first
            return done
        finally:
            self.pool.give_back(workspace)

    def _call(self, *inputs):
        return self.function(**dict(zip(self.batches.names, inputs, strict=True)))

    def _comes_once(self, key, is_short):
        # A full batch that other full batches follow is worth a recording at once.
        return self.pool.is_new(key) and (is_short or self.batches.n_full < 2)

    def _rows(self, first, size):
        start = first * self.batches.batch_size
        return self.batches.rows(self.order, start, start + size)

    def _keep_output(self, outputs, first):
        if self.result is not None:
            start = first * self.batches.batch_size
            rows = outputs[0].numpy()
            self.result[start : start + len(rows)] = rows

    def _run_eagerly(self, first, size):
        rows = self._rows(first, size)
        inputs = [ops.cast(ops.copy(row), dtype) for row, dtype in zip(rows, self.batches.dtypes)]
        with Step():
            outputs = self._call(*inputs)
        self._keep_output(outputs, first)
        self.n_eager += 1

    def _record(self, workspace, key, first, size):
        rows = self._rows(first, size)
        dtypes = self.batches.dtypes
        specs = [((size, *shape), dtype) for shape, dtype in zip(self.row_shapes, dtypes)]
        program, obstacle = workspace.record(
            key, specs, lambda inputs: Feed(rows, inputs).load(0), self._call, self.has_user_code
        )
        self._keep_output(program.outputs, first)
        self.n_eager += 1
        if obstacle is not None:
            self.pool.note_obstacle(key, obstacle)

    def _replay(self, program, first, last, seconds):
        output = program.outputs[0] if self.result is not None else None
        batch_size = self.batches.batch_size
        if self.batches.is_feedable and last <= self.batches.n_full:
            if self.feed is None or self.feed.inputs is not program.inputs:
                self.feed = Feed(self.batches.arrays, program.inputs)
            return self.feed.run(
                program.step, self.order, first, last, seconds, output, self.result
            )
        last = min(last, first + self.batches.batches_to_stage())
        start, stop = first * batch_size, min(last * batch_size, self.batches.n_samples)
        rows = self.batches.rows(self.order, start, stop)
        result = None if self.result is None else self.result[start:stop]
        feed = Feed(rows, program.inputs)
        return first + feed.run(program.step, None, 0, last - first, FOREVER, output, result)
