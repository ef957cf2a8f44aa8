"""Code of a user within a step: what it looks at may change, and the next epoch sees it."""

import functools

import numpy as np
import pytest
from rich_network import X, assert_same_bits, assert_same_models, fit, state

import kerasette
from kerasette import (
    activations,
    constraints,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    regularizers,
)
from kerasette.optimizers import schedules


class Knob:
    """Python state that code of a user looks at."""

    def __init__(self):
        self.value = 0.5


def own_regularizer(knob):
    class Own(regularizers.Regularizer):
        def __call__(self, x):
            return knob.value * ops.sum(ops.square(x))

    return Own()


def own_constraint(knob):
    class Own(constraints.Constraint):
        def __call__(self, w):
            return ops.clip(w, -knob.value, knob.value)

    return Own()


def own_schedule(knob):
    class Own(schedules.LearningRateSchedule):
        def __call__(self, step):
            return knob.value * ops.ones(()) / (ops.cast(step, "float32") + 1)

    return Own()


def own_loss(knob):
    class Own(losses.Loss):
        def call(self, y_true, y_pred):
            return knob.value * ops.mean(ops.square(y_true - y_pred), axis=-1)

    return Own()


def own_metric(knob):
    class Own(metrics.Mean):
        def update_state(self, y_true, y_pred, sample_weight=None):
            super().update_state(knob.value * y_pred, sample_weight)

    return Own()


def squares(knob):
    """A loss function."""
    return lambda y_true, y_pred: knob.value * ops.mean(ops.square(y_true - y_pred), axis=-1)


def scaled(knob):
    return lambda x: knob.value * x


def nameless(knob):
    """A function of a module without a name, as `exec` makes them."""
    names = {"knob": knob}
    exec("def scaled(x):\n    return knob.value * x", names)
    return names["scaled"]


def disguised(knob):
    """A function that says that it comes from kerasette."""
    return functools.wraps(activations.relu)(lambda x: knob.value * activations.relu(x))


class Scaler:
    """An object that can be called, and has a method."""

    def __init__(self, knob):
        self.knob = knob

    def __call__(self, x):
        return self.knob.value * x

    def scale(self, x):
        return self.knob.value * x


def penalty(knob):
    return lambda x: knob.value * ops.sum(ops.square(x))


def clipping(knob):
    return lambda w: ops.clip(w, -knob.value, knob.value)


def dense(**arguments):
    return {"layers": [layers.Dense(4, **arguments)]}


# What holds the code: layers before the last one, a loss, a metric, an optimizer.
USER_CODE = {
    "activation": lambda knob: dense(activation=scaled(knob)),
    "partial activation": lambda knob: dense(
        activation=functools.partial(lambda knob, x: knob.value * x, knob)
    ),
    "object as activation": lambda knob: dense(activation=Scaler(knob)),
    "method as activation": lambda knob: dense(activation=Scaler(knob).scale),
    "method of a layer as activation": lambda knob: dense(
        activation=layers.Lambda(scaled(knob)).call
    ),
    "layer as activation": lambda knob: dense(activation=layers.Lambda(scaled(knob))),
    "nameless activation": lambda knob: dense(activation=nameless(knob)),
    "disguised activation": lambda knob: dense(activation=disguised(knob)),
    "activation of an activation layer": lambda knob: {"layers": [layers.Activation(scaled(knob))]},
    "regularizer function": lambda knob: dense(kernel_regularizer=penalty(knob)),
    "regularizer": lambda knob: dense(bias_regularizer=own_regularizer(knob)),
    "activity regularizer function": lambda knob: dense(activity_regularizer=penalty(knob)),
    "activity regularizer": lambda knob: dense(activity_regularizer=own_regularizer(knob)),
    "constraint function": lambda knob: dense(kernel_constraint=clipping(knob)),
    "constraint": lambda knob: dense(kernel_constraint=own_constraint(knob)),
    "function of a lambda": lambda knob: {"layers": [layers.Lambda(scaled(knob))]},
    "arguments of a lambda": lambda knob: {
        "layers": [layers.Lambda(ops.multiply, arguments={"x2": knob.value})]
    },
    "loss function": lambda knob: {"loss": squares(knob)},
    "loss": lambda knob: {"loss": own_loss(knob)},
    "metric function": lambda knob: {"metric": squares(knob)},
    "metric": lambda knob: {"metric": own_metric(knob)},
    "loss as a metric": lambda knob: {
        "metric": losses.LossFunctionWrapper(squares(knob), name="own")
    },
    "loss in a metric": lambda knob: {
        "metric": metrics.MeanMetricWrapper(losses.LossFunctionWrapper(squares(knob)), name="own")
    },
    "schedule": lambda knob: {"optimizer": optimizers.SGD(own_schedule(knob))},
    "rate": lambda knob: {"optimizer": optimizers.SGD(lambda: knob.value * ops.ones(()))},
    "schedule in a scaled optimizer": lambda knob: {
        "optimizer": optimizers.LossScaleOptimizer(optimizers.SGD(own_schedule(knob)), 4.0)
    },
}


