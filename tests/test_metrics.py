"""Metrics against Keras (golden values) and formulas, and how names become metrics."""

import numpy as np
import pytest
from agreement import golden_json, make

import kerasette
from kerasette import metrics, ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step

GOLDEN = golden_json("metrics.json")
CONFIGS = golden_json("configs.json")["metrics"]
UPDATES = GOLDEN["updates"]

rng = np.random.default_rng(0)
LOGITS = rng.normal(size=(8, 3))
P = np.exp(LOGITS) / np.exp(LOGITS).sum(-1, keepdims=True)
CLASSES = np.array([0, 1, 2, 2, 1, 0, 0, 1])
ONE_HOT = np.eye(3)[CLASSES]
WEIGHTS = rng.uniform(0, 2, 8)

# Means over samples: arguments, targets, predictions, and what it is of each sample.
ROWS = {
    "Accuracy": ({}, CLASSES, LOGITS.argmax(-1), LOGITS.argmax(-1) == CLASSES),
    "BinaryAccuracy": (
        {"threshold": 0.3}, ONE_HOT, P, ((np.float32(0.3) < P) == ONE_HOT).mean(-1)
    ),
    "BinaryCrossentropy": (
        {"label_smoothing": 0.1}, ONE_HOT, P,
        -((t := ONE_HOT * 0.9 + 0.05) * np.log(P) + (1 - t) * np.log(1 - P)).mean(-1),
    ),
    "CategoricalAccuracy": ({}, ONE_HOT, P, P.argmax(-1) == CLASSES),
    "CategoricalCrossentropy": (
        {"from_logits": True}, ONE_HOT, LOGITS, -(ONE_HOT * np.log(P)).sum(-1)
    ),
    "MeanSquaredError": ({}, ONE_HOT, P, ((P - ONE_HOT) ** 2).mean(-1)),
    "SparseCategoricalAccuracy": ({}, CLASSES[:, None], P, P.argmax(-1) == CLASSES),
    "SparseCategoricalCrossentropy": ({}, CLASSES, P, -np.log(P[np.arange(8), CLASSES])),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_metric_is_the_mean_over_all_batches(name):
    arguments, y_true, y_pred, values = ROWS[name]
    metric = getattr(metrics, name)(**arguments)
    assert float(metric.result()) == 0.0
    for rows in (slice(0, 5), slice(5, 8)):
        metric.update_state(y_true[rows], y_pred[rows])
    assert float(metric.result()) == pytest.approx(values.mean(), rel=2e-6)


@pytest.mark.parametrize("name", ROWS)
def test_weights_count(name):
    arguments, y_true, y_pred, values = ROWS[name]
    metric = getattr(metrics, name)(**arguments)
    for rows in (slice(0, 5), slice(5, 8)):
        metric.update_state(y_true[rows], y_pred[rows], sample_weight=WEIGHTS[rows])
    assert float(metric.result()) == pytest.approx(np.average(values, weights=WEIGHTS), rel=2e-6)
    metric.reset_state()
    assert float(metric.result()) == 0.0
    assert float(metric(y_true, y_pred)) == pytest.approx(values.mean(), rel=2e-6)


@pytest.mark.parametrize("name", ROWS)
def test_float64_is_kept(name):
    arguments, y_true, y_pred, values = ROWS[name]
    metric = getattr(metrics, name)(**arguments, dtype="float64")
    result = metric(y_true, y_pred)
    assert result.dtype == "float64"
    # Accuracies are 0 and 1 in float32, which their means are not.
    assert float(result) == pytest.approx(values.mean(), rel=1e-6 if "Acc" in name else 1e-12)


@pytest.mark.parametrize("name", ROWS)
def test_an_update_can_be_recorded(name):
    arguments, y_true, y_pred, _ = ROWS[name]
    metric, eager = (getattr(metrics, name)(**arguments) for _ in range(2))
    arena = Arena()
    with Step(arena) as step:
        metric.update_state(y_true, y_pred)
    assert step.obstacle is None
    step.replay()
    for _ in range(2):
        eager.update_state(y_true, y_pred)
    for variable, expected in zip(metric.variables, eager.variables):
        np.testing.assert_array_equal(variable.numpy(), expected.numpy())


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case["metric"][0])
def test_updates_are_those_of_keras(case):
    metric = make(metrics, case["metric"])
    assert metric.name == case["name"]
    results = [float(metric.result())]
    for update in case["updates"]:
        metric.update_state(**{key: _array(value) for key, value in update.items()})
        results.append(float(metric.result()))
    np.testing.assert_allclose(results, case["results"], rtol=1e-6)


