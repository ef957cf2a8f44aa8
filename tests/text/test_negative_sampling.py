"""Context windows, draws of tokens, and the loss over sampled rows."""

import json

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import GradientTape, layers, random, text
from kerasette.text.unigrams import alias_tables


def windows_one_by_one(texts, size, padding):
    targets, contexts = [], []
    for ids in texts:
        if len(ids) == 1:
            continue
        for place, token in enumerate(ids):
            around = [place + offset for offset in (*range(-size, 0), *range(1, size + 1))]
            targets.append(token)
            contexts.append([ids[i] if 0 <= i < len(ids) else padding for i in around])
    return targets, contexts


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("padding", [0, 9])
def test_windows_have_both_sides(size, padding):
    rng = np.random.default_rng(size)
    texts = [rng.integers(1, 9, n).tolist() for n in (4, 0, 1, 7, 2, 0)]
    targets, contexts = text.context_windows(texts, size, padding)
    expected = windows_one_by_one(texts, size, padding)
    assert targets.tolist() == expected[0] and contexts.tolist() == expected[1]
    assert contexts.dtype == "int32"


def test_windows_of_one_text_and_of_none():
    one, of_one = text.context_windows(np.array([3, 4, 5]), 1)
    assert one.tolist() == [3, 4, 5] and of_one.tolist() == [[0, 4], [3, 5], [4, 0]]
    for texts in ([], [[5]], np.zeros(0, "int32"), np.array([5])):
        targets, contexts = text.context_windows(texts, 2)
        assert targets.shape == (0,) and contexts.shape == (0, 4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[1, 2]], 0), "`size` must be a positive integer"),
        (([[1, 2], [0.5]], 1), r"`texts\[1\]` must be integers"),
        ((["ab"], 1), "must be integers"),
    ],
)
def test_what_has_no_windows(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.context_windows(*arguments)


@pytest.mark.parametrize("power", [0, 0.75, 1.0, 2])
def test_draws_follow_the_counts(power):
    counts = np.array([5, 0, 1, 40, 3, 0, 7, 7])
    sampler = text.UnigramSampler(counts, power)
    shares = np.where(counts > 0, counts.astype(float) ** power, 0)
    shares /= shares.sum()
    np.testing.assert_allclose(sampler.probabilities, shares)
    n = 40_000
    found = sampler.draw((n // 4, 4), seed=1).numpy()
    assert found.dtype == "int32"
    frequencies = np.bincount(found.ravel(), minlength=8) / n
    assert (np.abs(frequencies - shares) <= 4.5 * np.sqrt(shares * (1 - shares) / n)).all()


def test_alias_tables_say_the_probabilities():
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 100, 1000):
        for shares in (rng.random(n) ** 5, np.ones(n), (rng.random(n) < 0.3) + 1e-300):
            shares = shares / shares.sum()
            kept, others = alias_tables(shares)
            found = np.bincount(others, weights=1 - kept, minlength=n) + kept
            np.testing.assert_allclose(found / n, shares, atol=1e-15 * n)


def test_draws_repeat_with_a_seed():
    sampler = text.UnigramSampler(np.arange(100))
    draws = [sampler.draw((50,), seed=seed).numpy().tolist() for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    generators = [random.SeedGenerator(3) for _ in range(2)]
    one, other = ([sampler.draw((9,), g).numpy().tolist() for _ in range(3)] for g in generators)
    assert one == other and one[0] != one[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"counts": [[1]]}, "an array of 1 axis"),
        ({"counts": ["a"]}, "must be numbers"),
        ({"counts": []}, "not all 0"),
        ({"counts": [0, 0]}, "not all 0"),
        ({"counts": [1, -1]}, "not negative"),
        ({"counts": [1.0, np.nan]}, "finite"),
        ({"counts": [1], "power": -1}, "`power` must be a number of at least 0"),
        ({"counts": [1], "power": "1"}, "`power`"),
    ],
)
def test_what_cannot_be_drawn_from(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.UnigramSampler(**arguments)


def network(dtype="float32", rate=0.5, **arguments):
    """Context of 2 tokens, mean of their vectors, negative sampling; SGD."""
    kerasette.utils.set_random_seed(5)
    context, token = kerasette.Input((2,), dtype="int32"), kerasette.Input((), dtype="int32")
    embedding = layers.Embedding(9, 4, embeddings_initializer="random_normal", dtype=dtype)
    arguments = {"negatives": 3, "embeddings_initializer": "random_normal", **arguments}
    last = text.NegativeSampling(np.arange(9), dtype=dtype, seed=7, **arguments)
    mean = layers.GlobalAveragePooling1D(dtype=dtype)(embedding(context))
    model = kerasette.Model([context, token], last([mean, token]))
    model.compile(kerasette.optimizers.SGD(rate))
    return model, embedding, last


CONTEXTS = np.array([[1, 2], [3, 3], [8, 1], [4, 0]])
TOKENS = np.array([5, 1, 2, 5])


def by_numpy(table, vectors, samples):
    """Loss, gradient of the vectors and of the table, of vectors and their rows' numbers."""
    products = np.einsum("bkd,bd->bk", table[samples], vectors)
    labels = np.eye(samples.shape[1])[np.zeros(len(samples), int)]
    p = 1 / (1 + np.exp(-products))
    loss = -(labels * np.log(p) + (1 - labels) * np.log(1 - p)).sum(axis=1).mean()
    delta = (p - labels) / len(samples)
    gradient = np.zeros_like(table)
    np.add.at(gradient, samples, delta[:, :, None] * vectors[:, None, :])
    return products, loss, np.einsum("bk,bkd->bd", delta, table[samples]), gradient


def test_loss_and_gradients_are_those_of_numpy():
    model, embedding, last = network("float64")
    inputs, outputs = embedding.embeddings.numpy().copy(), last.embeddings.numpy().copy()
    drawn = last.sampler.draw((4, 3), seed=random.SeedGenerator(7)).numpy()
    samples = np.column_stack([TOKENS, drawn])
    vectors = inputs[CONTEXTS].mean(axis=1)
    products, loss, by_vectors, by_table = by_numpy(outputs, vectors, samples)
    history = model.fit([CONTEXTS, TOKENS], batch_size=4, shuffle=False, verbose=0)
    assert history.history["loss"][0] == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(last.embeddings, outputs - 0.5 * by_table, rtol=1e-12)
    moved = inputs.copy()
    np.add.at(moved, CONTEXTS, -0.25 * by_vectors[:, None, :])
    np.testing.assert_allclose(embedding.embeddings, moved, rtol=1e-12)
    unused = [i for i in range(9) if i not in samples]
    assert unused
    np.testing.assert_array_equal(last.embeddings.numpy()[unused], outputs[unused])


def test_the_output_is_the_products_and_float32_agrees():
    model, embedding, last = network()
    drawn = last.sampler.draw((4, 3), seed=random.SeedGenerator(7)).numpy()
    samples = np.column_stack([TOKENS, drawn])
    vectors = embedding.embeddings.numpy()[CONTEXTS].mean(axis=1)
    table = last.embeddings.numpy()
    output = model([CONTEXTS, TOKENS])
    assert output.shape == (4, 4)
    products, loss, _, _ = by_numpy(table.astype("float64"), vectors.astype("float64"), samples)
    assert_agree(output, products)
    assert_agree(last.losses[0], loss)


def test_gradients_against_differences():
    _, _, last = network("float64")
    vectors = np.random.default_rng(0).normal(size=(4, 4))
    start = last.seed_generator.state.numpy().copy()

    def loss(x):
        last.seed_generator.state.assign(start)
        last([x, TOKENS])
        return last._losses.found[0]

    kerasette.testing.check_gradients(loss, [vectors])
    variable = kerasette.Variable(vectors, dtype="float64")
    with GradientTape() as tape:
        value = loss(variable)
    (found,) = tape.gradient(value, [last.embeddings])
    expected = kerasette.testing.numerical_gradient(
        lambda table: (last.embeddings.assign(table), float(loss(variable)))[1],
        last.embeddings.numpy(),
    )
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_draws_are_recorded_with_the_step_and_differ_from_step_to_step():
    runs = {}
    for eager in (False, True):
        model, embedding, last = network()
        model.compile("sgd", run_eagerly=eager)
        data = [np.tile(CONTEXTS, (8, 1)), np.tile(TOKENS, 8)]
        history = model.fit(data, batch_size=4, epochs=3, shuffle=False, verbose=0)
        runs[eager] = (history.history["loss"], *model.get_weights())
        if not eager:
            assert model.eager_steps < 8 < model.replayed_steps
    for replayed, eager in zip(runs[False], runs[True], strict=True):
        np.testing.assert_array_equal(replayed, eager)
    one, other = (model([CONTEXTS, TOKENS]).numpy() for _ in range(2))
    assert (one[:, 0] == other[:, 0]).all() and (one[:, 1:] != other[:, 1:]).any()


def test_a_table_of_zeros_knows_nothing():
    model, _, _ = network(embeddings_initializer="zeros")
    assert model.evaluate([CONTEXTS, TOKENS], verbose=0) == pytest.approx(4 * np.log(2))


def test_a_column_of_tokens_will_do():
    _, _, last = network()
    _, _, same = network()
    vectors = np.ones((4, 4), "float32")
    found = last([vectors, TOKENS[:, None]]), same([vectors, TOKENS])
    np.testing.assert_array_equal(*found)


def test_it_learns_what_stands_between():
    # Each even number is followed by the next one.
    kerasette.utils.set_random_seed(0)
    pairs = 2 * np.random.default_rng(0).integers(0, 4, 2000)
    ids = np.stack([pairs, pairs + 1], axis=1).ravel() + 1
    vector = kerasette.Input((1,), dtype="int32")
    token = kerasette.Input((), dtype="int32")
    embedded = layers.Flatten()(layers.Embedding(9, 8)(vector))
    last = text.NegativeSampling(np.bincount(ids, minlength=9), seed=1)
    model = kerasette.Model([vector, token], last([embedded, token]))
    model.compile(kerasette.optimizers.Adam(0.05))
    model.fit([ids[:-1:2, None], ids[1::2]], epochs=4, verbose=0)
    inputs, outputs = model.get_weights()
    even = np.array([1, 3, 5, 7])
    # 0 is never drawn, and nothing known of it.
    products = inputs[even] @ outputs[1:].T
    assert (1 + products.argmax(axis=1) == even + 1).all()


@pytest.mark.parametrize(
    "arguments",
    [
        {"embeddings_regularizer": "l2"},
        {"embeddings_constraint": "max_norm"},
        {"power": 0.5},
        {"negatives": 2, "seed": 4, "name": "mine", "trainable": False},
    ],
)
def test_configs(arguments):
    layer = text.NegativeSampling([1, 2, 3], **arguments)
    assert layer.get_config()["counts"] == [1, 2, 3]
    described = layers.serialize(layer)
    assert described["module"] == "keras.text"
    again = layers.deserialize(described)
    assert type(again) is text.NegativeSampling
    assert again.get_config() == layer.get_config()


def test_a_copied_model_has_the_same_config():
    model, *_ = network()
    again = kerasette.Model.from_config(model.get_config())
    assert again.get_config() == model.get_config()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"counts": [1], "negatives": 0}, "`negatives` must be a positive integer"),
        ({"counts": [0]}, "not all 0"),
        ({"counts": [1], "power": None}, "`power`"),
        ({"counts": [1], "seed": 0.5}, "`seed` must be an integer"),
        ({"counts": [1], "size": 3}, "size"),
    ],
)
def test_arguments_of_the_layer_are_checked(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        text.NegativeSampling(**arguments)


@pytest.mark.parametrize(
    "shapes", [[(4, 4)], [(4, 4), (3,)], [(4, 4), (4, 2)], [(4,), (4,)], [(4, 4), (4, 1, 1)]]
)
def test_shapes_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match="NegativeSampling takes a list of vectors"):
        text.NegativeSampling([1, 2])([np.zeros(shape, "float32") for shape in shapes])


