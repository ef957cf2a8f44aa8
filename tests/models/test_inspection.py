"""Looking inside a step, against gradients computed with NumPy."""

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ
from rich_network import assert_same_bits

import kerasette
from kerasette import layers
from kerasette.callbacks import InspectSteps
from kerasette.models import inspect_step

RNG = np.random.default_rng(5)
X = RNG.normal(size=(8, 3)).astype("float32")
Y = RNG.normal(size=(8, 2)).astype("float32")


def make_model(optimizer="sgd", **arguments):
    kerasette.utils.set_random_seed(7)
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(4, activation="tanh", name="hidden"),
            layers.Dense(2, name="out"),
        ],
        name="net",
    )
    model.compile(optimizer, "mse", metrics=["mae"], **arguments)
    return model


def by_hand(model, x, y):
    """Activations and gradients of the mean squared error, in float64."""
    w1, b1, w2, b2 = (weight.astype("float64") for weight in model.get_weights())
    hidden = np.tanh(x @ w1 + b1)
    out = hidden @ w2 + b2
    d_out = 2 * (out - y) / out.size
    d_hidden = d_out @ w2.T
    d_inner = d_hidden * (1 - hidden**2)
    return {
        "activations": {"hidden": hidden, "out": out},
        "activation_gradients": {"hidden": d_hidden, "out": d_out},
        "gradients": {
            "net/hidden/kernel": x.T @ d_inner,
            "net/hidden/bias": d_inner.sum(0),
            "net/out/kernel": hidden.T @ d_out,
            "net/out/bias": d_out.sum(0),
        },
        "loss": np.mean((out - y) ** 2),
    }


def assert_is(view, expected):
    for kind in ("activations", "activation_gradients", "gradients"):
        found = getattr(view, kind)
        assert list(found) == list(expected[kind])
        for name, value in expected[kind].items():
            np.testing.assert_allclose(found[name], value, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(view.logs["loss"], expected["loss"], rtol=1e-5)


def test_a_step_is_looked_at_and_not_done():
    model = make_model("adam")
    model.fit(X, Y, epochs=2, verbose=0)
    before = [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]
    metrics = model.get_metrics_result()["mae"].numpy()
    view = inspect_step(model, X, Y)
    assert_is(view, by_hand(model, X, Y))
    after = [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]
    assert_same_bits(before, after)
    np.testing.assert_array_equal(model.get_metrics_result()["mae"].numpy(), metrics)


def test_steps_of_a_fit_are_those_without_the_callback():
    callback = InspectSteps({0, 3})
    watched, plain = make_model(), make_model()
    weights = {}
    keep = kerasette.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: weights.update({len(weights): make_copy(watched)})
    )
    arguments = {"batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0}
    history = watched.fit(X, Y, callbacks=[keep, callback], **arguments)
    assert history.history == plain.fit(X, Y, **arguments).history
    assert_same_bits(watched.get_weights(), plain.get_weights())
    assert list(callback.views) == [0, 3]
    # Step 3 is the second of the second epoch.
    expected = by_hand(weights[3], X[4:], Y[4:])
    found = callback.views[3]
    for name, value in expected["gradients"].items():
        np.testing.assert_allclose(found.gradients[name], value, rtol=1e-4, atol=1e-6)
    assert set(found.logs) == {"loss", "mae"}


def make_copy(model):
    copy = make_model()
    copy.set_weights(model.get_weights())
    return copy


def test_evaluation_has_no_gradients():
    view = inspect_step(make_model(), X, Y, training=False)
    assert view.gradients == {}
    assert view.activation_gradients == {"hidden": None, "out": None}
    assert "hidden: (8, 4), mean" in repr(view)


def test_shared_and_nested_layers_have_names_of_their_own():
    shared = layers.Dense(3, name="shared")
    inner = kerasette.Sequential(
        [kerasette.Input((3,)), layers.Dense(3, name="deep")], name="inner"
    )
    inputs = kerasette.Input((3,))
    model = kerasette.Model(inputs, layers.Add(name="sum")([shared(shared(inputs)), inner(inputs)]))
    model.compile("sgd", "mse")
    view = inspect_step(model, X, X)
    names = {"shared", "shared:1", "inner", "inner/deep", "sum"}
    assert names == set(view.activations) - {inputs.name}


def test_a_train_step_of_ones_own_is_looked_at_too():
    class Own(kerasette.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2, name="dense")

        def call(self, inputs):
            return self.dense(inputs)

        def train_step(self, data):
            x, y = data
            with kerasette.GradientTape() as tape:
                loss = kerasette.ops.mean((self(x) - y) ** 2)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            return {"loss": loss}

    model = Own()
    model.compile("sgd")
    callback = InspectSteps(1)
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[callback], shuffle=False)
    view = callback.views[1]
    out = view.activations["dense"]
    expected = 2 * (out - Y[4:]) / out.size
    np.testing.assert_allclose(view.activation_gradients["dense"], expected, rtol=1e-5)
    assert list(view.gradients) == [v.path for v in model.trainable_variables]


