"""The callback interface."""

from typing import Any


class Callback:
    """Base class of callbacks; every hook does nothing until overridden.

    `fit`, `evaluate` and `predict` pass `logs` as a dict of floats by name, in alphabetical
    order: the same dict to all callbacks, so that one can add to it for those that come later.
    Where there is nothing to tell, it is empty.

    Attributes
    ----------
    model : Model
        Set before the first hook.
    params : dict
        ``verbose``, ``epochs`` and ``steps``; ``steps`` is None where nobody knows it.

    Notes
    -----
    A callback that overrides a batch hook makes the loop return to Python after every batch;
    without one it returns about every 20 ms.

    Examples
    --------
    >>> import kerasette
    >>> class Announce(kerasette.callbacks.Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(epoch, list(logs))
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> history = model.fit([1.0], [2.0], epochs=2, verbose=0, callbacks=[Announce()])
    0 ['loss']
    1 ['loss']
    """

    def __init__(self):
        self.params = None
        self._model = None

    @property
    def model(self) -> Any:
        """The model that calls."""
        return self._model

    def set_params(self, params):
        """Takes the parameters of a run."""
        self.params = params

    def set_model(self, model):
        """Takes the model."""
        self._model = model

    def on_batch_begin(self, batch, logs: Any = None):
        """Before a training batch; older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch, logs: Any = None):
        """After a training batch; older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch, logs: Any = None):
        """Before an epoch, counted from 0."""

    def on_epoch_end(self, epoch, logs: Any = None):
        """After an epoch and its validation; `logs` holds both."""

    def on_train_begin(self, logs: Any = None):
        """Before the first epoch of a fit."""

    def on_train_end(self, logs: Any = None):
        """After the last epoch of a fit."""

    def on_test_begin(self, logs: Any = None):
        """Before evaluation or validation."""

    def on_test_end(self, logs: Any = None):
        """After evaluation or validation."""

    def on_predict_begin(self, logs: Any = None):
        """Before prediction."""

    def on_predict_end(self, logs: Any = None):
        """After prediction."""

    def on_train_batch_begin(self, batch, logs: Any = None):
        """Before a training batch, counted from 0 in the epoch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs: Any = None):
        """After a training batch; `logs` holds the metrics of the epoch so far."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch, logs: Any = None):
        """Before a batch of evaluation or validation."""

    def on_test_batch_end(self, batch, logs: Any = None):
        """After a batch of evaluation or validation."""

    def on_predict_batch_begin(self, batch, logs: Any = None):
        """Before a batch of prediction."""

    def on_predict_batch_end(self, batch, logs: Any = None):
        """After a batch of prediction; `logs` holds ``outputs``."""


def content_between_chunks(hook):
    """Marks a batch hook that need not be called after each batch, as one that only draws."""
    hook._is_content_between_chunks = True
    return hook


_OLDER_HOOKS = {
    "on_train_batch_begin": "on_batch_begin",
    "on_train_batch_end": "on_batch_end",
}


def batch_hook(callback, name):
    """The function of a batch hook that has to be called for each batch; None if there is none."""
    method = getattr(callback, name)
    function = getattr(method, "__func__", method)
    if function is not getattr(Callback, name):
        return None if getattr(function, "_is_content_between_chunks", False) else function
    older = _OLDER_HOOKS.get(name)
    return None if older is None else batch_hook(callback, older)
