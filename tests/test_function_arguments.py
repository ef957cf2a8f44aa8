"""Every argument of public functions acts: losses and metrics as functions, random, tree, utils."""

import functools

import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row

import kerasette
from kerasette import layers, losses, metrics, random, saving, tree, utils

rng = np.random.default_rng(4)
P = rng.uniform(0.1, 0.8, (4, 3)).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[[0, 2, 1, 1]]
CLASSES = np.array([0, 2, 1, 1])
Q, R = P[::-1], P.copy()
SIGNS = 2 * ONE_HOT - 1

PAIR = ({"y_true": ONE_HOT, "y_pred": P}, {"y_true": 1 - ONE_HOT, "y_pred": Q})
HINGE = ({"y_true": SIGNS, "y_pred": P}, {"y_true": -SIGNS, "y_pred": Q})
OF_CLASSES = ({"y_true": CLASSES, "y_pred": P}, {"y_true": CLASSES[::-1], "y_pred": Q})
SMOOTHED = {"from_logits": True, "label_smoothing": 0.3, "axis": 0}
FOCUS = {"alpha": 0.6, "gamma": 1.0}


def with_changes(pair, **changes):
    """What is given, and another value of each argument."""
    return pair[0], {**pair[1], **changes}


# For each function what it is given, and another value of each argument; with a dict of what else
# it needs to matter, if that is so.
LOSSES = {
    "binary_crossentropy": with_changes(PAIR, **SMOOTHED),
    "binary_focal_crossentropy": with_changes(
        PAIR, **SMOOTHED, gamma=1.0, apply_class_balancing=True,
        alpha=(0.6, {"apply_class_balancing": True}),
    ),
    "categorical_crossentropy": with_changes(PAIR, **SMOOTHED),
    "categorical_focal_crossentropy": with_changes(PAIR, **SMOOTHED, **FOCUS),
    "categorical_hinge": PAIR,
    "cosine_similarity": with_changes(PAIR, axis=0),
    "dice": with_changes(PAIR, axis=0),
    "hinge": HINGE,
    "huber": with_changes(PAIR, delta=0.1),
    "kl_divergence": ({"y_true": P, "y_pred": R[:, ::-1]}, {"y_true": ONE_HOT, "y_pred": Q}),
    "log_cosh": PAIR,
    "mean_absolute_error": PAIR,
    "mean_absolute_percentage_error": PAIR,
    "mean_squared_error": PAIR,
    "mean_squared_logarithmic_error": PAIR,
    "poisson": PAIR,
    "sparse_categorical_crossentropy": with_changes(
        OF_CLASSES, from_logits=True, ignore_class=1, axis=(0, {"y_true": [0, 2, 1]})
    ),
    "squared_hinge": HINGE,
    "tversky": with_changes(PAIR, alpha=0.1, beta=0.1, axis=0),
}  # fmt: skip
METRICS = {
    "binary_accuracy": with_changes(PAIR, threshold=0.2),
    "categorical_accuracy": with_changes(PAIR, y_true=ONE_HOT[::-1]),
    "sparse_categorical_accuracy": OF_CLASSES,
    "sparse_top_k_categorical_accuracy": (
        {"y_true": [0, 2], "y_pred": [[0.3, 0.2, 0.1], [0.3, 0.2, 0.1]], "k": 2},
        {
            "y_true": [2, 0],
            "y_pred": [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]],
            "k": 3,
            "from_sorted_ids": True,
        },
    ),
    "top_k_categorical_accuracy": (
        {"y_true": np.eye(3)[[0, 2]], "y_pred": [[0.3, 0.2, 0.1]] * 2, "k": 2},
        {"y_true": np.eye(3)[[2, 0]], "y_pred": [[0.1, 0.2, 0.3]] * 2, "k": 3},
    ),
}  # fmt: skip
DRAWN = {"shape": (3,), "dtype": "float64", "seed": 2}
RANDOM = {
    "beta": (
        {"shape": (2,), "alpha": 2.0, "beta": 2.0, "seed": 1},
        {**DRAWN, "alpha": 9.0, "beta": 9.0},
    ),
    "binomial": (
        {"shape": (2,), "counts": 9, "probabilities": 0.5, "seed": 1},
        {**DRAWN, "counts": 90, "probabilities": 0.01},
    ),
    "categorical": (
        {"logits": np.zeros((3, 9), "float32"), "num_samples": 4, "seed": 1},
        {"logits": np.eye(3, 9) * 99, "num_samples": 5, "dtype": "int64", "seed": 2},
    ),
    "gamma": ({"shape": (2,), "alpha": 2.0, "seed": 1}, {**DRAWN, "alpha": 9.0}),
    "randint": (
        {"shape": (4,), "minval": 0, "maxval": 50, "seed": 1},
        {**DRAWN, "dtype": "int64", "minval": 40, "maxval": 5},
    ),
    "shuffle": (
        {"x": np.arange(40).reshape(4, 10), "seed": 1},
        {"x": np.arange(40).reshape(10, 4), "axis": 1, "seed": 2},
    ),
    "dropout": (
        {"inputs": np.ones((5, 4), "float32"), "rate": 0.5, "seed": 1},
        {"inputs": np.ones((5, 3), "float32"), "rate": 0.9, "noise_shape": (5, 1), "seed": 2},
    ),
    "normal": ({"shape": (2,), "seed": 1}, {**DRAWN, "mean": 2.0, "stddev": 3.0}),
    "truncated_normal": ({"shape": (2,), "seed": 1}, {**DRAWN, "mean": 2.0, "stddev": 3.0}),
    "uniform": ({"shape": (2,), "seed": 1}, {**DRAWN, "minval": -9.0, "maxval": 9.0}),
}
NESTED = {"a": [1, 2], "b": None}
TREE = {
    "assert_same_structure": ({"a": [1, 2], "b": [3, 4]}, {"a": [1], "b": (3, 4)}),
    "map_shape_structure": (
        {"func": len, "structure": [(2, 3), (4,)]},
        {"func": sum, "structure": [(2, 3), (4, 5)]},
    ),
    "pack_sequence_as": (
        {"structure": [0, [0, 0]], "flat_sequence": [1, 2, 3]},
        {"structure": [[0, 0], 0], "flat_sequence": [1, 2, 4]},
    ),
}
UTILS = {
    "normalize": ({"x": P}, {"x": Q, "axis": 0, "order": 1}),
    "pack_x_y_sample_weight": ({"x": P, "y": [1]}, {"x": Q, "y": [2], "sample_weight": [3]}),
    "to_categorical": ({"x": [0, 1]}, {"x": [1, 0], "num_classes": 4}),
}
MERGED = [P, Q]
LAYERS = {
    "concatenate": ({"inputs": MERGED}, {"inputs": [Q, P], "axis": 0}),
    "dot": ({"inputs": MERGED, "axes": 1}, {"inputs": [P, P], "axes": 0}),
}

