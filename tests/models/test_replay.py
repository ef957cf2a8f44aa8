"""Replay against eager: the same bits, and that replay took place."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 5)).astype("float32")
Y = RNG.integers(0, 3, 70)


class Doubled(layers.Layer):
    """One layer that is used twice."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(5, activation="tanh")

    def call(self, inputs):
        return self.inner(self.inner(inputs))


class Average(layers.Layer):
    """A moving average of its inputs, which it takes off."""

    def build(self, input_shape):
        self.mean = self.add_weight(
            shape=input_shape[-1:], initializer="zeros", trainable=False, name="mean"
        )

    def call(self, inputs, training=None):
        if training:
            self.mean.assign(0.9 * self.mean + 0.1 * ops.mean(inputs, axis=0))
        return inputs - self.mean


NETWORKS = {
    "dense": lambda: [layers.Dense(4, activation="relu"), layers.Dense(3, activation="softmax")],
    "dropout": lambda: [
        layers.Dense(8, activation="sigmoid"),
        layers.Dropout(0.4, seed=3),
        layers.Dense(6),
        layers.Activation("tanh"),
        layers.Dropout(0.2, seed=4),
        layers.Dense(3, activation="softmax"),
    ],
    "shared": lambda: [Doubled(), layers.Dense(3, activation="softmax")],
    "average": lambda: [Average(), layers.Dense(3, activation="softmax")],
    "custom": lambda: [
        Average(),
        Doubled(),
        layers.Dropout(0.3, seed=1),
        layers.Dense(3, activation="softmax"),
    ],
}


def make(name, optimizer):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential([kerasette.Input((5,)), *NETWORKS[name]()])
    model.compile(
        optimizer=optimizer(), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def train(model):
    """Three fits with a short last batch, another learning rate, other weights."""
    np.random.seed(5)
    histories = [model.fit(X, Y, batch_size=16, epochs=3, verbose=0).history]
    model.optimizer.learning_rate = 0.02
    histories.append(
        model.fit(X, Y, batch_size=16, epochs=2, validation_data=(X, Y), verbose=0).history
    )
    model.set_weights([w * 0.5 for w in model.get_weights()])
    histories.append(model.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0).history)
    return histories, model.get_weights(), model.predict(X, verbose=0)


@pytest.mark.parametrize("optimizer", [kerasette.optimizers.SGD, kerasette.optimizers.Adam])
@pytest.mark.parametrize("name", NETWORKS)
def test_replay_gives_the_bits_of_eager(name, optimizer, eager):
    replayed = make(name, optimizer)
    found = train(replayed)
    assert replayed.replayed_steps > 25
    eager()
    model = make(name, optimizer)
    expected = train(model)
    assert model.replayed_steps == 0
    assert found[0] == expected[0]
    for a, b in zip(found[1], expected[1]):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(found[2], expected[2])


class Noisy(layers.Layer):
    """Draws from NumPy in `call`: each recording has other constants."""

    def call(self, inputs):
        return inputs * np.random.uniform(0.5, 1.5, size=5).astype("float32")


class Branching(layers.Layer):
    """Looks at its input."""

    def call(self, inputs):
        return inputs * 2 if float(ops.mean(inputs)) > 0 else inputs


class Counting(layers.Layer):
    """Changes an attribute at every call."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def call(self, inputs):
        self.calls += 1
        return inputs * float(self.calls)


@pytest.mark.parametrize("layer", [Noisy, Branching, Counting])
def test_python_that_does_something_else_each_time_runs_eagerly_and_right(layer, eager):
    def run():
        kerasette.utils.set_random_seed(1)
        model = kerasette.Sequential([kerasette.Input((5,)), layer(), layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        model.fit(X, X[:, 0], batch_size=16, epochs=3, shuffle=False, verbose=0)
        return model

    found = run()
    assert found.replayed_steps == 0
    eager()
    for a, b in zip(found.get_weights(), run().get_weights()):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_an_attribute_that_changes_between_epochs_is_seen():
    class Scaled(layers.Layer):
        factor = 1.0

        def call(self, inputs):
            return inputs * self.factor

    class Change(kerasette.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            layer.factor = float(epoch)

    layer = Scaled()
    model = kerasette.Sequential([kerasette.Input((5,)), layer])
    model.compile(optimizer="sgd", loss="mse")
    history = model.fit(
        X, X, batch_size=16, epochs=3, shuffle=False, verbose=0, callbacks=[Change()]
    ).history
    expected = [np.mean((X * factor - X) ** 2) for factor in (0, 1, 2)]
    np.testing.assert_allclose(history["loss"], expected, rtol=1e-5, atol=1e-9)


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_a_closure_that_changes_is_recorded_anew_each_epoch():
    factor = [1.0]

    class Scaled(layers.Layer):
        def call(self, inputs):
            return inputs * factor[0]

    class Change(kerasette.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            factor[0] = float(epoch)

    model = kerasette.Sequential([kerasette.Input((5,)), Scaled()])
    model.compile(optimizer="sgd", loss="mse")
    history = model.fit(
        X, X, batch_size=7, epochs=3, shuffle=False, verbose=0, callbacks=[Change()]
    ).history
    expected = [np.mean((X * factor - X) ** 2) for factor in (0, 1, 2)]
    np.testing.assert_allclose(history["loss"], expected, rtol=1e-5, atol=1e-9)


def test_freezing_a_layer_is_seen_by_the_next_fit():
    model = make("dense", kerasette.optimizers.Adam)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    before = model.get_weights()
    model.layers[0].trainable = False
    with pytest.warns(UserWarning, match="`trainable` state has changed"):
        model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])


def test_predict_replays_and_its_results_are_not_aliased():
    model = make("dropout", kerasette.optimizers.SGD)
    first = model.predict(X[:1], verbose=0)
    kept = [first.copy()]
    results = [first]
    for size in (2, 1, 3, 1, 2, 3, 1):
        results.append(model.predict(X[size : 2 * size], verbose=0))
        kept.append(results[-1].copy())
    for a, b in zip(results, kept):
        np.testing.assert_array_equal(a, b)
    assert model.replayed_steps > 0
    np.testing.assert_allclose(results[1], model(X[2:4]).numpy(), rtol=1e-6)


def test_the_log_says_why_a_step_is_not_replayed(caplog):
    with caplog.at_level("INFO", logger="kerasette"):
        model = kerasette.Sequential([kerasette.Input((5,)), Branching(), layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(X, X[:, 0], batch_size=16, epochs=2, verbose=0)
    assert "train steps run eagerly: a tensor's value was read in Python" in caplog.text


def test_the_log_names_the_learning_rate_that_is_a_number(caplog):
    with caplog.at_level("INFO", logger="kerasette"):
        model = kerasette.Sequential([kerasette.Input((5,)), layers.Dense(1)])
        model.compile(kerasette.optimizers.SGD(lambda: 0.1), "mse")
        model.fit(X, X[:, 0], batch_size=16, epochs=2, verbose=0)
    assert "train steps run eagerly: the function that is the learning rate returns" in caplog.text
    assert model.replayed_steps == 0
