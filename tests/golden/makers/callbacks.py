"""What callbacks do in `fit`: histories, messages, warnings, files, weights and learning rates."""

import sys

import keras
from keras.src.utils import progbar

from .store import FOLDER, plain, write_json

sys.path.append(str(FOLDER.parent))
import callback_cases
from progress_cases import shortened

DOWN = [5.0, 4.0, 3.0, 3.5, 3.2, 2.9, 2.95, 2.93, 2.92, 2.91, 1.0, 1.5]
UP = [0.1, 0.2, 0.2, 0.2, 0.3, 0.25, 0.1, 0.4, 0.4, 0.4, 0.4, 0.4]
WITH_NAN = [5.0, float("nan"), 4.0, float("inf"), 3.0, float("nan"), float("nan"), 2.0, 6.0, 7.0]
EPOCHS = {"epochs": 10}


def monitored(name, values=DOWN, compiled=None, fits=(EPOCHS,), **arguments):
    """A case of one callback that watches scripted values."""
    monitor = arguments.get("monitor", "val_loss")
    return {
        "compile": compiled or {},
        "fits": list(fits),
        "callbacks": [["script", {monitor: values}], [name, arguments]],
    }


def stopping(**arguments):
    return monitored("EarlyStopping", **arguments)


def reducing(**arguments):
    return monitored("ReduceLROnPlateau", **{"patience": 1, **arguments})


STOPPING = {
    "default": stopping(),
    "patience": stopping(patience=2, verbose=1),
    "patience_zero_up": stopping(mode="max", verbose=1),
    "max": stopping(values=UP, mode="max", patience=3),
    "min_delta": stopping(min_delta=1.5, patience=2, verbose=1),
    "min_delta_negative": stopping(values=UP, min_delta=-0.15, patience=1, mode="max"),
    "baseline": stopping(baseline=2.0, patience=4, verbose=1),
    "baseline_reached": stopping(baseline=3.1, patience=3, restore_best_weights=True, verbose=1),
    "restore": stopping(patience=2, restore_best_weights=True, verbose=1),
    "restore_at_the_end": stopping(patience=99, restore_best_weights=True, verbose=1),
    "start_from_epoch": stopping(start_from_epoch=4, patience=1, restore_best_weights=True),
    "start_too_late": stopping(start_from_epoch=40, restore_best_weights=True, verbose=1),
    "accuracy": stopping(
        monitor="val_accuracy", values=UP, patience=2, compiled={"metrics": ["accuracy"]}
    ),
    "training_loss": stopping(monitor="loss", patience=2),
    "unknown_direction": stopping(monitor="val_f", values=UP),
    "unknown_mode": stopping(mode="up", patience=2),
    "nan": stopping(values=WITH_NAN, patience=2, verbose=1, restore_best_weights=True),
    "float32": stopping(values=[0.5, 0.1 + 1e-9, 0.1, 0.1 - 1e-9, 0.05], baseline=0.1, patience=2),
    "twice": stopping(patience=2, verbose=1, fits=[EPOCHS, EPOCHS], restore_best_weights=True),
    "with_a_bar": stopping(patience=2, verbose=1, fits=[{"epochs": 10, "verbose": 1}]),
    "not_there": {
        "fits": [{}],
        "callbacks": [["EarlyStopping", {"patience": 0}]],
    },
}

REDUCING = {
    "default": reducing(patience=10, fits=[{"epochs": 12}]),
    "patience": reducing(patience=2, verbose=1),
    "patience_zero": reducing(patience=0, factor=0.5),
    "factor": reducing(factor=0.7),
    "max": reducing(mode="max", factor=0.5),
    "accuracy": reducing(monitor="accuracy", values=UP, compiled={"metrics": ["accuracy"]}),
    "min_delta": reducing(min_delta=0.6, factor=0.5),
    "cooldown": reducing(cooldown=2, factor=0.5, verbose=1),
    "min_lr": reducing(min_lr=0.03, factor=0.5, verbose=1),
    "nan": reducing(values=WITH_NAN, factor=0.5),
    "twice": reducing(factor=0.5, cooldown=3, fits=[EPOCHS, EPOCHS]),
    "with_lines": reducing(factor=0.5, verbose=1, fits=[{"epochs": 6, "verbose": 2}]),
    "unknown_direction": reducing(monitor="f", values=UP),
    "unknown_mode": reducing(mode="up"),
    "monitors_itself": reducing(monitor="learning_rate", values=DOWN, mode="min", factor=0.5),
    "not_there": {"fits": [{}], "callbacks": [["ReduceLROnPlateau", {}]]},
}


def scheduled(fits=({},), **arguments):
    return {"fits": list(fits), "callbacks": [["LearningRateScheduler", arguments]]}


