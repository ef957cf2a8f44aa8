"""Test scores beside scikit-learn's networks: ``python -m benchmarks.scores``.

KerasetteClassifier and KerasetteRegressor against MLPClassifier and MLPRegressor on five data sets,
all with their default arguments: the same hidden layer, batches, penalty, rate, stopping rule and
most epochs. In each of ten rounds all else is drawn anew, from one seed: how the rows are parted
into training and test, the generated rows, initial weights and the order of samples. Both get the
same rows, standardised by those of the training, for regression the target, too.

Ours is to be no worse within noise: the mean of the ten differences is not below zero by more than
two of its standard errors. The script ends with an error if it is.
"""

import argparse
import statistics
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    make_friedman1,
    make_moons,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.pages import Page
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

STANDARD_ERRORS = 2.0
"""By how many the mean difference may be below zero."""


@dataclass(frozen=True)
class Problem:
    """Rows by seed, of classes or of numbers."""

    title: str
    rows: Callable[[int], tuple[np.ndarray, np.ndarray]]
    has_classes: bool

    @property
    def estimators(self) -> tuple:
        """Ours and theirs."""
        if self.has_classes:
            return KerasetteClassifier, MLPClassifier
        return KerasetteRegressor, MLPRegressor

    @property
    def score(self) -> str:
        return "accuracy" if self.has_classes else "R2"


PROBLEMS = (
    Problem("digits", lambda seed: load_digits(return_X_y=True), True),
    Problem("breast cancer", lambda seed: load_breast_cancer(return_X_y=True), True),
    Problem("two moons, noisy", lambda seed: make_moons(1_000, noise=0.3, random_state=seed), True),
    Problem("diabetes", lambda seed: load_diabetes(return_X_y=True), False),
    Problem("Friedman 1", lambda seed: make_friedman1(1_000, noise=1, random_state=seed), False),
)


def score(problem: Problem, kind: type, seed: int) -> float:
    """Accuracy or R2 on a quarter of the rows."""
    x, y = problem.rows(seed)
    strata = y if problem.has_classes else None
    train_x, test_x, train_y, test_y = train_test_split(x, y, random_state=seed, stratify=strata)
    estimator = make_pipeline(StandardScaler(), kind(random_state=seed))
    if not problem.has_classes:
        estimator = TransformedTargetRegressor(estimator, transformer=StandardScaler())
    return estimator.fit(train_x, train_y).score(test_x, test_y)


@dataclass(frozen=True)
class Comparison:
    """Scores of both on one problem, by seed."""

    problem: Problem
    ours: list[float]
    theirs: list[float]

    @property
    def difference(self) -> float:
        return statistics.mean(self._differences)

    @property
    def standard_error(self) -> float:
        return statistics.stdev(self._differences) / len(self.ours) ** 0.5

    @property
    def _differences(self) -> list[float]:
        return [a - b for a, b in zip(self.ours, self.theirs, strict=True)]

    @property
    def is_good(self) -> bool:
        """Whether ours is no worse within noise."""
        return self.difference >= -STANDARD_ERRORS * self.standard_error

    @property
    def cells(self) -> list[str]:
        of_each = [
            f"{statistics.mean(scores):.4f} ± {statistics.stdev(scores):.4f}"
            for scores in (self.ours, self.theirs)
        ]
        difference = f"{self.difference:+.4f}"
        verdict = "yes" if self.is_good else "**no**"
        return [
            self.problem.title, self.problem.score, *of_each, difference,
            f"{self.standard_error:.4f}", verdict,
        ]  # fmt: skip


def compare(problem: Problem, seeds: range) -> Comparison:
    ours, theirs = ([score(problem, kind, seed) for seed in seeds] for kind in problem.estimators)
    return Comparison(problem, ours, theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    seeds = range(parser.parse_args().seeds)
    warnings.simplefilter("ignore", ConvergenceWarning)
    page = Page("scores", "Test scores beside scikit-learn's networks")
    page.add(
        f"Means and standard deviations of {len(seeds)} seeds, all with default arguments. Ours is",
        f"no worse if the mean difference is above -{STANDARD_ERRORS:g} of its standard errors.",
    )
    found = [compare(problem, seeds) for problem in PROBLEMS]
    columns = [
        "data", "score", "kerasette", "scikit-learn", "difference", "standard error", "no worse",
    ]  # fmt: skip
    page.table(columns, [comparison.cells for comparison in found], words=2)
    page.write()
    worse = [comparison.problem.title for comparison in found if not comparison.is_good]
    if worse:
        raise SystemExit(f"worse than scikit-learn's network on {', '.join(worse)}")


if __name__ == "__main__":
    main()
