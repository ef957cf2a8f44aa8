"""What is refused is refused before anything has changed, with words that say what was wrong."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, metrics

rng = np.random.default_rng(6)
X = rng.normal(size=(20, 4)).astype("float32")
Y = rng.integers(0, 3, 20)
ONES = np.ones(20, "float32")

COUNTS = (0, -1, 2.5, "3", True, [2], np.ones(3))
SWITCHES = (None, 2, "yes", [True], np.ones(3))
POSITIVE = "must be a positive integer. Received: "
ARRAYS = {
    "cannot be converted": ("a", ["a"] * 20, [{}] * 20, X.astype("complex64"), [[1.0], [1.0, 2.0]]),
    "axis of samples": (3.0,),
}


def each(name, values, message):
    return [(name, value, message) for value in values]


DATA = [
    *each("x", ARRAYS["cannot be converted"], "`x` cannot be converted"),
    ("x", 3.0, "`x` must have an axis of samples"),
    ("x", None, "`x` is None"),
    ("x", X[:, :3], r"expected axis -1 .* value 4, but received input with shape \(.*, 3\)"),
    ("x", X[:5], "cardinality"),
    ("x", X[:0], "cardinality"),
]
TARGETS = [
    *each("y", ARRAYS["cannot be converted"], "`y` cannot be converted"),
    ("y", 3.0, "`y` must have an axis of samples"),
    ("y", None, "`y` is None"),
    ("y", Y[:5], "cardinality"),
    ("y", Y + 1, "label value of 3 at position"),
    ("y", np.stack([Y, Y], 1), "expects targets of shape"),
]
WEIGHTS = [
    *each("sample_weight", ARRAYS["cannot be converted"], "`sample_weight` cannot be converted"),
    ("sample_weight", 3.0, "`sample_weight` must have an axis of samples"),
    ("sample_weight", ONES[:5], "cardinality"),
    ("sample_weight", np.ones((20, 2)), r"`sample_weight` has shape \(20, 2\)"),
    ("sample_weight", np.ones((20, 1, 1)), r"`sample_weight` has shape \(20, 1, 1\)"),
]
CLASS_WEIGHTS = [
    *each("class_weight", (3, "a", [1.0, 2.0], ONES), "`class_weight` must be a dict"),
    ("class_weight", {"a": 1.0}, "keys of `class_weight` must be class numbers.*'a'"),
    ("class_weight", {1.5: 1.0}, "keys of `class_weight` must be class numbers.*1.5"),
    *each("class_weight", ({np.nan: 1.0}, {np.inf: 1.0}), "keys of `class_weight`.*(nan|inf)"),
    ("class_weight", {0: "b"}, "Class 0 has 'b'"),
    ("class_weight", {0: None}, "Class 0 has None"),
]
ONE = ("x", X[0], r"expected shape=\(None, 4\), found shape=\(4,\). A single sample needs an axis")
BATCHES = each("batch_size", COUNTS, "`batch_size` " + POSITIVE + "batch_size=")
VERBOSE = each("verbose", (None, 3, -1, "loud", [1], np.ones(2)), "`verbose` must be 'auto', 0, 1")
CALLBACKS = each("callbacks", ("a", [None], [3], 3), "`callbacks`")
RETURN_DICT = each("return_dict", SWITCHES, "`return_dict` must be a bool")
ROWS = {
    "fit": [
        *DATA, *TARGETS, *WEIGHTS, *CLASS_WEIGHTS, *BATCHES, *VERBOSE, *CALLBACKS,
        *each("epochs", (*COUNTS, None), "`epochs` " + POSITIVE + "epochs="),
        *each("validation_split", ("a", 1.0, -0.1, True, np.nan, [0.2]), r"a number in \[0, 1\)"),
        *each("validation_split", (0.99,), "20 samples, which is not sufficient to split"),
        *each("validation_data", (3, X, (), {"x": X}, (X, Y, ONES, ONES)), "must be a tuple"),
        ("validation_data", (X,), "validation_data needs targets"),
        ("validation_data", (None, Y), "`x` is None"),
        ("validation_data", (X, Y[:3]), "cardinality"),
        ("validation_data", (X[:, :3], Y), "expected axis -1 of input shape"),
        ("validation_data", (X, Y + 1), "label value of 3"),
        ("validation_data", (X, Y, ONES[:3]), "cardinality"),
        ("validation_data", (X[:0], Y[:0]), "no samples"),
        *each("shuffle", (2, "all", [True], np.ones(3)), "`shuffle` must be a bool or"),
        *each("initial_epoch", (-1, 1.5, "1", True, None), "`initial_epoch` must be an integer"),
        *each("steps_per_epoch", COUNTS, "`steps_per_epoch` " + POSITIVE),
        *each("validation_steps", COUNTS, "`validation_steps` " + POSITIVE),
        *each("validation_batch_size", COUNTS, "`validation_batch_size` " + POSITIVE),
        *each("validation_freq", (0, -2), "`validation_freq` " + POSITIVE),
        *each("validation_freq", ("a", 1.5, None, True), "`validation_freq` to be a list or int"),
        *each("validation_freq", (["a"], [0], [1.5]), "`validation_freq` " + POSITIVE),
    ],
    "evaluate": [
        *DATA, *TARGETS, *WEIGHTS, *BATCHES, *VERBOSE, *CALLBACKS, *RETURN_DICT,
        *each("steps", COUNTS, "`steps` " + POSITIVE),
    ],
    "predict": [
        *[row for row in DATA if row[2] != "cardinality"], ONE, *BATCHES, *VERBOSE, *CALLBACKS,
        *each("steps", COUNTS, "`steps` " + POSITIVE),
    ],
    "train_on_batch": [*DATA, *TARGETS, *WEIGHTS, *CLASS_WEIGHTS, *RETURN_DICT],
    "test_on_batch": [*DATA, *TARGETS, *WEIGHTS, *RETURN_DICT],
    "predict_on_batch": [*[row for row in DATA if row[2] != "cardinality"], ONE],
}  # fmt: skip


@pytest.fixture(scope="module")
def model():
    kerasette.utils.set_random_seed(5)
    model = kerasette.Sequential(
        [
            kerasette.Input((4,)),
            layers.Dense(5, activation="tanh"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, verbose=0)
    return model


def state(model):
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    found = [*model.variables, *model.optimizer.variables, *metrics]
    return [variable.numpy() for variable in found], np.random.get_state()[1:3], model.history


def assert_same_state(found, expected):
    for a, b in zip(found[0], expected[0], strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(found[1][0], expected[1][0])
    assert found[1][1] == expected[1][1] and found[2] is expected[2]


@pytest.mark.parametrize("method", ROWS)
def test_bad_arguments_are_refused_and_all_is_as_before(model, method):
    before = state(model)
    names = {"predict": {"x": X, "verbose": 0}, "predict_on_batch": {"x": X}}
    plain = names.get(method, {"x": X, "y": Y})
    if method in ("fit", "evaluate"):
        plain = {**plain, "verbose": 0}
    for name, value, message in ROWS[method]:
        with pytest.raises((ValueError, TypeError), match=message):
            getattr(model, method)(**{**plain, name: value})
            pytest.fail(f"{method} took {name}={value!r}")
        assert_same_state(state(model), before)


def test_weights_of_samples_and_of_classes_are_refused_together(model):
    for method in (model.fit, model.train_on_batch):
        with pytest.raises(ValueError, match="cannot be specified at the same time"):
            method(X, Y, sample_weight=ONES, class_weight={0: 1.0})


COMPILE = [
    *each("optimizer", (3, [], "adamm"), "optimizer identifier"),
    *each("loss", ("mes", 3), "loss identifier"),
    *each("loss", ([], [None], {"a": None}), "Expected `loss` to name a loss"),
    *each("loss", (metrics.MeanSquaredError(), metrics.AUC, [metrics.AUC()]), "a metric keeps"),
    *each("loss_weights", ("a", object(), True), "`loss_weights`"),
    *each(
        "loss_weights", ([1.0, 2.0], {"a": 1.0, "b": 2.0}, []), "must match the number of losses"
    ),
    *each("loss_weights", (["a"],), "must hold numbers"),
    *each("metrics", ("mae", 3), "`metrics` argument to be a list"),
    *each("metrics", (["mea"], [3], {"a": "mea"}, [["mea"]]), "metric identifier"),
    *each("metrics", ([metrics.Mean()], ["sum"], [[metrics.Sum]]), "compares targets with outputs"),
    *each("weighted_metrics", ([metrics.Mean()], {"a": "mean"}), "compares targets with outputs"),
    *each("weighted_metrics", ("mae", 3), "`weighted_metrics` argument to be a list"),
    *each("weighted_metrics", (["mea"], [None]), "metric"),
    *each("run_eagerly", SWITCHES, "`run_eagerly` must be a bool"),
    *each("steps_per_execution", (*COUNTS, None), "`steps_per_execution` " + POSITIVE),
    *each("jit_compile", (None, 2, "yes", np.ones(3)), "`jit_compile` must be a bool or 'auto'"),
    *each("auto_scale_loss", SWITCHES, "`auto_scale_loss` must be a bool"),
]


def test_bad_arguments_of_compile_leave_the_model_as_it_was(model):
    before, optimizer, loss = state(model), model.optimizer, model.loss
    for name, value, message in COMPILE:
        with pytest.raises((ValueError, TypeError), match=message):
            model.compile(**{"optimizer": "sgd", "loss": "mse", name: value})
            pytest.fail(f"compile took {name}={value!r}")
        assert model.optimizer is optimizer and model.loss is loss
        assert_same_state(state(model), before)


@pytest.mark.parametrize("loss", [["mse", "mae"], {"a": "mse", "b": "mse"}])
def test_several_losses_for_one_output_are_refused_with_the_first_data(model, loss):
    model.compile("sgd", loss)
    before = state(model)
    for method in (model.fit, model.evaluate, model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match=r"has one output|have no names"):
            method(X, Y)
        assert_same_state(state(model), before)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_refused_data_does_not_decide_what_accuracy_is(method):
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "ce", metrics=["accuracy"])
    with pytest.raises(ValueError, match="sample_weight"):
        getattr(model, method)(X, np.eye(3)[Y], sample_weight=np.ones((20, 2)))
    getattr(model, method)(X, Y)
    assert type(model.metrics[1].metrics[0]) is kerasette.metrics.SparseCategoricalAccuracy


def test_refused_validation_data_does_not_decide_what_accuracy_is():
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "ce", metrics=["accuracy"])
    with pytest.raises(ValueError, match="cardinality"):
        model.fit(X, np.eye(3)[Y], validation_data=(X, Y[:3]), verbose=0)
    model.fit(X, Y, verbose=0)
    assert type(model.metrics[1].metrics[0]) is kerasette.metrics.SparseCategoricalAccuracy
