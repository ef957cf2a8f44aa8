"""What `fit`, `evaluate`, `predict` and `Progbar` write, on a terminal and into a pipe."""

import sys

import keras
from keras.src.utils import progbar

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
import progress_cases
from consoles import written_into_pipe, written_on_terminal

CLASSES = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], "batch_size": 4}
PLAIN = {"loss": "mse", "batch_size": 4}
SLOW = [0.2]

FITS = {
    "one_epoch": {**PLAIN, "seconds": SLOW, "calls": [["fit", {}]]},
    "auto": {**PLAIN, "seconds": SLOW, "calls": [["fit", {"verbose": "auto", "epochs": 2}]]},
    "silent": {**PLAIN, "seconds": SLOW, "calls": [["fit", {"verbose": 0, "epochs": 2}]]},
    "two_fits": {
        **CLASSES,
        "seconds": [0.3, 0.11, 0.04],
        "calls": [["fit", {"epochs": 2}], ["fit", {"epochs": 1}]],
    },
    "validation": {
        **CLASSES,
        "seconds": [0.06, 0.03, 0.01, 0.2],
        "calls": [["fit", {"epochs": 3, "validate": True}]],
    },
    "lines": {
        **CLASSES,
        "seconds": [0.06, 0.03, 0.01, 0.2],
        "calls": [["fit", {"epochs": 2, "validate": True, "verbose": 2}], ["fit", {"verbose": 2}]],
    },
    "evaluate": {
        **CLASSES,
        "seconds": SLOW,
        "calls": [["evaluate", {}], ["evaluate", {"verbose": 2}], ["evaluate", {"verbose": 0}]],
    },
    "predict": {
        **CLASSES,
        "seconds": SLOW,
        "calls": [["predict", {}], ["predict", {"verbose": 2}], ["predict", {"verbose": 0}]],
    },
    "many_batches": {**CLASSES, "batch_size": 1, "seconds": [0.02], "calls": [["fit", {}]]},
    "microseconds": {**CLASSES, "seconds": [2e-5], "calls": [["fit", {"epochs": 2}]]},
    "minutes": {**PLAIN, "seconds": [47.3], "calls": [["fit", {}], ["evaluate", {}]]},
    "hours": {**PLAIN, "seconds": [4711.5], "calls": [["fit", {}], ["predict", {}]]},
    "nan": {**PLAIN, "learning_rate": 1e20, "seconds": SLOW, "calls": [["fit", {"epochs": 3}]]},
    "stopped": {
        **CLASSES,
        "seconds": SLOW,
        "calls": [["fit", {"epochs": 4, "validate": True, "callbacks": ["stop_in_epoch"]}]],
    },
    "parts_of_epochs": {
        **CLASSES,
        "seconds": SLOW,
        "calls": [
            ["fit", {"epochs": 3, "initial_epoch": 1, "steps_per_epoch": 1}],
            ["fit", {"epochs": 2, "validation_freq": 2, "validate": True, "verbose": 2}],
            ["evaluate", {"steps": 2}],
            ["predict", {"steps": 1}],
        ],
    },
    "bars_within": {
        **CLASSES,
        "seconds": SLOW,
        "calls": [
            ["fit", {"epochs": 2, "callbacks": ["predict_in_epoch"]}],
            ["fit", {"epochs": 2, "callbacks": ["predict_in_epoch"], "verbose": 2}],
        ],
    },
}


def updates(n, seconds, **arguments):
    """Updates 1 to n, each after so many seconds."""
    return [[seconds, "update", {"current": i + 1, **arguments}] for i in range(n)]


def valued(*values, seconds=1.0):
    """An update for each list of values."""
    return [[seconds, "update", {"current": i + 1, "values": v}] for i, v in enumerate(values)]


WIDTHS = [
    [0.5, "update", {"current": 1, "values": [["a", 1e-4], ["b", 2.0]]}],
    [0.5, "update", {"current": 2, "values": [["a", 123456.0]]}],
    [70.0, "update", {"current": 3}],
    [0.01, "update", {"current": 4, "values": [["c", 3.0]]}],
    [0.01, "update", {"current": 5, "finalize": True}],
]
ODD_VALUES = [
    [["nan", float("nan")], ["inf", float("inf")], ["minus", -2.5], ["zero", 0]],
    [["nan", 1.0], ["inf", float("-inf")], ["minus", -1e-5], ["zero", 1e-3]],
    [["list", [1.0, 2.0]], ["array", ["float32", [0.1, 0.3]]], ["int", 7], ["true", True]],
    [["list", [3.0, 5.0]], ["array", ["float32", [0.2, 1e-6]]], ["int", 8], ["f", ["float32", 1]]],
    [["big", 1e20], ["small", 1e-300], ["tiny", 0.00100001], ["d", ["float64", 2.5]]],
]  # fmt: skip
JUMPS = [
    [0.0, "update", {"current": 0}],
    [0.3, "add", {"n": 3, "values": [["a", 1.0], ["b", 1.0]]}],
    [0.3, "add", {"n": 2, "values": [["a", 2.0], ["b", 2.0]]}],
    [0.02, "add", {"n": 2, "values": [["a", 4.0]]}],
    [0.3, "add", {"n": 5, "values": [["a", 8.0], ["b", 3.0]]}],
]
ALL_VALUES = {"stateful_metrics": [name for values in ODD_VALUES for name, _ in values]}

