"""Runs of `fit` with callbacks, as plain data, for Keras and for kerasette alike."""

import os
import tempfile
import warnings
from functools import partial

import numpy as np
from consoles import injected_clock, written_into_pipe
from progress_cases import build_model, data

LOSS = "sparse_categorical_crossentropy"


def run_case(library, progbar_module, case):
    """Fits a model; returns, as plain data, all that the callbacks have done.

    `case` has arguments of `compile` and `fit`, and the callbacks as [name, arguments]; the
    name is that of a class of Keras, or of a function below.
    """
    model = build_model(library, {"loss": LOSS, **case.get("compile", {})})
    found = {"histories": [], "epochs": [], "warnings": [], "error": None, "seen": []}

    def run():
        callbacks = [
            make_callback(library, folder, found["seen"], *each) for each in case["callbacks"]
        ]
        fit_all(model, case, callbacks, found)

    with tempfile.TemporaryDirectory() as folder, injected_clock(progbar_module):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found["text"] = written_into_pipe(run)
        found["files"] = {name: read(os.path.join(folder, name)) for name in os.listdir(folder)}
    messages = [str(w.message) for w in caught if w.category is UserWarning]
    found["warnings"] = list(dict.fromkeys(messages))
    weights = np.concatenate([w.ravel() for w in model.get_weights()])
    found["weights"] = weights[:1] if (weights == weights[0]).all() else weights[::3]
    found["rate"] = float(model.optimizer.learning_rate)
    return found


def fit_all(model, case, callbacks, found):
    """One fit for each of the case's, until one fails."""
    x, y = data(LOSS)
    for arguments in case["fits"]:
        arguments = {"epochs": 3, "verbose": 0, "batch_size": 4, "shuffle": False} | arguments
        if arguments.pop("validate", False):
            arguments["validation_data"] = (x[:7], y[:7])
        try:
            history = model.fit(x, y, callbacks=callbacks, **arguments)
        except Exception as error:
            found["error"] = type(error).__name__
            return
        found["histories"].append(history.history.copy())
        found["epochs"].append(list(history.epoch))


def read(path):
    """The text of a file, ends of lines as they are."""
    with open(path, newline="", encoding="utf-8") as file:
        return file.read()


def make_callback(library, folder, seen, name, arguments):
    """The callback of a name; file names are those of a folder."""
    if "filename" in arguments:
        arguments = {**arguments, "filename": os.path.join(folder, arguments["filename"])}
    if name == "LearningRateScheduler":
        arguments = {**arguments, "schedule": SCHEDULES[arguments["schedule"]]}
    if name in OWN:
        return OWN[name](library, seen, **arguments)
    return getattr(library.callbacks, name)(**arguments)


SCHEDULES = {
    "by_epoch": lambda epoch: 0.25 / (1 + epoch),
    "by_rate": lambda epoch, rate: rate * 0.5 if epoch else rate,
    "by_default": lambda epoch, rate=3.0: rate / 4,
    "numpy": lambda epoch: np.float32(0.3),
    "integer": lambda epoch: 1,
    "text": lambda epoch, rate: "0.1",
}


def script(library, seen, **values):
    """Puts given values into the logs of each epoch in place of all others.

    The weights become the number of the epoch, so that one can see when they are from.
    """

    class Script(library.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs.clear()
            logs.update({name: value[epoch] for name, value in values.items()})
            weights = self.model.get_weights()
            self.model.set_weights([np.full(w.shape, epoch + 1.0) for w in weights])

    return Script()


def act(library, seen, hook, what, at=None):
    """Does something in a hook, each time or for the batches or epochs `at` alone."""

    def function(self, number=None, *args, logs=None):
        if at is None or number in at:
            ACTIONS[what](self.model, seen)

    return type("Act", (library.callbacks.Callback,), {hook: function})()


def stop(model, seen):
    model.stop_training = True


def fail(model, seen):
    raise KeyError("in the middle")


def predict(model, seen):
    x, _ = data(LOSS)
    seen.append(model.predict(x[:3], batch_size=2, verbose=0).tolist())


def evaluate(model, seen):
    x, y = data(LOSS)
    result = model.evaluate(x[:5], y[:5], batch_size=2, verbose=0, return_dict=True)
    seen.append([[key, result[key]] for key in result])


def change_rate(model, seen):
    model.optimizer.learning_rate = float(model.optimizer.learning_rate) * 3


def change_weights(model, seen):
    model.set_weights([w / 2 for w in model.get_weights()])


ACTIONS = {
    "stop": stop,
    "fail": fail,
    "predict": predict,
    "evaluate": evaluate,
    "change_rate": change_rate,
    "change_weights": change_weights,
}


def record(library, seen, hooks=None):
    """Records the hooks that are called: name, number, names in the logs."""
    names = [n for n in dir(library.callbacks.Callback) if n.startswith("on_")]

    def note(name, self, *args, logs=None):
        *number, last = [*args, logs][:2] if len(args) < 2 else args
        seen.append([name, *number, sorted(last or {})])

    def method(name):
        return lambda self, *args, **kwargs: note(name, self, *args, **kwargs)

    hooks = {name: method(name) for name in hooks or names}
    return type("Record", (library.callbacks.Callback,), hooks)()


def record_logs(library, seen):
    """Records the logs of each batch and epoch."""

    def note(name, number, logs):
        seen.append([name, number, [[key, logs[key]] for key in logs]])

    return library.callbacks.LambdaCallback(
        on_train_batch_end=partial(note, "batch"),
        on_epoch_end=partial(note, "epoch"),
        on_test_batch_end=partial(note, "test"),
    )


OWN = {"script": script, "act": act, "record": record, "record_logs": record_logs}
