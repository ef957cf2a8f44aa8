"""Goes round the contenders: one repetition each, in turn, with only one of them at work."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks import memory, startup
from benchmarks.contenders import Contender
from benchmarks.kinds import Case, PeakMemory, StartUp
from benchmarks.processes import MissingContender, Place, Worker

Values = dict[str, dict[str, list[float]]]
"""Of one case: metric, then contender, then one number a round."""

Say = Callable[[str], None]

FRESH = {StartUp: startup.repetition, PeakMemory: memory.repetition}
"""What is measured in processes of its own."""


@dataclass
class Idleness:
    """How much processor time the contenders use while another is being measured.

    They must use none, or they slow their rivals: thread pools that spin would.
    """

    waited: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    used: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def watched_repetition(self, case: Case, worker: Worker, all_workers: list[Worker]) -> dict:
        """Have ``worker`` measure the case once, and watch the others meanwhile."""
        before = {other: other.cpu_seconds() for other in all_workers if other is not worker}
        start = time.perf_counter()
        figures = worker.repetition(case.name)
        elapsed = time.perf_counter() - start
        for other, used in before.items():
            self.waited[other.contender.name] += elapsed
            self.used[other.contender.name] += other.cpu_seconds() - used
        return figures

    def shares(self) -> dict[str, float]:
        return {name: self.used[name] / waited for name, waited in self.waited.items()}


@dataclass
class Measurements:
    """All that was taken with one number of threads."""

    threads: int
    cores: list[int]
    descriptions: dict[str, dict]
    cases: dict[str, Values]
    idle_cpu_share: dict[str, float]


def measure_all(
    cases: Iterable[Case], contenders: Sequence[Contender], place: Place, rounds: int, say: Say
) -> Measurements:
    """Every case, ``rounds`` times for every contender, in one place."""
    workers = start_workers(contenders, place, say)
    descriptions = {worker.contender.name: worker.description for worker in workers}
    idleness = Idleness()
    values = {}
    try:
        for case in cases:
            if type(case) not in FRESH:
                values[case.name] = measure_live(case, workers, rounds, idleness, say)
    finally:
        for worker in workers:
            worker.close()
    for case in cases:
        if type(case) in FRESH:
            values[case.name] = measure_fresh(case, contenders, place, rounds, say)
    return Measurements(place.threads, place.cores, descriptions, values, idleness.shares())


def start_workers(contenders: Sequence[Contender], place: Place, say: Say) -> list[Worker]:
    """All workers, or an error that names every contender that is missing, not just the first."""
    workers, missing = [], []
    for contender in contenders:
        try:
            workers.append(Worker(contender, place))
            say(f"{contender.name}: {workers[-1].description['versions']}")
        except MissingContender as error:
            missing.append(str(error))
    if missing:
        for worker in workers:
            worker.close()
        raise MissingContender("\n".join(missing))
    return workers


def measure_live(
    case: Case, workers: list[Worker], rounds: int, idleness: Idleness, say: Say
) -> Values:
    values: Values = defaultdict(lambda: defaultdict(list))
    taking_part = [worker for worker in workers if worker.contender.has(case.network)]
    for number in range(rounds):
        for worker in rotated(taking_part, number):
            figures = idleness.watched_repetition(case, worker, workers)
            record(values, worker.contender, figures)
            say(progress(case, number, worker.contender, figures))
    return values


def measure_fresh(
    case: StartUp | PeakMemory, contenders: Sequence[Contender], place: Place, rounds: int, say: Say
) -> Values:
    values: Values = defaultdict(lambda: defaultdict(list))
    taking_part = [contender for contender in contenders if contender.has(case.network)]
    repetition = FRESH[type(case)]
    for number in range(rounds):
        for contender in rotated(taking_part, number):
            figures = repetition(case, contender, place)
            record(values, contender, figures)
            say(progress(case, number, contender, figures))
    return values


def rotated(items: Sequence, by: int) -> list:
    """Another one goes first each round, so none always runs in the wake of the same rival."""
    by %= len(items)
    return [*items[by:], *items[:by]]


def record(values: Values, contender: Contender, figures: dict[str, float]) -> None:
    for metric, value in figures.items():
        values[metric][contender.name].append(value)


def progress(case: Case, number: int, contender: Contender, figures: dict[str, float]) -> str:
    numbers = ", ".join(f"{metric}: {value:,.4g}" for metric, value in figures.items())
    return f"{case.name}, round {number + 1}, {contender.name}: {numbers}"
