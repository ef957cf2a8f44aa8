"""The callback interface, and the list that calls several."""

BATCH_HOOKS = tuple(
    f"on_{mode}_batch_{edge}" for mode in ("train", "test", "predict") for edge in ("begin", "end")
)


class Callback:
    """Base class of callbacks; every hook does nothing until overridden.

    Attributes
    ----------
    model : Model
        Set before the first hook.
    params : dict
        ``verbose``, ``epochs`` and ``steps``.

    Notes
    -----
    A callback that overrides a batch hook makes the loop return to Python after every batch;
    without one it returns about every 20 ms.
    """

    def __init__(self):
        self.params = None
        self._model = None

    @property
    def model(self):
        return self._model

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self._model = model

    def on_batch_begin(self, batch, logs=None):
        """Before a training batch; older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch, logs=None):
        """After a training batch; older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch, logs=None):
        """Before an epoch, counted from 0."""

    def on_epoch_end(self, epoch, logs=None):
        """After an epoch and its validation; `logs` holds both."""

    def on_train_begin(self, logs=None):
        """Before the first epoch of a fit."""

    def on_train_end(self, logs=None):
        """After the last epoch of a fit."""

    def on_test_begin(self, logs=None):
        """Before evaluation or validation."""

    def on_test_end(self, logs=None):
        """After evaluation or validation."""

    def on_predict_begin(self, logs=None):
        """Before prediction."""

    def on_predict_end(self, logs=None):
        """After prediction."""

    def on_train_batch_begin(self, batch, logs=None):
        """Before a training batch, counted from 0 in the epoch."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        """After a training batch; `logs` holds the metrics of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch, logs=None):
        """Before a batch of evaluation or validation."""

    def on_test_batch_end(self, batch, logs=None):
        """After a batch of evaluation or validation."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Before a batch of prediction."""

    def on_predict_batch_end(self, batch, logs=None):
        """After a batch of prediction; `logs` holds ``outputs``."""


def overrides(callback, hook):
    """Whether a callback does something in `hook`."""
    method = getattr(type(callback), hook, None)
    if method is None or method is not getattr(Callback, hook):
        return True
    older = hook.replace("_train", "")
    return older != hook and overrides(callback, older) if hasattr(Callback, older) else False


class CallbackList:
    """Calls a hook of every callback, in order.

    Parameters
    ----------
    callbacks : Callback, list of Callback or None
    model : Model
    params : dict

    Raises
    ------
    ValueError
        If something in the list is not a callback.
    """

    def __init__(self, callbacks=None, model=None, **params):
        if callbacks is None:
            callbacks = []
        elif not isinstance(callbacks, (list, tuple)):
            callbacks = [callbacks]
        for callback in callbacks:
            if not isinstance(callback, Callback):
                raise ValueError(
                    "`callbacks` must be Callback objects. "
                    f"Received: {callback!r} of type {type(callback)}"
                )
        self.model = model
        self.params = params
        self.callbacks = []
        for callback in callbacks:
            self.append(callback)

    def append(self, callback):
        """Adds a callback after the others."""
        callback.set_params(self.params)
        callback.set_model(self.model)
        self.callbacks.append(callback)

    def wants_batches(self, mode):
        """Whether a callback overrides a batch hook of "train", "test" or "predict"."""
        return any(
            overrides(callback, f"on_{mode}_batch_{edge}")
            for callback in self.callbacks
            for edge in ("begin", "end")
        )

    def call(self, hook, *args):
        """Calls `hook` of every callback."""
        for callback in self.callbacks:
            getattr(callback, hook)(*args)
