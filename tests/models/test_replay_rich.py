"""A network with all kinds of parts: replayed, and ten epochs with the bits of eager."""

import copy
import pickle

import numpy as np
import pytest
from rich_network import (
    BATCH_SIZE,
    N_SAMPLES,
    N_STEPS,
    SAMPLE_WEIGHT,
    X,
    Y,
    adam,
    assert_same_bits,
    assert_same_models,
    compile_richly,
    fit,
    make,
    network,
    state,
)

import kerasette
from kerasette import optimizers
from kerasette.optimizers import schedules

EPOCHS = 10
# The first full batch is recorded, the short one when it comes for the second time.
RECORDED = 1 + 2
REPLAYED = EPOCHS * N_STEPS - RECORDED

OPTIMIZERS = {
    "adam": adam,
    "clipnorm": lambda: adam(clipnorm=0.1),
    "clipvalue": lambda: adam(clipvalue=0.01),
    "global_clipnorm": lambda: adam(global_clipnorm=0.1),
    "averages": lambda: adam(use_ema=True, ema_momentum=0.9),
    "averages that overwrite": lambda: adam(use_ema=True, ema_overwrite_frequency=7),
    # Updates fall into different places of the epochs.
    "accumulation": lambda: adam(gradient_accumulation_steps=3),
    "accumulation, averages and clipping": lambda: adam(
        gradient_accumulation_steps=4, use_ema=True, ema_overwrite_frequency=3, clipnorm=0.1
    ),
    "amsgrad": lambda: adam(amsgrad=True),
    "scaled loss": lambda: adam(loss_scale_factor=8.0),
    "scaled loss, dynamically": lambda: optimizers.LossScaleOptimizer(
        adam(global_clipnorm=0.1), 4.0, dynamic_growth_steps=3
    ),
    "rmsprop": lambda: optimizers.RMSprop(
        0.01, momentum=0.5, centered=True, clipvalue=0.1, weight_decay=0.01
    ),
    "nesterov": lambda: optimizers.SGD(
        0.05, momentum=0.9, nesterov=True, global_clipnorm=0.5, use_ema=True
    ),
    "cosine": lambda: optimizers.AdamW(
        schedules.CosineDecay(1e-3, 20, alpha=0.1, warmup_target=0.02, warmup_steps=8),
        weight_decay=0.1,
        clipnorm=0.5,
    ),
    "piecewise": lambda: optimizers.SGD(
        schedules.PiecewiseConstantDecay([7, 23], [0.1, 0.05, 0.01]), momentum=0.9, clipnorm=0.5
    ),
    "nadam": lambda: optimizers.Nadam(0.01, use_ema=True, ema_overwrite_frequency=4, clipnorm=0.5),
    "lion": lambda: optimizers.Lion(0.005, weight_decay=0.1, clipnorm=0.5),
}


def trained_twice(make_optimizer, train):
    """Two models, one replayed and one eager, and what the same training returns of them."""
    found = []
    for run_eagerly in (False, True):
        model = make(make_optimizer(), run_eagerly)
        np.random.seed(4)
        found.append((model, train(model)))
    return found


def assert_replay_is_eager(make_optimizer, train):
    """Both have the same bits; gives the replayed model."""
    (model, history), (eager_model, expected) = trained_twice(make_optimizer, train)
    assert eager_model.replayed_steps == 0
    assert history == expected
    assert all(np.isfinite(values).all() for values in history.values())
    assert_same_models(model, eager_model)
    return model


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ten_epochs_have_the_bits_of_eager(name):
    start = state(make(OPTIMIZERS[name]()))
    counts = []

    def train(model):
        history = fit(model, EPOCHS)
        counts.append((model.replayed_steps, model.eager_steps))
        return history

    model = assert_replay_is_eager(OPTIMIZERS[name], train)
    assert counts == [(REPLAYED, RECORDED), (0, EPOCHS * N_STEPS)]
    changed = [not np.array_equal(a, b) for a, b in zip(start, state(model))]
    # Only a bias that a constraint keeps at zero, say, may be as before.
    assert sum(changed) > 0.8 * len(changed)


