"""What is measured: networks, sizes, batches and epochs, as data.

Nothing here knows a library. A case lists its metrics, so the report needs no knowledge of how
they were taken, and every contender is given the same numbers.
"""

from dataclasses import dataclass

from benchmarks.networks import DEPTHWISE_SEPARABLE, MNIST_CONVNET, SMALL_VGG, Network, dense

SMALL_NETWORK = dense(64, 32, 10)
"""The digits network: small enough that the cost of a call, not of arithmetic, decides."""

LARGE_NETWORK = dense(784, 512, 512, 10)
"""The MNIST network: matrix products and the optimizer's pass over 670,000 weights decide."""

TABULAR_NETWORK = dense(20, 100, 2)
"""The network of a table with few columns: what surrounds the arithmetic decides."""

WIDE_NETWORK = dense(2048, 2048, 2048, 10)
"""Eight million weights: matrix products and the optimizer's pass over memory decide."""

DIGITS_ROWS = 1_797


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
    title: str
    network: Network
    optimizer: str
    rows: int
    batch_size: int
    phases: tuple[Phase, ...]

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
    it sees just that, which is what a library that compiles is fastest at.
    """

    name: str
    title: str
    network: Network
    row_counts: tuple[int, ...] = (1, 2, 1, 3, 1, 5)
    calls: int = 200
    many_rows: int = 10_000
    many_calls: int = 3

    ONE_ROW = "one row"
    MANY_ROWS = "many rows"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (
            Metric(self.ONE_ROW, "µs/call", "lower"),
            Metric(self.MANY_ROWS, "rows/s", "higher"),
        )


@dataclass(frozen=True)
class StartUp:
    """What a script pays before it does anything, measured in fresh processes."""

    name: str
    title: str
    training: Training

    IMPORT = "import, over NumPy's"
    FIRST_EPOCH = "start to end of first epoch"

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
    title: str
    training: Training
    epochs: int = 2

    PEAK = "above the import"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (Metric(self.PEAK, "MiB", "lower"),)

    @property
    def network(self) -> Network:
        return self.training.network


Case = Training | Prediction | StartUp | PeakMemory


def small_training(optimizer: str) -> Training:
    return Training(
        name=f"A-{optimizer}",
        title=f"fit, 64-32-10, batch 32, {optimizer}",
        network=SMALL_NETWORK,
        optimizer=optimizer,
        rows=DIGITS_ROWS,
        batch_size=32,
        phases=(Phase(2), Phase(10, "10 epochs")),
    )


TABULAR_TRAINING = Training(
    name="B-adam",
    title="fit, 20-100-2, batch 200, adam",
    network=TABULAR_NETWORK,
    optimizer="adam",
    rows=10_000,
    batch_size=200,
    phases=(Phase(2), Phase(10, "10 epochs")),
)

LARGE_TRAINING = Training(
    name="C-adam",
    title="fit, 784-512-512-10, batch 128, adam",
    network=LARGE_NETWORK,
    optimizer="adam",
    rows=20_000,
    batch_size=128,
    # The moments of dead units decay into denormals in the fifth epoch, and some libraries slow
    # down from there on: that is why the late epochs are measured apart.
    phases=(Phase(3, "epochs 1-3"), Phase(1), Phase(6, "epochs 5-10")),
)

WIDE_TRAINING = Training(
    name="D-adam",
    title="fit, 2048-2048-2048-10, batch 256, adam",
    network=WIDE_NETWORK,
    optimizer="adam",
    rows=4_096,
    batch_size=256,
    phases=(Phase(1), Phase(3, "3 epochs")),
)

CONVNET_TRAINING = Training(
    name="G",
    title="fit, mnist_convnet, batch 128, adam",
    network=MNIST_CONVNET,
    optimizer="adam",
    rows=4_096,
    batch_size=128,
    phases=(Phase(1), Phase(3, "3 epochs")),
)

VGG_TRAINING = Training(
    name="H",
    title="fit, small_vgg, batch 64, adam",
    network=SMALL_VGG,
    optimizer="adam",
    rows=2_048,
    batch_size=64,
    phases=(Phase(2, "2 epochs"),),
)

SEPARABLE_TRAINING = Training(
    name="I",
    title="fit, depthwise-separable, batch 64, adam",
    network=DEPTHWISE_SEPARABLE,
    optimizer="adam",
    rows=1_024,
    batch_size=64,
    phases=(Phase(2, "2 epochs"),),
)

CASES: tuple[Case, ...] = (
    small_training("sgd"),
    small_training("adam"),
    TABULAR_TRAINING,
    LARGE_TRAINING,
    WIDE_TRAINING,
    Prediction("E-small", "predict, 64-32-10", SMALL_NETWORK),
    Prediction("E-large", "predict, 784-512-512-10", LARGE_NETWORK),
    StartUp("F", "start-up, 64-32-10", small_training("adam")),
    CONVNET_TRAINING,
    VGG_TRAINING,
    PeakMemory("H-memory", "peak memory, small_vgg, batch 64, adam", VGG_TRAINING),
    SEPARABLE_TRAINING,
    Prediction("J", "predict, mnist_convnet", MNIST_CONVNET, row_counts=(1,), many_rows=1_000),
)


def select(names: list[str]) -> list[Case]:
    """The cases of these names; a letter stands for all that begin with it."""
    unknown = [name for name in names if not any(case.name.startswith(name) for case in CASES)]
    if unknown:
        raise ValueError(f"no case {unknown}; there are {[case.name for case in CASES]}")
    return [case for case in CASES if case.name.startswith(tuple(names))]


def find(name: str) -> Case:
    return next(case for case in CASES if case.name == name)
