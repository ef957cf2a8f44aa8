"""The record of a fit."""

from kerasette.callbacks.base import Callback


class History(Callback):
    """Keeps the logs of every epoch; what `fit` returns.

    Attributes
    ----------
    history : dict of str to list of float
        One value an epoch.
    epoch : list of int
        The epochs, counted from 0.
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
