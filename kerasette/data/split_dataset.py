"""Data sets cut in two."""

import random

import numpy as np

from kerasette import tree
from kerasette.data.array_likes import holds_rows
from kerasette.data.py_dataset import PyDataset
from kerasette.data.sparse import SparseRows
from kerasette.data.structures import as_samples, check_same_length, count_samples
from kerasette.random.sources import python_random


def split_dataset(
    dataset, left_size=None, right_size=None, shuffle=False, seed=None, preferred_backend=None
):
    """Splits data into two parts, such as one for training and one for tests.

    What Keras returns as data sets of TensorFlow or PyTorch comes as what was given: arrays, or
    batches of a `PyDataset`.

    Parameters
    ----------
    dataset : array, structure of arrays, PyDataset, or sequence of samples
        Arrays have one sample a row. Of a `PyDataset` whole batches are taken; of anything else
        with a length and indices, such as a map-style data set of PyTorch, samples, which are put
        together in arrays.
    left_size, right_size : int or float, optional
        Number of samples, or share of them in (0, 1), of each part. One may be left out: it is
        the rest then.
    shuffle : bool
        Whether samples are drawn at random; otherwise the left part is the beginning, and the
        right one the end.
    seed : int, optional
        For drawing.
    preferred_backend : None
        There is one backend only.

    Returns
    -------
    (left, right)
        Arrays in the structure of `dataset`, or two PyDatasets.

    Raises
    ------
    TypeError
        For other data or sizes of another type.
    ValueError
        If a part would be empty, there are not so many samples, or arrays differ in length.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> left, right = kerasette.utils.split_dataset(np.arange(5), left_size=0.8)
    >>> left, right
    (array([0, 1, 2, 3]), array([4]))
    """
    if preferred_backend is not None:
        raise ValueError(
            "`preferred_backend` is not supported: there is one backend. "
            f"Received: preferred_backend={preferred_backend!r}"
        )
    if left_size is None and right_size is None:
        raise ValueError(
            "At least one of the `left_size` or `right_size` must be specified. Received: "
            "left_size=None and right_size=None"
        )
    data, length = splittable(dataset)
    n_left, n_right = checked_sizes(left_size, right_size, length)
    left, right = slice(0, n_left), slice(length - n_right, length)
    if shuffle:
        order = drawn_order(length, seed)
        left, right = order[left], order[right]
    return part(data, left), part(data, right)


def splittable(dataset):
    """The data as something that `part` takes, and its length."""
    if isinstance(dataset, PyDataset):
        if dataset.num_batches is None:
            raise ValueError("A PyDataset without an end cannot be split.")
        return dataset, dataset.num_batches
    if isinstance(dataset, (list, tuple, dict)) or holds_rows(dataset):
        data = as_samples(dataset, "dataset")
        check_same_length({"dataset": data})
        return data, count_samples(data)
    if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
        raise TypeError(
            "The `dataset` argument must be an array, a list, tuple or dict of arrays, a "
            f"PyDataset, or a sequence of samples. Received: {dataset!r} of type {type(dataset)}"
        )
    samples = [dataset[index] for index in range(len(dataset))]
    if not samples:
        raise ValueError("The `dataset` has no samples.")
    return tree.map_structure(lambda *values: np.stack(values), *samples), len(samples)


def part(data, numbers):
    """The samples, or batches, of these numbers, an array or a slice."""
    if isinstance(data, PyDataset):
        return PartOfDataset(data, np.arange(data.num_batches)[numbers].tolist())
    return tree.map_structure(lambda array: rows(array, numbers), data, none_is_leaf=False)


def rows(array, numbers):
    """Rows of an array; a sparse matrix stays one."""
    return array.matrix[numbers] if isinstance(array, SparseRows) else array[numbers]


class PartOfDataset(PyDataset):
    """Some of the batches of a `PyDataset`, with its workers and ends of epochs.

    Parameters
    ----------
    dataset : PyDataset
    numbers : list of int
        Which of its batches.
    """

    def __init__(self, dataset, numbers):
        super().__init__(dataset.workers, dataset.use_multiprocessing, dataset.max_queue_size)
        self.dataset = dataset
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, index):
        return self.dataset[self.numbers[index]]

    def on_epoch_begin(self):
        """Has the whole data set begin an epoch."""
        self.dataset.on_epoch_begin()

    def on_epoch_end(self):
        """Has the whole data set end an epoch."""
        self.dataset.on_epoch_end()


def drawn_order(length, seed):
    """An order of samples as Keras draws it: with Python's `random`."""
    order = list(range(length))
    seed = python_random().randint(0, 10**6) if seed is None else seed
    random.Random(seed).shuffle(order)
    return np.array(order)


def checked_sizes(left_size, right_size, length):
    """The number of samples of each part."""
    for name, size in (("left_size", left_size), ("right_size", right_size)):
        if size is not None and type(size) not in (int, float):
            raise TypeError(
                f"Invalid `{name}` Type. Expected: int or float or None, "
                f"Received: type({name})={type(size)}"
            )
        if size is not None and not 0 < size < (length if type(size) is int else 1):
            raise ValueError(
                f"`{name}` should be either a positive integer smaller than {length}, or a float "
                f"within the range `[0, 1]`. Received: {name}={size}"
            )
    if type(left_size) is type(right_size) is float and left_size + right_size > 1:
        raise ValueError(
            "The sum of `left_size` and `right_size` is greater than 1. It must be less than or "
            "equal to 1."
        )
    n_left, n_right = (
        round(size * length) if type(size) is float else size for size in (left_size, right_size)
    )
    n_left = length - n_right if n_left is None else n_left
    n_right = length - n_left if n_right is None else n_right
    if n_left + n_right > length:
        raise ValueError(
            f"The sum of `left_size` and `right_size` should be smaller than the {length}. "
            f"Received: left_size + right_size = {n_left + n_right}"
        )
    if not n_left or not n_right:
        raise ValueError(
            f"With `dataset` of length={length}, `left_size`={left_size} and "
            f"`right_size`={right_size}, one of the parts would be empty."
        )
    return n_left, n_right
