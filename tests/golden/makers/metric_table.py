"""Every metric with arguments, weights and masks: results, state, configs, names, errors."""

import keras
import numpy as np
import torch

from .configs import describe_all
from .errors import outcome
from .networks import build_object, fresh_session
from .store import shortest, write_json

# The first update takes so many samples, the second one the rest.
FIRST = 5
THIRDS = [0.0, 0.25, 0.5, 0.75, 1.0]

# [metric, targets, predictions, weights of the second update]
ON_BINARY = [
    ["AUC", {}],
    ["AUC", {"num_thresholds": 5}],
    ["AUC", {"num_thresholds": 2}],
    ["AUC", {"curve": "PR"}],
    ["AUC", {"curve": "PR", "num_thresholds": 7}],
    ["AUC", {"curve": "PRGAIN", "num_thresholds": 7}],
    ["AUC", {"curve": "pr", "summation_method": "minoring", "num_thresholds": 7}],
    ["AUC", {"summation_method": "majoring", "num_thresholds": 7}],
    ["AUC", {"summation_method": "minoring", "num_thresholds": 7}],
    ["AUC", {"thresholds": [0.5, 0.1, 0.35]}],
    ["AUC", {"thresholds": [0.25, 0.5, 0.75]}],
    ["AUC", {"thresholds": [0.5, 0.1], "curve": "PR"}],
    ["Precision", {}],
    ["Precision", {"thresholds": 0.3}],
    ["Precision", {"thresholds": [0.1, 0.5, 0.9]}],
    ["Precision", {"thresholds": THIRDS}],
    ["Recall", {}],
    ["Recall", {"thresholds": [0.1, 0.5, 0.9]}],
    ["Recall", {"thresholds": THIRDS}],
    ["TruePositives", {}],
    ["TruePositives", {"thresholds": [0.0, 0.5, 1.0]}],
    ["TrueNegatives", {}],
    ["TrueNegatives", {"thresholds": [0.0, 0.5, 1.0]}],
    ["FalsePositives", {"thresholds": [0.2, 0.5]}],
    ["FalsePositives", {"thresholds": THIRDS}],
    ["FalseNegatives", {"thresholds": 0.75}],
    ["FalseNegatives", {"thresholds": THIRDS}],
    ["SensitivityAtSpecificity", {"specificity": 0.6}],
    ["SensitivityAtSpecificity", {"specificity": 0.6, "num_thresholds": 1}],
    ["SpecificityAtSensitivity", {"sensitivity": 0.6}],
    ["SpecificityAtSensitivity", {"sensitivity": 0.9, "num_thresholds": 4}],
    ["PrecisionAtRecall", {"recall": 0.6}],
    ["PrecisionAtRecall", {"recall": 0.7, "num_thresholds": 3}],
    ["RecallAtPrecision", {"precision": 0.6}],
    ["RecallAtPrecision", {"precision": 1.0, "num_thresholds": 9}],
    ["BinaryIoU", {}],
    ["BinaryIoU", {"target_class_ids": [1], "threshold": 0.3}],
]
ON_LABELS = [
    ["AUC", {"multi_label": True}],
    ["AUC", {"multi_label": True, "num_labels": 3, "label_weights": [0.2, 0.5, 0.3]}],
    ["AUC", {"multi_label": True, "curve": "PR", "num_thresholds": 5}],
    ["AUC", {"multi_label": True, "thresholds": [0.3, 0.4], "label_weights": [1.0, 0.0, 2.0]}],
    ["AUC", {"label_weights": [0.2, 0.5, 0.3]}],
    ["AUC", {"label_weights": [0.2, 0.5, 0.3], "thresholds": [0.3, 0.4]}],
    ["Precision", {}],
    ["Precision", {"class_id": 1}],
    ["Precision", {"top_k": 2}],
    ["Precision", {"top_k": 1, "class_id": 2}],
    ["Precision", {"top_k": 2, "thresholds": [0.4, 0.8]}],
    ["Recall", {"class_id": 1, "thresholds": 0.3}],
    ["Recall", {"top_k": 2}],
    ["Recall", {"top_k": 1, "class_id": 0}],
    ["SensitivityAtSpecificity", {"specificity": 0.5, "class_id": 1}],
    ["PrecisionAtRecall", {"recall": 0.5, "class_id": 2}],
    ["RecallAtPrecision", {"precision": 0.5, "class_id": 0}],
    ["SpecificityAtSensitivity", {"sensitivity": 0.5, "class_id": 0}],
    ["F1Score", {}],
    ["F1Score", {"average": "macro"}],
    ["F1Score", {"average": "micro", "threshold": 0.4}],
    ["F1Score", {"average": "weighted", "threshold": 0.4}],
    ["FBetaScore", {"beta": 2.0, "threshold": 0.5}],
    ["FBetaScore", {"beta": 0.5, "average": "weighted"}],
    ["BinaryCrossentropy", {"label_smoothing": 0.1}],
    ["BinaryAccuracy", {"threshold": 0.3}],
    ["Hinge", {}],
    ["SquaredHinge", {}],
    ["CosineSimilarity", {}],
    ["Poisson", {}],
]
ON_CLASSES = [
    ["CategoricalAccuracy", {}],
    ["CategoricalHinge", {}],
    ["CategoricalCrossentropy", {"label_smoothing": 0.1}],
    ["KLDivergence", {}],
    ["TopKCategoricalAccuracy", {"k": 2}],
    ["TopKCategoricalAccuracy", {"k": 1}],
    ["OneHotIoU", {"num_classes": 4, "target_class_ids": [0, 2]}],
    ["OneHotMeanIoU", {"num_classes": 4}],
    ["OneHotMeanIoU", {"num_classes": 4, "ignore_class": 1}],
]
ON_CLASS_NUMBERS = [
    ["SparseCategoricalAccuracy", {}],
    ["SparseCategoricalCrossentropy", {}],
    ["SparseCategoricalCrossentropy", {"ignore_class": 1}],
    ["SparseTopKCategoricalAccuracy", {"k": 2}],
    ["SparseTopKCategoricalAccuracy", {"k": 3}],
    ["MeanIoU", {"num_classes": 4, "sparse_y_pred": False}],
    ["IoU", {"num_classes": 4, "target_class_ids": [1], "sparse_y_pred": False}],
]
ON_NUMBERS = [
    ["MeanSquaredError", {}],
    ["RootMeanSquaredError", {}],
    ["MeanAbsoluteError", {}],
    ["MeanAbsolutePercentageError", {}],
    ["MeanSquaredLogarithmicError", {}],
    ["CosineSimilarity", {}],
    ["LogCoshError", {}],
    ["R2Score", {}],
    ["R2Score", {"class_aggregation": None}],
    ["R2Score", {"class_aggregation": "variance_weighted_average"}],
    ["R2Score", {"num_regressors": 2}],
]
ON_MAPS = [
    ["MeanIoU", {"num_classes": 3}],
    ["MeanIoU", {"num_classes": 3, "ignore_class": 1}],
    ["MeanIoU", {"num_classes": 5, "dtype": "float32"}],
    ["IoU", {"num_classes": 3, "target_class_ids": [0, 2]}],
    ["Accuracy", {}],
]
MASKED = [
    ["MeanSquaredError", {}],
    ["RootMeanSquaredError", {}],
    ["BinaryAccuracy", {}],
    ["CosineSimilarity", {}],
]

