"""Logs in a file of comma-separated values."""

import os
from collections.abc import Iterable

import numpy as np

from kerasette.callbacks.base import Callback


class CSVLogger(Callback):
    """Writes the logs of each epoch as a line of a CSV file.

    The columns are ``epoch``, then the names in the logs of the first epoch in alphabetical order;
    if none of them begins with ``val_``, as many more that do, filled with NA.

    Parameters
    ----------
    filename : str or path
    separator : str
        One character, between the values of a line.
    append : bool
        Whether to go on with a file that is there; its header is not written again. Otherwise a
        fit begins the file anew.

    Raises
    ------
    TypeError
        If `separator` is not one character.
    OSError
        When training begins, if the file cannot be written.

    Examples
    --------
    >>> import kerasette, pathlib, tempfile
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "log.csv")
    ...     history = model.fit([0.0], [0.0], verbose=0, callbacks=[CSVLogger(path)])
    ...     print(path.read_text())
    epoch,loss,val_loss
    0,0.0,NA
    """

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        if not isinstance(separator, str) or len(separator) != 1:
            raise TypeError(
                f'"separator" must be a 1-character string. Received: separator={separator!r}'
            )
        self.filename = os.fspath(filename)
        self.sep = separator
        self.append = append
        self.keys = None
        self._has_header = False

    def on_train_begin(self, logs=None):
        self.keys = None
        self._has_header = self.append and has_text(self.filename)
        with open(self.filename, "a" if self.append else "w", encoding="utf-8"):
            pass

    def on_epoch_end(self, epoch, logs=None):
        # Not at the top: few programs need it, and it is not free.
        import csv

        logs = logs or {}
        if self.keys is None:
            self.keys = columns(logs)
        # Opened for each line, so that nothing stays open when training is interrupted.
        with open(self.filename, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.sep)
            if not self._has_header:
                writer.writerow(["epoch", *self.keys])
                self._has_header = True
            writer.writerow([epoch, *(cell(logs.get(key, "NA")) for key in self.keys)])


def has_text(filename):
    """Whether a file is there, and not empty."""
    return os.path.exists(filename) and os.path.getsize(filename) > 0


def columns(logs):
    """Names of the columns for logs."""
    names = sorted(logs)
    if any(name.startswith("val_") for name in names):
        return names
    return names + [f"val_{name}" for name in names]


def cell(value):
    """A value as it is written: several numbers as a list in quotes."""
    is_number = isinstance(value, np.ndarray) and value.ndim == 0
    if is_number or isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return f'"[{", ".join(map(str, value))}]"'
