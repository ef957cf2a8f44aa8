"""The perplexity, by its formula."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, metrics, text

rng = np.random.default_rng(0)
P = rng.dirichlet(np.ones(7), (4, 5)).astype("float32")
IDS = rng.integers(0, 7, (4, 5))
CHOSEN = np.take_along_axis(P, IDS[..., None], -1)[..., 0].astype("float64")


def of(values, weights=None):
    return np.exp(-np.average(np.log(values), weights=weights))


def test_the_formula():
    metric = text.Perplexity()
    assert float(metric.result()) == 0.0
    metric.update_state(IDS, P)
    assert float(metric.result()) == pytest.approx(of(CHOSEN), rel=1e-5)
    metric.reset_state()
    assert float(metric.result()) == 0.0
    assert float(text.Perplexity()([[1]], np.full((1, 1, 62), 1 / 62))) == pytest.approx(62)
    assert float(text.Perplexity()([0], [[1.0, 0.0]])) == pytest.approx(1, abs=1e-5)


def test_tokens_count_alike_whatever_the_length_of_a_batch():
    metric = text.Perplexity()
    metric.update_state(IDS[:2, :2], P[:2, :2])
    metric.update_state(IDS[2:], P[2:])
    metric.update_state(IDS[0], P[0])
    every = np.concatenate([CHOSEN[:2, :2].ravel(), CHOSEN[2:].ravel(), CHOSEN[0]])
    assert float(metric.result()) == pytest.approx(of(every), rel=1e-5)


def test_logits():
    logits = (np.log(P) + 3).astype("float32")
    metric = text.Perplexity(from_logits=True)
    assert float(metric(IDS, logits)) == pytest.approx(of(CHOSEN), rel=1e-5)


def test_another_axis():
    metric = text.Perplexity(axis=1)
    assert float(metric(IDS, np.moveaxis(P, -1, 1))) == pytest.approx(of(CHOSEN), rel=1e-5)


def test_ignored_tokens_do_not_count():
    metric = text.Perplexity(ignore_class=3)
    counts = IDS != 3
    assert not counts.all()
    assert float(metric(IDS, P)) == pytest.approx(of(CHOSEN[counts]), rel=1e-5)
    padded = np.where(counts, IDS, -1)
    metric = text.Perplexity(ignore_class=-1)
    metric.update_state(padded, P, sample_weight=[1, 2, 3, 4])
    weights = np.repeat([[1], [2], [3], [4]], 5, axis=1) * counts
    assert float(metric.result()) == pytest.approx(of(CHOSEN, weights), rel=1e-5)


@pytest.mark.parametrize("shape", [(4, 5), (4,), (4, 5, 1), ()])
def test_weights(shape):
    weights = rng.integers(1, 5, shape)
    metric = text.Perplexity()
    metric.update_state(IDS, P, sample_weight=weights)
    full = np.broadcast_to(weights.reshape((*shape[:2], *[1] * (2 - len(shape[:2])))), (4, 5))
    assert float(metric.result()) == pytest.approx(of(CHOSEN, full), rel=1e-5)


def test_masks_take_tokens_out():
    ids = kerasette.ops.convert_to_tensor(np.where(IDS > 4, 0, IDS))
    mask = kerasette.ops.not_equal(ids, 0)
    predictions = kerasette.ops.convert_to_tensor(P)
    predictions._keras_mask = mask
    chosen = np.take_along_axis(P, ids.numpy()[..., None], -1)[..., 0]
    found = float(text.Perplexity()(ids, predictions))
    assert found == pytest.approx(of(chosen[mask.numpy()]), rel=1e-5)


@pytest.mark.parametrize("weight", [None, np.arange(1.0, 9.0)])
def test_fit_and_evaluate_report_the_exponential_of_the_loss(weight):
    kerasette.utils.set_random_seed(0)
    ids = rng.integers(0, 6, (8, 4))
    model = kerasette.Sequential(
        [kerasette.Input((4,), dtype="int32"), layers.Embedding(6, 3), layers.Dense(6)]
    )
    model.add(layers.Softmax())
    metric = text.Perplexity()
    model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=[metric])
    history = model.fit(ids, ids, sample_weight=weight, epochs=2, batch_size=4, verbose=0)
    assert set(history.history) == {"loss", "perplexity"}
    _, found = model.evaluate(ids, ids, sample_weight=weight, batch_size=3, verbose=0)
    chosen = np.take_along_axis(model.predict(ids, verbose=0), ids[..., None], -1)[..., 0]
    weights = None if weight is None else np.repeat(weight[:, None], 4, axis=1)
    assert found == pytest.approx(of(chosen.astype("float64"), weights), rel=1e-5)
    assert model.eager_steps < 8


def test_compile_knows_its_name():
    assert text.Perplexity is metrics.Perplexity
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["perplexity"])
    assert "perplexity" in model.fit(np.ones((4, 2)), np.ones(4), verbose=0).history


def test_it_is_better_when_it_falls():
    stop = kerasette.callbacks.EarlyStopping("perplexity", patience=1)
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[text.Perplexity()])
    history = model.fit(np.ones((4, 2)), np.ones(4), epochs=6, verbose=0, callbacks=[stop])
    assert len(history.epoch) == 6


def test_config():
    metric = text.Perplexity("mine", "float64", from_logits=True, ignore_class=2, axis=1)
    described = metrics.serialize(metric)
    assert described["module"] == "keras.metrics"
    again = metrics.deserialize(described)
    assert type(again) is text.Perplexity
    assert again.get_config() == metric.get_config() == {
        "name": "mine", "dtype": "float64", "from_logits": True, "ignore_class": 2, "axis": 1
    }  # fmt: skip


def test_shapes_and_numbers_that_do_not_fit():
    with pytest.raises(ValueError, match="shape"):
        text.Perplexity()(IDS[:3], P)
    with pytest.raises(ValueError, match="7"):
        text.Perplexity()(np.where(IDS[0, 0] == IDS, 7, IDS), P)
    with pytest.raises(ValueError):
        text.Perplexity()(IDS, P, sample_weight=np.ones((3, 5)))