def seen(on_step=None, **arguments):
    callback = InspectSteps(**arguments, on_step=on_step)
    make_model().fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=[callback])
    return callback


def test_logs_are_those_that_a_step_of_ones_own_returns():
    class Net(kerasette.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2, kernel_initializer="zeros")

        def call(self, inputs):
            return self.dense(inputs)

        def train_step(self, data):
            x, y = data
            return {"square": kerasette.ops.mean((self(x) - y) ** 2)}

    model = Net()
    model.compile("sgd")
    assert inspect_step(model, X, Y).logs == {"square": pytest.approx(np.mean(Y**2))}


def test_every_argument_of_the_callback_has_an_effect():
    views = []
    rows = {"steps": 2, "on_step": lambda step, view: views.append(step)}
    assert_every_parameter_has_a_row(InspectSteps, rows)
    assert list(seen(steps=[0, 1]).views) == [0, 1]
    assert list(seen(steps=2).views) == [2]
    assert seen(steps=2, on_step=rows["on_step"]).views == {}
    assert views == [2]


def test_every_argument_of_the_function_has_an_effect():
    def gradients(x=X, y=Y, sample_weight=None, training=True, model=None):
        return inspect_step(model or make_model(), x, y, sample_weight, training).gradients

    rows = {"model": make_model(), "x": 2 * X, "y": 2 * Y,
            "sample_weight": np.arange(8.0), "training": False}  # fmt: skip
    rows["model"].set_weights([2 * w for w in rows["model"].get_weights()])
    assert_every_parameter_has_a_row(inspect_step, rows)
    for name, value in rows.items():
        assert differ(gradients(), gradients(**{name: value})), name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"steps": -1}, "0 or more"),
        ({"steps": [1, "a"]}, "must be integers"),
        ({"steps": 0, "on_step": 3}, "`on_step` must be callable"),
    ],
)
def test_wrong_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        InspectSteps(**arguments)


def test_several_steps_at_a_time_cannot_be_told_apart():
    model = make_model(steps_per_execution=2)
    with pytest.raises(ValueError, match="steps_per_execution=1"):
        model.fit(X, Y, verbose=0, callbacks=[InspectSteps(0)])


@pytest.mark.parametrize("model", [None, "model", layers.Dense(1)])
def test_what_is_no_model(model):
    with pytest.raises(ValueError, match="Expected `model` to be a `Model`"):
        inspect_step(model, X)


def test_a_model_that_is_not_compiled():
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="compile"):
        inspect_step(model, X, Y)


def test_a_step_that_fails_leaves_nothing_watched():
    model = make_model()

    class Fails(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        model.fit(X, Y, batch_size=4, verbose=0, callbacks=[Fails(), InspectSteps([0, 1])])
    model.fit(X, Y, batch_size=4, epochs=3, verbose=0)
    assert model.replayed_steps > 3
