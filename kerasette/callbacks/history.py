"""The record of a fit."""

from kerasette.callbacks.base import Callback


class History(Callback):
    """Keeps the logs of every epoch; what `fit` returns.

    Attributes
    ----------
    history : dict of str to list of float
        One value an epoch. Used in several fits, it goes on.
    epoch : list of int
        The epochs of the last fit, counted from 0.
    params : dict
        ``verbose``, ``epochs`` and ``steps`` of the fit.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> history = model.fit([1.0], [2.0], epochs=2, verbose=0)
    >>> history.epoch, len(history.history["loss"])
    ([0, 1], 2)
    """

    def __init__(self):
        super().__init__()
        self.history = {}
        self.epoch = []

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        if self.model is not None:
            self.model.history = self
