"""Runs of models and of bars, as plain data, for Keras and for kerasette alike.

A clock stands still but for what the cases say, so that both show the same times.
"""

import re

import numpy as np
from consoles import injected_clock

SAMPLES, FEATURES, CLASSES = 12, 3, 3


def run_fit_case(library, progbar_module, case):
    """Makes a model, and calls its methods; `case` says which, and how long batches take."""
    model = build_model(library, case)
    x, y = data(case["loss"])
    with injected_clock(progbar_module) as clock:
        for method, arguments in case["calls"]:
            arguments = dict(arguments)
            if arguments.pop("validate", False):
                arguments["validation_data"] = (x[:7], y[:7])
            others = [CALLBACKS[name](library) for name in arguments.pop("callbacks", ())]
            arguments["callbacks"] = [batch_clock(library, clock, case["seconds"]), *others]
            if method != "predict":
                arguments["y"] = y
            if method == "fit":
                arguments["shuffle"] = False
            getattr(model, method)(x, batch_size=case["batch_size"], **arguments)


def build_model(library, case):
    """A small model with weights that are the same everywhere."""
    units = CLASSES if case["loss"].startswith("sparse") else 1
    last = library.layers.Dense(units, activation="softmax" if units > 1 else None)
    model = library.Sequential(
        [library.Input((FEATURES,)), library.layers.Dense(4, activation="tanh"), last]
    )
    rng = np.random.default_rng(3)
    model.set_weights([rng.integers(-40, 40, w.shape) / 50 for w in model.get_weights()])
    model.compile(
        optimizer=library.optimizers.SGD(case.get("learning_rate", 0.1)),
        loss=case["loss"],
        metrics=case.get("metrics"),
    )
    return model


def data(loss):
    """Samples with few digits, and targets."""
    rng = np.random.default_rng(4)
    x = (rng.integers(-30, 30, (SAMPLES, FEATURES)) / 16).astype("float32")
    if loss.startswith("sparse"):
        return x, rng.integers(0, CLASSES, SAMPLES)
    return x, rng.integers(-9, 9, (SAMPLES, 1)).astype("float32")


def batch_clock(library, clock, seconds):
    """A callback that lets each batch take its time: the numbers, over and over."""

    class BatchClock(library.callbacks.Callback):
        done = 0

        def _advance(self):
            clock.advance(seconds[self.done % len(seconds)])
            self.done += 1

        def on_train_batch_end(self, batch, logs=None):
            self._advance()

        def on_test_batch_end(self, batch, logs=None):
            self._advance()

        def on_predict_batch_end(self, batch, logs=None):
            self._advance()

    return BatchClock()


def stop_in_epoch(library):
    """A callback that ends training after the second batch of the second epoch."""

    class Stop(library.callbacks.Callback):
        batches = 0

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1
            if self.batches == 5:
                self.model.stop_training = True

    return Stop()


def predict_in_epoch(library):
    """A callback that predicts and evaluates, visibly, after each epoch."""
    # Keras draws in another thread, sooner or later, unless somebody watches the batches.
    hooks = dict.fromkeys(["on_predict_batch_end", "on_test_batch_end"], lambda *args, logs: None)
    watching = library.callbacks.LambdaCallback(**hooks)

    class Predict(library.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            x, y = data("sparse")
            arguments = {"batch_size": 2, "callbacks": [watching]}
            self.model.predict(x[:5], verbose=1, **arguments)
            self.model.evaluate(x[:5], y[:5], verbose=2, **arguments)

    return Predict()


CALLBACKS = {"stop_in_epoch": stop_in_epoch, "predict_in_epoch": predict_in_epoch}


def run_bar_case(library, progbar_module, case):
    """Makes a `Progbar`, and updates it; each step says how much time has passed before."""
    with injected_clock(progbar_module) as clock:
        bar = library.utils.Progbar(**case["bar"])
        for seconds, method, arguments in case["steps"]:
            clock.advance(seconds)
            arguments = dict(arguments)
            if "values" in arguments:
                arguments["values"] = [(name, number(v)) for name, v in arguments["values"]]
            getattr(bar, method)(**arguments)


def number(value):
    """The value that plain data stands for: numbers as they are, [dtype, value] as arrays."""
    if isinstance(value, list) and isinstance(value[0], str):
        return np.asarray(value[1], value[0])[()]
    return value


def run_loop_case(library, progbar_module, case):
    """Calls the hooks of a `CallbackList` as a loop of one's own does."""
    with injected_clock(progbar_module) as clock:
        hooks = library.callbacks.CallbackList(
            [batch_clock(library, clock, [0.2])], add_progbar=True, **case["params"]
        )
        for hook, *arguments in case["hooks"]:
            getattr(hooks, hook)(*arguments)


RUNNERS = {"fit": run_fit_case, "bar": run_bar_case, "loop": run_loop_case}


def shortened(text):
    """A text with ␛ for escapes, and ``<n back>`` and ``<n bar>`` for most of what a bar writes."""
    text = re.sub("\b+", lambda run: f"<{len(run[0])} back>", text.replace("\x1b", "␛"))
    return re.sub("━+", lambda run: f"<{len(run[0])} bar>", text)
