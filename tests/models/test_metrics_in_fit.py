"""Metrics and losses within a model: recorded from the first step on, with weights and masks."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, losses, metrics, ops

rng = np.random.default_rng(4)
N, BATCH, EPOCHS = 60, 12, 3
X = rng.normal(size=(N, 4)).astype("float32")
LABELS = (X[:, :3] + rng.normal(size=(N, 3)) > 0).astype("float32")
CLASSES = rng.integers(0, 3, N)
WEIGHTS = rng.uniform(0, 2, N).astype("float32")

# Among them all whose state takes its shape from the data.
ON_LABELS = [
    lambda: metrics.AUC(name="auc"),
    lambda: metrics.AUC(multi_label=True, curve="PR", name="auc_of_labels"),
    lambda: metrics.AUC(from_logits=True, thresholds=[0.3, 0.4], name="auc_of_logits"),
    lambda: metrics.BinaryAccuracy(threshold=0.4),
    lambda: metrics.CosineSimilarity(),
    lambda: metrics.F1Score(average="macro"),
    lambda: metrics.FBetaScore(beta=2.0, threshold=0.4),
    lambda: metrics.FalseNegatives(),
    lambda: metrics.Hinge(),
    lambda: metrics.KLDivergence(),
    lambda: metrics.OneHotIoU(num_classes=3, target_class_ids=[0, 2]),
    lambda: metrics.Precision(top_k=2),
    lambda: metrics.PrecisionAtRecall(0.5, class_id=1),
    lambda: metrics.R2Score(),
    lambda: metrics.R2Score(class_aggregation=None, name="r2_of_each"),
    lambda: metrics.Recall(thresholds=[0.3, 0.5]),
    lambda: metrics.RootMeanSquaredError(),
    lambda: metrics.TopKCategoricalAccuracy(k=2),
]
STRINGS = ["auc", "mae", "r2_score", "f1_score", "precision", "cosine_similarity"]


def model_of(n_outputs, activation, **compile_arguments):
    kerasette.utils.clear_session()
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((4,)),
            layers.Dense(5, activation="tanh"),
            layers.Dense(n_outputs, activation=activation),
        ]
    )
    model.compile(optimizer="adam", **compile_arguments)
    return model


def fit(model, y):
    np.random.seed(2)
    return model.fit(
        X, y, sample_weight=WEIGHTS, batch_size=BATCH, epochs=EPOCHS, verbose=0
    ).history


def make_all():
    kerasette.utils.clear_session()
    return [make() for make in ON_LABELS]


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(np.array(found[name]), np.array(expected[name]), name)


@pytest.mark.filterwarnings("ignore:You are passing weight as `float`")
def test_all_replay_from_the_second_step_on_and_equal_eager():
    histories = []
    for run_eagerly in (False, True):
        model = model_of(
            3,
            "sigmoid",
            loss="binary_focal_crossentropy",
            metrics=[*make_all(), metrics.BinaryIoU(name="binary_iou")],
            weighted_metrics=make_all(),
            run_eagerly=run_eagerly,
        )
        histories.append(fit(model, LABELS))
        n_steps = EPOCHS * N // BATCH
        assert model.replayed_steps == (0 if run_eagerly else n_steps - 1)
    assert_same(*histories)


def test_strings_replay_and_keep_their_names():
    model = model_of(3, "sigmoid", loss="mae", metrics=STRINGS)
    history = fit(model, LABELS)
    assert model.replayed_steps == EPOCHS * N // BATCH - 1
    assert list(history) == sorted([*STRINGS, "loss"])


def test_results_are_those_over_all_predictions():
    model = model_of(
        3, "sigmoid", loss="huber", metrics=make_all()[:1], weighted_metrics=make_all()[:1]
    )
    found = model.evaluate(
        X, LABELS, sample_weight=WEIGHTS, batch_size=7, verbose=0, return_dict=True
    )
    y_pred = model.predict(X, verbose=0)
    plain, weighted = metrics.AUC(), metrics.AUC()
    plain.update_state(LABELS, y_pred)
    weighted.update_state(LABELS, y_pred, sample_weight=WEIGHTS)
    assert found["auc"] == pytest.approx(float(plain.result()), rel=1e-6)
    assert found["weighted_auc"] == pytest.approx(float(weighted.result()), rel=1e-5)
    difference = abs(LABELS - y_pred)
    expected = np.where(difference < 1, difference**2 / 2, difference - 0.5).mean(-1) * WEIGHTS
    assert found["loss"] == pytest.approx(expected.mean(), rel=1e-5)


@pytest.mark.parametrize(
    "loss",
    [
        "mae", "mape", "msle", "cosine_similarity", "huber", "log_cosh", "hinge", "squared_hinge",
        "categorical_hinge", "kld", "poisson", "binary_focal_crossentropy",
        "categorical_focal_crossentropy", "dice", "tversky",
    ],
)  # fmt: skip
def test_every_loss_trains_by_replay_as_it_does_eagerly(loss):
    histories = []
    for run_eagerly in (False, True):
        model = model_of(3, "softmax", loss=loss, run_eagerly=run_eagerly)
        histories.append(fit(model, LABELS))
        assert (model.replayed_steps > 10) is not run_eagerly
    assert_same(*histories)
    assert np.isfinite(histories[0]["loss"]).all()


def test_ignored_classes_have_no_effect():
    y = CLASSES.copy()
    y[::3] = -1
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1, reduction="sum")
    model = model_of(3, "softmax", loss=loss)
    fit(model, y)
    assert model.replayed_steps > 10
    twin = model_of(3, "softmax", loss=losses.SparseCategoricalCrossentropy(reduction="sum"))
    weights = np.where(y < 0, 0, WEIGHTS)
    np.random.seed(2)
    twin.fit(X, np.maximum(y, 0), sample_weight=weights, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    for a, b in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_classes_along_another_axis_than_the_last():
    x = rng.normal(size=(10, 3, 4)).astype("float32")
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, axis=1)
    model = kerasette.Sequential([kerasette.Input((3, 4)), layers.Dense(5)])
    model.compile(optimizer="sgd", loss=loss)
    y = rng.integers(0, 3, (10, 5))
    value = model.evaluate(x, y, verbose=0)
    logits = model.predict(x, verbose=0)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = -np.log(np.take_along_axis(shares, y[:, None], 1)).mean()
    assert value == pytest.approx(expected, rel=1e-5)
    with pytest.raises(ValueError, match=r"valid range of \[0, 3\)"):
        model.evaluate(x, y + 3, verbose=0)
    with pytest.raises(ValueError, match=r"expects targets of shape \(None, 5\)"):
        model.evaluate(x, y[:, :3], verbose=0)


def test_a_metric_of_another_shape_raises_before_the_first_step():
    model = model_of(1, None, loss="mse", metrics=["r2_score", metrics.F1Score()])
    before = model.get_weights()
    with pytest.raises(ValueError, match="F1Score expects 2D inputs"):
        model.fit(X, X[:, 0], verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_a_metric_of_one_column_is_a_number():
    model = model_of(1, "sigmoid", loss="mse", metrics=[metrics.F1Score(threshold=0.5)])
    history = fit(model, LABELS[:, :1])
    predicted, expected = model.predict(X, verbose=0) > 0.5, LABELS[:, :1] > 0.5
    _, found = model.evaluate(X, LABELS[:, :1], verbose=0)
    n_right = (predicted & expected).sum()
    assert found == pytest.approx(2 * n_right / (predicted.sum() + expected.sum()))
    assert [type(value) for value in history["f1_score"]] == [float] * EPOCHS


class SkipsZeros(layers.Layer):
    """Masks steps whose features are all 0."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        return ops.greater(ops.sum(ops.absolute(inputs), axis=-1), 0)

    def call(self, inputs):
        return ops.multiply(inputs, 1.0)


def test_a_mask_takes_steps_out_of_loss_and_metrics():
    x = rng.normal(size=(10, 4, 2)).astype("float32")
    x[rng.uniform(size=(10, 4)) < 0.4] = 0
    y = rng.normal(size=(10, 4, 3)).astype("float32")
    counts = (x != 0).any(-1)
    model = kerasette.Sequential([kerasette.Input((4, 2)), SkipsZeros(), layers.Dense(3)])
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    found = model.evaluate(x, y, batch_size=10, verbose=0, return_dict=True)
    error = y - model.predict(x, verbose=0)
    assert found["loss"] == pytest.approx((error**2).mean(-1)[counts].mean(), rel=1e-5)
    # As in Keras, the mean over samples of means over steps, each with its zeros.
    expected = (abs(error).mean(-1) * counts).mean(-1).sum() / counts.mean(-1).sum()
    assert found["mae"] == pytest.approx(expected, rel=1e-5)
