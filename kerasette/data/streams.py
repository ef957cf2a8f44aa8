"""Data that comes batch by batch: generators, data sets of the user's, anything to iterate over."""

import itertools
import types

from kerasette.data.py_dataset import PyDataset
from kerasette.data.unpacking import unpack_x_y_sample_weight
from kerasette.data.workers import made_ahead
from kerasette.random.sources import python_random

# Batches that are taken from a generator before it is used; they come again after its end.
PEEKED = 2

# What is gone through as data itself, not as batches.
ARRAY_LIKE = ("shape", "__array__", "__dataframe__", "__dlpack__")


def stream_of(x):
    """The stream of batches that `x` is; None if it is data itself. Takes nothing from it."""
    if isinstance(x, PyDataset):
        return PyDatasetStream(x)
    if isinstance(x, types.GeneratorType):
        return GeneratorStream(x, "generator")
    if isinstance(x, (list, tuple, dict, str, bytes, range, set, frozenset)):
        return None
    if not hasattr(x, "__iter__") or any(hasattr(x, name) for name in ARRAY_LIKE):
        return None
    return GeneratorStream(x, type(x).__name__) if hasattr(x, "__next__") else IterableStream(x)


class Stream:
    """Batches, one after the other.

    Attributes
    ----------
    kind : str
        What it is, in words.
    source : object
        What makes the batches.
    n_batches : int or None
        Of a pass, if it is known.
    begins_anew : bool
        Whether each pass has all batches.
    """

    kind = "iterable"
    n_batches = None
    begins_anew = True
    hint = "The data is expected to be shuffled already."

    def open(self):
        """Called once, before anything else is.

        Raises
        ------
        ValueError
            If there is no batch.
        """

    def iterate(self, shuffle):
        """An iterator over the batches of a pass, with a method `pause`."""
        raise NotImplementedError

    def unpacked(self, batch):
        """x, y and sample weights of a batch.

        Raises
        ------
        ValueError
            If it is none.
        """
        return unpack_x_y_sample_weight(batch)

    def on_epoch_begin(self):
        """Called before each epoch."""

    def on_epoch_end(self):
        """Called after each epoch."""


class Pass:
    """An iterator that can pause."""

    def __init__(self, batches):
        self._batches = batches

    def __next__(self):
        return next(self._batches)

    def pause(self):
        """Keeps nobody waiting until the next epoch."""


class IterableStream(Stream):
    """Batches of an object that can be iterated over again and again, as a DataLoader.

    Parameters
    ----------
    batches : iterable
        Its length, if it has one, is the number of batches.
    """

    def __init__(self, batches):
        self.source = self.batches = batches
        module = type(batches).__module__
        self.kind = type(batches).__name__
        if module.startswith("torch.utils.data"):
            self.kind = "torch DataLoader"
        elif module.startswith("tensorflow."):
            self.kind = "tf.data.Dataset"

    @property
    def n_batches(self):
        try:
            return len(self.batches)
        except TypeError:
            return None

    def iterate(self, shuffle):
        return Pass(iter(self.batches))


class GeneratorStream(Stream):
    """Batches of a generator, or of another iterator: there is one pass.

    As in Keras, its first two batches are kept, and a pass that comes later begins with them.
    """

    begins_anew = False
    hint = "It is expected to yield shuffled data."

    def __init__(self, batches, kind):
        self.kind = kind
        self.source = self.batches = batches
        self.first = []

    def open(self):
        self.first = list(itertools.islice(self.batches, PEEKED))
        if not self.first:
            raise ValueError(f"The {self.kind} must yield at least one batch. It is empty.")

    def iterate(self, shuffle):
        return Pass(itertools.chain(self.first, self.batches))

    def unpacked(self, batch):
        if not isinstance(batch, tuple):
            raise ValueError(
                f"A {self.kind} must yield a tuple, either (input,) or (inputs, targets) or "
                f"(inputs, targets, sample_weights). Received: {str(batch)[:100]}... of type "
                f"{type(batch)}"
            )
        return super().unpacked(batch)


class PyDatasetStream(Stream):
    """Batches of a `PyDataset`."""

    kind = "PyDataset"

    def __init__(self, dataset):
        self.source = self.dataset = dataset
        self.has_workers = False

    def open(self):
        # Warns of a constructor that was not called.
        workers = self.dataset.workers
        self.has_workers = workers > 1 or (workers > 0 and self.dataset.use_multiprocessing)
        if self.n_batches == 0:
            raise ValueError(f"The {self.kind} has no batches: its length is 0.")

    @property
    def n_batches(self):
        return self.dataset.num_batches

    def iterate(self, shuffle):
        shuffle = shuffle and not self.dataset._keeps_order
        return DatasetPass(self.dataset, shuffle, self.has_workers)

    def unpacked(self, batch):
        if isinstance(batch, dict):
            return batch, None, None
        if type(batch).__module__ == "numpy" and hasattr(batch, "shape"):
            batch = (batch,)
        if not isinstance(batch, (list, tuple)) or not 1 <= len(batch) <= 3:
            raise ValueError(
                "PyDataset.__getitem__() must return a tuple or a dict. If a tuple, it must be "
                "ordered either (input,) or (inputs, targets) or (inputs, targets, "
                f"sample_weights). Received: {str(batch)[:100]}... of type {type(batch)}"
            )
        return super().unpacked(batch)

    def on_epoch_begin(self):
        self.dataset.on_epoch_begin()

    def on_epoch_end(self):
        self.dataset.on_epoch_end()


class DatasetPass:
    """One pass over a `PyDataset`, with workers if it has any."""

    def __init__(self, dataset, shuffle, has_workers):
        self._dataset = dataset
        self._shuffle = shuffle
        self._has_workers = has_workers
        self._order = None
        self._n_done = 0
        self._batches = None

    def __next__(self):
        if self._batches is None:
            self._batches = self._begin()
        batch = next(self._batches)
        self._n_done += 1
        return batch

    def _begin(self):
        """Batches from the first on that has not been used."""
        if self._order is None:
            n_batches = self._dataset.num_batches
            self._order = itertools.count() if n_batches is None else range(n_batches)
            if self._shuffle and n_batches is not None:
                self._order = list(self._order)
                python_random().shuffle(self._order)
        if isinstance(self._order, itertools.count):
            numbers = itertools.count(self._n_done)
        else:
            numbers = self._order[self._n_done :]
        if self._has_workers:
            return made_ahead(self._dataset, numbers)
        return (self._dataset[number] for number in numbers)

    def pause(self):
        """Ends the workers.

        What they have made ahead is made again: the end of an epoch may change the data set.
        """
        if self._batches is not None:
            self._batches.close()
            self._batches = None