def test_replay_is_what_runs_where_nothing_is_said_against_it(eager):
    """The same with the switch of the other tests, which leaves `run_eagerly` alone."""
    replayed = make(adam(use_ema=True, clipnorm=0.1))
    history = fit(replayed, EPOCHS)
    assert replayed.replayed_steps == REPLAYED
    eager()
    model = make(adam(use_ema=True, clipnorm=0.1))
    assert fit(model, EPOCHS) == history
    assert model.replayed_steps == 0
    assert_same_models(replayed, model)


# Arguments of `fit`, and how many steps are recorded or run eagerly, of how many.
ARGUMENTS = {
    "sample_weight": ({"class_weight": None, "sample_weight": SAMPLE_WEIGHT}, 3, 50),
    "no weights": ({"class_weight": None}, 3, 50),
    "no shuffling": ({"shuffle": False}, 3, 50),
    "batches shuffled": ({"shuffle": "batch"}, 3, 50),
    # A full batch and a short one of 4 samples, each eager when it comes first, then recorded.
    "validation": ({"validation_data": (X[:20], Y[:20])}, 3 + 4, 50 + 20),
    "validation with weights": (
        {"validation_data": (X[:40], Y[:40], SAMPLE_WEIGHT[:40])},
        3 + 3,
        50 + 30,
    ),
    # 56 and 14 samples; 3 full batches and 8, one of 14.
    "validation_split": ({"validation_split": 0.2}, 3 + 2, 40 + 10),
    "validation_freq": ({"validation_split": 0.2, "validation_freq": 3}, 3 + 2, 40 + 3),
    # Four batches of 56 samples, a half of them in each epoch.
    "steps_per_epoch": ({"steps_per_epoch": 2, "validation_split": 0.2}, 3 + 2, 20 + 10),
    "whole batches only": ({"batch_size": 10}, 1, 70),
    "one batch": ({"batch_size": N_SAMPLES}, 2, 10),
    "batch hooks": ({"callbacks": [kerasette.callbacks.LambdaCallback()]}, 3, 50),
}


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_of_fit_change_nothing_of_that(name):
    arguments, n_eager, n_steps = ARGUMENTS[name]
    counts = []

    def train(model):
        history = fit(model, EPOCHS, **arguments)
        counts.append((model.replayed_steps, model.eager_steps))
        return history

    assert_replay_is_eager(lambda: adam(use_ema=True, clipnorm=0.5), train)
    assert counts == [(n_steps - n_eager, n_eager), (0, n_steps)]


def test_steps_in_groups_are_replayed():
    class Counter(kerasette.callbacks.Callback):
        n_ends = 0

        def on_train_batch_end(self, batch, logs=None):
            self.n_ends += 1

    def run(steps_per_execution):
        model = make()
        model.steps_per_execution = steps_per_execution
        counter = Counter()
        return model, fit(model, EPOCHS, callbacks=[counter]), counter.n_ends

    (single, history, n), (grouped, grouped_history, n_grouped) = run(1), run(3)
    assert (n, n_grouped) == (EPOCHS * 5, EPOCHS * 2)
    assert history == grouped_history
    assert grouped.replayed_steps == single.replayed_steps == REPLAYED
    assert_same_models(single, grouped)


def test_fits_in_a_row_with_new_compiles_in_between():
    def train(model):
        histories = fit(model, 3)
        before = model.replayed_steps
        histories |= {f"second_{k}": v for k, v in fit(model, 3).items()}
        # Nothing is recorded anew.
        assert model.replayed_steps - before == (0 if model.run_eagerly else 15)
        eager = model.run_eagerly
        compile_richly(model, optimizers.RMSprop(0.01, centered=True, clipnorm=0.1), eager)
        histories |= {f"third_{k}": v for k, v in fit(model, 3).items()}
        # The optimizer that was there before, with what it remembers.
        compile_richly(model, model.first_optimizer, eager)
        return histories | {f"last_{k}": v for k, v in fit(model, 3, batch_size=20).items()}

    def train_with_first(model):
        model.first_optimizer = model.optimizer
        return train(model)

    model = assert_replay_is_eager(lambda: adam(use_ema=True, clipnorm=0.1), train_with_first)
    # Recorded: the full batch and the short one, which runs eagerly when it comes first.
    assert model.replayed_steps == (15 - 3) + 15 + (15 - 2) + (12 - 3)