def _array(value):
    return None if value is None else np.array(value)


def test_mean_is_that_of_keras():
    case = GOLDEN["mean"]
    mean = metrics.Mean()
    assert mean.name == case["name"]
    results = [float(mean.result())]
    for update in case["updates"]:
        mean.update_state(**update)
        results.append(float(mean.result()))
    np.testing.assert_allclose(results, case["results"], rtol=1e-6)
    mean.reset_state()
    assert float(mean.result()) == case["after_reset"]


@pytest.mark.parametrize("case", GOLDEN["resolution"], ids=lambda case: str(case["resolved"][0]))
def test_accuracy_is_the_one_that_keras_takes(case):
    y_true, y_pred = np.array(case["y_true"]), np.array(case["y_pred"])
    for text, resolved in zip(("accuracy", "acc"), case["resolved"]):
        metric = metrics.resolve(text, y_true.shape, y_pred.shape)
        assert type(metric).__name__ == resolved
        assert metric.name == text
        assert float(metric(y_true, y_pred)) == pytest.approx(case["logs"][text], rel=1e-6)


def test_small_and_large_ranks():
    mean = metrics.Mean()
    mean.update_state(np.zeros((0,)))
    mean.update_state(np.zeros((0, 3)))
    assert float(mean.result()) == 0.0
    mean.update_state(np.full((2, 3, 4), 2.0), sample_weight=np.array([1.0, 3.0]))
    assert float(mean.result()) == 2.0
    assert float(mean.count) == 4.0
    mean.reset_state()
    mean.update_state([[1.0, 3.0], [5.0, 7.0]], sample_weight=[[1.0, 0.0], [0.0, 1.0]])
    # As in Keras: the mean over a sample's places, weighted, over the mean of its weights.
    assert float(mean.result()) == pytest.approx((0.5 + 3.5) / (0.5 + 0.5))


def test_functions_of_two_dimensions():
    np.testing.assert_array_equal(
        metrics.binary_accuracy([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]]).numpy(),
        [[1, 1], [0, 0]],
    )
    np.testing.assert_array_equal(
        metrics.categorical_accuracy([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]]).numpy(), [1, 0]
    )
    tie = [[0.4, 0.4, 0.2]]
    assert metrics.sparse_categorical_accuracy([0], tie).numpy().tolist() == [1.0]
    assert metrics.sparse_categorical_accuracy([1], tie).numpy().tolist() == [0.0]


# ---- names and configs -----------------------------------------------------------------------


@pytest.mark.parametrize("case", CONFIGS, ids=lambda case: case["object"][0])
def test_config_is_that_of_keras(case):
    metric = make(metrics, case["object"])
    assert metric.name == case["name"]
    assert metric.get_config() == case["config"]


@pytest.mark.parametrize("name", [*ROWS, "Mean"])
def test_a_metric_comes_back_from_its_config(name):
    arguments = ROWS[name][0] if name in ROWS else {}
    metric = getattr(metrics, name)(**arguments, name="mine")
    twin = metrics.deserialize(metrics.serialize(metric))
    assert type(twin) is type(metric)
    assert twin.get_config() == metric.get_config()
    assert metrics.serialize(metric)["module"] == "keras.metrics"


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("mse", metrics.MeanSquaredError),
        ("MSE", metrics.MeanSquaredError),
        ("mean_squared_error", metrics.MeanSquaredError),
        ("bce", metrics.BinaryCrossentropy),
        ("BinaryAccuracy", metrics.BinaryAccuracy),
        ("binary_accuracy", metrics.BinaryAccuracy),
        ("sparse_categorical_crossentropy", metrics.SparseCategoricalCrossentropy),
    ],
)
def test_strings_name_metrics(text, cls):
    assert type(metrics.get(text)) is cls
    resolved = metrics.resolve(text, (8, 3), (8, 3))
    assert type(resolved) is cls
    assert resolved.name == text


