"""The list that calls several callbacks."""

import numpy as np

from kerasette.callbacks.base import Callback, batch_hook
from kerasette.callbacks.history import History
from kerasette.callbacks.progbar_logger import ProgbarLogger


class CallbackList(Callback):
    """Calls each hook of several callbacks, one after the other.

    Parameters
    ----------
    callbacks : Callback, or list of Callback or of such lists, optional
    add_history : bool
        Whether to add a `History`, if there is none among them.
    add_progbar : bool
        Whether to add a `ProgbarLogger`, if there is none among them.
    model : Model, optional
    **params
        For `Callback.set_params` of each; ``verbose``, ``epochs`` and ``steps``, as a rule.

    Raises
    ------
    ValueError
        If something in the list is not a callback.

    Examples
    --------
    >>> from kerasette.callbacks import LambdaCallback
    >>> hooks = CallbackList([LambdaCallback(on_epoch_begin=lambda epoch, logs: print(epoch))])
    >>> hooks.on_epoch_begin(3)
    3
    """

    def __init__(
        self, callbacks=None, add_history=False, add_progbar=False, model=None, **params
    ):  # fmt: skip
        super().__init__()
        self.callbacks = flatten(callbacks) if callbacks else []
        for callback in self.callbacks:
            check_is_callback(callback)
        self.history = self._find_or_add(History, add_history)
        self.progbar = self._find_or_add(ProgbarLogger, add_progbar)
        self.set_model(model)
        self.set_params(params)

    def _find_or_add(self, kind, may_add):
        """The last callback of a class, or a new one; None where there is none."""
        found = [callback for callback in self.callbacks if isinstance(callback, kind)]
        if not found and may_add:
            found = [kind()]
            self.callbacks += found
        return found[-1] if found else None

    def append(self, callback):
        """Adds a callback after the others.

        Raises
        ------
        ValueError
            If it is none.
        """
        check_is_callback(callback)
        if self.params:
            callback.set_params(self.params)
        if self.model is not None:
            callback.set_model(self.model)
        self.callbacks.append(callback)

    def set_params(self, params):
        """Passes parameters on, if there are any."""
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model):
        """Passes the model on, and gives it the `History` that is in the list."""
        if model is None:
            return
        super().set_model(model)
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            callback.set_model(model)

    def batch_hooks(self, mode):
        """The functions to be called for each batch of "train", "test" or "predict"."""
        found = []
        for callback in self.callbacks:
            if isinstance(callback, CallbackList):
                found.extend(callback.batch_hooks(mode))
                continue
            hooks = (batch_hook(callback, f"on_{mode}_batch_{edge}") for edge in ("begin", "end"))
            found.extend(hook for hook in hooks if hook is not None)
        return found

    def call(self, hook, *args):
        """Calls a hook by name."""
        getattr(self, hook)(*args)

    def _call_run(self, hook, logs):
        logs = plain_logs(logs)
        for callback in self.callbacks:
            getattr(callback, hook)(logs)

    def _call_epoch(self, hook, epoch, logs):
        logs = plain_logs(logs)
        for callback in self.callbacks:
            getattr(callback, hook)(epoch, logs)

    def _call_batch(self, hook, batch, logs):
        logs = plain_logs(logs)
        for callback in self.callbacks:
            getattr(callback, hook)(batch, logs=logs)

    def on_train_begin(self, logs=None):
        self._call_run("on_train_begin", logs)

    def on_train_end(self, logs=None):
        self._call_run("on_train_end", logs)

    def on_test_begin(self, logs=None):
        self._call_run("on_test_begin", logs)

    def on_test_end(self, logs=None):
        self._call_run("on_test_end", logs)

    def on_predict_begin(self, logs=None):
        self._call_run("on_predict_begin", logs)

    def on_predict_end(self, logs=None):
        self._call_run("on_predict_end", logs)

    def on_epoch_begin(self, epoch, logs=None):
        self._call_epoch("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._call_epoch("on_epoch_end", epoch, logs)

    def on_batch_begin(self, batch, logs=None):
        self._call_batch("on_batch_begin", batch, logs)

    def on_batch_end(self, batch, logs=None):
        self._call_batch("on_batch_end", batch, logs)

    def on_train_batch_begin(self, batch, logs=None):
        self._call_batch("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self._call_batch("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch, logs=None):
        self._call_batch("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch, logs=None):
        self._call_batch("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch, logs=None):
        self._call_batch("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch, logs=None):
        self._call_batch("on_predict_batch_end", batch, logs)


def flatten(callbacks):
    """Callbacks in lists, in tuples and in dicts as one list."""
    if isinstance(callbacks, dict):
        callbacks = [callbacks[key] for key in sorted(callbacks)]
    if not isinstance(callbacks, (list, tuple)):
        return [callbacks]
    return [callback for part in callbacks for callback in flatten(part)]


def check_is_callback(callback):
    """Raises if something is no callback."""
    if not isinstance(callback, Callback):
        raise ValueError(
            f"`callbacks` must be Callback objects. Received: {callback!r} of type {type(callback)}"
        )


def plain_logs(logs):
    """A new dict in alphabetical order, without dicts in it, numbers as floats."""
    plain = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            plain.update(plain_logs(value))
        else:
            plain[name] = value if type(value) is float else as_float(value)
    return plain


def as_float(value):
    """A number of any kind, or an array of no axes, as a float; all else as it is."""
    if isinstance(value, (list, tuple)) or np.ndim(value) > 0:
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
