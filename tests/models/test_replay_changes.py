"""What changes between fits, or in mid-training, is seen: replay is never silently wrong."""

import numpy as np
import pytest
from rich_network import assert_same_models, fit, make, state

import kerasette
from kerasette import activations, optimizers, regularizers
from kerasette.optimizers import schedules


def own_weight(model, layer, name):
    return next(w for w in model.layers[layer].weights if w.name == name)


def setting(path, value):
    """A change: an attribute, by its path from the model, gets another value."""
    *parts, name = path.split(".")

    def change(model):
        owner = model
        for part in parts:
            owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
        assert hasattr(owner, name)
        setattr(owner, name, value)

    return change


# Layers by number: Dense, BatchNormalization, Activation, Dropout, Dense, GaussianNoise, Dense.
CHANGES = {
    "momentum of batch normalization": setting("layers.1.momentum", 0.3),
    "epsilon of batch normalization": setting("layers.1.epsilon", 0.5),
    "rate of dropout": setting("layers.3.rate", 0.7),
    "stddev of noise": setting("layers.5.stddev", 0.5),
    "activation": setting("layers.4.activation", activations.relu),
    "activation of an activation layer": setting("layers.2.activation", activations.elu),
    "seed generator": lambda model: setting(
        "layers.3.seed_generator", kerasette.random.SeedGenerator(77)
    )(model),
    "activity regularizer": setting("layers.4.activity_regularizer", regularizers.L2(0.5)),
    "no activity regularizer": setting("layers.4.activity_regularizer", None),
    "l2 of an activity regularizer": setting("layers.4.activity_regularizer.l2", 0.5),
    "l1 of an activity regularizer": setting("layers.4.activity_regularizer.l1", 0.0),
    "l2 of a kernel regularizer": setting("layers.0.kernel_regularizer.l2", 0.5),
    "l1 of a bias regularizer": setting("layers.0.bias_regularizer.l1", 0.5),
    "factor of orthogonality": setting("layers.6.kernel_regularizer.factor", 0.5),
    "mode of orthogonality": setting("layers.6.kernel_regularizer.mode", "rows"),
    "max_value of a constraint": setting("layers.0.kernel_constraint.max_value", 0.3),
    "axis of a constraint": setting("layers.4.kernel_constraint.axis", 1),
    "rate of a constraint": setting("layers.6.kernel_constraint.rate", 1.0),
    "regularizer of a variable": setting("layers.4.kernel.regularizer", regularizers.L1(0.1)),
    "constraint of a variable": setting("layers.4.kernel.constraint", None),
    "trainable": setting("layers.1.trainable", False),
    "trainable of a variable": setting("layers.4.kernel.trainable", False),
    "label smoothing": setting("loss.label_smoothing", 0.4),
    "reduction of the loss": setting("loss.reduction", "sum"),
    "from_logits": setting("loss.from_logits", True),
    "clipnorm": setting("optimizer.clipnorm", 0.01),
    "clipvalue": setting("optimizer.clipvalue", 0.001),
    "global_clipnorm": setting("optimizer.global_clipnorm", 0.01),
    "weight_decay": setting("optimizer.weight_decay", 0.5),
    "no weight_decay": setting("optimizer.weight_decay", None),
    "exclusion from weight decay": lambda model: model.optimizer.exclude_from_weight_decay(
        var_names=["kernel"]
    ),
    "beta_1": setting("optimizer.beta_1", 0.5),
    "beta_2": setting("optimizer.beta_2", 0.5),
    "epsilon of the optimizer": setting("optimizer.epsilon", 0.1),
    "learning rate": setting("optimizer.learning_rate", 0.1),
    "schedule instead of a rate": setting(
        "optimizer.learning_rate", schedules.CosineDecay(0.1, 20)
    ),
    "ema_momentum": setting("optimizer.ema_momentum", 0.2),
    "ema_overwrite_frequency": setting("optimizer.ema_overwrite_frequency", 2),
    "loss_scale_factor": setting("optimizer.loss_scale_factor", 7.3),
    "epsilon of the process": lambda model: kerasette.config.set_epsilon(0.01),
    "class of a metric": setting("metrics.1.metrics.2.class_id", 2),
    "top_k of a metric": lambda model: (
        setting("metrics.1.metrics.2.class_id", None)(model),
        setting("metrics.1.metrics.2.top_k", 2)(model),
    ),
    "beta of a metric": setting("metrics.1.metrics.3.beta", 3.0),
}


