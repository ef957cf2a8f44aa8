"""Embedding: against Keras, training by rows, replay, indices that are out of range."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make, numbered
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, layers, ops

GOLDEN = golden_arrays("embedding.npz")
OPTIMIZERS = golden_json("embedding.json")["optimizers"]
VARIANTS = golden_json("embedding.json")["variants"]
RNG = np.random.default_rng(0)
ROWS, WIDTH, LENGTH = 11, 3, 4
WORDS = RNG.integers(0, ROWS, (17, LENGTH))
TARGETS = RNG.normal(size=(17, 2)).astype("float32")


def table_of(values, **arguments):
    return layers.Embedding(*np.shape(values), weights=[np.asarray(values)], **arguments)


# ---- the layer -----------------------------------------------------------------------------------


def test_output_mask_and_gradient_are_those_of_keras():
    layer = table_of(GOLDEN["table"], mask_zero=True)
    with GradientTape() as tape:
        y = layer(GOLDEN["x"])
    np.testing.assert_array_equal(y.numpy(), GOLDEN["y"])
    np.testing.assert_array_equal(y._keras_mask.numpy(), GOLDEN["mask"])
    found = tape.gradient(y, layer.embeddings, output_gradients=GOLDEN["seed"])
    assert_agree(found, GOLDEN["gradient"])


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32", "float64", "bool"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3), (0, 2)])
def test_inputs_of_any_shape_and_dtype(dtype, shape):
    layer = table_of(RNG.normal(size=(2, 3)))
    x = RNG.integers(0, 2, shape).astype(dtype)
    y = layer(ops.convert_to_tensor(x))
    assert y.shape == (*shape, 3) and y.dtype == "float32"
    np.testing.assert_array_equal(y.numpy(), layer.embeddings.numpy()[x.astype(int)])
    assert layer.compute_output_shape((None, *shape[1:])) == (None, *shape[1:], 3)


def test_fractions_are_cut_off():
    layer = table_of([[1.0], [2.0]])
    assert layer(np.array([0.9, 1.9])).numpy().tolist() == [[1.0], [2.0]]


def test_the_table_at_first():
    kerasette.utils.set_random_seed(0)
    layer = layers.Embedding(100, 50)
    assert not hasattr(layer, "embeddings")
    layer.build()
    values = layer.embeddings.numpy()
    assert -0.05 <= values.min() < -0.049 and 0.049 < values.max() < 0.05
    assert [w.path for w in layer.weights] == [f"{layer.name}/embeddings"]
    given = RNG.normal(size=(3, 2))
    for weights in (given, [given]):
        layer = layers.Embedding(3, 2, weights=weights, dtype="float64")
        np.testing.assert_array_equal(layer.get_weights()[0], given)


def test_masks():
    layer = layers.Embedding(4, 2, mask_zero=True)
    x = np.array([[1, 0], [0, 3]])
    assert layer.compute_mask(ops.convert_to_tensor(x)).numpy().tolist() == (x != 0).tolist()
    assert layer(x.astype("float32"))._keras_mask.numpy().tolist() == (x != 0).tolist()
    without = layers.Embedding(4, 2)
    assert without.compute_mask(ops.convert_to_tensor(x)) is None
    assert without(x)._keras_mask is None
    assert layer.supports_masking and not without.supports_masking


# ---- training ------------------------------------------------------------------------------------


def network(optimizer, **arguments):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((LENGTH,), dtype="int64"),
            layers.Embedding(ROWS, WIDTH, **arguments),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    model.compile(make(kerasette.optimizers, optimizer), "mse")
    return model


def variant_of(name, optimizer, arguments):
    """A table that is read once, twice, or pooled."""
    table = layers.Embedding(ROWS, WIDTH, **arguments)
    inputs = kerasette.Input((LENGTH,), dtype="int64")
    if name.startswith("pooled"):
        hidden = layers.GlobalAveragePooling1D()(table(inputs))
    elif name == "twice":
        halves = [table(inputs[:, :2]), table(inputs[:, 2:])]
        hidden = layers.Flatten()(layers.Multiply()(halves))
    else:
        hidden = layers.Flatten()(table(inputs))
    model = kerasette.Model(inputs, layers.Dense(2)(hidden))
    model.compile(make(kerasette.optimizers, optimizer), "mse")
    return model


@pytest.mark.parametrize("name", [*OPTIMIZERS, *VARIANTS])
def test_ten_steps_are_those_of_keras(name):
    arrays = {
        key.partition("/")[2]: value
        for key, value in GOLDEN.items()
        if key.partition("/")[0] == name
    }
    if name in OPTIMIZERS:
        model = network(OPTIMIZERS[name])
    else:
        model = variant_of(name, *VARIANTS[name])
    model.set_weights(numbered(arrays, "w0_"))
    x, y = (np.concatenate(numbered(arrays, key)) for key in ("x_", "y_"))
    history = model.fit(x, y, batch_size=3, shuffle=False, verbose=0).history
    assert model.replayed_steps == 9
    assert history["loss"][0] == pytest.approx(arrays["losses"].mean(), rel=1e-5)
    for found, expected in zip(model.get_weights(), numbered(arrays, "w_"), strict=True):
        assert_agree(found, expected)


class Pair(layers.Layer):
    """Two lookups in one table, whose rows meet again in a product: a tied output."""

    def __init__(self, tied=False, **kwargs):
        super().__init__(**kwargs)
        self.table = layers.Embedding(ROWS, WIDTH)
        self.tied = tied

    def call(self, inputs):
        first, second = self.table(inputs), self.table(ROWS - 1 - inputs)
        both = ops.sum(first * second, axis=1)
        return ops.matmul(both, ops.transpose(self.table.embeddings)) if self.tied else both


CASES = {
    "plain": lambda: [layers.Embedding(ROWS, WIDTH), layers.Flatten()],
    "regularized": lambda: [
        layers.Embedding(ROWS, WIDTH, embeddings_regularizer="l2"),
        layers.Flatten(),
    ],
    "constrained": lambda: [
        layers.Embedding(ROWS, WIDTH, embeddings_constraint="unit_norm"),
        layers.Flatten(),
    ],
    "shared": lambda: [Pair()],
    "tied": lambda: [Pair(tied=True)],
}


def case(name, optimizer):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [kerasette.Input((LENGTH,), dtype="int64"), *CASES[name](), layers.Dense(2)]
    )
    model.compile(make(kerasette.optimizers, optimizer), "mse")
    return model


def train(model):
    np.random.seed(3)
    results = [model.fit(WORDS, TARGETS, batch_size=4, epochs=3, verbose=0).history]
    model.optimizer.learning_rate = 0.02
    results.append(model.fit(WORDS, TARGETS, batch_size=5, epochs=2, verbose=0).history)
    return [*results, model.get_weights(), model.predict(WORDS, verbose=0)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", CASES)
def test_replay_gives_the_bits_of_eager(name, optimizer, monkeypatch):
    replayed = case(name, OPTIMIZERS[optimizer])
    found = train(replayed)
    assert replayed.replayed_steps > 10
    pool = kerasette.training.programs.ProgramPool
    monkeypatch.setattr(pool, "is_replayable", lambda self, key: False)
    model = case(name, OPTIMIZERS[optimizer])
    assert not differ(found, train(model))
    assert model.replayed_steps == 0


def by_hand(model, n_steps):
    """The same training with gradients that are tensors of their own, zeros and all."""
    optimizer = model.optimizer
    for step in range(n_steps):
        rows = slice(4 * step, 4 * step + 4)
        with GradientTape() as tape:
            y = model(WORDS[rows], training=True)
            loss = ops.mean(ops.square(y - TARGETS[rows]))
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["plain", "shared", "tied"])
def test_rows_give_the_bits_of_whole_gradients(name, optimizer):
    models = [case(name, OPTIMIZERS[optimizer]) for _ in range(2)]
    for model in models:
        model.build((None, LENGTH))
    models[1].set_weights(models[0].get_weights())
    models[0].fit(WORDS[:16], TARGETS[:16], batch_size=4, shuffle=False, verbose=0)
    by_hand(models[1], 4)
    assert not differ(*(model.get_weights() for model in models))


def test_gradient_descent_moves_the_rows_of_the_batch_alone():
    model = network(["SGD", {"learning_rate": 0.5}])
    before = model.get_weights()[0]
    words = np.array([[1, 5, 5, 2]] * 3 + [[7, 7, 7, 1]] * 3)
    model.fit(words, TARGETS[:6], batch_size=3, shuffle=False, verbose=0)
    moved = np.flatnonzero((model.get_weights()[0] != before).any(1))
    assert moved.tolist() == [1, 2, 5, 7]


# ---- indices out of range ------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [ROWS, -1, 10**6])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_wrong_index_leaves_the_last_whole_step(wrong, optimizer):
    # In a replayed step, the fourth of five.
    words = WORDS[:15].copy()
    words[10, 2] = wrong
    message = rf"value {wrong} at position 6 is out of range: expected an index in \[0, {ROWS}\)"
    model, twin = (network(OPTIMIZERS[optimizer]) for _ in range(2))
    with pytest.raises(ValueError, match=message):
        model.fit(words, TARGETS[:15], batch_size=3, shuffle=False, verbose=0)
    twin.fit(WORDS[:9], TARGETS[:9], batch_size=3, shuffle=False, verbose=0)
    assert int(model.optimizer.iterations) == 3
    assert not differ(model.get_weights(), twin.get_weights())
    states = [[v.numpy() for v in m.optimizer.variables] for m in (model, twin)]
    assert not differ(*states)
    # And goes on from there.
    for m in (model, twin):
        m.fit(WORDS[9:15], TARGETS[9:15], batch_size=3, shuffle=False, verbose=0)
    assert not differ(model.get_weights(), twin.get_weights())


@pytest.mark.parametrize("wrong", [ROWS, -1])
def test_a_wrong_index_raises_in_every_way_to_run(wrong):
    model = network(["SGD", {}])
    words = WORDS[:15].copy()
    words[10, 2] = wrong
    message = rf"value {wrong} at position \d+ is out of range: expected an index in \[0, {ROWS}\)"
    runs = [
        lambda: model(words),
        lambda: model.predict(words, batch_size=3, verbose=0),
        lambda: model.evaluate(words, TARGETS[:15], batch_size=3, verbose=0),
        lambda: layers.Embedding(ROWS, 2)(words.astype("float32")),
    ]
    for run in runs:
        with pytest.raises(ValueError, match=message):
            run()


# ---- arguments -----------------------------------------------------------------------------------

ROW_OF = {
    "input_dim": 20,
    "output_dim": 5,
    "embeddings_initializer": "ones",
    "embeddings_regularizer": "l2",
    "embeddings_constraint": "non_neg",
    "mask_zero": True,
    "weights": np.ones((ROWS, WIDTH)),
    # Refused, below.
    "lora_rank": None,
    "lora_alpha": None,
    "quantization_config": None,
}
COVERED = {"layers.Embedding": ROW_OF}


def observe(**arguments):
    """What a short training leaves, and the mask."""
    arguments = {"input_dim": ROWS, "output_dim": WIDTH, **arguments}
    kerasette.utils.set_random_seed(2)
    layer = layers.Embedding(**arguments)
    mask = layer.compute_mask(ops.convert_to_tensor(WORDS))
    model = kerasette.Sequential(
        [kerasette.Input((LENGTH,), dtype="int64"), layer, layers.Activation("relu")]
    )
    model.add(layers.Flatten())
    model.add(layers.Dense(2))
    model.compile("adam", "mse")
    loss = model.fit(WORDS, TARGETS, shuffle=False, verbose=0).history["loss"]
    return [*([] if mask is None else [mask.numpy()]), loss, model.get_weights()]


def test_every_parameter_has_a_row():
    assert_every_parameter_has_a_row(layers.Embedding, ROW_OF)


@pytest.mark.parametrize("name", [name for name in ROW_OF if ROW_OF[name] is not None])
@pytest.mark.filterwarnings("ignore:Layer 'flatten")
def test_every_argument_acts(name):
    assert differ(observe(), observe(**{name: ROW_OF[name]}))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"input_dim": 0}, r"`input_dim` must be a positive integer. Received: input_dim=0 \(of"),
        ({"input_dim": "3"}, r"input_dim='3' \(of type str\)"),
        ({"input_dim": True}, r"input_dim=True \(of type bool\)"),
        ({"output_dim": -1}, "`output_dim` must be a positive integer. Received: output_dim=-1"),
        ({"output_dim": 2.0}, r"output_dim=2.0 \(of type float\)"),
        ({"lora_rank": 2}, "Unrecognized keyword arguments.*lora_rank"),
        ({"lora_alpha": 2}, "Unrecognized keyword arguments.*lora_alpha"),
        ({"quantization_config": "int8"}, "Unrecognized keyword arguments.*quantization_config"),
        ({"dim": 2}, "Unrecognized keyword arguments.*dim"),
        ({"weights": np.ones((3, 3))}, r"weight shape \(3, 2\) is not compatible .* \(3, 3\)"),
        ({"weights": [np.ones((3, 2))] * 2}, r"not compatible|weight list of length"),
    ],
)
def test_wrong_arguments_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        layers.Embedding(**{"input_dim": 3, "output_dim": 2, **arguments})


def test_input_length_warns():
    with pytest.warns(UserWarning, match="`input_length` is deprecated"):
        layer = layers.Embedding(3, 2, input_length=4)
    assert "input_length" not in layer.get_config()
