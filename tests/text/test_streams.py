"""Texts cut into streams, and states that are carried along them."""

import random

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops, text


def by_the_listing(ids, batch_size, bptt):
    """Windows as a book's listing cuts them, steps first."""
    ids = np.asarray(ids)
    n_batches = int(len(ids) / batch_size)
    trimmed = ids[: n_batches * batch_size]
    rows = trimmed.reshape(batch_size, n_batches).transpose()
    inputs, targets = rows[:-1], rows[1:]
    n_bptt = int((n_batches - 1) / bptt)
    shape = (n_bptt, bptt, batch_size)
    return [part[: n_bptt * bptt].reshape(shape) for part in (inputs, targets)]


@pytest.mark.parametrize(
    ("n", "batch_size", "steps"),
    [(100, 8, 5), (12, 3, 3), (4, 2, 1), (1000, 7, 16), (99, 1, 9), (97, 4, 23)],
)
def test_windows_are_those_of_the_listing(n, batch_size, steps):
    ids = np.random.default_rng(n).integers(0, 60, n)
    streams = text.Streams(ids, batch_size, steps)
    inputs, targets = by_the_listing(ids, batch_size, steps)
    assert len(streams) == len(inputs)
    for (x, y), x_expected, y_expected in zip(streams, inputs, targets, strict=True):
        assert x.shape == y.shape == (batch_size, steps)
        np.testing.assert_array_equal(x, x_expected.T)
        np.testing.assert_array_equal(y, y_expected.T)
    assert streams.n_left_out == n - batch_size * (len(streams) * steps + 1) >= 0


@pytest.mark.parametrize(("batch_size", "steps", "windows"), [(32, 16, 195), (16, 25, 249)])
def test_numbers_of_windows_are_those_that_the_book_prints(batch_size, steps, windows):
    assert len(text.Streams(np.zeros(99_993, "int32"), batch_size, steps)) == windows


def test_each_row_goes_on_where_it_ended():
    streams = text.Streams(np.arange(1000, 1100), batch_size=3, steps=4)
    assert streams[0][0].dtype == "int32"
    rows = np.concatenate([x for x, _ in streams], axis=1)
    assert rows[:, 0].tolist() == [1000, 1033, 1066]
    np.testing.assert_array_equal(np.diff(rows), 1)
    for x, y in streams:
        np.testing.assert_array_equal(y, x + 1)


def test_large_numbers_of_tokens_stay_as_they_are():
    x, _ = text.Streams([2**40, 1, 2], 1, 1)[0]
    assert x.dtype == "int64" and x.tolist() == [[2**40]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[1, 2]], 1, 1), r"`ids` must be integers in an array of 1 axis.*\(1, 2\)"),
        (([0.5, 1.0], 1, 1), r"float64"),
        ((range(10), 0, 1), "`batch_size` must be a positive integer"),
        ((range(10), 1, 2.0), "`steps` must be a positive integer"),
        ((range(7), 2, 3), r"2 streams with windows of 3 steps need at least 8 .*\(7,\)"),
        (([], 1, 1), r"at least 2"),
    ],
)
def test_what_is_no_text_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.Streams(*arguments)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_are_no_other_windows(index):
    with pytest.raises(IndexError, match=f"3 windows. Received: index={index}"):
        text.Streams(range(7), 1, 2)[index]


class Total(layers.Layer):
    """Adds up what it has seen since the last reset, row by row."""

    def __init__(self, stateful=True, **kwargs):
        super().__init__(**kwargs)
        self.stateful = stateful

    def build(self, input_shape):
        self.total = self.add_weight((2, 1), "zeros", trainable=False)

    def call(self, inputs):
        total = self.total + ops.sum(inputs, axis=1, keepdims=True)
        self.total.assign(total)
        return inputs + 0.0 * total

    def reset_state(self):
        self.total.assign(ops.zeros((2, 1)))


