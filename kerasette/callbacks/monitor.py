"""What callbacks share that watch a value in the logs."""

import warnings

import numpy as np

from kerasette import ops
from kerasette.callbacks.base import Callback
from kerasette.checks import is_number
from kerasette.default_dtype import floatx

MODES = ("auto", "min", "max")


class MonitorCallback(Callback):
    """Base of callbacks that act when a value of the logs gets better, or does not.

    Parameters
    ----------
    monitor : str
        Name of the value.
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better. With "auto" it is smaller for ``loss``, and for
        metrics what they say themselves.
    baseline : float, optional
        What the first value has to be better than.
    min_delta : float
        A value is better if it is so by more than this.
    """

    def __init__(self, monitor="val_loss", mode="auto", baseline=None, min_delta=0):
        super().__init__()
        if mode not in MODES:
            warnings.warn(
                f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.",
                stacklevel=3,
            )
            mode = "auto"
        if not is_number(min_delta):
            raise ValueError(f"`min_delta` must be a number. Received: min_delta={min_delta!r}")
        self.monitor = monitor
        self.mode = mode
        self.best = baseline
        self.min_delta = abs(min_delta)
        # -1 where smaller is better, 1 where larger is; found when the metrics are there.
        self._sign = None

    def _find_direction(self):
        """Finds out whether smaller or larger is better, once.

        Raises
        ------
        ValueError
            If nothing says so.
        """
        if self._sign is not None:
            return
        mode = self.mode if self.mode != "auto" else self._mode_of_metric()
        if mode is None:
            raise ValueError(
                f"{type(self).__name__} callback received monitor={self.monitor}, but kerasette "
                "isn't able to automatically determine whether that metric should be maximized "
                "or minimized. Pass `mode='max'` in order to monitor based on the highest metric "
                "value, or pass `mode='min'` in order to use the lowest value."
            )
        self._sign = -1 if mode == "min" else 1

    @property
    def monitor_op(self):
        """`ops.less` where smaller is better, `ops.greater` where larger is; None if not known."""
        return {None: None, -1: ops.less, 1: ops.greater}[self._sign]

    def _mode_of_metric(self):
        name = self.monitor.removeprefix("val_")
        mode = "min" if name == "loss" else None
        known = getattr(self.model, "metrics", ())
        # What is compiled is one metric that holds others.
        for metric in [m for each in known for m in getattr(each, "metrics", [each])]:
            direction = getattr(metric, "_direction", None)
            if metric.name == name and direction is not None:
                mode = "max" if direction == "up" else "min"
        return mode

    def _is_improvement(self, value, reference):
        """Whether `value` is better than `reference`, or there is none."""
        if reference is None:
            return True
        # In the precision of the metrics: a float32 of 0.1 is larger than the 0.1 of Python.
        dtype = np.dtype(floatx()).type
        value, reference = dtype(value - self._sign * self.min_delta), dtype(reference)
        return bool(value < reference if self._sign < 0 else value > reference)