TABLES = {
    "layers": (layers, LAYERS),
    "losses": (losses, LOSSES),
    "metrics": (metrics, METRICS),
    "random": (random, RANDOM),
    "tree": (tree, TREE),
    "utils": (utils, UTILS),
}
ALL = [(module, name) for module, (_, rows) in TABLES.items() for name in rows]
COVERED = {f"{module}.{name}": TABLES[module][1][name][1] for module, name in ALL}
# With **kwargs, below.
COVERED["layers.dot"] = {**COVERED["layers.dot"], "normalize": True}


def plain(function, **arguments):
    """A function's result with arrays for tensors."""
    result = function(**arguments)
    is_one = kerasette.ops.is_tensor(result)
    return result.numpy() if is_one else tree.map_structure(as_array, result)


def as_array(value):
    return "none" if value is None else value.numpy() if kerasette.ops.is_tensor(value) else value


@pytest.mark.parametrize(("module", "name"), ALL, ids=[".".join(pair) for pair in ALL])
def test_each_argument_acts(module, name):
    function, (given, changes) = getattr(TABLES[module][0], name), TABLES[module][1][name]
    assert_every_parameter_has_a_row(function, changes)
    for parameter, value in changes.items():
        value, others = value if is_with_others(value) else (value, {})
        assert acts(functools.partial(plain, function), parameter, value, {**given, **others}), (
            parameter
        )


def is_with_others(value):
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict)


def test_map_structure_takes_a_function_and_leaves():
    assert tree.map_structure(str, NESTED) == {"a": ["1", "2"], "b": "None"}
    assert tree.map_structure(str, NESTED, none_is_leaf=False) == {"a": ["1", "2"], "b": None}
    assert tree.map_structure(float, {"a": [1, 2]}) == {"a": [1.0, 2.0]}


COVERED["tree.map_structure"] = ["func", "none_is_leaf"]


def test_further_arguments_of_a_merging_function_are_those_of_its_layer():
    found = layers.dot(MERGED, axes=1, normalize=True).numpy()
    np.testing.assert_array_equal(found, layers.Dot(1, normalize=True)(MERGED).numpy())
    assert np.abs(found).max() <= 1.0


# ---- where objects come from configs ---------------------------------------------------------


class Own:
    """Something that only `custom_objects` knows."""

    def __init__(self, value=1):
        self.value = value

    def __call__(self, *args, **kwargs):
        return self.value

    def get_config(self):
        return {"value": self.value}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def own_function(*args):
    """A function that only `custom_objects` knows."""


