"""Every metric with arguments, weights and masks, against what Keras answered."""

import numpy as np
import pytest
from agreement import assert_agree, golden_json, make

import kerasette
from kerasette import metrics, ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step

GOLDEN = golden_json("metric_table.json")
CASES = [*GOLDEN["cases"], *GOLDEN["masked"]]
BATCHES = (slice(None, GOLDEN["first"]), slice(GOLDEN["first"], None))
# Weights in whole numbers are what it asks for; the warning has a test of its own.
pytestmark = pytest.mark.filterwarnings("ignore:You are passing weight as `float`")


def identity(case):
    """What a case is called in the output of pytest."""
    name, arguments = case["metric"]
    values = [f"{key}={value}" for key, value in arguments.items()]
    return "-".join([name, *values, case["y_true"], str(case["mask"])])


def array(name):
    """An input by its name: numbers of classes and masks as they are, all else in float32."""
    values = np.array(GOLDEN["inputs"][name])
    return values.astype("float32") if values.dtype.kind == "f" else values


def arguments(case, rows):
    """Targets, predictions and weights of one of the two updates: the first has no weights."""
    y_pred = ops.convert_to_tensor(array(case["y_pred"])[rows])
    if case["mask"] is not None:
        y_pred._keras_mask = ops.convert_to_tensor(array(case["mask"])[rows])
    is_weighted = case["weights"] is not None and rows.start is not None
    weights = array(case["weights"])[rows] if is_weighted else None
    return array(case["y_true"])[rows], y_pred, weights


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_results_are_those_of_keras(case):
    metric = make(metrics, case["metric"])
    for _ in range(2):
        for rows, expected in zip(BATCHES, case["results"], strict=True):
            metric.update_state(*arguments(case, rows))
            assert_agree(metric.result(), expected)
        metric.reset_state()


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_an_update_can_be_recorded_and_replayed(case):
    recorded, eager = (make(metrics, case["metric"]) for _ in range(2))
    with Step(Arena()) as step:
        recorded.update_state(*arguments(case, BATCHES[1]))
    assert step.obstacle is None
    step.replay()
    for _ in range(2):
        eager.update_state(*arguments(case, BATCHES[1]))
    for variable, expected in zip(recorded.variables, eager.variables, strict=True):
        np.testing.assert_array_equal(variable.numpy(), expected.numpy())


def test_sums_are_those_of_keras():
    case = GOLDEN["sum"]
    metric = metrics.Sum()
    assert float(metric.result()) == 0.0
    for (values, weights), expected in zip(case["updates"], case["results"], strict=True):
        assert float(metric(values, weights)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("case", GOLDEN["configs"], ids=lambda case: case["object"][0])
def test_config_and_state_are_those_of_keras(case):
    kerasette.utils.clear_session()
    metric = make(metrics, case["object"])
    assert metric.name == case["name"]
    assert getattr(metric, "_direction", None) == case["direction"]
    assert [[v.name, list(v.shape)] for v in metric.variables] == case["variables"]
    config = metric.get_config()
    # What Keras leaves out is listed where it is not the default, so that it is not lost.
    assert {key: config[key] for key in case["config"]} == case["config"]
    assert set(config) - set(case["config"]) <= set(case["object"][1])
    serialized = metrics.serialize(metric)
    assert serialized["module"] == "keras.metrics"
    twin = metrics.deserialize(serialized)
    assert type(twin) is type(metric)
    assert twin.get_config() == config


def test_names_mean_what_they_mean_to_keras():
    for name, meaning in GOLDEN["names"].items():
        if meaning.endswith("Error") and not hasattr(metrics, meaning):
            with pytest.raises((TypeError, ValueError)) as caught:
                metrics.get(name)
            assert caught.type.__name__ == meaning
        else:
            assert type(metrics.get(name)).__name__ == meaning


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["name"])
def test_error_is_that_of_keras(case):
    names = {"keras": kerasette, "np": np, "y": np.arange(8) % 3}
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    assert caught.type.__name__ == case["type"]
    assert str(caught.value)[:36] == case["message"][:36] or not case["message"]
