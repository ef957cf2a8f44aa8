"""Recurrent layers in models: replays, states that go on from batch to batch, long sequences."""

import numpy as np
import pytest

import kerasette
from kerasette import layers

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 5, 2)).astype("float32")
X[::2, 3:] = 0
X[1::3, 1] = 0
Y = RNG.normal(size=(12, 1)).astype("float32")

NETWORKS = {
    "simple": lambda: [layers.SimpleRNN(4)],
    "lstm": lambda: [layers.LSTM(4, return_sequences=True), layers.LSTM(3, go_backwards=True)],
    "gru": lambda: [layers.GRU(4, return_sequences=True), layers.GRU(3, reset_after=False)],
    "unrolled": lambda: [layers.LSTM(3, unroll=True)],
    "other activations": lambda: [layers.GRU(3, activation="elu")],
    "dropout": lambda: [
        layers.SimpleRNN(4, return_sequences=True, dropout=0.3, recurrent_dropout=0.2, seed=1),
        layers.LSTM(4, return_sequences=True, dropout=0.3, seed=2),
        layers.GRU(4, dropout=0.3, recurrent_dropout=0.2, seed=3),
    ],
    "penalties": lambda: [
        layers.LSTM(3, kernel_regularizer="l2", recurrent_constraint="max_norm"),
        layers.RepeatVector(2),
        layers.SimpleRNN(3, activity_regularizer="l2", bias_constraint="non_neg"),
    ],
    "stacked": lambda: [layers.RNN([layers.LSTMCell(3, dropout=0.5, seed=1), layers.GRUCell(2)])],
    "stateful": lambda: [
        layers.LSTM(3, stateful=True, return_sequences=True),
        layers.RNN(layers.GRUCell(2), stateful=True),
    ],
}


def network(parts, batch_size=4, **compiled):
    kerasette.utils.set_random_seed(1)
    inputs = kerasette.Input(batch_shape=(batch_size, *X.shape[1:]))
    model = kerasette.Sequential([inputs, layers.Masking(), *parts(), layers.Dense(1)])
    model.compile("adam", "mse", **compiled)
    return model


@pytest.mark.parametrize("name", NETWORKS)
def test_replays_are_like_eager_steps(name):
    def trained(**compiled):
        model = network(NETWORKS[name], **compiled)
        history = model.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0)
        found = [history.history["loss"], model.evaluate(X, Y, batch_size=4, verbose=0)]
        return model, [*found, model.predict(X, batch_size=4, verbose=0), *model.get_weights()]

    model, found = trained()
    # All but the first batch of each of the three.
    assert model.replayed_steps == 8 + 2 + 2
    _, expected = trained(run_eagerly=True)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def states_of(model):
    return [
        state.numpy() for layer in model.layers for state in getattr(layer, "states", None) or []
    ]


def test_states_go_on_in_fit_evaluate_and_predict():
    model = network(lambda: [layers.LSTM(3, stateful=True, return_sequences=True)])
    lstm = model.layers[-2]
    plain = network(lambda: [layers.LSTM(3, return_sequences=True)], batch_size=None)
    plain.set_weights(model.get_weights())
    # Three batches of four rows are the thirds of four long sequences.
    long = np.concatenate(np.split(X, 3), axis=1)
    expected = np.concatenate(np.split(plain.predict(long, verbose=0), 3, axis=1))
    for _ in range(2):
        # Replayed the second time.
        lstm.reset_state()
        found = model.predict(X, batch_size=4, verbose=0)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    after = states_of(model)
    assert all(state.any() for state in after)
    targets = np.zeros((12, 5, 1), "float32")
    # Without a reset the epoch begins where the one before has ended.
    losses = [model.evaluate(X, targets, batch_size=4, verbose=0) for _ in range(2)]
    lstm.reset_states()
    losses += [model.evaluate(X, targets, batch_size=4, verbose=0) for _ in range(2)]
    assert losses[2] not in (losses[0], losses[1], losses[3])
    lstm.reset_state()
    assert model.evaluate(X, targets, batch_size=4, verbose=0) == losses[2]
    model.optimizer.learning_rate = 0.0
    lstm.reset_state()
    model.fit(X, targets, batch_size=4, shuffle=False, verbose=0)
    for state, value in zip(states_of(model), after, strict=True):
        np.testing.assert_allclose(state, value, rtol=1e-5, atol=1e-6)