class Turn(kerasette.callbacks.Callback):
    """Turns the knob before every epoch."""

    def __init__(self, knob):
        super().__init__()
        self.knob = knob

    def on_epoch_begin(self, epoch, logs=None):
        self.knob.value += 0.25
        first = self.model.layers[0]
        if isinstance(first, layers.Lambda) and first.arguments:
            first.arguments["x2"] = self.knob.value


def with_user_code(make_parts, run_eagerly, turns=True):
    """A model trained with code of a user that looks at a knob; and its history."""
    knob = Knob()
    kerasette.utils.set_random_seed(1)
    parts = make_parts(knob)
    model = kerasette.Sequential(
        [kerasette.Input((6,)), *parts.get("layers", []), layers.Dense(3, activation="sigmoid")]
    )
    model.compile(
        parts.get("optimizer", "sgd"),
        parts.get("loss", "mse"),
        metrics=[parts.get("metric", "mae")],
        run_eagerly=run_eagerly,
    )
    callbacks = [Turn(knob)] if turns else None
    return model, fit(model, epochs=4, batch_size=10, callbacks=callbacks)


@pytest.mark.parametrize("name", USER_CODE)
def test_python_state_of_user_code_is_seen_in_the_next_epoch(name):
    found, history = with_user_code(USER_CODE[name], run_eagerly=False)
    expected, expected_history = with_user_code(USER_CODE[name], run_eagerly=True)
    # Seven steps an epoch, of which two are recorded if something has changed.
    assert 4 * 5 <= found.replayed_steps <= 4 * 7 - 4
    assert history == expected_history
    assert_same_models(found, expected)
    assert history != with_user_code(USER_CODE[name], run_eagerly=False, turns=False)[1]


def test_an_initializer_of_ones_own_runs_in_no_step():
    start = functools.partial(ops.full, fill_value=0.1)
    model, _ = with_user_code(
        lambda knob: dense(kernel_initializer=lambda shape, dtype: start(shape, dtype=dtype)), False
    )
    assert model.replayed_steps == 4 * 7 - 1


def test_numbers_drawn_by_numpy_are_drawn_at_every_step():
    def run(run_eagerly):
        def noisy(x):
            return x * np.random.uniform(0.5, 1.5, x.shape[-1]).astype("float32")

        return with_user_code(lambda knob: {"layers": [layers.Lambda(noisy)]}, run_eagerly, False)

    (found, history), (expected, expected_history) = run(False), run(True)
    assert found.replayed_steps == 0
    assert history == expected_history
    # Predictions draw, too.
    assert_same_bits(state(found), state(expected))


def test_a_loss_of_ones_own_does_not_hold_up_predictions():
    model, _ = with_user_code(USER_CODE["loss function"], run_eagerly=False)
    before = model.replayed_steps
    model.predict(X, batch_size=10, verbose=0)
    assert model.replayed_steps == before + 6


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_single_batches_see_python_state_at_once():
    knob = Knob()
    model = kerasette.Sequential([kerasette.Input((6,)), layers.Lambda(scaled(knob))])
    model.compile("sgd", "mse")
    for value in (1.0, 1.0, 1.0, 2.0, 3.0, 3.0):
        knob.value = value
        expected = np.mean((value * X - X) ** 2)
        for method in (model.train_on_batch, model.test_on_batch, model.evaluate):
            arguments = {"verbose": 0} if method == model.evaluate else {}
            assert method(X, X, **arguments) == pytest.approx(expected, rel=1e-5)
        np.testing.assert_array_equal(model.predict(X, verbose=0), np.float32(value) * X)
