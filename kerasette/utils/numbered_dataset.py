"""Data sets of things that have numbers, in batches."""

import numpy as np

from kerasette.checks import check_size
from kerasette.data.py_dataset import PyDataset


class NumberedDataset(PyDataset):
    """Base of data sets that make batches of things number 0, 1, ...; subclasses define `take`.

    Parameters
    ----------
    n : int
        How many there are.
    batch_size : int or None
        None: they come one by one.
    shuffle : bool
        Whether each epoch has another order.
    seed : int
        Of these orders.
    **kwargs
        Of `PyDataset`.
    """

    def __init__(self, n, batch_size, shuffle, seed, **kwargs):
        super().__init__(**kwargs)
        self._n = n
        if batch_size is not None:
            check_size("batch_size", batch_size)
        self._batch_size = batch_size
        self._generator = np.random.RandomState(seed) if shuffle else None
        self._order = np.arange(n)
        self.on_epoch_end()

    def take(self, chosen):
        """What is returned for some of the things.

        Parameters
        ----------
        chosen : ndarray of int, or int
            Their numbers; a number alone if they come one by one.
        """
        raise NotImplementedError

    def __len__(self):
        return -(-self._n // (self._batch_size or 1))

    def __getitem__(self, index):
        """Batch number `index`."""
        if not 0 <= index < len(self):
            raise IndexError(f"There are {len(self)} batches. Received: index={index}")
        if self._batch_size is None:
            return self.take(self._order[index])
        return self.take(self._order[index * self._batch_size : (index + 1) * self._batch_size])

    def __iter__(self):
        """Batches of a pass, in a new order if they are shuffled."""
        yield from super().__iter__()
        self.on_epoch_end()

    def on_epoch_end(self):
        """Draws the order of the next epoch."""
        if self._generator is not None:
            self._order = self._generator.permutation(self._n)


class FileDataset(NumberedDataset):
    """Batches of what is read from files when it is asked for.

    Parameters
    ----------
    file_paths : list of str
    targets : ndarray, optional
        What is returned with what each file holds.
    read : callable
        Of a path.
    batch_size, shuffle, seed, **kwargs
        Of `NumberedDataset`.
    class_names : list of str, optional

    Attributes
    ----------
    file_paths : list of str
    class_names : list of str or None
    """

    def __init__(self, file_paths, targets, read, batch_size, shuffle, seed, class_names, **kwargs):
        super().__init__(len(file_paths), batch_size, shuffle, seed, **kwargs)
        self.file_paths = file_paths
        self.class_names = class_names
        self._targets = targets
        self._read = read

    def take(self, chosen):
        """What files hold, or that and targets."""
        if self._batch_size is None:
            found = self._read(self.file_paths[chosen])
        else:
            found = [self._read(self.file_paths[i]) for i in chosen]
            # Of texts, one of which may be much longer than the others.
            found = np.array(found, object) if isinstance(found[0], str) else np.stack(found)
        return found if self._targets is None else (found, self._targets[chosen])