SCHEDULING = {
    "by_epoch": scheduled(schedule="by_epoch"),
    "by_rate": scheduled(schedule="by_rate", verbose=1, fits=[{}, {}]),
    "by_default": scheduled(schedule="by_default"),
    "numpy": scheduled(schedule="numpy", verbose=1),
    "integer": scheduled(schedule="integer"),
    "text": scheduled(schedule="text"),
    "with_a_bar": scheduled(schedule="by_epoch", verbose=1, fits=[{"verbose": 1}]),
    "in_the_logs": {
        "fits": [{}],
        "callbacks": [
            ["script", {"loss": DOWN}],
            ["LearningRateScheduler", {"schedule": "by_epoch"}],
            ["ReduceLROnPlateau", {"monitor": "loss", "patience": 0, "min_delta": 9}],
            ["CSVLogger", {"filename": "log.csv"}],
        ],
    },
}


def written(values, fits=({},), **arguments):
    """A case of a CSVLogger that meets scripted values."""
    arguments = {"filename": "log.csv", **arguments}
    return {"fits": list(fits), "callbacks": [["script", values], ["CSVLogger", arguments]]}


VALUES = {"loss": [0.5, 1e-7, 3.0], "acc": [0.1, float("nan"), 1.0]}
FILES = {
    "plain": written(VALUES),
    "validated": written({**VALUES, "val_loss": [1.0, 2.0, 1e20]}),
    "semicolons": written(VALUES, separator=";"),
    "appended": written(VALUES, append=True, fits=[{}, {"epochs": 2}]),
    "anew": written(VALUES, fits=[{}, {"epochs": 2}]),
    "lists": written({"a": [[1.0, 2.0], [3.0], []], "b": ["text", "with, comma", 'and "quotes"']}),
    "stopped": {
        "fits": [{}],
        "callbacks": [
            ["script", VALUES],
            ["act", {"hook": "on_epoch_end", "what": "fail", "at": [1]}],
            ["CSVLogger", {"filename": "log.csv"}],
        ],
    },
}


def acting(what, hook="on_train_batch_end", at=(1,), fits=({},), **others):
    """A case in which something is done in a hook."""
    callbacks = [["act", {"hook": hook, "what": what, "at": at and list(at)}], ["record_logs", {}]]
    return {
        "compile": {"metrics": ["accuracy"]},
        "fits": list(fits),
        "callbacks": callbacks,
        **others,
    }


HOOKED = {
    "on_train_batch_begin": ["stop", "fail", "change_weights"],
    "on_train_batch_end": callback_cases.ACTIONS,
    "on_epoch_begin": ["stop", "change_rate", "evaluate"],
    "on_epoch_end": callback_cases.ACTIONS,
}
VALIDATED = [{"validate": True, "epochs": 2}]
ACTIONS = {
    **{
        f"{what}_in_{hook[3:]}": acting(what, hook, fits=VALIDATED)
        for hook, whats in HOOKED.items()
        for what in whats
    },
    "stop_in_train_begin": acting("stop", "on_train_begin", at=None),
    "stop_in_test_end": acting("stop", "on_test_end", at=None, fits=VALIDATED),
    "fail_in_train_end": acting("fail", "on_train_end", at=None),
    "fail_in_test_batch_end": acting("fail", "on_test_batch_end", at=[1], fits=VALIDATED),
    "stop_then_fit_again": acting("stop", fits=[{}, {}]),
}

HOOKS = {
    "all": {
        "compile": {"metrics": ["accuracy"]},
        "fits": VALIDATED,
        "callbacks": [["record", {}]],
    },
    "older_names": {
        "fits": [{"epochs": 1}],
        "callbacks": [["record", {"hooks": ["on_batch_begin", "on_batch_end"]}]],
    },
    "within": {
        "fits": [{"epochs": 1}],
        "callbacks": [
            ["record", {}],
            ["act", {"hook": "on_epoch_end", "what": "predict"}],
            ["act", {"hook": "on_epoch_end", "what": "evaluate"}],
        ],
    },
    "nan": {
        "compile": {"learning_rate": float("inf")},
        "fits": [{}],
        "callbacks": [["TerminateOnNaN", {}], ["record_logs", {}]],
    },
    "nan_raises": {
        "compile": {"learning_rate": float("inf")},
        "fits": [{}],
        "callbacks": [["TerminateOnNaN", {"raise_error": True}], ["record_logs", {}]],
    },
}

GROUPS = {
    "early_stopping": STOPPING,
    "reduce_lr": REDUCING,
    "scheduler": SCHEDULING,
    "csv": FILES,
    "actions": ACTIONS,
    "hooks": HOOKS,
}


def make():
    """Write `callbacks.json`, of each case what is not empty."""
    cases = []
    for group, members in GROUPS.items():
        for name, case in members.items():
            found = callback_cases.run_case(keras, progbar, case)
            found["text"] = shortened(found["text"])
            found = {key: rounded(plain(value)) for key, value in found.items() if len_of(value)}
            cases.append({"name": f"{group}-{name}", "case": case, **found})
    write_json("callbacks", {"cases": cases})


def len_of(value):
    """The length of what has one; 0 for None, 1 for numbers."""
    return 0 if value is None else len(value) if hasattr(value, "__len__") else 1


def rounded(value):
    """Nested data whose floats have the digits of float32."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value
