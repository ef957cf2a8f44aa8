"""A step of a large table, by rows and as a whole: ``python -m benchmarks.kernels.embedding``.

A table of 20,000 rows of 64 and batches of 32 x 20 indices: lookup, a sum, its gradient, the
update. Both ways run the same nodes on the same numbers; one has a place for gradients that knows
which rows are not zero, the other one that does not, so that it is cleared and gone over as a
whole. They are timed in turn, and the medians compared.
"""

import argparse
import json
import statistics
import time

import numpy as np

from kerasette import GradientTape, Variable
from kerasette._core import ops
from kerasette._core.feed import placeholder
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette._core.variable import part, spans, zeros_like_span

ROWS, WIDTH, BATCH = 20_000, 64, (32, 20)


class Table:
    """A table, what its optimizer keeps, and a recorded step.

    Parameters
    ----------
    optimizer : {"sgd", "adam"}
    by_rows : bool
        Whether the place of the gradient may know its rows.
    """

    def __init__(self, optimizer, by_rows):
        rng = np.random.default_rng(0)
        self.table = Variable(rng.normal(size=(ROWS, WIDTH)).astype("float32"))
        self.rate = Variable(0.01, dtype="float32", trainable=False)
        self.iterations = Variable(0, dtype="int64", trainable=False)
        ((self.span, _, _),) = spans([self.table])
        self.moments = [zeros_like_span(self.span) for _ in range(2)]
        self.gradients = zeros_like_span(self.span)
        self.indices = rng.integers(0, ROWS, BATCH)
        self.step = Step(Arena())
        with self.step:
            if not by_rows:
                # Memory of a recording serves other recordings, too: nothing is known of it.
                self.gradients = placeholder(self.span.shape, "float32")
            place = part(self.gradients, 0, self.table.shape)
            with GradientTape() as tape:
                total = ops.sum(ops.take(self.table, self.indices, axis=0))
            tape.gradient(total, [self.table], destinations=[place])
            self.update(optimizer, place)

    def update(self, optimizer, place):
        """The update of an optimizer."""
        if optimizer == "sgd":
            ops.sgd(self.span, self.gradients, self.rate, [self.table], places=[place])
        else:
            ops.adam(
                self.span, self.gradients, self.rate, self.iterations, *self.moments,
                [self.table], 0.9, 0.999, 1e-7,
            )  # fmt: skip

    def seconds(self, n_steps):
        """Time of a step, over so many."""
        start = time.perf_counter()
        for _ in range(n_steps):
            self.step.replay()
        return (time.perf_counter() - start) / n_steps


def measure(optimizer, repeats, n_steps):
    """Microseconds of a step both ways, and how many times faster rows are."""
    ways = {"rows": Table(optimizer, True), "whole": Table(optimizer, False)}
    times = {name: [] for name in ways}
    for table in ways.values():
        table.seconds(2)
    for _ in range(repeats):
        for name, table in ways.items():
            times[name].append(table.seconds(n_steps))
    np.testing.assert_array_equal(*(table.table.numpy() for table in ways.values()))
    found = {name: statistics.median(values) * 1e6 for name, values in times.items()}
    return {**found, "times_faster": found["whole"] / found["rows"]}


def main():
    """Prints a line of JSON for each optimizer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    for optimizer in ("sgd", "adam"):
        found = measure(optimizer, arguments.repeats, arguments.steps)
        print(json.dumps({"optimizer": optimizer, **{k: round(v, 2) for k, v in found.items()}}))


if __name__ == "__main__":
    main()