BARS = {
    "plain": {"bar": {"target": 5}, "steps": updates(5, 0.1)},
    "unknown": {"bar": {"target": None}, "steps": updates(3, 0.1, values=[["a", 1.0]])},
    "unknown_finished": {
        "bar": {"target": None},
        "steps": [*updates(3, 0.1), [0.1, "update", {"current": 3, "finalize": True}]],
    },
    "zero": {"bar": {"target": 0}, "steps": updates(2, 0.1)},
    "negative": {"bar": {"target": -1}, "steps": updates(2, 0.1)},
    "one": {"bar": {"target": 1}, "steps": updates(1, 2.5)},
    "thousand": {"bar": {"target": 1000}, "steps": [*JUMPS, [9.0, "update", {"current": 1000}]]},
    "wide": {"bar": {"target": 7, "width": 33}, "steps": updates(4, 1.0)},
    "no_width": {"bar": {"target": 3, "width": 0}, "steps": updates(3, 1.0)},
    "beyond": {"bar": {"target": 3}, "steps": updates(5, 1.0)},
    "samples": {"bar": {"target": 3, "unit_name": "sample"}, "steps": updates(3, 1e-4)},
    "interval": {"bar": {"target": 9, "interval": 0.35}, "steps": updates(9, 0.1)},
    "no_interval": {"bar": {"target": 4, "interval": 0}, "steps": updates(4, 0.0)},
    "widths": {"bar": {"target": 5}, "steps": WIDTHS},
    "line": {"bar": {"target": 5, "verbose": 2}, "steps": WIDTHS},
    "line_unknown": {"bar": {"target": None, "verbose": 2}, "steps": WIDTHS},
    "silent": {"bar": {"target": 5, "verbose": 0}, "steps": WIDTHS},
    "averages": {"bar": {"target": 12}, "steps": JUMPS},
    "stateful": {"bar": {"target": 12, "stateful_metrics": ["b"]}, "steps": JUMPS},
    "stateless": {"bar": {"target": 12, "stateless_metrics": ["b"]}, "steps": JUMPS},
    "odd_values": {"bar": {"target": 9}, "steps": valued(*ODD_VALUES)},
    "odd_values_stateful": {"bar": {"target": 9, **ALL_VALUES}, "steps": valued(*ODD_VALUES)},
    "odd_values_at_the_end": {
        "bar": {"target": 5, "verbose": 2, **ALL_VALUES},
        "steps": valued(*ODD_VALUES),
    },
    "backwards": {"bar": {"target": 4}, "steps": updates(4, -1.0, finalize=True)},
    **{
        f"takes_{seconds}": {"bar": {"target": 3}, "steps": updates(3, seconds)}
        for seconds in (1e-7, 4e-4, 9.996e-4, 0.0126, 0.9996, 1.5, 61.0, 1200.0, 3601.0)
    },
}

LOGS = {"loss": 0.5, "accuracy": 0.25}
EPOCH = [
    ["on_train_batch_begin", 0],
    ["on_train_batch_end", 0, LOGS],
    ["on_train_batch_begin", 1],
    ["on_train_batch_end", 1, {"loss": 0.25, "accuracy": 1e-4}],
]
VALIDATION = [["on_test_begin"], ["on_test_batch_end", 0, LOGS], ["on_test_end", LOGS]]
FIT_HOOKS = [
    ["on_train_begin"],
    ["on_epoch_begin", 0],
    *EPOCH,
    *VALIDATION,
    ["on_epoch_end", 0, {**LOGS, "val_loss": 3.0}],
    ["on_epoch_begin", 1],
    *EPOCH,
    ["on_epoch_end", 1, LOGS],
    ["on_train_end", LOGS],
]
PREDICT_HOOKS = [
    ["on_predict_begin"],
    *[["on_predict_batch_end", i, {"outputs": [1.0]}] for i in range(3)],
    ["on_predict_end"],
]

LOOPS = {
    "unknown_steps": {
        "params": {"verbose": 1, "epochs": 2, "steps": None},
        "hooks": [*FIT_HOOKS, *PREDICT_HOOKS],
    },
    "unknown_steps_lines": {
        "params": {"verbose": 2, "epochs": 2, "steps": None},
        "hooks": [*FIT_HOOKS, *PREDICT_HOOKS],
    },
    "evaluation": {
        "params": {"verbose": "auto", "epochs": 1, "steps": 1},
        "hooks": VALIDATION,
    },
}


def make():
    """Write `progress.json`: every case, and what was written."""
    groups = {"fit": FITS, "bar": BARS, "loop": LOOPS}
    cases = [
        written(kind, name, case) for kind, group in groups.items() for name, case in group.items()
    ]
    write_json("progress", {"cases": cases})


def written(kind, name, case):
    """Run a case twice; return it with both texts."""

    def run():
        progress_cases.RUNNERS[kind](keras, progbar, case)

    text = written_into_pipe(run)
    # Keras does the same on both; the driver of a terminal puts a return before each new line.
    assert written_on_terminal(run) == text.replace("\n", "\r\n"), name
    return {"kind": kind, "name": name, "case": case, "text": progress_cases.shortened(text)}
