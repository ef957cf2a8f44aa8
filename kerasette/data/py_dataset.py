"""Data sets whose batches are made by Python code."""

import itertools
import warnings

from kerasette.checks import is_whole


class PyDataset:
    """Base class of data sets that give batch number i when asked for it.

    A subclass defines ``__getitem__(index)``, which returns a whole batch as ``(x,)``, ``(x, y)``
    or ``(x, y, sample_weight)``, each an array or a structure of arrays, or a dict ``x``; and
    ``__len__()``, the number of batches. One that never ends overrides `num_batches` to be None
    instead.

    Parameters
    ----------
    workers : int
        How many workers make batches ahead of time, in `fit`, `evaluate` and `predict`. With one
        or none, batches are made where they are needed, unless `use_multiprocessing` is set.
    use_multiprocessing : bool
        Whether workers are processes, not threads. Each has a copy of the data set, as it was when
        the epoch began.
    max_queue_size : int
        Batches that wait, at most, for being used.

    Raises
    ------
    ValueError
        If `workers` or `max_queue_size` is no integer of at least 0.

    Notes
    -----
    Batches come in the order of their numbers, or of a shuffle of Python's `random` in `fit` with
    ``shuffle=True``, however many workers there are.

    Processes are started as `multiprocessing` is set to start them. Where that is "spawn" or
    "forkserver", the data set must be one that can be pickled, and a script must start its
    training below ``if __name__ == "__main__":``.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> class Rows(kerasette.utils.PyDataset):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, index):
    ...         return np.full((2, 1), index), np.zeros((2, 1))
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.predict(Rows(workers=2), verbose=0).shape
    (6, 1)
    """

    # Whether `fit` leaves the order of the batches as it is even with ``shuffle=True``.
    _keeps_order = False

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        self.workers = workers
        self._use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def _check_init(self):
        """Warns, and sets what is missing, if a subclass has not called this constructor."""
        if "_max_queue_size" in self.__dict__ and "_workers" in self.__dict__:
            return
        for name, value in (
            ("_workers", 1), ("_use_multiprocessing", False), ("_max_queue_size", 10)
        ):  # fmt: skip
            self.__dict__.setdefault(name, value)
        warnings.warn(
            "Your `PyDataset` class should call `super().__init__(**kwargs)` in its constructor, "
            "where `**kwargs` can include `workers`, `use_multiprocessing` and `max_queue_size`.",
            stacklevel=3,
        )

    @property
    def workers(self):
        """Number of workers."""
        self._check_init()
        return self._workers

    @workers.setter
    def workers(self, value):
        self._workers = _checked("workers", value)

    @property
    def use_multiprocessing(self):
        """Whether workers are processes."""
        self._check_init()
        return self._use_multiprocessing

    @use_multiprocessing.setter
    def use_multiprocessing(self, value):
        self._use_multiprocessing = value

    @property
    def max_queue_size(self):
        """Number of batches that wait, at most."""
        self._check_init()
        return self._max_queue_size

    @max_queue_size.setter
    def max_queue_size(self, value):
        self._max_queue_size = _checked("max_queue_size", value)

    def __getitem__(self, index):
        """Batch number `index`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `__getitem__(self, index)`, which returns a batch."
        )

    @property
    def num_batches(self):
        """Number of batches; None: there is no end."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"{type(self).__name__} must define `__len__(self)`, or the property `num_batches`."
        )

    def __iter__(self):
        """Batches in the order of their numbers, made one after the other."""
        try:
            n_batches = self.num_batches
        except NotImplementedError:
            n_batches = None
        numbers = itertools.count() if n_batches is None else range(n_batches)
        return (self[index] for index in numbers)

    def on_epoch_begin(self):
        """Called before each epoch."""

    def on_epoch_end(self):
        """Called after each epoch, and once before the first."""


def _checked(name, value):
    if not is_whole(value) or value < 0:
        raise ValueError(f"`{name}` must be an integer of at least 0. Received: {name}={value!r}")
    return value


# Its name in older programs.
Sequence = PyDataset
