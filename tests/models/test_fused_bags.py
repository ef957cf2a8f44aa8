"""Rows of a table and their mean in one node, gradients made by an update: the bits of eager runs.

Both are what replays do.
"""

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette._core import runtime

RNG = np.random.default_rng(0)
ROWS = 50


def network(shape, width=8, dtype=None, eager=False, optimizer="adam", stack=None):
    kerasette.utils.set_random_seed(0)
    inner = [layers.Embedding(ROWS, width, dtype=dtype), layers.GlobalAveragePooling1D(dtype=dtype)]
    inputs = kerasette.Input(shape[1:], dtype="int32")
    outputs = inputs
    for layer in stack or inner:
        outputs = layer(outputs)
    model = kerasette.Model(inputs, layers.Dense(3, dtype=dtype)(outputs))
    model.compile(optimizer, "mse", run_eagerly=eager)
    return model


def ops_of(model, kind):
    programs = [
        program
        for workspace in model._pool.free
        for key, program in workspace.programs.items()
        if key[0] == kind
    ]
    return programs[-1].step.replayed_ops


def assert_same_bits(make, shape, batch):
    """Trains and predicts by replays and eagerly; returns what replays ran."""
    x = RNG.integers(0, ROWS, shape)
    y = RNG.normal(size=(shape[0], 3))
    found, models = [], [make(False), make(True)]
    for model in models:
        model.fit(x, y, batch, epochs=2, shuffle=False, verbose=0)
        found.append([*model.get_weights(), model.predict(x, batch, verbose=0)])
        found[-1].append(model.predict(x, batch, verbose=0))
    assert models[0].replayed_steps > 0 == models[1].replayed_steps
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    return [ops_of(models[0], kind) for kind in ("train", "predict")]


@pytest.mark.parametrize(
    ("shape", "batch", "width"),
    [((20, 5), 4, 8), ((20, 70), 5, 37), ((9, 130), 3, 300), ((4, 700), 1, 128), ((6, 1), 2, 2)],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_mean_of_rows_is_a_bag(shape, batch, width, dtype, optimizer):
    def make(eager):
        return network(shape, width, dtype, eager, optimizer)

    for ran in assert_same_bits(make, shape, batch):
        assert "bag" in ran
        assert "gather" not in ran
        assert "-gather" not in ran


@pytest.mark.parametrize("isa", [name for name, runs in runtime.isa_levels() if runs])
def test_instruction_sets(isa):
    before = runtime.isa()
    runtime.set_isa(isa)
    try:
        assert_same_bits(lambda eager: network((9, 70), 45, eager=eager), (9, 70), 3)
    finally:
        runtime.set_isa(before)


def test_any_number_of_threads_gives_the_same_bits():
    before, found = kerasette.config.get_num_threads(), []
    x, y = RNG.integers(0, ROWS, (60, 150)), RNG.normal(size=(60, 3))
    try:
        for n in (1, 2, 3):
            kerasette.config.set_num_threads(n)
            model = network((60, 150), 130)
            model.fit(x, y, 20, epochs=2, shuffle=False, verbose=0)
            found.append(model.get_weights())
    finally:
        kerasette.config.set_num_threads(before)
    for other in found[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[0], other, strict=True))


class Twice(layers.Layer):
    """A table that is read twice, whose rows in between are used in several ways."""

    def __init__(self, way):
        super().__init__()
        self.way = way
        self.table = layers.Embedding(ROWS, 6)

    def call(self, inputs):
        rows = self.table(inputs)
        ops = kerasette.ops
        if self.way == "rows too":
            return ops.mean(rows, axis=1) + ops.max(rows, axis=1)
        if self.way == "twice":
            return ops.mean(rows, axis=1) - ops.mean(self.table(inputs[:, :2]), axis=1)
        return ops.mean(rows, axis=2)


@pytest.mark.parametrize("way", ["rows too", "twice", "of each row"])
def test_tables_that_are_read_in_other_ways(way):
    def make(eager):
        return network((12, 5), eager=eager, stack=[Twice(way)])

    for ran in assert_same_bits(make, (12, 5), 4):
        assert ran.count("bag") == (2 if way == "twice" else 0)


def test_rows_that_the_model_returns_stay():
    inputs = kerasette.Input((5,), dtype="int32")
    rows = layers.Embedding(ROWS, 4)(inputs)
    model = kerasette.Model(inputs, [rows, layers.GlobalAveragePooling1D()(rows)])
    x = RNG.integers(0, ROWS, (6, 5))
    for _ in range(2):
        found, means = model.predict(x, batch_size=3, verbose=0)
    np.testing.assert_array_equal(found, model.get_weights()[0][x])
    np.testing.assert_allclose(means, found.mean(1), 1e-6, 1e-7)
    assert "gather" in ops_of(model, "predict")


def test_a_single_column_stays_apart():
    for ran in assert_same_bits(lambda eager: network((8, 40), 1, eager=eager), (8, 40), 2):
        assert "gather" in ran