def test_one_tensor_is_no_pair():
    with pytest.raises(ValueError, match="NegativeSampling takes a list of vectors"):
        text.NegativeSampling([1, 2])(np.zeros((4, 4), "float32"))


def test_a_size_that_is_not_known():
    with pytest.raises(ValueError, match="size of a vector must be known"):
        text.NegativeSampling([1, 2]).build([(None, None), (None,)])


@pytest.mark.parametrize("number", [9, -1])
def test_tokens_out_of_range_change_nothing(number):
    model, _, _ = network()
    before = model.get_weights()
    wrong = TOKENS.copy()
    wrong[2] = number
    with pytest.raises(ValueError, match=f"value {number} at position 2 is out of range"):
        model.fit([CONTEXTS, wrong], batch_size=4, shuffle=False, verbose=0)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("counts", np.ones(9)),
        ("negatives", 4),
        ("power", 0.1),
        ("embeddings_initializer", "ones"),
        ("embeddings_regularizer", "l2"),
        ("embeddings_constraint", kerasette.constraints.MaxNorm(0.01)),
        ("seed", 8),
    ],
)
def test_each_argument_changes_what_is_learnt(name, value):
    arguments = {"counts": np.arange(9), "seed": 7, "embeddings_initializer": "ones"}
    if name == "embeddings_initializer":
        arguments[name] = "zeros"
    weights = []
    for given in (arguments, {**arguments, name: value}):
        kerasette.utils.set_random_seed(1)
        vectors, token = kerasette.Input((4,)), kerasette.Input((), dtype="int32")
        layer = text.NegativeSampling(**given)
        model = kerasette.Model([vectors, token], layer([vectors, token]))
        model.compile(kerasette.optimizers.SGD(0.5))
        model.fit([np.ones((4, 4), "float32"), TOKENS], epochs=2, verbose=0)
        weights.append(layer.embeddings.numpy())
    assert (weights[0] != weights[1]).any()