AVERAGED = {"use_ema": True, "ema_momentum": 0.9}
# The averages are of a fixed number of variables, as in Keras.
FREEZING = {"trainable", "trainable of a variable"}


def trained(change=None, run_eagerly=False, options=AVERAGED):
    """A model with two fits and a change in between; and the history of the second."""
    model = make(optimizers.Adam(0.01, weight_decay=0.05, **options), run_eagerly)
    np.random.seed(2)
    fit(model, epochs=2)
    if change is not None:
        change(model)
    before = model.replayed_steps
    history = fit(model, epochs=4)
    return model, history, model.replayed_steps - before


def outcome(model, history):
    """The history and all variables, as something that can be compared."""
    return history, [array.tobytes() for array in state(model)]


@pytest.fixture(scope="module")
def unchanged():
    """What comes of it without a change, with averages and without."""
    return {bool(options): outcome(*trained(options=options)[:2]) for options in ({}, AVERAGED)}


@pytest.fixture
def epsilon():
    """Puts the process's epsilon back."""
    before = kerasette.config.epsilon()
    yield
    kerasette.config.set_epsilon(before)


@pytest.mark.filterwarnings("ignore:A layer's `trainable` state")
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_between_fits_is_seen(name, unchanged, epsilon):
    options = {} if name in FREEZING else AVERAGED
    found, history, n_replayed = trained(CHANGES[name], options=options)
    kerasette.config.set_epsilon(1e-7)
    expected, expected_history, _ = trained(CHANGES[name], run_eagerly=True, options=options)
    assert n_replayed >= 13 and expected.replayed_steps == 0
    assert history == expected_history
    assert_same_models(found, expected)
    assert outcome(found, history) != unchanged[bool(options)]


@pytest.mark.parametrize(
    ("name", "value"), [("initial_learning_rate", 0.3), ("decay_steps", 90), ("alpha", 0.9)]
)
def test_an_attribute_of_a_schedule_is_seen(name, value):
    def run(run_eagerly, value):
        model = make(optimizers.SGD(schedules.CosineDecay(0.1, 30)), run_eagerly)
        fit(model, epochs=2)
        if value is not None:
            setattr(model.optimizer._learning_rate, name, value)
        return model, fit(model, epochs=2)

    (found, history), (expected, expected_history) = run(False, value), run(True, value)
    assert found.replayed_steps >= 20 - 6 and expected.replayed_steps == 0
    assert history == expected_history != run(False, None)[1]
    assert_same_models(found, expected)


# ---- in mid-training -----------------------------------------------------------------------

IN_TRAINING = {
    name: CHANGES[name]
    for name in (
        "activation", "clipvalue", "constraint of a variable", "l2 of a kernel regularizer",
        "label smoothing", "learning rate", "max_value of a constraint",
        "momentum of batch normalization", "schedule instead of a rate", "trainable",
        "weight_decay",
    )
}  # fmt: skip
IN_TRAINING["weights"] = lambda model: model.set_weights([w * 0.9 for w in model.get_weights()])


class At(kerasette.callbacks.Callback):
    """Changes the model once, after some epoch or in its middle."""

    def __init__(self, change, hook, number):
        super().__init__()
        self.change = change
        self.number = number
        setattr(self, hook, self.maybe)
        self.n_calls = 0

    def maybe(self, number, logs=None):
        self.n_calls += 1
        if self.n_calls == self.number:
            self.change(self.model)


@pytest.mark.parametrize(("hook", "number"), [("on_epoch_end", 2), ("on_train_batch_end", 12)])
@pytest.mark.parametrize("name", IN_TRAINING)
def test_a_change_by_a_callback_is_seen_at_the_next_step(name, hook, number):
    def run(run_eagerly):
        model = make(optimizers.Adam(0.01, weight_decay=0.05), run_eagerly)
        at = At(IN_TRAINING[name], hook, number)
        return model, fit(model, epochs=5, callbacks=[at]), at.n_calls

    (found, history, n_calls), (expected, expected_history, _) = run(False), run(True)
    assert n_calls >= number
    # A full and a short batch are recorded, before and after; the short one comes twice first.
    assert found.replayed_steps >= 25 - 5 and expected.replayed_steps == 0
    assert history == expected_history
    assert_same_models(found, expected)