def test_get_takes_classes_objects_functions_and_configs():
    metric = metrics.BinaryAccuracy()
    assert metrics.get(metric) is metric
    assert metrics.resolve(metric, (8, 3), (8, 3)) is metric
    assert metrics.get(None) is None
    assert isinstance(metrics.get(metrics.Mean), metrics.Mean)

    def largest(y_true, y_pred):
        return ops.max(y_pred, axis=-1)

    wrapped = metrics.resolve(largest, (8, 3), (8, 3))
    assert wrapped.name == "largest"
    with_loss = metrics.resolve(kerasette.losses.Huber(name="mine"), (8, 3), (8, 3))
    assert with_loss.name == "mine"
    assert float(with_loss(ONE_HOT, P)) == float(kerasette.losses.Huber()(ONE_HOT, P))
    assert float(wrapped(ONE_HOT, P)) == pytest.approx(P.max(-1).mean(), rel=1e-6)
    assert metrics.depends_on_shapes("Accuracy")
    assert not metrics.depends_on_shapes(metrics.Accuracy)


@pytest.mark.parametrize("identifier", ["accurate", "acc", 3])
def test_unknown_metrics_raise_and_the_known_are_listed(identifier):
    with pytest.raises(ValueError, match=r"Could not interpret metric identifier.*mse"):
        metrics.get(identifier)


def test_none_is_no_metric():
    with pytest.raises(ValueError, match="received `None`"):
        metrics.resolve(None, (8,), (8, 1))


# ---- the base -----------------------------------------------------------------------------------


class Largest(metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.largest = self.add_weight(name="largest")
        self.mean = metrics.Mean()

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.largest.assign(ops.maximum(self.largest, ops.max(y_pred)))
        self.mean.update_state(y_pred)

    def result(self):
        return ops.add(self.largest, 0.0)


def test_user_metric():
    kerasette.utils.clear_session()
    metric = Largest()
    assert metric.name == "largest"
    assert [variable.path for variable in metric.variables] == [
        "largest/largest", "mean/total", "mean/count"
    ]  # fmt: skip
    assert float(metric([0.0], [3.0])) == 3.0
    assert float(metric([0.0], [1.0])) == 3.0
    metric.reset_state()
    assert float(metric.result()) == 0.0
    assert float(metric.mean.count) == 0.0


def test_abstract_metric_and_forgotten_super():
    with pytest.raises(NotImplementedError, match="update_state"):
        metrics.Metric()([1.0])
    with pytest.raises(NotImplementedError, match="result"):
        metrics.Metric().result()

    class Forgetful(metrics.Metric):
        def __init__(self):
            self.total = self.add_variable((), "zeros")

    with pytest.raises(RuntimeError, match="super"):
        Forgetful()


# ---- errors -----------------------------------------------------------------------------------


def test_arguments_that_do_not_fit_raise():
    with pytest.raises(ValueError, match="threshold"):
        metrics.BinaryAccuracy(threshold="half")
    with pytest.raises(ValueError, match="Cannot convert 'foo'"):
        metrics.Mean(dtype="foo")
    with pytest.raises(ValueError, match=r"`aggregation`.*median"):
        metrics.Metric().add_variable((), "zeros", aggregation="median")
    with pytest.raises(ValueError, match="broadcast"):
        metrics.Mean().update_state([1.0, 2.0], sample_weight=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="broadcast"):
        metrics.CategoricalAccuracy()(ONE_HOT, P[:5])