@pytest.mark.parametrize("dtype", ["float16", "float32", "int64"])
def test_shares_are_of_double_precision(dtype):
    counts = np.array([30000, 60000, 0], dtype=dtype)
    for power in (0.75, 60.0):
        shares = np.array([0.5**power, 1, 0])
        found = text.UnigramSampler(counts, power).probabilities
        assert found.dtype == "float64"
        np.testing.assert_allclose(found, shares / shares.sum(), rtol=1e-12)
    np.testing.assert_allclose(text.UnigramSampler([1e308, 1e308]).probabilities, [0.5, 0.5])
    with pytest.raises(ValueError, match="`power` must be a number of at least 0, and finite"):
        text.UnigramSampler([1, 2], np.inf)


def test_configs_are_plain():
    layer = text.NegativeSampling([1, 2.5], power=np.float32(0.75))
    assert json.loads(json.dumps(layer.get_config()))["power"] == 0.75


@pytest.mark.parametrize("padding", [1.5, "a", 2**40, True])
def test_padding_is_a_token(padding):
    with pytest.raises(ValueError, match="`padding` must be an integer of 32 bits"):
        text.context_windows([[1, 2]], 1, padding=padding)


def test_tokens_beyond_64_bits():
    with pytest.raises(ValueError, match=r"must be integers of 64 bits\. Received: 92233720"):
        text.context_windows(np.array([1, 2**63], "uint64"), 1)
