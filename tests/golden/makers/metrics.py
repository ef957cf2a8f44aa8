"""Metrics by Keras's rules: which accuracy a string means, its values, its names in logs."""

import keras
import numpy as np

from .networks import build_object, fresh_session
from .store import write_json

CLASS_LOSS = "sparse_categorical_crossentropy"
LOG_LOSS = "categorical_crossentropy"

# (shape of y_true, shape of y_pred, loss that takes them): what "accuracy" has to choose from
SHAPES = [
    ([6], [6, 1], "binary_crossentropy"),
    ([6, 1], [6, 1], "binary_crossentropy"),
    ([6, 4, 1], [6, 4, 1], "binary_crossentropy"),
    ([6], [6, 3], CLASS_LOSS),
    ([6, 1], [6, 3], CLASS_LOSS),
    ([6, 4], [6, 4, 3], CLASS_LOSS),
    ([6, 4, 1], [6, 4, 3], CLASS_LOSS),
    ([6, 2], [6, 2], "binary_crossentropy"),
    ([6, 3], [6, 3], "categorical_crossentropy"),
    ([6, 3], [6, 3], "mse"),
    ([6, 4, 3], [6, 4, 3], "categorical_crossentropy"),
]

# Two updates each, the second one weighted: (y_true, y_pred, weights or None)
BINARY_UPDATES = [
    ([[0], [1], [1], [0]], [[0.2], [0.5], [0.51], [0.3]], None),
    ([[1], [1], [0]], [[0.9], [0.31], [0.7]], [0.5, 2.0, 1.0]),
]
CATEGORICAL_UPDATES = [
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0, 0.1, 0.9]], None),
    ([[0, 1, 0], [0, 0, 1]], [[0.1, 0.8, 0.1], [0.6, 0.2, 0.2]], [3.0, 1.0]),
]
SPARSE_UPDATES = [
    ([0, 1, 2], [[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0, 0.1, 0.9]], None),
    ([1, 2], [[0.1, 0.8, 0.1], [0.6, 0.2, 0.2]], [3.0, 1.0]),
]
SPARSE_COLUMN_UPDATES = [
    ([[0], [1], [2]], [[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0, 0.1, 0.9]], None),
    ([[1], [2]], [[0.1, 0.8, 0.1], [0.6, 0.2, 0.2]], [3.0, 1.0]),
]
SEVERAL_OUTPUTS_UPDATES = [
    ([[0, 1], [1, 1]], [[0.4, 0.6], [0.4, 0.6]], None),
    ([[0, 0]], [[0.1, 0.9]], [2.0]),
]
EQUALITY_UPDATES = [([1, 2, 3, 4], [0, 2, 3, 4], None), ([1, 1], [1, 0], [1.0, 3.0])]

# metric, its updates
UPDATES = [
    (["BinaryAccuracy", {}], BINARY_UPDATES),
    (["BinaryAccuracy", {"threshold": 0.3}], BINARY_UPDATES),
    (["BinaryAccuracy", {}], SEVERAL_OUTPUTS_UPDATES),
    (["CategoricalAccuracy", {}], CATEGORICAL_UPDATES),
    (["SparseCategoricalAccuracy", {}], SPARSE_UPDATES),
    (["SparseCategoricalAccuracy", {}], SPARSE_COLUMN_UPDATES),
    (["Accuracy", {}], EQUALITY_UPDATES),
    (["MeanSquaredError", {}], SEVERAL_OUTPUTS_UPDATES),
    (["MeanAbsoluteError", {}], SEVERAL_OUTPUTS_UPDATES),
]

MEAN_UPDATES = [([1.0, 3.0, 5.0, 7.0], None), ([1.0, 3.0], [1.0, 0.0]), (4.0, 2.0), (9.0, 0.0)]

# arguments of compile that shape the logs; a list [class, arguments] stands for an object
LOG_CASES = [
    {"metrics": ["accuracy"]},
    {"metrics": ["acc"]},
    {"metrics": ["acc", "accuracy"]},
    {"metrics": ["mae", "accuracy", "mse"]},
    {"metrics": ["categorical_accuracy"]},
    {"metrics": [["CategoricalAccuracy", {}]]},
    {"metrics": [["CategoricalAccuracy", {"name": "right"}], "accuracy"]},
    {"metrics": [["CategoricalAccuracy", {}], ["CategoricalAccuracy", {}]]},
    {"metrics": ["accuracy", "accuracy"]},
    {"metrics": ["accuracy"], "weighted_metrics": ["accuracy"]},
    {"weighted_metrics": ["accuracy"]},
    {},
]


