"""EmbeddingBag and the op behind it: against PyTorch, NumPy and differences; training; errors."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, layers, ops
from kerasette._core import ops as core
from kerasette.testing import check_gradients

GOLDEN = golden_arrays("embedding_bag.npz")
RNG = np.random.default_rng(0)
ROWS, WIDTH, LENGTH = 11, 3, 4
WORDS = RNG.integers(0, ROWS, (17, LENGTH))
TARGETS = RNG.normal(size=(17, 2)).astype("float32")
MODES = ["sum", "mean"]


def bags(table, ids, mode, mask):
    """In NumPy, float64."""
    kept = np.where(mask[:, :, None], table.astype("float64")[ids], 0.0)
    counts = mask.sum(1)[:, None] if mode == "mean" else 1
    return kept.sum(1) / np.maximum(counts, 1)


# ---- the op --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["all", "masked", "ragged"])
@pytest.mark.parametrize("index", ["int32", "int64"])
def test_results_and_gradients_are_those_of_pytorch(mode, kind, index):
    table, ids = kerasette.Variable(GOLDEN["table"]), GOLDEN["ids"].astype(index)
    options = {
        "all": {},
        "masked": {"mask": ids != 0},
        "ragged": {"starts": GOLDEN["starts"]},
    }[kind]
    with GradientTape() as tape:
        y = core.bag(table, ids.ravel() if kind == "ragged" else ids, mode, **options)
    assert_agree(y, GOLDEN[f"{mode}/{kind}/y"])
    found = tape.gradient(y, table, output_gradients=GOLDEN["seed"])
    assert_agree(found, GOLDEN[f"{mode}/{kind}/gradient"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 64), (2, 65), (1, 500), (40, 3), (0, 3), (3, 0)])
@pytest.mark.parametrize("width", [1, 3, 8, 37, 128, 300])
def test_any_size(mode, shape, width):
    table = RNG.normal(size=(9, width)).astype("float32")
    ids, mask = RNG.integers(0, 9, shape), RNG.random(shape) < 0.7
    for one in (mask, np.ones(shape, bool)):
        found = core.bag(table, ids, mode, None if one.all() else one)
        assert found.shape == (shape[0], width)
        np.testing.assert_allclose(found.numpy(), bags(table, ids, mode, one), 2e-6, 2e-6)


@pytest.mark.parametrize("mode", MODES)
def test_gradients_are_those_of_differences(mode):
    table, ids = RNG.normal(size=(5, 3)), RNG.integers(0, 5, (4, 6))
    mask = RNG.random((4, 6)) < 0.6
    mask[1] = False
    check_gradients(lambda t: core.bag(t, ids, mode), [table])
    check_gradients(lambda t: core.bag(t, ids, mode, mask), [table])
    starts = [0, 5, 5, 6, 24]
    check_gradients(lambda t: core.bag(t, ids.ravel(), mode, starts=starts), [table])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "max"}, "`mode` must be 'sum' or 'mean'. Received: mode='max'"),
        ({"ids": np.zeros(4, int)}, r"ids of rank 2.*ids.shape=\(4,\)"),
        ({"ids": np.zeros(4, int), "starts": [1, 4]}, "rise from 0 to the number of ids, 4"),
        ({"ids": np.zeros(4, int), "starts": [0, 3]}, "rise from 0 to the number of ids, 4"),
        ({"ids": np.zeros(4, int), "starts": [0, 3, 2, 4]}, "rise from 0"),
        ({"ids": np.zeros(4, int), "starts": [0.0, 4.0]}, "`starts` are integers.*float64"),
        ({"ids": np.zeros(4, int), "starts": []}, "`starts` are integers"),
        ({"starts": [0, 4]}, "ids of rank 2.*starts given"),
        ({"mask": np.ones((2, 3), bool)}, r"of that shape. Received: a mask of shape \(2, 3\)"),
        ({"mask": np.ones((2, 2))}, "is bool and of that shape.*float64"),
        (
            {"ids": np.zeros(4, int), "mask": np.ones(4, bool), "starts": [0, 4]},
            "a mask or starts, not both",
        ),
        ({"table": np.ones((3, 2, 2))}, r"table of rank 2.*table.shape=\(3, 2, 2\)"),
        (
            {"ids": np.array([[0, 1], [3, 0]])},
            r"bag: value 3 at position 2 is out of range: expected an index in \[0, 3\)",
        ),
    ],
    ids=str,
)
def test_what_the_op_refuses(options, words):
    arguments = {"table": np.ones((3, 2)), "ids": np.zeros((2, 2), int), **options}
    with pytest.raises(ValueError, match=words):
        core.bag(**arguments)


def test_ids_are_integers():
    with pytest.raises(TypeError, match="integer ids"):
        core.bag(np.ones((3, 2)), np.zeros((2, 2), "float32"))


# ---- the layer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
@pytest.mark.parametrize("mode", MODES)
def test_entries_that_do_not_count(mode, dtype):
    x = np.array([[3, 0, 2, 0], [0, 0, 0, 0], [1, 2, 3, 4]])
    table = RNG.normal(size=(5, 2))
    layer = layers.EmbeddingBag(5, 2, mode, mask_zero=True, weights=table, dtype="float64")
    given = np.array([[1, 1, 0, 1], [1, 1, 1, 1], [1, 1, 1, 0]], bool)
    tensor = ops.convert_to_tensor(x.astype(dtype))
    np.testing.assert_allclose(layer(tensor).numpy(), bags(table, x, mode, x != 0), 1e-14)
    found = layer(tensor, mask=ops.convert_to_tensor(given))
    np.testing.assert_allclose(found.numpy(), bags(table, x, mode, given & (x != 0)), 1e-14)
    plain = layers.EmbeddingBag(5, 2, mode, weights=table, dtype="float64")
    found = plain(tensor, mask=ops.convert_to_tensor(given))
    np.testing.assert_allclose(found.numpy(), bags(table, x, mode, given), 1e-14)
    assert layer.compute_mask(tensor) is None and found._keras_mask is None


def test_lists_of_many_lengths():
    lists = [[4, 2], [1], [], [3, 3, 3, 2, 1]]
    layer = layers.EmbeddingBag(5, 3, "sum", mask_zero=True, dtype="float64")
    padded = kerasette.utils.pad_sequences(lists, padding="post")
    starts = np.cumsum([0, *map(len, lists)])
    found = layer(padded)
    ragged = core.bag(layer.embeddings, np.concatenate(lists).astype(int), "sum", starts=starts)
    np.testing.assert_array_equal(found.numpy(), ragged.numpy())
    table = layer.embeddings.numpy()
    np.testing.assert_allclose(found.numpy(), [table[one].sum(0) for one in map(int_, lists)])


def int_(values):
    return np.array(values, int)


def test_shapes_and_configs():
    layer = layers.EmbeddingBag(5, 3, "sum", mask_zero=True, embeddings_regularizer="l2")
    assert layer.compute_output_shape((None, 7)) == (None, 3)
    config = layer.get_config()
    assert config["mode"] == "sum"
    twin = layers.EmbeddingBag.from_config(config)
    assert twin.get_config() == config
    model = kerasette.Sequential([kerasette.Input((LENGTH,), dtype="int64"), layer])
    assert model.output_shape == (None, 3)
    copy = kerasette.models.clone_model(model)
    copy.set_weights(model.get_weights())
    x = WORDS % 5
    np.testing.assert_array_equal(
        copy.predict(x, verbose=0), model.predict(x, batch_size=17, verbose=0)
    )


def network(optimizer="adam", **arguments):
    arguments = {"input_dim": ROWS, "output_dim": WIDTH, **arguments}
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((LENGTH,), dtype="int64"),
            layers.EmbeddingBag(**arguments),
            layers.Dense(2),
        ]
    )
    model.compile(optimizer, "mse")
    return model


@pytest.mark.parametrize("mask_zero", [False, True])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_is_that_of_rows_and_a_mean(optimizer, mask_zero):
    found = []
    for inner in (
        [layers.EmbeddingBag(ROWS, WIDTH, mask_zero=mask_zero, dtype="float64")],
        [
            layers.Embedding(ROWS, WIDTH, mask_zero=mask_zero, dtype="float64"),
            layers.GlobalAveragePooling1D(dtype="float64"),
        ],
    ):
        last = layers.Dense(2, dtype="float64")
        model = kerasette.Sequential([kerasette.Input((LENGTH,), dtype="int64"), *inner, last])
        rng = np.random.default_rng(2)
        model.set_weights([rng.normal(size=w.shape) for w in model.weights])
        model.compile(optimizer, "mse")
        model.fit(np.maximum(WORDS, 1), TARGETS, 5, epochs=3, shuffle=False, verbose=0)
        found.append(model.get_weights())
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, 1e-9, 1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_replays_have_the_bits_of_eager_steps(optimizer):
    found = [network(optimizer, mask_zero=True) for _ in range(2)]
    found[1].compile(optimizer, "mse", run_eagerly=True)
    for model in found:
        model.fit(WORDS, TARGETS, 5, epochs=3, shuffle=False, verbose=0)
    assert found[0].replayed_steps > 0 == found[1].replayed_steps
    assert not differ(found[0].get_weights(), found[1].get_weights())


def test_gradient_descent_moves_the_rows_of_the_batch_alone():
    model = network(kerasette.optimizers.SGD(0.5), mask_zero=True)
    before = model.get_weights()[0]
    words = np.array([[1, 5, 5, 0]] * 3 + [[7, 7, 0, 1]] * 3)
    model.fit(words, TARGETS[:6], 3, epochs=2, shuffle=False, verbose=0)
    moved = np.flatnonzero((model.get_weights()[0] != before).any(1))
    assert moved.tolist() == [1, 5, 7]


@pytest.mark.parametrize("wrong", [ROWS, -1])
def test_a_wrong_index_leaves_the_last_whole_step(wrong):
    words = WORDS[:15].copy()
    words[10, 2] = wrong
    model, twin = network(), network()
    with pytest.raises(ValueError, match=rf"value {wrong} at position 6 is out of range"):
        model.fit(words, TARGETS[:15], 3, shuffle=False, verbose=0)
    twin.fit(WORDS[:9], TARGETS[:9], 3, shuffle=False, verbose=0)
    assert not differ(model.get_weights(), twin.get_weights())


# ---- arguments -----------------------------------------------------------------------------------

ROW_OF = {
    "input_dim": 20,
    "output_dim": 5,
    "mode": "sum",
    "embeddings_initializer": "ones",
    "embeddings_regularizer": "l2",
    "embeddings_constraint": "non_neg",
    "mask_zero": True,
    "weights": np.ones((ROWS, WIDTH)),
}


def observe(**arguments):
    model = network(**arguments)
    loss = model.fit(WORDS, TARGETS, shuffle=False, verbose=0).history["loss"]
    return [loss, model.get_weights()]


def test_every_parameter_has_a_row():
    assert_every_parameter_has_a_row(layers.EmbeddingBag, ROW_OF)


@pytest.mark.parametrize("name", ROW_OF)
def test_every_argument_acts(name):
    assert differ(observe(), observe(**{name: ROW_OF[name]}))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mode": "max"}, r"`mode` must be one of \['mean', 'sum'\]. Received: mode='max'"),
        ({"input_dim": 0}, "`input_dim` must be a positive integer"),
        ({"output_dim": 2.5}, "`output_dim` must be a positive integer"),
        ({"dim": 2}, "Unrecognized keyword arguments.*dim"),
    ],
)
def test_wrong_arguments_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        layers.EmbeddingBag(**{"input_dim": 3, "output_dim": 2, **arguments})


def test_inputs_have_two_axes():
    with pytest.raises(ValueError, match="expected ndim=2, found ndim=3"):
        layers.EmbeddingBag(3, 2)(np.zeros((2, 2, 2), int))


@pytest.mark.parametrize(
    "mask", [np.array([True, False]), np.ones((1, 2), bool), np.ones((2, 2), "float32")]
)
def test_masks_are_of_the_ids(mask):
    for mask_zero in (False, True):
        layer = layers.EmbeddingBag(4, 1, mask_zero=mask_zero)
        with pytest.raises(ValueError, match=r"mask of ids of shape \(2, 2\) is bool and of that"):
            layer(np.array([[1, 2], [3, 1]]), mask=mask)
