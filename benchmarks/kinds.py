"""The kinds of cases: what is done with a network, and which metrics that gives.

A case lists its metrics, so that the report needs no knowledge of how they were taken.
"""

from dataclasses import dataclass

from benchmarks.networks import Network


@dataclass(frozen=True)
class Metric:
    """One number that a case yields; ``better`` is "higher", "lower", or None for a description."""

    name: str
    unit: str
    better: str | None


@dataclass(frozen=True)
class Phase:
    """Some epochs of a training in one call of fit; timed only where ``metric`` is named."""

    epochs: int
    metric: str | None = None


@dataclass(frozen=True)
class Training:
    """Throughput of fit, on a fresh model every time, phase by phase."""

    name: str
    network: Network
    rows: int
    batch_size: int
    phases: tuple[Phase, ...]
    optimizer: str = "adam"

    @property
    def title(self) -> str:
        return f"fit, {self.how}"

    @property
    def how(self) -> str:
        return f"{self.network.title}, batch {self.batch_size}, {self.optimizer}"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The rate of each timed phase; of two, also how well the second keeps the first's."""
        names = [phase.metric for phase in self.phases if phase.metric]
        rates = [Metric(name, "samples/s", "higher") for name in names]
        kept = [Metric(rate_kept(names), "ratio", None)] if len(names) == 2 else []
        return (*rates, *kept)


def rate_kept(names: list[str]) -> str:
    """The name of the metric that divides the rate of the second phase by that of the first."""
    early, late = names
    return f"{late} / {early}"


@dataclass(frozen=True)
class Prediction:
    """Latency of predict on one row, and throughput on many rows.

    ``row_counts`` are the shapes in turn: a server sees batches of changing length, and a library
    that compiles by shape must not be flattered by seeing one shape only. Where they are all one
    it sees just that, which is what a library that compiles is fastest at. Without
    ``many_rows`` there are only the calls on one row.
    """

    name: str
    network: Network
    row_counts: tuple[int, ...] = (1, 2, 1, 3, 1, 5)
    calls: int = 200
    many_rows: int | None = 10_000
    many_calls: int = 3

    ONE_ROW = "one row"
    MANY_ROWS = "many rows"

    @property
    def title(self) -> str:
        return f"predict, {self.network.title}"

    @property
    def rows(self) -> int:
        """Rows to predict from."""
        return self.many_rows or self.calls + max(self.row_counts)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        one_row = Metric(self.ONE_ROW, "µs/call", "lower")
        many_rows = Metric(self.MANY_ROWS, "rows/s", "higher")
        return (one_row, many_rows) if self.many_rows else (one_row,)


@dataclass(frozen=True)
class StartUp:
    """What a script pays before it does anything, measured in fresh processes."""

    name: str
    training: Training

    IMPORT = "import, over NumPy's"
    FIRST_EPOCH = "start to end of first epoch"

    @property
    def title(self) -> str:
        return f"start-up, {self.network.title}"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (Metric(self.IMPORT, "s", "lower"), Metric(self.FIRST_EPOCH, "s", "lower"))

    @property
    def network(self) -> Network:
        return self.training.network


@dataclass(frozen=True)
class PeakMemory:
    """The most memory that a process has had, beyond what it had after the import."""

    name: str
    training: Training
    epochs: int = 2

    PEAK = "above the import"

    @property
    def title(self) -> str:
        return f"peak memory, {self.training.how}"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (Metric(self.PEAK, "MiB", "lower"),)

    @property
    def network(self) -> Network:
        return self.training.network


Case = Training | Prediction | StartUp | PeakMemory
