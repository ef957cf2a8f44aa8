"""Windows of a series of numbers as a data set."""

from typing import Any

import numpy as np

from kerasette.checks import is_whole
from kerasette.random.sources import numpy_random
from kerasette.utils.labelled_files import check_format
from kerasette.utils.numbered_dataset import NumberedDataset


class WindowDataset(NumberedDataset):
    """Batches of windows of a series.

    Parameters
    ----------
    data : ndarray of shape (steps, ...)
    targets : ndarray, optional
        By the step that a window begins with.
    starts : ndarray of int
        Steps that windows begin with.
    offsets : ndarray of int
        Steps of a window, from its first on.
    batch_size, shuffle, seed, **kwargs
        Of `NumberedDataset`.
    """

    def __init__(self, data, targets, starts, offsets, batch_size, shuffle, seed, **kwargs):
        super().__init__(len(starts), batch_size, shuffle, seed, **kwargs)
        self._data = data
        self._targets = targets
        self._starts = starts
        self._offsets = offsets

    def take(self, chosen):
        """Windows, or windows and targets."""
        starts = self._starts[chosen]
        windows = self._data[starts[..., None] + self._offsets]
        return windows if self._targets is None else (windows, self._targets[starts])


def timeseries_dataset_from_array(
    data, targets, sequence_length, sequence_stride=1, sampling_rate=1, batch_size: Any = 128,
    shuffle=False, seed=None, start_index=None, end_index=None, format="py_dataset",
):  # fmt: skip
    """A data set of windows of a series, and of a target for each.

    Parameters
    ----------
    data : array of shape (steps, ...)
    targets : array or None
        ``targets[i]`` belongs to the window that begins with ``data[i]``. None: windows alone.
    sequence_length : int
        Steps of a window.
    sequence_stride : int
        From the beginning of a window to that of the next.
    sampling_rate : int
        From a step of a window to the next in it.
    batch_size : int or None
        None: windows come one by one.
    shuffle : bool
        Whether windows come in another order than that of time, a new one in each epoch.
    seed : int, optional
        Of these orders; by default drawn from NumPy's global generator.
    start_index, end_index : int, optional
        Only steps from the one to before the other count.
    format : {"py_dataset"}
        There is no ``"tf"``, which needs TensorFlow, and no ``"grain"``.

    Returns
    -------
    PyDataset
        Of batches of windows, of shape (batch, sequence_length, ...), or of
        ``(windows, targets)``.

    Raises
    ------
    ValueError
        For arguments that are out of range or of another kind, and where no window fits.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> steps = np.arange(10)
    >>> data = kerasette.utils.timeseries_dataset_from_array(steps[:-3], steps[3:], 3)
    >>> windows, following = data[0]
    >>> windows.tolist(), following.tolist()
    ([[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6]], [3, 4, 5, 6, 7])
    """
    data = _series("data", data)
    targets = None if targets is None else _series("targets", targets)
    _check_order(shuffle, seed)
    _check_indices(start_index, end_index, len(data))
    _check_steps(sequence_length, len(data), sampling_rate=sampling_rate,
                 sequence_stride=sequence_stride)  # fmt: skip
    check_format(format)
    data = data[start_index:end_index]
    n_windows = len(data) - (sequence_length - 1) * sampling_rate
    if targets is not None:
        targets = targets[start_index:end_index]
        n_windows = min(n_windows, len(targets))
    if n_windows <= 0:
        span = (sequence_length - 1) * sampling_rate + 1
        n_targets = "" if targets is None else f" and {len(targets)} targets"
        raise ValueError(
            f"No window fits: a window of sequence_length={sequence_length} spans {span} steps, "
            f"and there are {len(data)} steps{n_targets}."
        )
    if shuffle and seed is None:
        seed = numpy_random().randint(1e6)
    starts = np.arange(0, n_windows, sequence_stride)
    offsets = np.arange(0, sequence_length * sampling_rate, sampling_rate)
    return WindowDataset(data, targets, starts, offsets, batch_size, shuffle, seed)


def _series(name, values):
    array = np.asarray(values)
    if not array.ndim:
        raise ValueError(f"`{name}` must be an array, by steps. Received: {name}={values!r}")
    return array


def _check_order(shuffle, seed):
    if not isinstance(shuffle, (bool, np.bool_)):
        raise ValueError(f"`shuffle` must be True or False. Received: shuffle={shuffle!r}")
    if seed is not None and not (is_whole(seed) and 0 <= seed < 2**32):
        raise ValueError(
            f"`seed` must be None or an integer in [0, 2**32). Received: seed={seed!r}"
        )


def _check_indices(start_index, end_index, length):
    of = f"for data of length {length}"
    for name, value in (("start_index", start_index), ("end_index", end_index)):
        if value is not None and not is_whole(value):
            raise ValueError(f"`{name}` must be an integer or None. Received: {name}={value!r}")
    if start_index and start_index < 0:
        raise ValueError(f"`start_index` must be 0 or greater. Received: start_index={start_index}")
    if start_index and start_index >= length:
        raise ValueError(
            "`start_index` must be lower than the length of the data. Received: "
            f"start_index={start_index}, {of}"
        )
    if end_index is not None and end_index <= 0:
        raise ValueError(f"`end_index` must be higher than 0. Received: end_index={end_index}")
    if end_index and start_index and end_index <= start_index:
        raise ValueError(
            "`end_index` must be higher than `start_index`. Received: "
            f"start_index={start_index}, and end_index={end_index}"
        )
    if end_index and end_index >= length:
        raise ValueError(
            "`end_index` must be lower than the length of the data. Received: "
            f"end_index={end_index}, {of}"
        )


def _check_steps(sequence_length, length, **steps):
    if not is_whole(sequence_length) or sequence_length < 1:
        raise ValueError(
            f"`sequence_length` must be a positive integer. Received: {sequence_length!r}"
        )
    for name, value in steps.items():
        if not is_whole(value):
            raise ValueError(f"`{name}` must be an integer. Received: {name}={value!r}")
        if value <= 0:
            raise ValueError(f"`{name}` must be higher than 0. Received: {name}={value}")
        if value >= length:
            raise ValueError(
                f"`{name}` must be lower than the length of the data. Received: {name}={value}, "
                f"for data of length {length}"
            )
