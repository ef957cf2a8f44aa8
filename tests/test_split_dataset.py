"""Data sets cut in two."""

import random

import numpy as np
import pytest

import kerasette
from kerasette.utils import split_dataset

X = np.arange(20.0).reshape(10, 2)
Y = np.arange(10)


class Numbers(kerasette.utils.PyDataset):
    def __init__(self, length=5, **options):
        super().__init__(**options)
        self.length = length
        self.ended = 0

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return np.full((2, 1), index), np.zeros((2, 1))

    def on_epoch_end(self):
        self.ended += 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"left_size": 0.8}, (8, 2)),
        ({"left_size": 3}, (3, 7)),
        ({"right_size": 3}, (7, 3)),
        ({"right_size": 0.25}, (8, 2)),
        ({"left_size": 0.5, "right_size": 0.3}, (5, 3)),
        ({"left_size": 2, "right_size": 0.5}, (2, 5)),
        ({"left_size": 0.45}, (4, 6)),
    ],
)
def test_sizes_are_those_of_keras(sizes, expected):
    # Lengths of what Keras 3.15.1 returns for ten samples.
    left, right = split_dataset(X, **sizes)
    assert (len(left), len(right)) == expected
    np.testing.assert_array_equal(left, X[: expected[0]])
    np.testing.assert_array_equal(right, X[10 - expected[1] :])


@pytest.mark.parametrize(
    ("sizes", "error"),
    [
        ({}, ValueError),
        ({"left_size": 0}, ValueError),
        ({"left_size": 10}, ValueError),
        ({"left_size": 1.0}, ValueError),
        ({"right_size": -0.5}, ValueError),
        ({"left_size": 0.6, "right_size": 0.6}, ValueError),
        ({"left_size": 6, "right_size": 6}, ValueError),
        ({"left_size": 0.01}, ValueError),
        ({"left_size": "3"}, TypeError),
        ({"right_size": True}, TypeError),
        ({"left_size": 3, "preferred_backend": "torch"}, ValueError),
    ],
)
def test_sizes_that_do_not_fit_are_refused(sizes, error):
    with pytest.raises(error):
        split_dataset(X, **sizes)


def test_structures_stay_structures():
    left, right = split_dataset({"x": X, "y": (Y, Y + 1)}, left_size=7)
    assert type(left["y"]) is tuple
    np.testing.assert_array_equal(left["x"], X[:7])
    np.testing.assert_array_equal(right["y"][1], Y[7:] + 1)
    with pytest.raises(ValueError, match="cardinality"):
        split_dataset((X, Y[:3]), left_size=2)


def test_samples_are_drawn_with_pythons_random():
    order = list(range(10))
    random.Random(7).shuffle(order)
    left, right = split_dataset((X, Y), left_size=4, shuffle=True, seed=7)
    np.testing.assert_array_equal(left[1], order[:4])
    np.testing.assert_array_equal(right[0], X[order[4:]])
    random.seed(1)
    first = split_dataset(Y, left_size=4, shuffle=True)[0]
    assert list(first) != list(split_dataset(Y, left_size=4, shuffle=True)[0])
    random.seed(1)
    np.testing.assert_array_equal(split_dataset(Y, left_size=4, shuffle=True)[0], first)


def test_a_data_set_becomes_two():
    data = Numbers(workers=3, max_queue_size=2)
    left, right = split_dataset(data, left_size=3, shuffle=True, seed=0)
    assert (len(left), len(right), left.workers, left.max_queue_size) == (3, 2, 3, 2)
    seen = [int(batch[0][0, 0]) for half in (left, right) for batch in half]
    assert sorted(seen) == [0, 1, 2, 3, 4] and seen != sorted(seen)
    left.on_epoch_end()
    assert data.ended == 1


def test_samples_of_a_sequence_are_put_together():
    class Samples:
        def __len__(self):
            return 10

        def __getitem__(self, index):
            return X[index], Y[index]

    left, right = split_dataset(Samples(), right_size=3)
    np.testing.assert_array_equal(left[0], X[:7])
    np.testing.assert_array_equal(right[1], Y[7:])


def test_sparse_matrices_stay_sparse():
    scipy_sparse = pytest.importorskip("scipy.sparse")
    left, right = split_dataset(scipy_sparse.coo_matrix(X), left_size=0.5)
    assert scipy_sparse.issparse(left)
    np.testing.assert_array_equal(right.toarray(), X[5:])


@pytest.mark.parametrize("data", [3, object(), iter([X]), None])
def test_what_cannot_be_split_is_refused(data):
    with pytest.raises((TypeError, ValueError)):
        split_dataset(data, left_size=0.5)


def test_a_data_set_without_an_end_is_refused():
    class Endless(Numbers):
        num_batches = None

    with pytest.raises(ValueError, match="without an end"):
        split_dataset(Endless(), left_size=2)


COVERED = {
    "utils.split_dataset": "dataset left_size right_size shuffle seed preferred_backend".split()
}
