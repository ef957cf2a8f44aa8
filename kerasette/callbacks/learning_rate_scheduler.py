"""A learning rate for each epoch."""

import inspect

import numpy as np

from kerasette.callbacks.base import Callback
from kerasette.utils.console import print_msg


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch; it goes into the logs as ``learning_rate``.

    Parameters
    ----------
    schedule : callable
        ``schedule(epoch, learning_rate)``, or ``schedule(epoch)``: a float. Epochs are counted
        from 0.
    verbose : {0, 1}
        Whether to print each learning rate.

    Raises
    ------
    ValueError
        If `schedule` cannot be called; when an epoch begins, if it gives something that is no
        float.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile(kerasette.optimizers.SGD(0.5), "mse")
    >>> halving = LearningRateScheduler(lambda epoch, rate: rate / 2)
    >>> history = model.fit([1.0], [2.0], epochs=3, verbose=0, callbacks=[halving])
    >>> history.history["learning_rate"]
    [0.25, 0.125, 0.0625]
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        if not callable(schedule):
            raise ValueError(f"`schedule` must be a function. Received: schedule={schedule!r}")
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        optimizer = self.model.optimizer
        if not hasattr(optimizer, "learning_rate"):
            raise ValueError('Optimizer must have a "learning_rate" attribute.')
        given = (epoch, float(optimizer.learning_rate))
        rate = self.schedule(*given) if takes(self.schedule, given) else self.schedule(epoch)
        if not isinstance(rate, (float, np.float32)):
            raise ValueError(
                f"The output of the `schedule` function should be a float. Got: {rate}"
            )
        optimizer.learning_rate = rate
        if self.verbose > 0:
            print_msg(
                f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}."
            )

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def takes(function, arguments):
    """Whether a function can be called with these arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True