class Around(layers.Layer):
    """A layer with layers of its own."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


def model_with(layer):
    model = kerasette.Sequential([kerasette.Input((3,), batch_size=2), layer, layers.Dense(3)])
    model.compile("sgd", "mse")
    return model


def fitted(layer, callbacks, **arguments):
    data = text.Streams(np.arange(20), batch_size=2, steps=3)
    model = model_with(layer)
    model.fit(data, epochs=2, verbose=0, callbacks=callbacks, **arguments)
    return model


def test_an_epoch_begins_with_states_reset():
    inputs = np.concatenate([x for x, _ in text.Streams(np.arange(20), 2, 3)], axis=1)
    once = inputs.sum(axis=1, keepdims=True)
    layer = Total()
    fitted(layer, [text.ResetStates()])
    np.testing.assert_array_equal(layer.total, once)
    layer = Total()
    fitted(layer, [])
    np.testing.assert_array_equal(layer.total, 2 * once)
    inner = Total()
    fitted(Around(inner), [text.ResetStates()])
    np.testing.assert_array_equal(inner.total, once)
    without_state = Total(stateful=False)
    fitted(without_state, [text.ResetStates()])
    np.testing.assert_array_equal(without_state.total, 2 * once)


def test_validation_evaluation_and_prediction_begin_with_states_reset():
    layer = Total()
    model = fitted(layer, [text.ResetStates()], validation_data=(np.ones((2, 3)), np.ones((2, 3))))
    np.testing.assert_array_equal(layer.total, 3)
    model.evaluate(np.ones((2, 3)), np.ones((2, 3)), verbose=0, callbacks=[text.ResetStates()])
    np.testing.assert_array_equal(layer.total, 3)
    model.predict(2 * np.ones((2, 3)), batch_size=2, verbose=0, callbacks=[text.ResetStates()])
    np.testing.assert_array_equal(layer.total, 6)
    text.reset_states(model)
    np.testing.assert_array_equal(layer.total, 0)


class Seen(layers.Layer):
    """Keeps the first number of the last batch, and whether each batch came after the last."""

    def build(self, input_shape):
        self.last = self.add_weight((), "zeros", trainable=False)
        self.rises = self.add_weight((), "ones", trainable=False)

    def call(self, inputs):
        first = inputs[0, 0]
        self.rises.assign(self.rises * ops.cast(first > self.last, "float32"))
        self.last.assign(first)
        return inputs


@pytest.mark.parametrize("workers", [1, 3])
def test_fit_takes_the_windows_in_order_even_with_shuffle(workers):
    random.seed(3)
    layer = Seen()
    model = kerasette.Sequential([kerasette.Input((2,)), layer, layers.Dense(2)])
    model.compile("sgd", "mse")
    data = text.Streams(np.arange(1, 402), 2, 2, workers=workers)
    assert data.workers == workers
    model.fit(data, epochs=1, shuffle=True, verbose=0)
    assert float(layer.last) == data[len(data) - 1][0][0, 0]
    assert float(layer.rises) == 1.0


def character_model(batch_size, steps, stateful=True):
    kerasette.utils.set_random_seed(4)
    return kerasette.Sequential(
        [
            kerasette.Input((steps,), dtype="int32", batch_size=batch_size),
            layers.Embedding(9, 5),
            layers.LSTM(6, return_sequences=True, stateful=stateful),
            layers.SimpleRNN(4, return_sequences=True, stateful=stateful),
            layers.Dense(9),
        ]
    )


def test_windows_with_states_are_the_whole_streams():
    ids = np.random.default_rng(0).integers(0, 9, 90)
    data = text.Streams(ids, batch_size=3, steps=4)
    model, whole = character_model(3, 4), character_model(3, None, stateful=False)
    whole.set_weights(model.get_weights())
    expected = whole(np.concatenate([x for x, _ in data], axis=1)).numpy()
    for _ in range(2):
        # The callback resets what the last pass has left.
        found = model.predict(data, verbose=0, callbacks=[text.ResetStates()])
        found = found.reshape(len(data), 3, 4, 9).swapaxes(0, 1).reshape(3, -1, 9)
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_an_epoch_with_frozen_weights_has_the_perplexity_of_the_whole():
    ids = np.random.default_rng(1).integers(0, 9, 90)
    data = text.Streams(ids, batch_size=3, steps=4)
    model, whole = character_model(3, 4), character_model(3, None, stateful=False)
    whole.set_weights(model.get_weights())
    loss = kerasette.losses.SparseCategoricalCrossentropy(from_logits=True)
    inputs, targets = (np.concatenate(part, axis=1) for part in zip(*data))
    for one in (model, whole):
        one.compile(
            kerasette.optimizers.SGD(0.0), loss, metrics=[text.Perplexity(from_logits=True)]
        )
    history = model.fit(data, epochs=3, verbose=0, callbacks=[text.ResetStates()]).history
    _, expected = whole.evaluate(inputs, targets, verbose=0)
    np.testing.assert_allclose(history["perplexity"], expected, rtol=1e-6)


def test_a_trained_model_goes_on_writing_with_a_batch_of_one():
    trained, writer = character_model(3, 4), character_model(1, None)
    whole = character_model(1, None, stateful=False)
    for one in (writer, whole):
        one.set_weights(trained.get_weights())
    start = [1, 2, 3]
    found = text.generate(writer, start, 12, temperature=0).tolist()
    assert found == text.generate(whole, start, 12, temperature=0).tolist()
    assert found == text.generate(writer, start, 12, temperature=0).tolist()
