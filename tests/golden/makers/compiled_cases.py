"""What `makers/compiled.py` and `tests/models/test_compiled.py` ask alike; needs only NumPy."""

import numpy as np

SAMPLES = 6


def arrays_of(batch):
    """Draw the arrays that cases name: outputs, targets, weights, a mask."""
    rng = np.random.default_rng(70 + batch)

    def normal(*shape):
        return rng.normal(size=(SAMPLES, *shape)).astype("float32")

    scores = np.exp(normal(4))
    return {
        "a": normal(2),
        "b": (scores / scores.sum(-1, keepdims=True)).astype("float32"),
        "c": (1 / (1 + np.exp(-normal(1)))).astype("float32"),
        "steps": normal(3, 2),
        "ta": normal(2),
        "tb": rng.integers(0, 4, SAMPLES),
        "tb_column": rng.integers(0, 4, (SAMPLES, 1)),
        "tb_one_hot": np.eye(4, dtype="float32")[rng.integers(0, 4, SAMPLES)],
        "tc": rng.integers(0, 2, (SAMPLES, 1)),
        "tc_flat": rng.integers(0, 2, SAMPLES).astype("float32"),
        "tsteps": normal(3, 2),
        "w": rng.uniform(0, 2, SAMPLES).astype("float32"),
        "w2": rng.uniform(0, 2, (SAMPLES, 1)).astype("float32"),
        "wsteps": rng.uniform(0, 2, (SAMPLES, 3)).astype("float32"),
        "mask": rng.uniform(0, 1, (SAMPLES, 3)) > 0.3,
    }


def structure_of(names, arrays):
    """Put arrays in the places of their names."""
    if isinstance(names, dict):
        return {key: structure_of(item, arrays) for key, item in names.items()}
    if isinstance(names, (list, tuple)):
        return type(names)(structure_of(item, arrays) for item in names)
    return None if names is None else arrays[names]


SCCE = "sparse_categorical_crossentropy"
AB = {"outputs": ["a", "b"], "y": ["ta", "tb"]}
NAMED = {**AB, "names": ["first", "second"]}
DICT = {"outputs": {"second": "b", "first": "a"}, "y": {"first": "ta", "second": "tb"}}
NESTED = {
    "outputs": {"pair": ["a", "b"], "alone": "c"},
    "y": {"pair": ["ta", "tb"], "alone": "tc"},
}