def test_one_batch_at_a_time():
    def train(model):
        found = []
        for start in range(0, 64, BATCH_SIZE):
            rows = slice(start, start + BATCH_SIZE)
            found += model.train_on_batch(X[rows], Y[rows], class_weight={1: 2.0})
            found += model.test_on_batch(X[rows], Y[rows], SAMPLE_WEIGHT[rows])
        return {"found": found}

    model = assert_replay_is_eager(lambda: adam(use_ema=True, clipnorm=0.1), train)
    assert model.replayed_steps >= 2 * 2


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_go_on_as_the_model(copied):
    model = make(OPTIMIZERS["accumulation, averages and clipping"]())
    fit(model, 2)
    twin = copied(model)
    before = twin.replayed_steps
    histories = [fit(one, 3, shuffle=False) for one in (model, twin)]
    assert histories[0] == histories[1]
    assert twin.replayed_steps >= before + 15 - 3
    assert_same_models(model, twin)


class Meddler(kerasette.callbacks.Callback):
    """Changes rate, weights, freezing and attributes in mid-training, and predicts."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            self.model.predict(X[:3], verbose=0)
            self.model.evaluate(X, Y, batch_size=BATCH_SIZE, verbose=0)

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            self.model.optimizer.learning_rate = 0.002
        if epoch == 2:
            self.model.set_weights([weight * 0.9 for weight in self.model.get_weights()])
        if epoch == 3:
            self.model.layers[1].momentum = 0.5
        if epoch == 4:
            self.model.layers[4].trainable = False
        if epoch == 6:
            self.model.layers[4].trainable = True
        if epoch == 7:
            self.model.layers[3].rate = 0.6
            self.model.optimizer.clipnorm = 0.01
            self.model.layers[0].kernel_regularizer.l2 = 0.3


@pytest.mark.filterwarnings("ignore:A layer's `trainable` state")
def test_a_callback_that_changes_much_in_mid_training():
    model = assert_replay_is_eager(
        lambda: adam(clipnorm=0.5), lambda model: fit(model, EPOCHS, callbacks=[Meddler()])
    )
    assert model.replayed_steps > 60


def test_in_double_precision():
    floatx = kerasette.config.floatx()
    kerasette.config.set_floatx("float64")
    try:
        model = assert_replay_is_eager(
            lambda: adam(use_ema=True, global_clipnorm=0.1),
            lambda model: fit(model, EPOCHS, validation_split=0.2),
        )
        assert {weight.dtype for weight in model.weights} == {"float64"}
        assert model.replayed_steps > 40
    finally:
        kerasette.config.set_floatx(floatx)


@pytest.fixture
def threads():
    """Puts the number of threads back."""
    before = kerasette.config.get_num_threads()
    yield
    kerasette.config.set_num_threads(before)


def wide():
    """The same kinds of parts, so wide that several threads take part."""
    kerasette.utils.set_random_seed(1)
    wider = [kerasette.layers.Dense(300, kernel_regularizer="l2", activation="relu"), *network()]
    wider[1] = kerasette.layers.Dense(257, kernel_regularizer="l2", kernel_constraint="max_norm")
    model = kerasette.Sequential([kerasette.Input((40,)), *wider])
    compile_richly(model, adam(use_ema=True, global_clipnorm=0.1, ema_overwrite_frequency=3))
    return model


def test_any_number_of_threads_gives_the_same_bits(threads):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(700, 40)).astype("float32")
    y = np.eye(3, dtype="float32")[rng.integers(0, 3, 700)]
    found = []
    for n in (1, 2, 3):
        kerasette.config.set_num_threads(n)
        model = wide()
        model.fit(x, y, batch_size=256, epochs=4, class_weight={1: 2.0}, verbose=0)
        assert model.replayed_steps > 0
        found.append([*state(model), model.predict(x, verbose=0)])
    assert_same_bits(found[1], found[0])
    assert_same_bits(found[2], found[0])
