"""KerasetteClassifier against MLPClassifier: ``python -m benchmarks.estimators``.

Fits at equal epochs with equal rates, penalties, batches and shuffling, and predictions. Both
train in the dtype of X: float64, which scikit-learn's users have as a rule, and float32. Neither
stops early: ours has ``tol=None``, theirs a patience without end, and ``n_iter_`` is checked. They
take turns in one process, with as many threads each.

Beside them stand the matrix products of such a fit, in NumPy and with nothing around them, which no
fit over NumPy's OpenBLAS can be faster than. Ours multiplies by itself where there is AVX-512.
"""

import argparse
import warnings
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import kerasette
from benchmarks import cases, data
from benchmarks.measure import seconds
from benchmarks.pages import Page, in_turn
from kerasette.wrappers import KerasetteClassifier

GOAL = 5.0
"""How many times faster a fit is to be."""

OURS, THEIRS, PRODUCTS = "KerasetteClassifier", "MLPClassifier", "products alone"


@dataclass(frozen=True)
class Case:
    """A fit of a network with one hidden layer."""

    title: str
    x: np.ndarray
    y: np.ndarray
    units: int
    batch_size: int | str
    epochs: int

    @property
    def columns(self) -> int:
        """Of the network's output."""
        classes = len(np.unique(self.y))
        return 1 if classes == 2 else classes

    @property
    def rows(self) -> int:
        """Of a batch."""
        return 200 if self.batch_size == "auto" else self.batch_size


def all_cases() -> list[Case]:
    """In float64 and in float32."""
    b = cases.find("B-adam")
    rows = data.labelled(b.network, b.rows)
    x, y = load_digits(return_X_y=True)
    found = [
        Case("B: 20-100-2, batch 200", *rows, 100, b.batch_size, 20),
        Case("digits: 64-32-10, batch 32", x / 16, y, 32, 32, 30),
        Case("digits: 64-100-10, batch 32", x / 16, y, 100, 32, 30),
        Case("digits: 64-100-10, batch 200 (auto)", x / 16, y, 100, "auto", 200),  # the defaults
    ]
    dtypes = ("float32", "float64")
    return [replace(case, x=case.x.astype(dtype)) for case in found for dtype in dtypes]


def ours(case: Case, epochs: int | None = None) -> KerasetteClassifier:
    return KerasetteClassifier(
        hidden_layer_sizes=(case.units,), batch_size=case.batch_size, tol=None, alpha=1e-4,
        epochs=epochs or case.epochs, learning_rate=1e-3, shuffle=True, random_state=0,
    )  # fmt: skip


def theirs(case: Case, epochs: int | None = None) -> MLPClassifier:
    return MLPClassifier(
        hidden_layer_sizes=(case.units,), batch_size=case.batch_size, n_iter_no_change=10**9,
        alpha=1e-4, max_iter=epochs or case.epochs, learning_rate_init=1e-3, shuffle=True,
        random_state=0,
    )  # fmt: skip


def fit(make, case: Case):
    """A fitted estimator, which has gone through all epochs, in the dtype of X."""
    estimator = make(case).fit(case.x, case.y)
    assert estimator.n_iter_ == case.epochs
    assert estimator.coefs_[0].dtype == case.x.dtype
    return estimator


def products(case: Case) -> None:
    """The products of all steps, into arrays that are there: forward, of the weights, and back."""
    x = np.ascontiguousarray(case.x[: case.rows])
    dtype = x.dtype
    first = np.ones((x.shape[1], case.units), dtype)
    second = np.ones((case.units, case.columns), dtype)
    hidden, scores = np.ones((len(x), case.units), dtype), np.ones((len(x), case.columns), dtype)
    results = [np.empty_like(array) for array in (first, second, hidden, hidden, scores)]
    for _ in range(case.epochs * -(-len(case.x) // case.rows)):
        np.matmul(x, first, results[2])
        np.matmul(hidden, second, results[4])
        np.matmul(hidden.T, scores, results[1])
        np.matmul(scores, second.T, results[3])
        np.matmul(x.T, hidden, results[0])


def row_of_fit(case: Case, rounds: int) -> list[str]:
    """Rates, times faster, and how often the products alone are in the time of theirs."""
    calls = {
        OURS: partial(fit, ours, case),
        THEIRS: partial(fit, theirs, case),
        PRODUCTS: partial(products, case),
    }
    medians = in_turn(calls, rounds)
    rates = {name: len(case.x) * case.epochs / duration for name, duration in medians.items()}
    ratio = rates[OURS] / rates[THEIRS]
    return [
        case.title,
        str(case.x.dtype),
        *(f"{rate:,.0f}" for rate in rates.values()),
        f"**{ratio:.2f}**" if ratio >= GOAL else f"{ratio:.2f}",
        f"{rates[PRODUCTS] / rates[THEIRS]:.1f}",
    ]


def row_of_prediction(case: Case, rounds: int) -> list[str]:
    """Microseconds a call, on one row and on all."""
    estimators = {OURS: ours(case, 1), THEIRS: theirs(case, 1)}
    cells = [case.title, str(case.x.dtype)]
    for x, calls in ((case.x[:1], 300), (case.x, 20)):
        medians = in_turn(
            {
                name: partial(repeat, estimator.fit(case.x, case.y).predict, x, calls)
                for name, estimator in estimators.items()
            },
            rounds,
        )
        cells += [f"{1e6 * duration / calls:,.0f}" for duration in medians.values()]
        cells.append(f"{medians[THEIRS] / medians[OURS]:.2f}")
    return cells


def repeat(call, x, times: int) -> None:
    for _ in range(times):
        call(x)


def measure(page: Page, threads: int, rounds: int) -> None:
    """Two tables for a number of threads."""
    found = all_cases()
    fit(ours, found[0])
    seconds(products, found[0])
    page.add(f"## {threads} thread{'s' * (threads > 1)}")
    names = [f"{name}, samples/s" for name in (OURS, THEIRS, PRODUCTS)]
    columns = ["fit", "dtype", *names, "times faster", "products alone would be"]
    page.table(columns, [row_of_fit(case, rounds) for case in found], words=2)
    of_calls = [f"{name}, µs" for name in (OURS, THEIRS)]
    one, many = ([*of_calls, f"times faster, {rows}"] for rows in ("one row", "all rows"))
    columns = ["predict", "dtype", *one, *many]
    page.table(columns, [row_of_prediction(case, rounds) for case in found], words=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    page = Page("estimators", "Estimators against scikit-learn's")
    page.add(
        f"Medians of {arguments.rounds} rounds, in turn; equal epochs, Adam at 0.001, alpha",
        f"0.0001. A fit is to be {GOAL:g} times faster. *Products alone would be*: times faster",
        "than MLPClassifier, if a fit were its matrix products and nothing else.",
    )
    for threads in arguments.threads:
        kerasette.config.set_num_threads(threads)
        with threadpool_limits(threads):
            measure(page, threads, arguments.rounds)
    page.write()


if __name__ == "__main__":
    main()
