"""Long texts cut for truncated back-propagation through time."""

import numpy as np

from kerasette.checks import check_size
from kerasette.data.py_dataset import PyDataset
from kerasette.text.ids import id_array


class Streams(PyDataset):
    """A text cut into parallel streams, of which each batch has the next window.

    Row i of each batch goes on where row i of the batch before has ended, so that a layer with
    ``stateful=True`` reads the whole stream, while gradients reach back to the start of a window:
    truncated back-propagation through time. Each target is the token after its input.

    Parameters
    ----------
    ids : array of integers of shape (tokens,)
    batch_size : int
        Number of streams: that many equal parts of the text, one after the other.
    steps : int
        Tokens of a window.
    **kwargs
        ``workers``, ``use_multiprocessing`` and ``max_queue_size`` of `PyDataset`.

    Attributes
    ----------
    n_left_out : int
        Tokens at the end of the text that are in no stream, and of each stream those that fill no
        window, summed up: they are used neither as inputs nor, but for one a stream, as targets.
        Every window has the same shape.

    Raises
    ------
    ValueError
        If `ids` is no such array, a size is not a positive integer, or the text is too short for
        one window: less than ``batch_size * (steps + 1)`` tokens.

    Notes
    -----
    Use it as data of `fit`, which takes its batches in order whatever `shuffle` says, with
    `ResetStates` among the callbacks: each epoch begins with the first window again, and its state
    with what the layers begin with. (With ``steps_per_epoch`` an epoch goes on where the one before
    has stopped, and states are not to be reset.) In loops of one's own it gives its batches when it
    is iterated over.

    References
    ----------
    Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent
    network trajectories", Neural Computation 2 (1990).

    Examples
    --------
    >>> import numpy as np
    >>> from kerasette import text
    >>> streams = text.Streams(np.arange(11), batch_size=2, steps=2)
    >>> for inputs, targets in streams:
    ...     print(inputs.tolist(), targets.tolist())
    [[0, 1], [5, 6]] [[1, 2], [6, 7]]
    [[2, 3], [7, 8]] [[3, 4], [8, 9]]
    """

    # An epoch that shuffled them would carry states from one place of the text to another.
    _keeps_order = True

    def __init__(self, ids, batch_size, steps, **kwargs):
        super().__init__(**kwargs)
        check_size("batch_size", batch_size)
        check_size("steps", steps)
        ids = id_array("ids", ids, n_axes=1)
        length = len(ids) // batch_size
        if length <= steps:
            raise ValueError(
                f"{batch_size} streams with windows of {steps} steps need at least "
                f"{batch_size * (steps + 1)} tokens. Received: ids.shape={ids.shape}"
            )
        self.batch_size, self.steps = int(batch_size), int(steps)
        self._streams = ids[: length * batch_size].reshape(batch_size, length)
        self.n_left_out = len(ids) - batch_size * (len(self) * self.steps + 1)

    def __len__(self):
        """Number of windows."""
        return (self._streams.shape[1] - 1) // self.steps

    def __getitem__(self, index):
        """Window number `index`: inputs and targets, each of shape (batch_size, steps).

        Raises
        ------
        IndexError
            If there is none with this number.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"There are {len(self)} windows. Received: index={index}")
        start = index * self.steps
        window = self._streams[:, start : start + self.steps + 1]
        return np.ascontiguousarray(window[:, :-1]), np.ascontiguousarray(window[:, 1:])
