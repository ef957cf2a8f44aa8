"""Takes one repetition of a case with one contender; runs in the contender's own process."""

import gc
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice
from types import ModuleType

from benchmarks.data import labelled
from benchmarks.kinds import Prediction, Training, rate_kept
from benchmarks.networks import Network

Figures = dict[str, float]


def repetition(contender: ModuleType, case: Training | Prediction) -> Figures:
    """Every metric of the case by name, taken once on a fresh model."""
    gc.collect()  # the last repetition's model is gone before the clock runs
    if isinstance(case, Training):
        return training(contender, case)
    return prediction(contender, case)


def rows_for(contender: ModuleType, network: Network, rows: int) -> tuple:
    """Features, as the contender wants them laid out, and labels."""
    x, y = labelled(network, rows)
    return contender.arrange(x), y


def training(contender: ModuleType, case: Training) -> Figures:
    x, y = rows_for(contender, case.network, case.rows)
    model = contender.build(case.network, case.optimizer)
    compile_both_batches(contender, model, x, y, case.batch_size)
    rates = {}
    for phase in case.phases:
        duration = seconds(contender.train, model, x, y, case.batch_size, phase.epochs)
        if phase.metric:
            rates[phase.metric] = case.rows * phase.epochs / duration
    if len(rates) == 2:
        early, late = rates.values()
        rates[rate_kept(list(rates))] = late / early
    return rates


def compile_both_batches(contender: ModuleType, model, x, y, batch_size: int) -> None:
    """Two steps, on a whole batch and on the short last one.

    Libraries that compile or record by shape do so here, off the clock. Two steps do not make the
    model any less fresh for what is measured.
    """
    rows = batch_size + len(x) % batch_size
    contender.train(model, x[:rows], y[:rows], batch_size, epochs=1)


def prediction(contender: ModuleType, case: Prediction) -> Figures:
    x, y = rows_for(contender, case.network, case.rows)
    model = contender.build(case.network, "adam")
    if case.network.is_dense:  # scikit-learn predicts only once fitted
        contender.train(model, x[:32], y[:32], 32, epochs=1)
    for rows in {*case.row_counts, case.many_rows} - {None}:
        contender.predict(model, x[:rows])
    one_row = one_row_seconds(contender, model, x, case)
    figures = {case.ONE_ROW: 1e6 * statistics.median(one_row)}
    if case.many_rows:
        many_rows = [seconds(contender.predict, model, x) for _ in range(case.many_calls)]
        figures[case.MANY_ROWS] = case.many_rows / statistics.median(many_rows)
    return figures


def one_row_seconds(contender: ModuleType, model, x, case: Prediction) -> list[float]:
    """The calls on one row, out of calls whose number of rows keeps changing."""
    durations = []
    for start, rows in enumerate(islice(cycle(case.row_counts), case.calls)):
        duration = seconds(contender.predict, model, x[start : start + rows])
        if rows == 1:
            durations.append(duration)
    return durations


def seconds(call: Callable[..., object], *arguments) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start
