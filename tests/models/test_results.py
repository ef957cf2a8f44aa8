"""What `predict` returns for models whose outputs are structures, or have other rows."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops

X = np.random.default_rng(5).normal(size=(21, 3)).astype("float32")


class Of(kerasette.Model):
    """A model that is a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, inputs):
        return self.function(inputs)


def means(x):
    return ops.mean(x, axis=0, keepdims=True)


def in_batches(function, size=4):
    return np.concatenate([function(X[i : i + size]) for i in range(0, len(X), size)])


STRUCTURES = {
    "tuple": (lambda x: (x + 1, ops.sum(x, axis=1)), (X + 1, X.sum(1))),
    "dict": (lambda x: {"b": x * 2, "a": [x > 0]}, {"b": X * 2, "a": [X > 0]}),
    "whole numbers": (lambda x: ops.argmax(x, axis=-1), X.argmax(-1)),
    "rank three": (lambda x: ops.expand_dims(x, 1), X[:, None]),
}


def assert_close(found, expected):
    kerasette.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6), found, expected
    )


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize(("function", "expected"), STRUCTURES.values(), ids=STRUCTURES)
def test_outputs_come_in_their_structure(function, expected, run_eagerly):
    model = Of(function)
    model.run_eagerly = run_eagerly
    for arguments in ({}, {"batch_size": 4}, {"batch_size": 4, "steps": 6}):
        for _ in range(3):
            found = model.predict(X, verbose=0, **arguments)
            assert_close(found, expected)
    stream = ((X[i : i + 5],) for i in range(0, 20, 5))
    with pytest.warns(UserWarning, match="ran out of data"):
        found = model.predict(stream, verbose=0)
    first = kerasette.tree.map_structure(lambda a: a[:20], expected)
    kerasette.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6), found, first
    )
    kerasette.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6),
        model.predict_on_batch(X),
        expected,
    )


def test_outputs_with_fewer_rows_than_samples_are_put_together():
    for _ in range(3):
        model = Of(means)
        found = model.predict(X, batch_size=4, verbose=0)
        np.testing.assert_allclose(
            found, in_batches(lambda x: x.mean(0, keepdims=True)), rtol=1e-5, atol=1e-6
        )
        found = model.predict(X, batch_size=4, verbose=0)
        assert found.shape == (6, 3)


def test_batches_whose_rows_are_not_alike_are_put_together():
    # The last batch has one sample, whose mean has as many rows as it has.
    def first_rows(x):
        return x[: max(1, x.shape[0] - 1)]

    found = Of(first_rows).predict(X, batch_size=5, verbose=0)
    np.testing.assert_array_equal(found, X[np.arange(21) % 5 != 4])
    found = Of(lambda x: x if x.shape[0] == 5 else x[:, :2]).predict
    with pytest.raises(ValueError, match=r"concatenat|dimensions"):
        found(X, batch_size=5, verbose=0)


def test_outputs_without_an_axis_of_samples_are_refused():
    with pytest.raises(ValueError, match="no axis of samples"):
        Of(ops.sum).predict(X, verbose=0)


def test_callbacks_get_the_outputs_of_their_batches():
    seen = []

    class Look(kerasette.callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            # As in Keras the entries of a dict are logs themselves.
            seen.append(logs)

    Of(lambda x: {"a": x, "m": means(x)}).predict(X, batch_size=8, verbose=0, callbacks=[Look()])
    assert [batch["a"].shape for batch in seen] == [(8, 3), (8, 3), (5, 3)]
    assert [batch["m"].shape for batch in seen] == [(1, 3)] * 3
    np.testing.assert_array_equal(seen[1]["a"], X[8:16])


def test_a_callback_that_stops_leaves_the_rows_that_are_done():
    class Stop(kerasette.callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            self.model.stop_predicting = batch == 1

    model = Of(lambda x: [x, means(x)])
    rows, averages = model.predict(X, batch_size=8, verbose=0, callbacks=[Stop()])
    assert rows.shape == (16, 3) and averages.shape == (2, 3)


def test_nothing_gives_nothing_in_the_structure_of_the_outputs():
    inputs = kerasette.Input((3,))
    model = kerasette.Model(inputs, {"a": layers.Dense(2)(inputs), "b": [inputs > 0]})
    found = model.predict(X[:0], verbose=0)
    assert found["a"].shape == (0, 2) and found["b"][0].shape == (0, 3)
    assert found["b"][0].dtype == bool


def test_results_are_in_memory_of_their_own():
    model = Of(lambda x: x * 1)
    first = model.predict(X, verbose=0)
    second = model.predict(X + 1, verbose=0)
    np.testing.assert_array_equal(first, X)
    assert not np.shares_memory(first, second)
