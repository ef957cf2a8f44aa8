"""Every argument of every metric does something."""

import inspect

import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row, differ

from kerasette import losses, metrics, ops

rng = np.random.default_rng(2)
P = rng.uniform(size=(40, 3, 3)).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[rng.integers(0, 3, (40, 3))]
LABELS = rng.integers(0, 2, (40, 3))
CLASSES = rng.integers(0, 3, 40)
ROWS_OF_P = P[:, 0]
PREDICTED = rng.integers(0, 3, 40)
WEIGHTS = rng.integers(1, 5, 40)

LOGITS_AND_SMOOTHING = {"from_logits": True, "label_smoothing": 0.1}
AT = {"num_thresholds": 7, "class_id": 1}
SHARE = {"thresholds": [0.3], "top_k": 2, "class_id": 1}
# Every metric: targets, predictions, and another value than the default for each argument.
ROWS = {
    "AUC": (
        LABELS, ROWS_OF_P,
        {
            "num_thresholds": 7, "curve": "PR", "summation_method": "minoring",
            "thresholds": [0.2, 0.3], "multi_label": True, "num_labels": 3,
            "label_weights": [0.1, 0.2, 0.7], "from_logits": True,
        },
    ),
    "Accuracy": (CLASSES, PREDICTED, {}),
    "BinaryAccuracy": (LABELS, ROWS_OF_P, {"threshold": 0.3}),
    "BinaryCrossentropy": (LABELS, ROWS_OF_P, LOGITS_AND_SMOOTHING),
    "BinaryIoU": (CLASSES > 0, ROWS_OF_P[:, 0], {"target_class_ids": [1], "threshold": 0.3}),
    "CategoricalAccuracy": (ONE_HOT, P, {}),
    "CategoricalCrossentropy": (ONE_HOT, P, {**LOGITS_AND_SMOOTHING, "axis": 1}),
    "CategoricalHinge": (ONE_HOT, P, {}),
    "CosineSimilarity": (ONE_HOT, P, {"axis": 1}),
    "F1Score": (ONE_HOT[:, 0], ROWS_OF_P, {"average": "micro", "threshold": 0.4}),
    "FBetaScore": (
        ONE_HOT[:, 0], ROWS_OF_P, {"average": "weighted", "threshold": 0.4, "beta": 2.0}
    ),
    "FalseNegatives": (LABELS, ROWS_OF_P, {"thresholds": 0.3}),
    "FalsePositives": (LABELS, ROWS_OF_P, {"thresholds": 0.3}),
    "Hinge": (LABELS, ROWS_OF_P, {}),
    "IoU": (
        CLASSES, PREDICTED,
        {
            "num_classes": 2, "target_class_ids": [0], "ignore_class": 1,
            "sparse_y_true": False, "sparse_y_pred": False, "axis": 0,
        },
    ),
    "KLDivergence": (ONE_HOT, P, {}),
    "LogCoshError": (LABELS, ROWS_OF_P, {}),
    "MeanAbsoluteError": (LABELS, ROWS_OF_P, {}),
    "MeanAbsolutePercentageError": (LABELS, ROWS_OF_P, {}),
    "MeanIoU": (
        CLASSES, PREDICTED,
        {
            "num_classes": 2, "ignore_class": 1, "sparse_y_true": False,
            "sparse_y_pred": False, "axis": 0,
        },
    ),
    "MeanSquaredError": (LABELS, ROWS_OF_P, {}),
    "MeanSquaredLogarithmicError": (LABELS, ROWS_OF_P, {}),
    "OneHotIoU": (
        ONE_HOT[:, 0], ROWS_OF_P,
        {
            "num_classes": 2, "target_class_ids": [0], "ignore_class": 1,
            "sparse_y_pred": True, "axis": 0,
        },
    ),
    "OneHotMeanIoU": (
        ONE_HOT[:, 0], ROWS_OF_P,
        {"num_classes": 2, "ignore_class": 1, "sparse_y_pred": True, "axis": 0},
    ),
    "Poisson": (LABELS, ROWS_OF_P, {}),
    "Perplexity": (
        CLASSES[:39].reshape(13, 3), P[:13],
        {"from_logits": True, "ignore_class": 1, "axis": 1},
    ),
    "Precision": (LABELS, ROWS_OF_P, SHARE),
    "PrecisionAtRecall": (LABELS, ROWS_OF_P, {**AT, "recall": 0.9}),
    "R2Score": (
        LABELS, ROWS_OF_P,
        {"class_aggregation": "variance_weighted_average", "num_regressors": 2},
    ),
    "Recall": (LABELS, ROWS_OF_P, SHARE),
    "RecallAtPrecision": (LABELS, ROWS_OF_P, {**AT, "precision": 0.7}),
    "RootMeanSquaredError": (LABELS, ROWS_OF_P, {}),
    "SensitivityAtSpecificity": (LABELS, ROWS_OF_P, {**AT, "specificity": 0.9}),
    "SparseCategoricalAccuracy": (CLASSES, ROWS_OF_P, {}),
    "SparseCategoricalCrossentropy": (
        CLASSES[:39].reshape(13, 3), P[:13],
        {"from_logits": True, "ignore_class": 1, "axis": 1},
    ),
    "SparseTopKCategoricalAccuracy": (CLASSES, ROWS_OF_P, {"k": 1, "from_sorted_ids": True}),
    "SpecificityAtSensitivity": (LABELS, ROWS_OF_P, {**AT, "sensitivity": 0.9}),
    "SquaredHinge": (LABELS, ROWS_OF_P, {}),
    "TopKCategoricalAccuracy": (ONE_HOT, P, {"k": 1}),
    "TrueNegatives": (LABELS, ROWS_OF_P, {"thresholds": 0.3}),
    "TruePositives": (LABELS, ROWS_OF_P, {"thresholds": 0.3}),
}  # fmt: skip
# What must be given.
NEEDED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "OneHotMeanIoU": {"num_classes": 3},
    "PrecisionAtRecall": {"recall": 0.2},
    "RecallAtPrecision": {"precision": 0.2},
    "SensitivityAtSpecificity": {"specificity": 0.2},
    "SpecificityAtSensitivity": {"sensitivity": 0.2},
}
# Other data, where the argument needs it, and what it needs beside itself.
OTHERWISE = {
    ("AUC", "num_labels"): (LABELS, ROWS_OF_P, {"multi_label": True}),
    ("IoU", "sparse_y_true"): (np.eye(3)[CLASSES], PREDICTED, {}),
    ("IoU", "sparse_y_pred"): (CLASSES, ROWS_OF_P, {}),
    ("IoU", "axis"): (
        ONE_HOT[:3, 0], ROWS_OF_P[:3], {"sparse_y_true": False, "sparse_y_pred": False}
    ),
    ("MeanIoU", "sparse_y_true"): (np.eye(3)[CLASSES], PREDICTED, {}),
    ("MeanIoU", "sparse_y_pred"): (CLASSES, ROWS_OF_P, {}),
    ("MeanIoU", "axis"): (
        ONE_HOT[:3, 0], ROWS_OF_P[:3], {"sparse_y_true": False, "sparse_y_pred": False}
    ),
    ("OneHotIoU", "num_classes"): (ONE_HOT[:, 0], ROWS_OF_P, {"target_class_ids": [-1]}),
    ("OneHotIoU", "sparse_y_pred"): (ONE_HOT[:, 0], PREDICTED, {}),
    ("OneHotIoU", "axis"): (ONE_HOT[:3, 0], ROWS_OF_P[:3], {}),
    ("IoU", "num_classes"): (CLASSES, PREDICTED, {"target_class_ids": [-1]}),
    ("OneHotMeanIoU", "sparse_y_pred"): (ONE_HOT[:, 0], PREDICTED, {}),
    ("OneHotMeanIoU", "axis"): (ONE_HOT[:3, 0], ROWS_OF_P[:3], {}),
    ("SparseTopKCategoricalAccuracy", "from_sorted_ids"): (CLASSES, ROWS_OF_P * 3 // 1, {"k": 1}),
}  # fmt: skip
CHANGES = [(name, argument) for name, (_, _, row) in ROWS.items() for argument in row]
COVERED = {f"metrics.{name}": row for name, (_, _, row) in ROWS.items()}
COVERED |= {f"metrics.{name}.update_state": ["y_true", "y_pred", "sample_weight"] for name in ROWS}
COVERED |= {f"metrics.{name}.update_state": ["values", "sample_weight"] for name in ("Mean", "Sum")}
COVERED["metrics.MeanMetricWrapper"] = ["fn"]
COVERED["metrics.MeanMetricWrapper.update_state"] = ["y_true", "y_pred", "sample_weight"]


def outcome(name, arguments, y_true, y_pred):
    """What a metric says and keeps, or the error that it raises."""
    metric = getattr(metrics, name)(**{**NEEDED.get(name, {}), **arguments})
    before = len(metric.variables)
    try:
        result = metric(y_true, y_pred).numpy()
    except ValueError as error:
        return [str(error)]
    return [result, [variable.numpy() for variable in metric.variables], before]


def test_every_metric_and_every_argument_has_a_row():
    classes = {name for name in metrics.__all__ if name[0].isupper()}
    assert set(ROWS) == classes - {"Mean", "MeanMetricWrapper", "Metric", "Sum"}
    for name, (_, _, row) in ROWS.items():
        assert_every_parameter_has_a_row(getattr(metrics, name), row)


@pytest.mark.parametrize(("name", "argument"), CHANGES)
def test_argument_has_an_effect(name, argument):
    y_true, y_pred, beside = OTHERWISE.get((name, argument), (*ROWS[name][:2], {}))
    changed = {**beside, argument: ROWS[name][2][argument]}
    before, after = (outcome(name, given, y_true, y_pred) for given in (beside, changed))
    assert len(before) != len(after) or differ(before, after)


@pytest.mark.parametrize("name", ROWS)
def test_name_and_dtype_have_an_effect(name):
    y_true, y_pred, _ = ROWS[name]
    metric = getattr(metrics, name)(**NEEDED.get(name, {}), name="mine", dtype="float64")
    assert metric.get_config()["name"] == metric.name == "mine"
    assert metric.get_config()["dtype"] == metric.dtype == "float64"
    metric.update_state(y_true, y_pred)
    assert {variable.dtype for variable in metric.variables} == {"float64"}
    with pytest.raises(ValueError, match="Cannot convert 'foo'"):
        getattr(metrics, name)(**NEEDED.get(name, {}), dtype="foo")


@pytest.mark.parametrize("name", ROWS)
def test_weights_have_an_effect(name):
    y_true, y_pred, _ = ROWS[name]
    plain, weighted = (getattr(metrics, name)(**NEEDED.get(name, {})) for _ in range(2))
    plain.update_state(y_true, y_pred)
    weighted.update_state(y_true, y_pred, sample_weight=WEIGHTS[: len(y_true)])
    states = [[v.numpy() for v in metric.variables] for metric in (plain, weighted)]
    assert differ(*states)
    # As if each sample stood as often as it weighs.
    repeated = getattr(metrics, name)(**NEEDED.get(name, {}))
    rows = np.repeat(np.arange(len(y_true)), WEIGHTS[: len(y_true)])
    repeated.update_state(np.asarray(y_true)[rows], y_pred[rows])
    if name != "R2Score":
        states = [[v.numpy() for v in metric.variables] for metric in (weighted, repeated)]
        for a, b in zip(*states, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5)
    np.testing.assert_allclose(
        weighted.result().numpy(), repeated.result().numpy(), rtol=2e-5, atol=1e-6
    )


@pytest.mark.parametrize("name", ROWS)
def test_a_number_weighs_all_samples(name):
    y_true, y_pred, _ = ROWS[name]
    one, each = (getattr(metrics, name)(**NEEDED.get(name, {})) for _ in range(2))
    one.update_state(y_true, y_pred, sample_weight=3)
    each.update_state(y_true, y_pred, sample_weight=np.full(len(y_true), 3))
    np.testing.assert_allclose(one.result().numpy(), each.result().numpy(), rtol=1e-5)


@pytest.mark.parametrize("name", ROWS)
def test_reset_forgets_everything(name):
    y_true, y_pred, _ = ROWS[name]
    metric = getattr(metrics, name)(**NEEDED.get(name, {}))
    first = metric(y_true, y_pred).numpy()
    metric.reset_state()
    assert all(not variable.numpy().any() for variable in metric.variables)
    assert not differ(metric(y_true, y_pred).numpy(), first)


@pytest.mark.parametrize("name", ROWS)
def test_a_metric_comes_back_from_its_config(name):
    y_true, y_pred, row = ROWS[name]
    together = {} if name == "AUC" or "IoU" in name or name.endswith("Categorical") else row
    together = {**NEEDED.get(name, {}), **together}
    if name == "SparseTopKCategoricalAccuracy":
        together["from_sorted_ids"] = False
    metric = getattr(metrics, name)(**together)
    twin = metrics.deserialize(metrics.serialize(metric))
    assert twin.get_config() == metric.get_config()
    assert not differ(twin(y_true, y_pred).numpy(), metric(y_true, y_pred).numpy())


@pytest.mark.parametrize("name", ROWS)
def test_arguments_that_are_attributes_have_the_value_given(name):
    row = {**NEEDED.get(name, {}), **ROWS[name][2]}
    row.pop("multi_label" if name != "AUC" else "", None)
    metric = getattr(metrics, name)(**row)
    derived = {"num_thresholds"} if "thresholds" in row else set()
    for argument, value in row.items():
        if argument not in derived and not (name == "AUC" and argument == "thresholds"):
            found = getattr(metric, argument)
            assert found == value or found == [value], argument


def test_attributes_of_means_count():
    metric = metrics.BinaryAccuracy()
    metric.threshold = 0.9
    expected = metrics.BinaryAccuracy(threshold=0.9)
    assert metric.get_config() == expected.get_config() | {"name": metric.name}
    assert not differ(metric(LABELS, ROWS_OF_P).numpy(), expected(LABELS, ROWS_OF_P).numpy())


def test_wrapped_functions_come_back_from_their_config():
    for fn, arguments in (
        (metrics.binary_accuracy, {"threshold": 0.3}),
        (metrics.huber, {"delta": 0.3}),
    ):
        metric = metrics.MeanMetricWrapper(fn, name="mine", **arguments)
        twin = metrics.deserialize(metrics.serialize(metric))
        assert twin.get_config() == metric.get_config()
        assert float(twin(LABELS, ROWS_OF_P)) == float(metric(LABELS, ROWS_OF_P))
    metric = metrics.MeanMetricWrapper(losses.Huber(delta=0.3))
    twin = metrics.deserialize(metrics.serialize(metric))
    assert float(twin(LABELS, ROWS_OF_P)) == float(metric(LABELS, ROWS_OF_P))
    assert metric._direction == "down"


def test_custom_objects_are_found_by_name():
    class Mine(metrics.Mean):
        pass

    twin = metrics.deserialize(metrics.serialize(Mine()), custom_objects={"Mine": Mine})
    assert type(twin) is Mine
    with pytest.raises(ValueError, match="Could not interpret metric"):
        metrics.deserialize(metrics.serialize(Mine()))


def test_functions_that_keras_has_are_here():
    # Functions, not modules of the same name.
    functions = [name for name in metrics.__all__ if name[0].islower()]
    assert all(inspect.isfunction(getattr(metrics, name)) for name in functions)
    assert metrics.hinge is losses.hinge
    value = metrics.top_k_categorical_accuracy(np.eye(3), ops.convert_to_tensor(np.eye(3)), k=1)
    assert value.numpy().tolist() == [1.0, 1.0, 1.0]


# ---- data, and what makes variables ---------------------------------------------------------


def state_after(name, **data):
    """What a metric has counted after an update: the result alone may be the same by chance."""
    # With three classes the right one is always among the best five.
    few = {"k": 1} if "TopK" in name else {}
    metric = getattr(metrics, name)(**NEEDED.get(name, {}), **few)
    metric.update_state(**data)
    return [variable.numpy() for variable in metric.variables]


@pytest.mark.parametrize("name", ROWS)
def test_data_and_weights_count(name):
    y_true, y_pred, _ = ROWS[name]
    weights = WEIGHTS[: len(y_true)]
    for argument, value in (
        ("y_true", y_true[::-1]), ("y_pred", y_pred[::-1]), ("sample_weight", weights)
    ):  # fmt: skip
        given = {"y_true": y_true, "y_pred": y_pred}
        assert differ(state_after(name, **given), state_after(name, **{**given, argument: value}))


@pytest.mark.parametrize("name", ["Mean", "Sum"])
def test_values_and_weights_count(name):
    plain = state_after(name, values=[1.0, 2.0])
    assert differ(state_after(name, values=[1.0, 3.0]), plain)
    assert differ(state_after(name, values=[1.0, 2.0], sample_weight=[1.0, 0.5]), plain)


def test_a_wrapped_function_and_its_data_count():
    def result(fn=losses.mean_squared_error, y_true=(0.0, 1.0), y_pred=(1.0, 4.0), weight=None):
        metric = metrics.MeanMetricWrapper(fn, name="wrapped")
        metric.update_state(np.reshape(y_true, (2, 1)), np.reshape(y_pred, (2, 1)), weight)
        return float(metric.result())

    assert result() == 5.0
    assert result(fn=losses.mean_absolute_error) == 2.0
    assert result(y_true=(1.0, 1.0)) == 4.5
    assert result(y_pred=(1.0, 1.0)) == 0.5
    assert result(weight=[3.0, 1.0]) == 3.0


VARIABLE = {
    "shape": (3,),
    "initializer": "ones",
    "dtype": "int32",
    "aggregation": "median",
    "name": "other",
}
WEIGHT = {name: value for name, value in VARIABLE.items() if name != "aggregation"}
COVERED |= {"Metric.add_variable": VARIABLE, "Metric.add_weight": WEIGHT}


@pytest.mark.parametrize(("method", "rows"), [("add_variable", VARIABLE), ("add_weight", WEIGHT)])
def test_arguments_of_variables_act(method, rows):
    def variable_of(shape=(2,), initializer="zeros", **arguments):
        made = getattr(metrics.Metric(name="a"), method)(shape, initializer, **arguments)
        return [made.name, made.dtype, made.numpy()]

    assert_every_parameter_has_a_row(getattr(metrics.Metric, method), rows)
    for name, value in rows.items():
        assert acts(variable_of, name, value, {"name": "variable"}), name