TABLE = [
    *[[metric, "binary", "probability", "weights"] for metric in ON_BINARY],
    [["Precision", {}], "binary", "probability_column", "weights"],
    [["AUC", {}], "binary_column", "probability_column", "weights_column"],
    [["AUC", {"from_logits": True}], "binary", "logit", "weights"],
    *[[metric, "labels", "probabilities", "weights"] for metric in ON_LABELS],
    [["FalsePositives", {}], "labels", "probabilities", "weights_of_labels"],
    [["CosineSimilarity", {"axis": 0}], "labels", "probabilities", None],
    [["BinaryCrossentropy", {"from_logits": True}], "labels", "logits", "weights"],
    *[[metric, "one_hot", "shares", "weights"] for metric in ON_CLASSES],
    [["CategoricalCrossentropy", {"from_logits": True}], "one_hot", "logits_of_four", "weights"],
    *[[metric, "classes", "shares", "weights"] for metric in ON_CLASS_NUMBERS],
    [
        ["SparseCategoricalCrossentropy", {"from_logits": True}],
        "classes",
        "logits_of_four",
        "weights",
    ],
    [["SparseTopKCategoricalAccuracy", {"k": 2}], "class_column", "shares", "weights"],
    [
        ["SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}],
        "classes",
        "ranking",
        "weights",
    ],
    *[[metric, "numbers", "predicted", "weights"] for metric in ON_NUMBERS],
    [["R2Score", {}], "flat", "predicted_column", "weights"],
    [["RootMeanSquaredError", {}], "flat", "predicted_column", "weights"],
    *[[metric, "maps", "predicted_maps", None] for metric in ON_MAPS],
    [["MeanIoU", {"num_classes": 3}], "maps", "predicted_maps", "whole_weights_of_maps"],
    [["SparseTopKCategoricalAccuracy", {"k": 1}], "sequence_classes", "sequence_shares", None],
    [["TopKCategoricalAccuracy", {"k": 1}], "sequence_one_hot", "sequence_shares", None],
    [["CategoricalAccuracy", {}], "sequence_one_hot", "sequence_shares", "sequence_weights"],
]
# As above, with a mask of the predictions.
MASKED_TABLE = [
    *[[metric, "labels", "probabilities", "weights", "mask"] for metric in MASKED],
    *[[metric, "labels", "probabilities", None, "mask"] for metric in MASKED],
    [
        ["CategoricalAccuracy", {}],
        "sequence_one_hot",
        "sequence_shares",
        "sequence_weights",
        "sequence_mask",
    ],
    [
        ["SparseCategoricalCrossentropy", {"ignore_class": 1}],
        "sequence_classes",
        "sequence_shares",
        None,
        "sequence_mask",
    ],
]

SUMS = [([1.0, 3.0, 5.0], None), ([1.0, 3.0], [2.0, 0.0]), (4.0, 2.0), ([[1, 2], [3, 4]], [1, 10])]

ARGUMENTS = {
    "IoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "OneHotMeanIoU": {"num_classes": 3},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
}
CLASSES = [
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalAccuracy",
    "CategoricalCrossentropy", "CategoricalHinge", "CosineSimilarity", "F1Score", "FBetaScore",
    "FalseNegatives", "FalsePositives", "Hinge", "IoU", "KLDivergence", "LogCoshError", "Mean",
    "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanIoU", "MeanSquaredError",
    "MeanSquaredLogarithmicError", "OneHotIoU", "OneHotMeanIoU", "Poisson", "Precision",
    "PrecisionAtRecall", "R2Score", "Recall", "RecallAtPrecision", "RootMeanSquaredError",
    "SensitivityAtSpecificity", "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity", "SquaredHinge", "Sum",
    "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
]  # fmt: skip
CONFIGS = [
    *[[name, ARGUMENTS.get(name, {})] for name in CLASSES],
    ["AUC", {"thresholds": [0.5, 0.25], "curve": "pr", "summation_method": "Majoring"}],
    ["AUC", {"multi_label": True, "num_labels": 2, "from_logits": True, "name": "area"}],
    ["BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}],
    ["BinaryIoU", {"target_class_ids": [1], "threshold": 0.3, "dtype": "float32"}],
    ["CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1, "axis": 1}],
    ["F1Score", {"average": "micro", "threshold": 0.5}],
    ["FBetaScore", {"average": "macro", "beta": 0.5, "threshold": 0.5}],
    ["IoU", {"num_classes": 3, "target_class_ids": (0,), "ignore_class": 1, "axis": 1}],
    ["MeanIoU", {"num_classes": 3, "sparse_y_true": False, "sparse_y_pred": False}],
    ["OneHotIoU", {"num_classes": 3, "target_class_ids": [0], "sparse_y_pred": True}],
    ["Precision", {"thresholds": [0.1, 0.5], "top_k": 2, "class_id": 1}],
    ["PrecisionAtRecall", {"recall": 0.3, "num_thresholds": 10, "class_id": 1}],
    ["R2Score", {"class_aggregation": None, "num_regressors": 3, "dtype": "float64"}],
    ["Recall", {"thresholds": 0.4}],
    ["SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 2, "axis": 1}],
    ["SparseTopKCategoricalAccuracy", {"k": 3, "from_sorted_ids": True}],
    ["TopKCategoricalAccuracy", {"k": 3}],
    ["TruePositives", {"thresholds": [0.1, 0.5]}],
]
NAMES = [
    "auc", "AUC", "precision", "Recall", "f1_score", "F1Score", "fbeta_score", "f_beta_score",
    "r2_score", "mean_io_u", "mean_iou", "MeanIoU", "io_u", "one_hot_mean_io_u", "binary_io_u",
    "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "bce", "BCE", "mae", "MAE",
    "mape", "MAPE", "mse", "MSE", "msle", "MSLE", "kld", "cosine_similarity", "log_cosh_error",
    "logcosh", "huber", "hinge", "poisson", "kl_divergence", "root_mean_squared_error", "rmse",
    "true_positives", "sum", "Mean", "acc", "accuracy",
]  # fmt: skip
SNIPPETS = {
    "precision_threshold": "keras.metrics.Precision(thresholds=1.5)",
    "recall_thresholds": "keras.metrics.Recall(thresholds=[0.5, None, -1])",
    "count_threshold": "keras.metrics.TruePositives(thresholds=-0.1)",
    "class_id_of_a_vector": "keras.metrics.Precision(class_id=0)(y, y)",
    "auc_num_thresholds": "keras.metrics.AUC(num_thresholds=1)",
    "auc_curve": "keras.metrics.AUC(curve='roq')",
    "auc_summation": "keras.metrics.AUC(summation_method='simpson')",
    "auc_num_labels": "keras.metrics.AUC(num_labels=3)",
    "auc_rank": "keras.metrics.AUC(multi_label=True)(y, y)",
    "sensitivity": "keras.metrics.SpecificityAtSensitivity(1.5)",
    "specificity": "keras.metrics.SensitivityAtSpecificity(-0.5)",
    "recall": "keras.metrics.PrecisionAtRecall(1.5)",
    "precision": "keras.metrics.RecallAtPrecision(1.5)",
    "at_num_thresholds": "keras.metrics.PrecisionAtRecall(0.5, num_thresholds=0)",
    "f_average": "keras.metrics.F1Score(average='mean')",
    "f_beta_whole": "keras.metrics.FBetaScore(beta=1)",
    "f_beta_zero": "keras.metrics.FBetaScore(beta=0.0)",
    "f_threshold_whole": "keras.metrics.F1Score(threshold=1)",
    "f_threshold_large": "keras.metrics.F1Score(threshold=1.5)",
    "f_rank": "keras.metrics.FBetaScore()(y, y)",
    "r2_aggregation": "keras.metrics.R2Score(class_aggregation='mean')",
    "r2_num_regressors": "keras.metrics.R2Score(num_regressors=-1)",
    "r2_rank": "keras.metrics.R2Score()(y, y)",
    "iou_class": "keras.metrics.IoU(num_classes=2, target_class_ids=[2])",
    "iou_binary_class": "keras.metrics.BinaryIoU(target_class_ids=[0, 2])",
    "iou_no_classes": "keras.metrics.MeanIoU()",
    "unknown_argument": "keras.metrics.AUC(bins=3)",
    "no_dtype": "keras.metrics.Recall(dtype='foo')",
    "get_unknown": "keras.metrics.get('auk')",
    "abstract": "keras.metrics.Metric().update_state(y)",
}


def make():
    """Write `metric_table.json`."""
    inputs = draw_inputs(np.random.default_rng(800))
    write_json(
        "metric_table",
        {
            "first": FIRST,
            "inputs": {name: shortest(value) for name, value in inputs.items()},
            "cases": [evaluate(*row, None, inputs) for row in TABLE],
            "masked": [evaluate(*row, inputs) for row in MASKED_TABLE],
            "sum": {"updates": SUMS, "results": sums()},
            "configs": [
                {**described, **state(described["object"])}
                for described in describe_all("metrics", CONFIGS)
            ],
            "names": {name: meaning(name) for name in NAMES},
            "errors": [{"name": n, "code": code, **outcome(code)} for n, code in SNIPPETS.items()],
        },
    )


def evaluate(spec, y_true, y_pred, weights, mask, inputs):
    """Feed one metric with two batches, the second one weighted, and list both results."""
    fresh_session()
    metric = build_object("metrics", spec)
    results = []
    for rows in (slice(None, FIRST), slice(FIRST, None)):
        data = torch.tensor(inputs[y_pred][rows])
        if mask is not None:
            data._keras_mask = torch.tensor(inputs[mask][rows])
        is_weighted = weights is not None and rows.start is not None
        metric.update_state(
            inputs[y_true][rows], data, inputs[weights][rows] if is_weighted else None
        )
        results.append(shortest(np.float32(metric.result().numpy())))
    keys = {"y_true": y_true, "y_pred": y_pred, "weights": weights, "mask": mask}
    return {"metric": spec, **keys, "results": results}


def sums():
    """List the results of `Sum` after each update."""
    metric = keras.metrics.Sum()
    return [float(metric(np.array(values), weights)) for values, weights in SUMS]


def state(spec):
    """Describe the variables of a new metric, and which way it is better."""
    metric = build_object("metrics", spec)
    return {
        "variables": [[variable.name, variable.shape] for variable in metric.variables],
        "direction": getattr(metric, "_direction", None),
    }


def meaning(name):
    """Say which class a string means to `keras.metrics.get`, or which error it raises."""
    try:
        return type(keras.metrics.get(name)).__name__
    except (TypeError, ValueError) as error:
        return type(error).__name__


def draw_inputs(rng):
    """Draw all data: two batches in one array, short numbers, some of them on thresholds."""
    n = 11
    probability = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 0.2, 0.9, 0.6, 0.4, 0.55, 0.1])
    logits_of_four = rng.normal(size=(n, 4))
    shares = np.exp(logits_of_four) / np.exp(logits_of_four).sum(-1, keepdims=True)
    # Equal predictions, at the limit of two.
    shares[1], shares[7] = [0.3, 0.3, 0.3, 0.1], [0.25, 0.25, 0.25, 0.25]
    classes = np.array([0, 2, 1, 3, 1, 0, 1, 3, 2, 2, 1])
    sequence_shares = rng.dirichlet(np.ones(3), (n, 2))
    sequence_classes = rng.integers(0, 3, (n, 2))
    floats = {
        "probability": probability,
        "probability_column": probability[:, None],
        "logit": rng.normal(size=n),
        "probabilities": rng.uniform(0, 1, (n, 3)),
        "logits": rng.normal(size=(n, 3)),
        "shares": shares,
        "logits_of_four": logits_of_four,
        "one_hot": np.eye(4)[classes],
        "numbers": rng.normal(size=(n, 2)),
        "predicted": rng.normal(size=(n, 2)),
        "flat": rng.normal(size=n),
        "predicted_column": rng.normal(size=(n, 1)),
        "sequence_shares": sequence_shares,
        "sequence_one_hot": np.eye(3)[sequence_classes],
        "sequence_weights": rng.uniform(0, 2, (n, 2)),
        "weights": rng.uniform(0, 2, n),
        "weights_column": rng.uniform(0, 2, (n, 1)),
        "weights_of_labels": rng.uniform(0, 2, (n, 3)),
    }
    whole = {
        "binary": np.array([0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]),
        "binary_column": np.array([[0], [1], [0], [1], [1], [0], [1], [1], [0], [1], [0]]),
        "labels": rng.integers(0, 2, (n, 3)),
        "classes": classes,
        "class_column": classes[:, None],
        "ranking": rng.permuted(np.tile(np.arange(4), (n, 1)), axis=1),
        "maps": rng.integers(-1, 4, (n, 2, 3)),
        "predicted_maps": rng.integers(0, 4, (n, 2, 3)),
        "whole_weights_of_maps": rng.integers(0, 4, (n, 2, 3)),
        "sequence_classes": sequence_classes,
        "mask": rng.uniform(size=n) < 0.7,
        "sequence_mask": rng.uniform(size=(n, 2)) < 0.7,
    }
    return {name: np.round(x, 3).astype("float32") for name, x in floats.items()} | whole
