"""Smaller steps when it gets no better."""

import warnings

import numpy as np

from kerasette.callbacks.monitor import MonitorCallback
from kerasette.checks import is_number
from kerasette.utils.console import print_msg


class ReduceLROnPlateau(MonitorCallback):
    """Makes the learning rate smaller when a value has not got better for some epochs.

    Each epoch's learning rate goes into the logs as ``learning_rate``.

    Parameters
    ----------
    monitor : str
        Name of the value in the logs.
    factor : float
        What the learning rate is multiplied by; less than 1.
    patience : int
        Number of epochs without a better value after which that is done.
    verbose : {0, 1}
        Whether to print it.
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better. With "auto" it is smaller for ``loss``, and for
        metrics what they say themselves.
    min_delta : float
        By how much the value has to get better, at least, to count.
    cooldown : int
        Number of epochs after a reduction that do not count.
    min_lr : float
        The learning rate gets no smaller than this.

    Raises
    ------
    ValueError
        If `factor` is 1 or more; after the first epoch, if nothing says whether smaller or larger
        is better.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile(kerasette.optimizers.SGD(1e-9), "mse")
    >>> slower = ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)
    >>> history = model.fit([1.0], [2.0], epochs=5, verbose=0, callbacks=[slower])
    >>> float(model.optimizer.learning_rate) < 1e-9
    True
    """

    def __init__(
        self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto", min_delta=1e-4,
        cooldown=0, min_lr=0.0,
    ):  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        if not is_number(factor) or not factor < 1.0:
            raise ValueError(
                f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor!r}"
            )
        for name, value in (("patience", patience), ("cooldown", cooldown), ("min_lr", min_lr)):
            if not is_number(value):
                raise ValueError(f"`{name}` must be a number. Received: {name}={value!r}")
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._start()

    def _start(self):
        self.best = None
        self.wait = 0
        self.cooldown_counter = 0

    def on_train_begin(self, logs=None):
        self._start()

    def on_epoch_end(self, epoch, logs=None):
        self._find_direction()
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(
                f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not "
                f"available. Available metrics are: {','.join(logs)}.",
                stacklevel=2,
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(value, self.best):
            self.best = value
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def in_cooldown(self):
        """Whether the last reduction is so recent that nothing counts."""
        return self.cooldown_counter > 0

    def _reduce(self, epoch):
        """Makes the learning rate smaller, if it may be; says whether."""
        optimizer = self.model.optimizer
        old = float(optimizer.learning_rate)
        if old <= np.float32(self.min_lr):
            return False
        new = max(old * self.factor, self.min_lr)
        optimizer.learning_rate = new
        if self.verbose > 0:
            print_msg(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {new}.")
        return True
