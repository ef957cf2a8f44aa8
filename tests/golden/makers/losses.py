"""Values and gradients of the losses on fixed inputs."""

from itertools import product

import keras
import numpy as np
import torch

from .networks import build_object
from .store import write_arrays, write_json

REDUCTIONS = ["sum_over_batch_size", "sum", "none", "mean_with_sample_weight"]
BATCH = 4
CLASSES = 3

# name: (loss, keys of the targets and of the predictions; these exist plain and extreme)
VARIANTS = {
    "mse": (["MeanSquaredError", {}], "real", "predicted_real"),
    "bce": (["BinaryCrossentropy", {}], "binary", "probabilities"),
    "bce_smooth": (["BinaryCrossentropy", {"label_smoothing": 0.1}], "binary", "probabilities"),
    "bce_logits": (["BinaryCrossentropy", {"from_logits": True}], "binary", "logits"),
    "bce_logits_smooth": (
        ["BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
        "binary",
        "logits",
    ),
    "cce": (["CategoricalCrossentropy", {"axis": -1}], "one_hot", "distributions"),
    "cce_smooth": (
        ["CategoricalCrossentropy", {"label_smoothing": 0.1}],
        "one_hot",
        "distributions",
    ),
    "cce_logits": (["CategoricalCrossentropy", {"from_logits": True}], "one_hot", "logits"),
    "cce_logits_smooth": (
        ["CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
        "one_hot",
        "logits",
    ),
    "scce": (["SparseCategoricalCrossentropy", {}], "sparse", "distributions"),
    "scce_logits": (["SparseCategoricalCrossentropy", {"from_logits": True}], "sparse", "logits"),
}

# name: (loss, keys of targets, predictions and weights): shapes and values out of the ordinary
SPECIAL_CASES = {
    "mse_flat_targets": (["MeanSquaredError", {}], "real_flat", "real_column", None),
    "mse_flat_predictions": (["MeanSquaredError", {}], "real_column", "real_flat_2", None),
    "mse_both_flat": (["MeanSquaredError", {}], "real_flat", "real_flat_2", None),
    "bce_flat_targets": (["BinaryCrossentropy", {}], "binary_flat", "probability_column", None),
    "bce_flat_targets_weighted": (
        ["BinaryCrossentropy", {}],
        "binary_flat",
        "probability_column",
        "weights",
    ),
    "bce_integer_targets": (["BinaryCrossentropy", {}], "binary_integer", "probabilities", None),
    "scce_column_targets": (
        ["SparseCategoricalCrossentropy", {}],
        "sparse_column",
        "distributions",
        None,
    ),
    "scce_float_targets": (
        ["SparseCategoricalCrossentropy", {}],
        "sparse_float",
        "distributions",
        None,
    ),
    "cce_not_normalized": (["CategoricalCrossentropy", {}], "one_hot", "probabilities", None),
    "scce_not_normalized": (["SparseCategoricalCrossentropy", {}], "sparse", "probabilities", None),
    "cce_logits_axis_1": (
        ["CategoricalCrossentropy", {"from_logits": True, "axis": 1}],
        "one_hot_axis_1",
        "logits_axis_1",
        None,
    ),
    "mse_rank_3_weighted": (["MeanSquaredError", {}], "real_3", "real_3b", "weights_rank_2"),
    "scce_logits_rank_3_weighted": (
        ["SparseCategoricalCrossentropy", {"from_logits": True}],
        "sparse_rank_2",
        "logits_rank_3",
        "weights_rank_2",
    ),
    "mse_column_weights": (["MeanSquaredError", {}], "real", "predicted_real", "weights_column"),
    "mse_zero_weights": (
        ["MeanSquaredError", {"reduction": "mean_with_sample_weight"}],
        "real",
        "predicted_real",
        "weights_zero",
    ),
    "mse_reduction_mean": (
        ["MeanSquaredError", {"reduction": "mean"}],
        "real",
        "predicted_real",
        "weights",
    ),
    "mse_reduction_null": (
        ["MeanSquaredError", {"reduction": None}],
        "real",
        "predicted_real",
        "weights",
    ),
}


def make():
    """Write `losses.npz` (inputs, values, gradients) and `losses.json` (what belongs together)."""
    arrays = draw_inputs(np.random.default_rng(100))
    cases = [*table_cases(), *special_cases()]
    for case in cases:
        arrays |= evaluate(case, arrays)
    write_arrays("losses", arrays)
    write_json("losses", {"cases": cases})


def table_cases():
    """List every loss with every reduction, with and without weights, plain and extreme."""
    for (name, (loss, y_true, y_pred)), reduction, weights, extreme in product(
        VARIANTS.items(), REDUCTIONS, [None, "weights"], ["", "_extreme"]
    ):
        class_name, arguments = loss
        weighted = "_weighted" if weights else ""
        yield describe(
            f"{name}_{reduction}{weighted}{extreme}",
            [class_name, arguments | {"reduction": reduction}],
            y_true + extreme,
            y_pred + extreme,
            weights,
        )


def special_cases():
    """List the cases that the table leaves out."""
    return [describe(name, *case) for name, case in SPECIAL_CASES.items()]


def describe(name, loss, y_true, y_pred, weights):
    """Describe one case; all but the loss are keys of the arrays."""
    reduction = loss[1].get("reduction", "sum_over_batch_size")
    return {
        "name": name,
        "loss": loss,
        "y_true": y_true,
        "y_pred": y_pred,
        "sample_weight": weights,
        "value": f"value_{name}",
        "gradient": f"gradient_{name}" if reduction == "sum_over_batch_size" else None,
    }


def evaluate(case, arrays):
    """Compute the value of one case, and its gradient by y_pred where one is asked for."""
    y_pred = keras.ops.convert_to_tensor(arrays[case["y_pred"]]).requires_grad_()
    weights = None if case["sample_weight"] is None else arrays[case["sample_weight"]]
    value = build_object("losses", case["loss"])(arrays[case["y_true"]], y_pred, weights)
    results = {case["value"]: value.detach().numpy()}
    if case["gradient"]:
        results[case["gradient"]] = torch.autograd.grad(value, y_pred)[0].numpy()
    return results


def draw_inputs(rng):
    """Draw all targets, predictions and weights."""
    return plain_inputs(rng) | extreme_inputs() | special_inputs(rng)


def plain_inputs(rng):
    """Draw the inputs of the table, for a batch of four and three classes."""
    shape = (BATCH, CLASSES)
    classes = np.array([0, 2, 1, 2])
    logits = rng.normal(scale=2.0, size=shape)
    inputs = {
        "real": rng.normal(size=shape),
        "predicted_real": rng.normal(size=shape),
        "binary": rng.integers(0, 2, shape),
        "one_hot": np.eye(CLASSES)[classes],
        "logits": logits,
        "probabilities": rng.uniform(0.05, 0.95, shape),
        "distributions": np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True),
        "weights": np.array([0.5, 2.0, 0.0, 1.25]),
    }
    return floats(inputs) | {"sparse": classes}


def extreme_inputs():
    """List probabilities of exactly 0 and 1 and logits of +-100, on the right and wrong side."""
    classes = np.array([0, 1, 2, 0])
    inputs = {
        "real_extreme": [[1e4, -1e4, 0.0], [0.0, 0.0, 0.0], [1e-6, 1.0, -1.0], [5.0, 5.0, 5.0]],
        "predicted_real_extreme": [[-1e4, -1e4, 1e-6], [0, 0, 0], [0, 1, -1], [5, 5, 1e3]],
        "binary_extreme": [[0, 1, 0], [1, 0, 1], [1, 1, 0], [0, 0, 1]],
        "one_hot_extreme": np.eye(CLASSES)[classes],
        "probabilities_extreme": [[0, 1, 1], [0, 1, 1e-8], [1e-7, 1 - 1e-7, 1e-7], [0.5, 0, 1]],
        "distributions_extreme": [[1, 0, 0], [1, 0, 0], [0.5, 0.5, 0], [1e-8, 1 - 1e-8, 0]],
        "logits_extreme": [[100, -100, 0], [100, -100, 100], [-100, -100, -100], [-100, 100, 1]],
    }
    return floats(inputs) | {"sparse_extreme": classes}


def special_inputs(rng):
    """Draw the inputs of the special cases; what two tables share is drawn by `plain_inputs`."""
    inputs = {
        "real_flat": rng.normal(size=BATCH),
        "real_flat_2": rng.normal(size=BATCH),
        "real_column": rng.normal(size=(BATCH, 1)),
        "real_3": rng.normal(size=(2, BATCH, CLASSES)),
        "real_3b": rng.normal(size=(2, BATCH, CLASSES)),
        "binary_flat": [0, 1, 1, 0],
        "probability_column": rng.uniform(0.05, 0.95, (BATCH, 1)),
        "sparse_float": [0, 2, 1, 2],
        "one_hot_axis_1": np.moveaxis(np.eye(CLASSES)[rng.integers(0, CLASSES, (2, 4))], -1, 1),
        "logits_axis_1": rng.normal(size=(2, CLASSES, 4)),
        "logits_rank_3": rng.normal(size=(2, BATCH, CLASSES)),
        "weights_rank_2": rng.uniform(0, 2, (2, BATCH)),
        "weights_column": [[0.5], [2.0], [0.0], [1.25]],
        "weights_zero": np.zeros(BATCH),
    }
    integers = {
        "binary_integer": rng.integers(0, 2, (BATCH, CLASSES)),
        "sparse_column": np.array([[0], [2], [1], [2]]),
        "sparse_rank_2": rng.integers(0, CLASSES, (2, BATCH)),
    }
    return floats(inputs) | integers


def floats(inputs):
    """Turn a dict of values into one of float32 arrays."""
    return {name: np.asarray(value, "float32") for name, value in inputs.items()}
