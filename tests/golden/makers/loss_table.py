"""Every loss with weights, masks, reductions and arguments: values, gradients, configs, errors."""

import keras
import numpy as np
import torch

from .configs import describe_all
from .errors import outcome
from .networks import build_object
from .store import shortest, write_json

# "mean" is another name of the first.
REDUCTIONS = ["sum_over_batch_size", "sum", "mean_with_sample_weight", "none"]
# Keys of weights and masks.
COMBINATIONS = [(None, None), ("weights", None), (None, "mask"), ("column", "mask")]
COMBINATIONS_3 = [
    (None, None),
    ("number", None),
    ("weights_rank_2", None),
    (None, "mask_rank_2"),
    ("weights_rank_2", "mask_rank_2"),
    ("weights_rank_2", "mask_of_none"),
]

# [loss, targets, predictions]
TABLE = [
    [["MeanSquaredError", {}], "real", "predicted"],
    [["MeanAbsoluteError", {}], "real", "predicted"],
    [["MeanAbsoluteError", {}], "flat", "column_predicted"],
    [["MeanAbsolutePercentageError", {}], "real", "predicted"],
    [["MeanSquaredLogarithmicError", {}], "real", "predicted"],
    [["MeanSquaredLogarithmicError", {}], "counts", "rates"],
    [["CosineSimilarity", {}], "real", "predicted"],
    [["Huber", {}], "real", "predicted"],
    [["Huber", {"delta": 0.3}], "real", "predicted"],
    [["LogCosh", {}], "real", "predicted"],
    [["LogCosh", {}], "far", "predicted"],
    [["Hinge", {}], "binary", "predicted"],
    [["Hinge", {}], "signs", "predicted"],
    [["SquaredHinge", {}], "binary", "predicted"],
    [["SquaredHinge", {}], "signs", "predicted"],
    [["CategoricalHinge", {}], "one_hot", "predicted"],
    [["KLDivergence", {}], "shares", "distributions"],
    [["KLDivergence", {}], "one_hot", "distributions"],
    [["Poisson", {}], "counts", "rates"],
    [["BinaryFocalCrossentropy", {}], "binary", "probabilities"],
    [
        ["BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.4, "gamma": 1.5}],
        "binary",
        "probabilities",
    ],
    [
        ["BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
        "binary",
        "predicted",
    ],
    [["CategoricalFocalCrossentropy", {}], "one_hot", "distributions"],
    [["CategoricalFocalCrossentropy", {"alpha": 0.5, "gamma": 1.5}], "one_hot", "probabilities"],
    [["CategoricalFocalCrossentropy", {"alpha": [0.1, 0.2, 0.7]}], "one_hot", "probabilities"],
    [
        ["CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
        "one_hot",
        "predicted",
    ],
    [["SparseCategoricalCrossentropy", {"ignore_class": 1}], "classes", "distributions"],
    [
        ["SparseCategoricalCrossentropy", {"ignore_class": -1, "from_logits": True}],
        "classes_or_none",
        "predicted",
    ],
    [["SparseCategoricalCrossentropy", {"ignore_class": 2}], "class_column", "distributions"],
    [["Dice", {}], "binary", "probabilities"],
    [["Dice", {"axis": 1}], "binary", "probabilities"],
    [["Tversky", {}], "binary", "probabilities"],
    [["Tversky", {"alpha": 0.3, "beta": 0.9, "axis": [1]}], "binary", "probabilities"],
]
TABLE_3 = [
    [["MeanSquaredError", {}], "real_3", "predicted_3"],
    [["CosineSimilarity", {"axis": 2}], "real_3", "predicted_3"],
    [["BinaryCrossentropy", {"from_logits": True}], "one_hot_3", "predicted_3"],
    [["CategoricalCrossentropy", {"from_logits": True}], "one_hot_3", "predicted_3"],
    [["CategoricalFocalCrossentropy", {"from_logits": True}], "one_hot_3", "predicted_3"],
    [
        ["SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 0}],
        "classes_rank_2",
        "predicted_3",
    ],
]
# Axes that leave shapes which no weights have.
TABLE_OF_AXES = [
    [["Dice", {"axis": [1, 2]}], "one_hot_3", "probabilities_3"],
    [["CosineSimilarity", {"axis": 0}], "real", "predicted"],
    [["BinaryCrossentropy", {"axis": 0}], "binary", "probabilities"],
    [["BinaryFocalCrossentropy", {"axis": 0}], "binary", "probabilities"],
    [["CategoricalFocalCrossentropy", {"from_logits": True, "axis": 1}], "real_3", "predicted_3"],
    [["SparseCategoricalCrossentropy", {"from_logits": True, "axis": 1}], "places", "predicted_3"],
    [
        ["SparseCategoricalCrossentropy", {"from_logits": True, "axis": 1, "ignore_class": 2}],
        "places",
        "predicted_3",
    ],
]

CONFIGS = [
    *[[name, {}] for name in sorted({loss[0] for loss, _, _ in TABLE})],
    ["Huber", {"reduction": "none", "name": "mine"}],
    ["LogCosh", {"reduction": None, "dtype": "float64"}],
    ["BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.4, "gamma": 1.5}],
    ["BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1, "axis": 1}],
    ["CategoricalFocalCrossentropy", {"alpha": [0.1, 0.9], "gamma": 1.5, "from_logits": True}],
    ["CategoricalFocalCrossentropy", {"label_smoothing": 0.1, "axis": 1}],
    ["SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": -1}],
    ["Dice", {"axis": 1}],
    ["Tversky", {"alpha": 0.3, "beta": 0.9, "axis": 1}],
]
NAMES = [
    "bce", "BCE", "kld", "KLD", "mae", "MAE", "mape", "MAPE", "mse", "MSE", "msle", "MSLE",
    "kl_divergence", "huber", "Huber", "log_cosh", "logcosh", "LogCosh", "hinge", "Hinge",
    "cosine_similarity", "dice", "Tversky", "poisson", "categorical_focal_crossentropy",
    "kullback_leibler_divergence",
]  # fmt: skip
SNIPPETS = {
    "reduction": "keras.losses.Huber(reduction='average')",
    "unknown_argument": "keras.losses.Huber(sigma=1.0)",
    "no_dtype": "keras.losses.LogCosh(dtype='foo')",
    "focal_axis": "keras.losses.categorical_focal_crossentropy(one_hot, one_hot, axis=True)",
    "focal_shapes": "keras.losses.BinaryFocalCrossentropy()(one_hot, one_hot[:, :2])",
    "get_unknown": "keras.losses.get('huberr')",
    "get_number": "keras.losses.get(3)",
    "abstract": "keras.losses.Loss()(one_hot, one_hot)",
}


def make():
    """Write `loss_table.json`."""
    inputs = draw_inputs(np.random.default_rng(700))
    cases = [
        *[evaluate(row, COMBINATIONS, inputs) for row in TABLE],
        *[evaluate(row, COMBINATIONS_3, inputs) for row in TABLE_3],
        *[evaluate(row, [(None, None)], inputs) for row in TABLE_OF_AXES],
    ]
    write_json(
        "loss_table",
        {
            "reductions": REDUCTIONS,
            "inputs": {name: shortest(value) for name, value in inputs.items()},
            "cases": cases,
            "configs": describe_all("losses", CONFIGS),
            "names": {name: meaning(name) for name in NAMES},
            "errors": [{"name": n, "code": code, **outcome(code)} for n, code in SNIPPETS.items()],
        },
    )


def evaluate(row, combinations, inputs):
    """List the values of one loss for all reductions, and the gradient for the first of them."""
    loss, y_true, y_pred = row
    if "ignore_class" in loss[1]:
        # PyTorch makes the product of a number with the mask in place, and refuses.
        combinations = [pair for pair in combinations if pair[0] != "number"]
    results = [
        {"weights": weights, "mask": mask, **answers(row, weights, mask, inputs)}
        for weights, mask in combinations
    ]
    # Weights and masks scale gradients in one way for all losses: two are enough.
    for result in results[1:-1]:
        del result["gradient"]
    return {"loss": loss, "y_true": y_true, "y_pred": y_pred, "results": results}


def answers(row, weights, mask, inputs):
    """Compute the values of one loss, in the order of the reductions, and the gradient."""
    (class_name, arguments), y_true, y_pred = row
    weights = None if weights is None else inputs[weights]
    values = []
    for reduction in REDUCTIONS:
        loss = build_object("losses", [class_name, arguments | {"reduction": reduction}])
        data = torch.tensor(inputs[y_pred], requires_grad=True)
        if mask is not None:
            data._keras_mask = torch.tensor(inputs[mask])
        value = loss(inputs[y_true], data, weights)
        values.append(shortest(value.detach().numpy()))
        if reduction == REDUCTIONS[0]:
            (gradient,) = torch.autograd.grad(value.sum(), data)
    return {"values": values, "gradient": shortest(gradient.numpy())}


def meaning(name):
    """Say what a string means to `keras.losses.get`; None where it raises."""
    try:
        found = keras.losses.get(name)
    except ValueError:
        return None
    return getattr(found, "__name__", type(found).__name__)


def draw_inputs(rng):
    """Draw all targets, predictions, weights and masks: short numbers, exact in no dtype."""
    shape, shape_3 = (4, 3), (2, 4, 3)
    classes = np.array([1, 0, 2, 1])
    classes_rank_2 = rng.integers(0, 3, shape_3[:2])
    logits = rng.normal(scale=2.0, size=shape)
    floats = {
        "real": rng.normal(size=shape),
        "far": rng.normal(scale=100.0, size=shape),
        "predicted": logits,
        "flat": rng.normal(size=4),
        "column_predicted": rng.normal(size=(4, 1)),
        "counts": rng.integers(0, 5, shape),
        "rates": rng.uniform(0.1, 4.0, shape),
        "binary": rng.integers(0, 2, shape),
        "signs": rng.integers(0, 2, shape) * 2 - 1,
        "one_hot": np.eye(3)[classes],
        "shares": rng.dirichlet(np.ones(3), 4),
        "probabilities": rng.uniform(0.05, 0.95, shape),
        "distributions": rng.dirichlet(np.ones(3), 4),
        "real_3": rng.normal(size=shape_3),
        "predicted_3": rng.normal(size=shape_3),
        "one_hot_3": np.eye(3)[classes_rank_2],
        "probabilities_3": rng.uniform(0.05, 0.95, shape_3),
        "weights": [0.5, 2.0, 0.0, 1.25],
        "column": [[0.5], [2.0], [0.25], [1.25]],
        "number": 2.5,
        "weights_rank_2": rng.uniform(0, 2, shape_3[:2]),
    }
    whole = {
        "classes": classes,
        "classes_or_none": np.array([1, -1, 2, -1]),
        "class_column": classes[:, None],
        "classes_rank_2": classes_rank_2,
        "places": rng.integers(0, 4, (2, 3)),
        "mask": np.array([True, False, True, True]),
        "mask_rank_2": np.array([[True, False, True, True], [True, True, False, False]]),
        "mask_of_none": np.zeros((2, 4), bool),
    }
    rounded = {name: np.round(value, 3).astype("float32") for name, value in floats.items()}
    return rounded | whole