OWN = {
    module: type("Own", (Own, base), {})
    for module, base in {
        "constraints": kerasette.constraints.Constraint,
        "initializers": kerasette.initializers.Initializer,
        "regularizers": kerasette.regularizers.Regularizer,
        "schedules": kerasette.optimizers.schedules.LearningRateSchedule,
    }.items()
}


@pytest.mark.parametrize("module", OWN)
def test_deserialize_finds_custom_objects(module):
    place = kerasette.optimizers.schedules if module == "schedules" else getattr(kerasette, module)
    config = {"class_name": "Own", "config": {"value": 3}, "module": None, "registered_name": "Own"}
    found = place.deserialize(config, custom_objects={"Own": OWN[module]})
    assert type(found) is OWN[module] and found.value == 3
    with pytest.raises((TypeError, ValueError)):
        place.deserialize(config)


@pytest.mark.parametrize("module", ["activations", "losses", "metrics"])
def test_deserialize_finds_custom_functions(module):
    place = getattr(kerasette, module)
    assert place.deserialize("own_function", custom_objects={"own_function": own_function})
    with pytest.raises((TypeError, ValueError)):
        place.deserialize("own_function")


class OwnLayer(layers.Layer):
    """A layer that only `custom_objects` knows."""


class OwnOptimizer(kerasette.optimizers.SGD):
    """An optimizer that only `custom_objects` knows."""


@pytest.mark.parametrize(
    ("place", "made"),
    [(layers, OwnLayer(name="a")), (kerasette.optimizers, OwnOptimizer(0.5))],
    ids=["layers", "optimizers"],
)
def test_deserialize_finds_custom_classes(place, made):
    config = {"module": None, "class_name": type(made).__name__, "config": made.get_config()}
    config["registered_name"] = config["class_name"]
    found = place.deserialize(config, custom_objects={config["class_name"]: type(made)})
    assert type(found) is type(made) and found.get_config() == made.get_config()
    with pytest.raises((TypeError, ValueError)):
        place.deserialize(config)


DESERIALIZE = (
    "activations constraints initializers layers losses metrics optimizers optimizers.schedules "
    "regularizers"
)
COVERED |= {
    f"{module}.deserialize": ["config", "name", "custom_objects"] for module in DESERIALIZE.split()
}


# ---- configs of anything -----------------------------------------------------------------------


def test_arguments_of_registration(monkeypatch):
    objects = {}
    monkeypatch.setattr("kerasette.saving.registration._objects", objects)
    monkeypatch.setattr("kerasette.saving.registration._names", {})
    for package, name in (("Custom", None), ("shop", None), ("shop", "other")):
        saving.register_keras_serializable(package, name)(own_function)
    assert list(objects) == ["Custom>own_function", "shop>own_function", "shop>other"]
    get = saving.get_registered_object
    assert get("shop>other") is get(name="Custom>own_function") is own_function
    assert get("own") is None
    assert get("own", custom_objects={"own": own_function}) is own_function
    assert get("own", module_objects={"own": own_function}) is own_function


def test_arguments_of_reading():
    read = saving.deserialize_keras_object
    policy = {"module": None, "class_name": "OwnPolicy", "config": {"name": "float64"}}
    policy["registered_name"] = "OwnPolicy"
    for place in (read, kerasette.dtype_policies.deserialize):
        found = place(policy, custom_objects={"OwnPolicy": OwnPolicy})
        assert type(found) is OwnPolicy and found.name == "float64"
        with pytest.raises((TypeError, ValueError)):
            place(policy)
    assert read({"a": 1}) != read({"a": 2})
    with pytest.warns(UserWarning, match="lambda"):
        written = saving.serialize_keras_object(lambda x: x + 1)
    assert read(written, safe_mode=False)(1) == 2
    with pytest.raises(ValueError, match="lambda"):
        read(written)
    assert read("own", module_objects={"own": own_function}) is own_function


class OwnPolicy(kerasette.dtype_policies.DTypePolicy):
    """A policy that only `custom_objects` knows."""


def test_arguments_of_reading_a_lambda_layer():
    read = layers.Lambda.from_config
    config = layers.Lambda(own_function).get_config()
    assert read(config, custom_objects={"own_function": own_function}).function is own_function
    with pytest.raises((TypeError, ValueError)):
        read(config)
    code = layers.Lambda(lambda x: x + 1).get_config()
    assert read(code, safe_mode=False)(np.ones(1)).numpy() == [2.0]
    with pytest.raises(ValueError, match="lambda"):
        read(code)


COVERED |= {
    "dtype_policies.deserialize": ["config", "custom_objects"],
    "layers.Lambda.from_config": ["config", "custom_objects", "safe_mode"],
    "saving.deserialize_keras_object": ["config", "custom_objects", "safe_mode", "module_objects"],
    "saving.get_registered_object": ["name", "custom_objects", "module_objects"],
    "saving.register_keras_serializable": ["package", "name"],
}