def test_another_batch_size_leaves_states_and_weights():
    model = network(lambda: [layers.LSTM(3, stateful=True)])
    model.fit(X, Y, batch_size=4, verbose=0)
    before = [*states_of(model), *model.get_weights()]
    for call in (model.predict, lambda x, **k: model.fit(x, Y[: len(x)], **k)):
        with pytest.raises(ValueError, match="batch"):
            call(X[:3], batch_size=3, verbose=0)
    for found, expected in zip([*states_of(model), *model.get_weights()], before, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_batch_that_would_come_out_short_changes_nothing():
    model = network(lambda: [layers.LSTM(3, stateful=True)])
    model.fit(X, Y, batch_size=4, verbose=0)
    before = [*states_of(model), *model.get_weights()]
    message = "Expected batch size: 4\n- Received: 10 samples in batches of 4"
    for call in (model.fit, model.evaluate, lambda x, y, **k: model.predict(x, **k)):
        with pytest.raises(ValueError, match=message):
            call(X[:10], Y[:10], batch_size=4, verbose=0)
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, batch_size=4, validation_data=(X[:10], Y[:10]), verbose=0)
    for found, expected in zip([*states_of(model), *model.get_weights()], before, strict=True):
        np.testing.assert_array_equal(found, expected)
    model.predict(X[:10], batch_size=4, steps=2, verbose=0)


def test_predictions_without_a_batch_size_take_rows_by_32():
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [kerasette.Input(batch_shape=(32, 1, 2)), layers.SimpleRNN(3, stateful=True)]
    )
    x = RNG.normal(size=(64, 1, 2)).astype("float32")
    found = model.predict(x, verbose=0)
    plain = kerasette.Sequential([kerasette.Input((2, 2)), layers.SimpleRNN(3)])
    plain.set_weights(model.get_weights())
    expected = plain.predict(np.concatenate(np.split(x, 2), axis=1), verbose=0)
    np.testing.assert_allclose(found[32:], expected, rtol=1e-5, atol=1e-6)


def test_batches_of_many_lengths():
    model = kerasette.Sequential([kerasette.Input((None, 2)), layers.GRU(3), layers.Dense(1)])
    model.compile("sgd", "mse")
    for length in (3, 1, 7, 3, 7, 2, 1):
        x = RNG.normal(size=(4, length, 2))
        model.train_on_batch(x, np.zeros((4, 1)))
        assert model.predict(x, verbose=0).shape == (4, 1)
    assert model.layers[0].compute_output_shape((None, None, 2)) == (None, 3)


@pytest.mark.parametrize(
    "arguments", [{}, pytest.param({"unroll": True}, marks=pytest.mark.slow)], ids=str
)
def test_ten_thousand_steps(arguments):
    """No recursion meets its limit."""
    model = kerasette.Sequential(
        [kerasette.Input((None, 1)), layers.SimpleRNN(2, **arguments), layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    x = RNG.normal(size=(2, 10000, 1)).astype("float32")
    loss = model.fit(x, np.ones((2, 1)), batch_size=1, verbose=0).history["loss"]
    assert np.isfinite(loss).all()
    assert model.replayed_steps == 1


@pytest.mark.parametrize("arguments", [{}, {"unroll": True}], ids=str)
def test_memory_is_linear_in_the_number_of_steps(arguments):
    def kept(steps):
        inputs = kerasette.Input((None, 8))
        outputs = layers.LSTM(16, **arguments)(inputs)
        model = kerasette.Model(inputs, layers.Dense(1)(outputs))
        model.compile("sgd", "mse")
        for _ in range(2):
            model.train_on_batch(np.ones((16, steps, 8), "float32"), np.ones((16, 1)))
        return model._pool.nbytes

    # Arenas grow in blocks of 1 MiB, the smallest too.
    assert kept(400) <= 2 * kept(200) + (1 << 21)


@pytest.mark.parametrize("name", ["lstm", "gru", "dropout", "stacked"])
def test_one_thread_is_like_two(name):
    before, found = kerasette.config.get_num_threads(), []
    try:
        for n in (1, 2):
            kerasette.config.set_num_threads(n)
            model = network(NETWORKS[name], batch_size=None)
            x, y = (np.concatenate([array] * 6) for array in (X, Y))
            model.fit(x, y, batch_size=24, epochs=2, shuffle=False, verbose=0)
            found.append([model.predict(x, verbose=0), *model.get_weights()])
    finally:
        kerasette.config.set_num_threads(before)
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)


class WithStart(layers.Layer):
    """A network that learns the states that it begins with."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.lstm = layers.LSTM(3)

    def build(self, input_shape):
        self.starts = [self.add_weight(shape=(1, 3), name=name) for name in ("h", "c")]
        self.lstm.build(input_shape)

    def call(self, inputs):
        rows = (inputs.shape[0], 3)
        starts = [kerasette.ops.broadcast_to(start, rows) for start in self.starts]
        return self.lstm(inputs, initial_state=starts)


def test_initial_states_can_be_learned():
    model = kerasette.Sequential([kerasette.Input(X.shape[1:]), WithStart(), layers.Dense(1)])
    model.compile("adam", "mse")
    before = [weight.numpy() for weight in model.layers[0].starts]
    history = model.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    # What is recorded of code of users must agree with a second recording.
    assert model.replayed_steps == 7
    for weight, value in zip(model.layers[0].starts, before, strict=True):
        assert (weight.numpy() != value).all()