@pytest.mark.parametrize("options", [{"clipnorm": 0.01}, {"clipvalue": 1e-3}, {"use_ema": True}])
def test_with_what_optimizers_do_to_gradients(options):
    def make(eager):
        return network((12, 5), eager=eager, optimizer=kerasette.optimizers.Adam(0.1, **options))

    assert_same_bits(make, (12, 5), 4)


# ---- gradients that are left to the update --------------------------------------------------


def flat():
    return [layers.Embedding(ROWS, 5), layers.Flatten()]


def bag():
    return [layers.EmbeddingBag(ROWS, 5, "sum", mask_zero=True)]


OPTIMIZERS = {
    "adam": lambda: kerasette.optimizers.Adam(0.1),
    "amsgrad": lambda: kerasette.optimizers.Adam(0.1, amsgrad=True),
    "adamw": lambda: kerasette.optimizers.AdamW(0.1, weight_decay=0.1),
    "momentum": lambda: kerasette.optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: kerasette.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: kerasette.optimizers.RMSprop(0.1, momentum=0.5, centered=True),
}


@pytest.mark.parametrize("stack", [flat, bag, None])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_make_the_gradient_of_a_table(name, stack):
    def make(eager):
        return network((12, 5), eager=eager, optimizer=OPTIMIZERS[name](), stack=stack and stack())

    ran, _ = assert_same_bits(make, (12, 5), 4)
    assert not {"-gather", "-bag"} & set(ran)


@pytest.mark.parametrize(
    "optimizer",
    [
        kerasette.optimizers.SGD(0.1),
        kerasette.optimizers.Adam(0.1, clipnorm=0.1),
        kerasette.optimizers.Adam(0.1, global_clipnorm=0.1),
        kerasette.optimizers.Adam(0.1, clipvalue=0.1),
        kerasette.optimizers.Adam(0.1, gradient_accumulation_steps=2),
        kerasette.optimizers.Nadam(0.1),
    ],
    ids=lambda one: f"{one.name} {one.clipnorm} {one.gradient_accumulation_steps}",
)
@pytest.mark.parametrize("stack", [flat, bag])
def test_a_gradient_that_others_read_is_made_before(optimizer, stack):
    config = optimizer.get_config()

    def make(eager):
        return network(
            (12, 5),
            eager=eager,
            optimizer=type(optimizer).from_config(config),
            stack=stack(),
        )

    ran, _ = assert_same_bits(make, (12, 5), 4)
    assert {"-gather", "-bag"} & set(ran)


class Shown(kerasette.Model):
    """A model whose steps return the gradient of the table."""

    def __init__(self):
        super().__init__()
        self.table, self.dense = layers.Embedding(ROWS, 4), layers.Dense(1)

    def call(self, inputs):
        return self.dense(kerasette.ops.mean(self.table(inputs), axis=1))

    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            loss = kerasette.ops.mean((self(x) - y) ** 2)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss, "size": kerasette.ops.sum(kerasette.ops.abs(gradients[0]))}


def test_a_gradient_that_a_step_reads_is_made_before():
    x, y, found = RNG.integers(0, ROWS, (12, 5)), RNG.normal(size=(12, 1)), []
    for eager in (False, True):
        kerasette.utils.set_random_seed(0)
        model = Shown()
        model.compile("adam", run_eagerly=eager)
        history = model.fit(x, y, 4, epochs=3, shuffle=False, verbose=0).history
        found.append([history["size"], *model.get_weights()])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_recordings_of_other_sizes_share_the_place():
    x, y, found = RNG.integers(0, ROWS, (22, 5)), RNG.normal(size=(22, 3)), []
    for eager in (False, True):
        model = network((22, 5), eager=eager, stack=flat())
        for epoch in range(4):
            # The last batch is another one, and so is that of a step by hand.
            model.fit(x, y, 4, shuffle=False, verbose=0)
            model.train_on_batch(x[: 3 + epoch], y[: 3 + epoch])
            if epoch == 2:
                model.compile(kerasette.optimizers.SGD(0.1), "mse", run_eagerly=eager)
        found.append(model.get_weights())
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_rows_without_history_stay_as_they_are():
    x, y = RNG.integers(10, 20, (12, 5)), RNG.normal(size=(12, 3))
    model = network((12, 5), stack=flat())
    before = model.get_weights()[0]
    model.fit(x, y, 4, epochs=2, shuffle=False, verbose=0)
    changed = (model.get_weights()[0] != before).any(1)
    assert set(np.flatnonzero(changed)) == set(x.ravel())
    # Once they have a history, rows move on without being used, as in Keras.
    model.fit(np.full_like(x, 30), y, 4, shuffle=False, verbose=0)
    assert (model.get_weights()[0] != before).any(1)[x.ravel()].all()


# ---- errors ---------------------------------------------------------------------------------


def test_a_wrong_index_changes_nothing():
    x, y = RNG.integers(0, ROWS, (12, 5)), np.ones((12, 3))
    model, twin = network((12, 5)), network((12, 5))
    wrong = x.copy()
    wrong[10, 1] = ROWS
    with pytest.raises(ValueError, match=rf"value {ROWS} at position 6 is out of range.*{ROWS}\)"):
        model.fit(wrong, y, 3, shuffle=False, verbose=0)
    twin.fit(x[:9], y[:9], 3, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
