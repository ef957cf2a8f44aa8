"""Stopping when it gets no better."""

import warnings

from kerasette.callbacks.monitor import MonitorCallback
from kerasette.checks import is_number
from kerasette.utils.console import print_msg


class EarlyStopping(MonitorCallback):
    """Stops training when a value has not got better for some epochs.

    Parameters
    ----------
    monitor : str
        Name of the value in the logs.
    min_delta : float
        By how much it has to get better, at least, to count.
    patience : int
        Number of epochs without a better value after which training stops.
    verbose : {0, 1}
        Whether to print what is done.
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better. With "auto" it is smaller for ``loss``, and for
        metrics what they say themselves.
    baseline : float, optional
        A value that counts as better only if it is better than this too.
    restore_best_weights : bool
        Whether the model gets the weights of its best epoch back at the end. They are those of
        the best epoch even if none reached the baseline.
    start_from_epoch : int
        First epoch, counted from 0, whose value is looked at.

    Raises
    ------
    ValueError
        After the first epoch, if nothing says whether smaller or larger is better.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile(kerasette.optimizers.SGD(0.0), "mse")
    >>> stopping = EarlyStopping(monitor="loss", patience=3)
    >>> history = model.fit([1.0], [2.0], epochs=10, verbose=0, callbacks=[stopping])
    >>> len(history.epoch)
    4
    """

    def __init__(
        self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto", baseline=None,
        restore_best_weights=False, start_from_epoch=0,
    ):  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        for name, value in (("patience", patience), ("start_from_epoch", start_from_epoch)):
            if not is_number(value):
                raise ValueError(f"`{name}` must be a number. Received: {name}={value!r}")
        if baseline is not None and not is_number(baseline):
            raise ValueError(f"`baseline` must be a number. Received: baseline={baseline!r}")
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._start()

    def _start(self):
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_weights = None
        self.best_epoch = 0

    def on_train_begin(self, logs=None):
        # One object may serve several fits.
        self._start()

    def on_epoch_end(self, epoch, logs=None):
        self._find_direction()
        value = self.get_monitor_value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._keep_weights(epoch)
        self.wait += 1
        if self._is_improvement(value, self.best):
            self.best = value
            self._keep_weights(epoch)
            if self.baseline is None or self._is_improvement(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _keep_weights(self, epoch):
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print_msg(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is None:
            return
        if self.verbose > 0:
            print_msg(
                "Restoring model weights from the end of the best epoch: "
                f"{self.best_epoch + 1}."
            )  # fmt: skip
        self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs):
        """The value in the logs; None, with a warning, if it is not there."""
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}",
                stacklevel=2,
            )
        return value
