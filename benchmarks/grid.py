"""A grid search in two jobs against one: ``python -m benchmarks.grid``.

A GridSearchCV of 16 fits, each of a second or so, in one job and in two, with joblib's processes
(loky) and with threads. Scores are to be equal to the last bit, whoever computed them; the script
ends with an error if they are not. One job is measured with kerasette's own number of threads, and
with one thread, so that what two jobs gain is not what one job has wasted.

loky's processes import kerasette when they first need it: that search ("cold") stands apart. While
a search goes on, another process counts the threads that run or would run, in all its processes.
More of them than cores would mean that jobs stand in each other's way, which costs processor time,
too: that stands beside it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import joblib
import numpy as np
from joblib.externals.loky import get_reusable_executor
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, ParameterGrid

import kerasette
from benchmarks.pages import Page
from kerasette.wrappers import KerasetteClassifier

GOAL = 1.7
"""How many times faster two jobs are to be than one."""

GRID = {
    "hidden_layer_sizes": [(200, 100), (200, 200)],
    "learning_rate": [1e-3, 3e-3],
    "alpha": [1e-4, 1e-2],
}
FOLDS = 2

ONE_JOB = "one job"
COLD = "two jobs, loky, cold"


@dataclass(frozen=True)
class Way:
    """How a search is done: joblib's backend, its jobs, and kerasette's threads in this process."""

    title: str
    backend: str
    jobs: int
    threads: int

    @property
    def is_cold(self) -> bool:
        return self.title == COLD


@dataclass(frozen=True)
class Search:
    """What a search found, and what it took."""

    scores: bytes
    seconds: float
    processor_seconds: float
    runnable_threads: float


def ways() -> list[Way]:
    """As it is for those who set nothing, and with one thread."""
    own = kerasette.config.get_num_threads()
    return [
        Way(ONE_JOB, "sequential", 1, own),
        Way(f"{ONE_JOB}, one thread", "sequential", 1, 1),
        Way(COLD, "loky", 2, own),
        Way("two jobs, loky", "loky", 2, own),
        Way("two jobs, threads", "threading", 2, own),
        Way("two jobs, threads, one thread each", "threading", 2, 1),
    ]


def search(way: Way, x: np.ndarray, y: np.ndarray, epochs: int) -> Search:
    """One search; the best estimator is not fitted again, which would be one fit alone."""
    kerasette.config.set_num_threads(way.threads)
    estimator = KerasetteClassifier(batch_size=64, epochs=epochs, tol=None, random_state=0)
    grid = GridSearchCV(estimator, GRID, cv=FOLDS, n_jobs=way.jobs, refit=False)
    if way.is_cold:
        get_reusable_executor().shutdown()
    with joblib.parallel_config(way.backend), watched() as seen:
        start = time.perf_counter()
        results = grid.fit(x, y).cv_results_
        seconds = time.perf_counter() - start
    scores = b"".join(results[f"split{fold}_test_score"].tobytes() for fold in range(FOLDS))
    threads, processor_seconds = seen
    return Search(scores, seconds, processor_seconds, threads)


@contextmanager
def watched() -> Iterator[list[float]]:
    """A list that in the end has what `benchmarks.runnable` says of this process."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-m", "benchmarks.runnable", str(os.getpid())]
    seen = []
    with subprocess.Popen(command, **pipes) as watcher:
        watcher.stdout.readline()
        yield seen
        answer, _ = watcher.communicate()
    seen += map(float, answer.split())


def median(searches: list[Search], field: str) -> float:
    return statistics.median(getattr(search, field) for search in searches)


def row(way: Way, searches: list[Search], of_one_job: list[Search]) -> list[str]:
    """Times, how many times faster than one job, and what the cores had to do."""
    seconds = median(searches, "seconds")
    ratio = median(of_one_job, "seconds") / seconds
    return [
        way.title,
        f"{seconds:.2f}",
        f"**{ratio:.2f}**" if ratio >= GOAL else f"{ratio:.2f}",
        f"{median(searches, 'processor_seconds'):.2f}",
        f"{median(searches, 'runnable_threads'):.2f}",
    ]


def searched(rounds: int, rows: int, epochs: int) -> dict[Way, list[Search]]:
    """All ways in turn; processes are cold once."""
    x, y = make_classification(rows, 40, n_informative=15, n_classes=4, random_state=0)
    taken = {way: [] for way in ways()}
    for number in range(rounds):
        for way, searches in taken.items():
            if number == 0 or not way.is_cold:
                searches.append(search(way, x, y, epochs))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rows", type=int, default=8_000)
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()
    page = Page("grid", "A grid search in two jobs")
    page.add(
        f"{FOLDS * len(ParameterGrid(GRID))} fits of {arguments.epochs} epochs each, on",
        f"{arguments.rows // FOLDS:,} rows of 40 in float64, batch 64; medians of",
        f"{arguments.rounds} rounds, in turn. Two jobs are to be {GOAL} times faster than one.",
        "*Threads at work* are those that run or would run, in the mean.",
    )
    taken = searched(**vars(arguments))
    one_job = next(searches for way, searches in taken.items() if way.title == ONE_JOB)
    columns = ["search", "s", "times faster than one job", "processor s", "threads at work"]
    page.table(columns, [row(way, searches, one_job) for way, searches in taken.items()])
    are_equal = len({search.scores for searches in taken.values() for search in searches}) == 1
    page.add(
        f"Scores of all searches are {'equal to the last bit' if are_equal else '**unequal**'}."
    )
    page.write()
    if not are_equal:
        raise SystemExit("scores depend on who computed them")


if __name__ == "__main__":
    main()