def make():
    """Write `metrics.json`."""
    rng = np.random.default_rng(200)
    write_json(
        "metrics",
        {
            "resolution": [resolve(*shapes, rng) for shapes in SHAPES],
            "updates": [update(*case) for case in UPDATES],
            "mean": update_mean(),
            "logs": log_cases(rng),
        },
    )


def resolve(true_shape, pred_shape, loss, rng):
    """Compile with "accuracy" and "acc", and see which metrics come of it with which values."""
    y_true = rng.integers(0, 2, true_shape).astype("float32")
    y_pred = rng.uniform(0.05, 0.95, pred_shape).round(3).astype("float32")
    model = identity_model(pred_shape[1:], loss=loss, metrics=["accuracy", "acc"])
    logs = model.evaluate(y_pred, y_true, verbose=0, return_dict=True)
    return {
        "y_true": y_true.astype(int),
        "y_pred": readable(y_pred),
        "loss": loss,
        "resolved": [type(metric).__name__ for metric in model._compile_metrics.metrics],
        "logs": logs,
    }


def identity_model(shape, **compile_arguments):
    """Compile a model which predicts its input."""
    fresh_session()
    model = keras.Sequential([keras.Input(shape), keras.layers.Activation("linear")])
    model.compile(**compile_arguments)
    return model


def update(spec, updates):
    """Feed a metric with updates, and keep its result before, between and after them."""
    fresh_session()
    metric = build_object("metrics", spec)
    results = [float(metric.result())]
    for y_true, y_pred, weights in updates:
        metric.update_state(np.array(y_true), np.array(y_pred, "float32"), weights)
        results.append(float(metric.result()))
    steps = [
        dict(zip(("y_true", "y_pred", "sample_weight"), step, strict=True)) for step in updates
    ]
    return {"metric": spec, "name": metric.name, "updates": steps, "results": results}


def update_mean():
    """Do for `Mean` what `update` does: it takes values instead of targets and predictions."""
    metric = keras.metrics.Mean()
    results = [float(metric.result())]
    for values, weights in MEAN_UPDATES:
        metric.update_state(values, weights)
        results.append(float(metric.result()))
    metric.reset_state()
    steps = [{"values": values, "sample_weight": weights} for values, weights in MEAN_UPDATES]
    return {
        "name": metric.name,
        "updates": steps,
        "results": results,
        "after_reset": float(metric.result()),
    }


def log_cases(rng):
    """Evaluate one weighted batch under different metrics, and keep names and order of the logs."""
    y_pred = rng.dirichlet(np.ones(3), 8).astype("float32")
    y_true = np.eye(3, dtype="float32")[rng.integers(0, 3, 8)]
    weights = rng.uniform(0, 2, 8).astype("float32")
    cases = [log_case(arguments, y_pred, y_true, weights) for arguments in LOG_CASES]
    return {
        "y_pred": y_pred,
        "y_true": y_true,
        "sample_weight": weights,
        "loss": LOG_LOSS,
        "cases": cases,
    }


def log_case(arguments, y_pred, y_true, weights):
    """Evaluate with one set of metrics; `keys` keeps the order of the logs beside their values."""
    built = {key: [build_metric(spec) for spec in specs] for key, specs in arguments.items()}
    model = identity_model(y_pred.shape[1:], loss=LOG_LOSS, **built)
    data = {"x": y_pred, "y": y_true, "sample_weight": weights, "verbose": 0}
    logs = model.evaluate(**data, return_dict=True)
    return {
        "compile": arguments,
        "keys": list(logs),
        "logs": logs,
        "list": model.evaluate(**data),
        "metrics_names": model.metrics_names,
    }


def build_metric(spec):
    """Leave a string as it is, and build an object of anything else."""
    return spec if isinstance(spec, str) else build_object("metrics", spec)


def readable(array):
    """List float32 values by their short decimal forms, which give the same float32 again."""
    return np.round(array.astype("float64"), 3)
