"""Stopping when the loss is no number any more."""

import math

from kerasette.callbacks.base import Callback
from kerasette.utils.console import print_msg


class TerminateOnNaN(Callback):
    """Stops training after a batch whose loss is NaN or infinite.

    Parameters
    ----------
    raise_error : bool
        Whether to raise an error instead of stopping as after a last epoch. Then
        ``on_train_end`` of other callbacks is not called.

    Raises
    ------
    RuntimeError
        From `fit`, if `raise_error` and the loss is NaN or infinite.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> history = model.fit(
    ...     [float("nan")], [2.0], epochs=9, verbose=0, callbacks=[TerminateOnNaN()]
    ... )
    Batch 0: Invalid loss, terminating training
    >>> len(history.epoch)
    1
    """

    def __init__(self, raise_error=False):
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. "
                "Terminating training immediately."
            )
        print_msg(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