CASES = {
    # One output.
    "single": {"outputs": "a", "y": "ta", "loss": "mse", "metrics": ["mae", "mse"]},
    "single weighted": {
        "outputs": "a", "y": "ta", "loss": "mse", "loss_weights": 0.5, "sample_weight": "w",
        "metrics": ["mae"], "weighted_metrics": ["mae", "mse", "mae"],
    },
    "single in a list": {"outputs": ["a"], "y": "ta", "loss": ["mse"], "metrics": [["mae"]]},
    "single with a target in a list": {"outputs": "a", "y": ["ta"], "loss": "mse"},
    "single in a dict": {
        "outputs": {"only": "a"}, "y": {"only": "ta"}, "loss": {"only": "mae"},
        "metrics": {"only": ["mse", "mse"]},
    },
    # Lists.
    "list": {**AB, "loss": ["mse", SCCE], "metrics": [["mae"], ["accuracy"]]},
    "list of a tuple": {
        "outputs": ("a", "b"), "y": ["ta", "tb"], "loss": ["mse", SCCE], "metrics": ["mae", "acc"],
    },
    "tuple of losses": {**AB, "loss": ("mse", SCCE), "loss_weights": (2.0, 0.25)},
    "one loss for all": {"outputs": ["a", "b"], "y": ["ta", "tb_one_hot"], "loss": "mse"},
    "one loss for all, one weight": {
        "outputs": ["a", "b"], "y": ["ta", "tb_one_hot"], "loss": "mse", "loss_weights": 3.0,
    },
    "doubles": {
        "outputs": ["a", "b"], "y": ["ta", "tb_one_hot"], "loss": ["mse", "mae"],
        "metrics": [["mse", "mae", "mse"], "mse"], "weighted_metrics": [["mae"], ["mae", "mae"]],
        "sample_weight": ["w", "w2"],
    },
    "chosen by shapes": {
        "outputs": ["c", "b", "b", "b"], "y": ["tc_flat", "tb", "tb_one_hot", "tb_column"],
        "loss": ["ce", "crossentropy", "ce", "ce"],
        "metrics": ["accuracy", "acc", ["accuracy"], "acc"],
    },
    "loss of one": {**AB, "loss": ["mse", None], "metrics": [None, "accuracy"]},
    "loss of one of three": {
        "outputs": ["a", "b", "c"], "y": ["ta", "tb", "tc"], "loss": ["mse", None, "bce"],
        "loss_weights": [1.0, 5.0, 0.5],
    },
    # Names.
    "named": {
        **NAMED, "loss": ["mse", SCCE], "metrics": [["mae", "mse"], "acc"],
        "weighted_metrics": {"first": ["mae"], "second": "mse"}, "y": ["ta", "tb_column"],
        "sample_weight": ["w", "w2"],
    },
    "losses by name": {
        **NAMED, "loss": {"second": SCCE, "first": "mse"},
        "loss_weights": {"first": 0.5, "second": 2.0}, "metrics": {"second": ["acc"]},
    },
    "losses by name, weights as a list": {
        **NAMED, "loss": {"second": SCCE, "first": "mse"}, "loss_weights": [0.5, 2.0],
    },
    "targets by name": {
        **NAMED, "y": {"second": "tb", "first": "ta"}, "loss": {"second": SCCE, "first": "mse"},
    },
    "names, one without loss": {**NAMED, "loss": {"first": "mse", "second": None}},
    "one weight for all": {**NAMED, "loss": ["mse", SCCE], "sample_weight": "w"},
    "weights of one": {**NAMED, "loss": ["mse", SCCE], "sample_weight": ["w", None]},
    # Dicts.
    "dict": {
        **DICT, "loss": {"second": SCCE, "first": "mse"},
        "loss_weights": {"first": 3.0, "second": 1.0},
        "metrics": {"second": ["accuracy"], "first": "mae"}, "weighted_metrics": {"second": "acc"},
        "sample_weight": {"first": "w", "second": "w2"},
    },
    "dict, some without loss": {**DICT, "loss": {"second": SCCE}, "metrics": {"first": ["mae"]}},
    "dict, targets of those with loss": {**DICT, "loss": {"second": SCCE}, "y": {"second": "tb"}},
    "dict, losses in a list": {**DICT, "loss": ["mse", SCCE], "metrics": ["mae", "acc"]},
    "dict, targets in a list": {**DICT, "loss": ["mse", SCCE], "y": ["ta", "tb"]},
    "dict, weights of losses in a list": {
        **DICT, "loss": {"second": SCCE, "first": "mse"}, "loss_weights": [3.0, 1.0],
    },
    "dict, metrics in another order of names": {
        **DICT, "names": ["second", "first"], "loss": {"second": SCCE, "first": "mse"},
        "metrics": {"first": ["mae", "mse"]},
    },
    # Nested.
    "nested": {
        **NESTED, "loss": {"pair": ["mse", SCCE], "alone": "bce"},
        "loss_weights": {"pair": [1.0, 2.0], "alone": 3.0},
        "metrics": {"pair": [["mae"], ["acc"]], "alone": ["accuracy"]},
    },
    "nested with names": {
        **NESTED, "names": ["out_c", "out_a", "out_b"],
        "loss": {"pair": ["mse", SCCE], "alone": "bce"},
        "metrics": {"pair": [["mae", "mse"], "acc"], "alone": ["accuracy"]},
    },
    "nested, flat losses": {**NESTED, "loss": ["bce", "mse", SCCE]},
    "nested, one loss": {
        **NESTED, "y": {"pair": ["ta", "tb_one_hot"], "alone": "tc"}, "loss": "mse",
    },
    "nested lists": {
        "outputs": [["a", "b"], "c"], "y": [["ta", "tb"], "tc"], "names": ["x", "y", "z"],
        "loss": [["mse", SCCE], "bce"], "metrics": [["mae", "acc"], None],
    },
    # Masks and weights of steps.
    "masks": {
        "outputs": ["steps", "a"], "y": ["tsteps", "ta"], "loss": ["mse", "mae"],
        "masks": ["steps"], "metrics": ["mae", "mae"], "weighted_metrics": ["mse", "mse"],
        "sample_weight": ["wsteps", "w"],
    },
    "masks without weights": {
        "outputs": ["steps", "a"], "y": ["tsteps", "ta"], "loss": "mse", "masks": ["steps"],
        "metrics": [["mae"], []],
    },
}  # fmt: skip
