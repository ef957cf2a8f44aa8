"""Helpers that users call."""

import gc
import weakref

import numpy as np
import pytest

import kerasette
from kerasette import utils


@pytest.mark.parametrize(
    ("x", "num_classes", "expected"),
    [
        ([0, 2], None, [[1, 0, 0], [0, 0, 1]]),
        ([[0], [1]], None, [[1, 0], [0, 1]]),
        ([0, 1], 3, [[1, 0, 0], [0, 1, 0]]),
        ([[0, 1]], None, [[[1, 0], [0, 1]]]),
        (1, None, [0, 1]),
        ([0.0, 1.0], None, [[1, 0], [0, 1]]),
        ([False, True], None, [[1, 0], [0, 1]]),
    ],
)
def test_to_categorical(x, num_classes, expected):
    found = utils.to_categorical(x, num_classes)
    assert found.dtype == "float64"
    np.testing.assert_array_equal(found, expected)
    found = utils.to_categorical(kerasette.ops.convert_to_tensor(x), num_classes)
    assert found.dtype == "float32"
    np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize("x", [[-1, 2], [0.7], [[1], [-3]], [np.nan], [np.inf], [1.0, -2.0]])
def test_to_categorical_of_what_are_no_class_numbers(x):
    for given in (x, kerasette.ops.convert_to_tensor(x)):
        with pytest.raises(ValueError, match="Class numbers must be integers of at least 0"):
            utils.to_categorical(given)
    with pytest.raises(ValueError, match="`num_classes` must be a positive integer"):
        utils.to_categorical([0, 1], 2.5)


def test_to_categorical_of_nothing_and_of_numbers_too_large():
    assert utils.to_categorical([], 3).shape == (0, 3)
    with pytest.raises(ValueError, match="num_classes"):
        utils.to_categorical([])
    with pytest.raises(IndexError, match="5"):
        utils.to_categorical([0, 5], 3)


@pytest.mark.parametrize("order", [1, 2, 3, np.inf])
@pytest.mark.parametrize("axis", [-1, 0])
def test_normalize(order, axis):
    x = np.random.default_rng(0).normal(size=(3, 4))
    found = utils.normalize(x, axis, order)
    np.testing.assert_allclose(np.linalg.norm(found, order, axis), 1.0, rtol=1e-12)
    np.testing.assert_allclose(found / x, (found / x).mean(axis, keepdims=True).repeat(
        x.shape[axis], axis), rtol=1e-12)  # fmt: skip
    tensor = utils.normalize(kerasette.ops.convert_to_tensor(x), axis, order)
    np.testing.assert_array_equal(tensor.numpy(), found)


def test_normalize_leaves_zeros():
    assert utils.normalize([[3, 4], [0, 0]]).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_clear_session_starts_names_and_draws_again():
    kerasette.utils.clear_session()
    first = kerasette.layers.Dense(1).name
    kerasette.utils.clear_session()
    assert kerasette.layers.Dense(1).name == first == "dense"


@pytest.mark.parametrize("free_memory", [True, False])
def test_clear_session_collects_garbage_if_asked(free_memory):
    class Part:
        pass

    part = Part()
    part.itself = part
    gone = weakref.ref(part)
    gc.disable()
    try:
        del part
        kerasette.utils.clear_session(free_memory=free_memory)
        assert (gone() is None) is free_memory
    finally:
        gc.enable()
