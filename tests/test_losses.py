"""Losses against Keras (golden values and gradients), and against formulas in NumPy."""

import numpy as np
import pytest
import scipy.spatial
import scipy.special
from agreement import golden_arrays, golden_json, make

import kerasette
from kerasette import GradientTape, losses, ops
from kerasette.testing import gradients

CASES = golden_json("losses.json")["cases"]
CONFIGS = golden_json("configs.json")["losses"]

NOT_LOSSES = {
    "deserialize", "get", "serialize", "squeeze_or_expand_to_same_rank",
}  # fmt: skip


@pytest.fixture(scope="module")
def arrays():
    return golden_arrays("losses.npz")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_value_is_that_of_keras(case, arrays):
    loss = make(losses, case["loss"])
    weights = None if case["sample_weight"] is None else arrays[case["sample_weight"]]
    y_true, y_pred = arrays[case["y_true"]], arrays[case["y_pred"]]
    expected = arrays[case["value"]]
    # Clipped probabilities: an ulp of 1 - epsilon is of the size of epsilon.
    rtol = 2e-6 if "extreme" not in case["name"] else 2e-5
    value = loss(y_true, y_pred, weights).numpy()
    np.testing.assert_allclose(value, expected, rtol=rtol, atol=1e-6)
    assert value.shape == expected.shape
    assert value.dtype == np.float32


GRADIENT_CASES = [case for case in CASES if case["gradient"]]


@pytest.mark.parametrize("case", GRADIENT_CASES, ids=[case["name"] for case in GRADIENT_CASES])
def test_gradient_is_that_of_keras(case, arrays):
    loss = make(losses, case["loss"])
    weights = None if case["sample_weight"] is None else arrays[case["sample_weight"]]
    y_pred = ops.convert_to_tensor(arrays[case["y_pred"]])
    with GradientTape() as tape:
        tape.watch(y_pred)
        value = loss(arrays[case["y_true"]], y_pred, weights)
    gradient = tape.gradient(value, y_pred).numpy()
    expected = arrays[case["gradient"]]
    np.testing.assert_allclose(gradient, expected, rtol=2e-5, atol=1e-6 * abs(expected).max())


def as_distribution(x):
    return x / x.sum(-1, keepdims=True)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# ---- agreement with formulas, float64, fused and unfused --------------------------------

rng = np.random.default_rng(0)
LOGITS = rng.normal(size=(6, 4)) * 3
ONE_HOT = np.eye(4)[[0, 3, 1, 1, 2, 0]]
CLASSES = ONE_HOT.argmax(-1)
P = 1 / (1 + np.exp(-LOGITS))

RATES = np.exp(LOGITS / 3)
SHARES = as_distribution(np.exp(rng.normal(size=(6, 4))))
SIGNS = 2 * ONE_HOT - 1
RIGHT = ONE_HOT * P + (1 - ONE_HOT) * (1 - P)


def cosines(x, y):
    return np.array([1 - scipy.spatial.distance.cosine(a, b) for a, b in zip(x, y)])


# Every function: targets, predictions, arguments, and the value of each sample.
FORMULAS = {
    "binary_crossentropy": (
        ONE_HOT, P, {}, -(ONE_HOT * np.log(P) + (1 - ONE_HOT) * np.log(1 - P)).mean(-1)
    ),
    "binary_focal_crossentropy": (
        ONE_HOT, P, {"gamma": 1.5, "apply_class_balancing": True, "alpha": 0.3},
        -(np.where(ONE_HOT, 0.3, 0.7) * (1 - RIGHT) ** 1.5 * np.log(RIGHT)).mean(-1),
    ),
    "categorical_crossentropy": (
        ONE_HOT, P, {}, -(ONE_HOT * np.log(as_distribution(P))).sum(-1)
    ),
    "categorical_focal_crossentropy": (
        ONE_HOT, LOGITS, {"from_logits": True, "gamma": 3.0, "alpha": 0.5},
        -(0.5 * ONE_HOT * (1 - softmax(LOGITS)) ** 3 * np.log(softmax(LOGITS))).sum(-1),
    ),
    "categorical_hinge": (
        ONE_HOT, LOGITS, {},
        np.maximum(
            0, 1 + np.where(ONE_HOT, 0, LOGITS).max(-1) - LOGITS[np.arange(6), CLASSES]
        ),
    ),
    "cosine_similarity": (ONE_HOT, LOGITS, {}, -cosines(ONE_HOT, LOGITS)),
    "dice": (
        ONE_HOT, P, {"axis": -1},
        1 - 2 * (ONE_HOT * P).sum(-1) / (ONE_HOT.sum(-1) + P.sum(-1) + 1e-7),
    ),
    "hinge": (ONE_HOT, LOGITS, {}, np.maximum(0, 1 - SIGNS * LOGITS).mean(-1)),
    "huber": (
        ONE_HOT, LOGITS, {"delta": 0.7}, scipy.special.huber(0.7, LOGITS - ONE_HOT).mean(-1)
    ),
    "kl_divergence": (SHARES, softmax(LOGITS), {},
        scipy.special.rel_entr(SHARES, softmax(LOGITS)).sum(-1)
    ),
    "log_cosh": (ONE_HOT, LOGITS, {}, np.log(np.cosh(LOGITS - ONE_HOT)).mean(-1)),
    "mean_absolute_error": (ONE_HOT, LOGITS, {}, abs(ONE_HOT - LOGITS).mean(-1)),
    "mean_absolute_percentage_error": (
        RATES, LOGITS, {}, 100 * abs(1 - LOGITS / RATES).mean(-1)
    ),
    "mean_squared_error": (ONE_HOT, LOGITS, {}, ((ONE_HOT - LOGITS) ** 2).mean(-1)),
    "mean_squared_logarithmic_error": (
        RATES, P, {}, ((np.log1p(RATES) - np.log1p(P)) ** 2).mean(-1)
    ),
    "poisson": (ONE_HOT * 3, RATES, {}, (RATES - 3 * ONE_HOT * np.log(RATES + 1e-7)).mean(-1)),
    "sparse_categorical_crossentropy": (
        CLASSES, LOGITS, {"from_logits": True, "ignore_class": 2},
        np.where(CLASSES == 2, 0, -np.log(softmax(LOGITS)[np.arange(6), CLASSES])),
    ),
    "squared_hinge": (SIGNS, LOGITS, {}, (np.maximum(0, 1 - SIGNS * LOGITS) ** 2).mean(-1)),
    "tversky": (
        ONE_HOT, P, {"alpha": 0.2, "beta": 0.7, "axis": 1},
        1 - (t := (ONE_HOT * P).sum(1)) / (
            t + 0.2 * (ONE_HOT * (1 - P)).sum(1) + 0.7 * ((1 - ONE_HOT) * P).sum(1) + 1e-7
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_function_follows_its_formula_in_both_precisions(name):
    y_true, y_pred, arguments, expected = FORMULAS[name]
    function = getattr(losses, name)
    precise = function(y_true, y_pred, **arguments)
    assert precise.dtype == "float64"
    np.testing.assert_allclose(precise.numpy(), expected, rtol=1e-12)
    rough = function(y_true, y_pred.astype("float32"), **arguments)
    assert rough.dtype == "float32"
    np.testing.assert_allclose(rough.numpy(), expected, rtol=2e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_gradient_is_that_of_differences(name):
    y_true, y_pred, arguments, _ = FORMULAS[name]
    function = getattr(losses, name)
    gradients.check_gradients(lambda x: function(y_true, x, **arguments), [y_pred])


@pytest.mark.parametrize(
    ("loss", "activation", "y_true"),
    [
        ("BinaryCrossentropy", "sigmoid", ONE_HOT),
        ("CategoricalCrossentropy", "softmax", ONE_HOT),
        ("SparseCategoricalCrossentropy", "softmax", CLASSES),
    ],
)
def test_output_of_an_activation_counts_by_its_logits(loss, activation, y_true):
    # 200 away from the target: a clipped probability would stop at -log(epsilon) = 16.
    logits = (np.where(ONE_HOT, -100.0, 100.0)).astype("float32")
    outputs = getattr(ops, activation)(logits)
    through_activation = float(getattr(losses, loss)()(y_true, outputs))
    from_logits = float(getattr(losses, loss)(from_logits=True)(y_true, logits))
    assert through_activation == from_logits > 99
    clipped = float(getattr(losses, loss)()(y_true, outputs.numpy()))
    assert clipped < 17


def test_epsilon_of_the_config_is_where_probabilities_are_clipped():
    before = kerasette.config.epsilon()
    try:
        kerasette.config.set_epsilon(1e-3)
        loss = float(losses.BinaryCrossentropy()([[1.0]], [[0.0]]))
    finally:
        kerasette.config.set_epsilon(before)
    assert loss == pytest.approx(-np.log(1e-3), rel=1e-6)


def test_dtype_decides_the_precision():
    loss = losses.MeanSquaredError(dtype="float64")
    assert loss(ONE_HOT, LOGITS).dtype == "float64"
    assert losses.MeanSquaredError()(ONE_HOT, LOGITS).dtype == "float32"


def test_class_numbers_stay_exact():
    # 2**24 + 1 is no float32.
    n_classes = 2**24 + 2
    y_pred = np.zeros((1, n_classes), dtype="float32")
    y_pred[0, -1] = 5.0
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    assert float(loss(np.array([n_classes - 1]), y_pred)) == pytest.approx(11.6355, abs=0.01)


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (1, 1), (2, 3, 1)])
def test_small_shapes(shape):
    y = np.full(shape, 0.5, dtype="float32")
    value = losses.MeanSquaredError()(y, y)
    # As in Keras, what has no elements is not reduced.
    assert value.numpy().tolist() == ([] if shape == (0, 3) else 0.0)
    per_sample = losses.mean_squared_error(y, y)
    assert per_sample.shape == shape[:-1]


# ---- weights and reductions --------------------------------------------------------------


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        ("sum_over_batch_size", (1 * 1 + 4 * 3) / 2),
        ("mean", (1 * 1 + 4 * 3) / 2),
        ("sum", 13.0),
        ("mean_with_sample_weight", 13 / 4),
        ("none", [1.0, 12.0]),
        (None, [1.0, 12.0]),
    ],
)
def test_reductions(reduction, expected):
    loss = losses.MeanSquaredError(reduction=reduction)
    value = loss([[0.0], [0.0]], [[1.0], [2.0]], sample_weight=[1.0, 3.0])
    assert value.numpy().tolist() == expected


def test_a_number_weighs_all_samples():
    assert float(losses.MeanSquaredError()([[0.0]], [[2.0]], sample_weight=2)) == 8.0


def test_weights_that_do_not_fit_raise():
    with pytest.raises(ValueError, match="broadcast"):
        losses.MeanSquaredError()(ONE_HOT, ONE_HOT, sample_weight=np.ones(5))


def test_user_loss_and_abstract_loss():
    class Distance(losses.Loss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

    kerasette.utils.clear_session()
    loss = Distance()
    assert loss.name == "distance"
    assert float(loss(ONE_HOT, ONE_HOT + 1)) == 1.0
    with pytest.raises(NotImplementedError, match="call"):
        losses.Loss()(ONE_HOT, ONE_HOT)


# ---- names and configs ---------------------------------------------------------------------


@pytest.mark.parametrize("case", CONFIGS, ids=lambda case: case["object"][0])
def test_config_is_that_of_keras(case):
    loss = make(losses, case["object"])
    assert loss.name == case["name"]
    assert loss.get_config() == case["config"]


def test_every_function_has_a_formula():
    functions = {name for name in losses.__all__ if name[0].islower()} - NOT_LOSSES
    assert functions == set(FORMULAS)


def test_functions_wrapped_by_users_come_back_from_their_config():
    loss = losses.LossFunctionWrapper(losses.huber, name="mine", delta=0.3)
    twin = losses.LossFunctionWrapper.from_config(loss.get_config())
    assert twin.get_config() == loss.get_config()
    assert float(twin(ONE_HOT, LOGITS)) == float(loss(ONE_HOT, LOGITS))


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("mse", losses.mean_squared_error),
        ("MSE", losses.mean_squared_error),
        ("mean_squared_error", losses.mean_squared_error),
        ("bce", losses.binary_crossentropy),
        ("BCE", losses.binary_crossentropy),
        ("binary_crossentropy", losses.binary_crossentropy),
        ("categorical_crossentropy", losses.categorical_crossentropy),
        ("sparse_categorical_crossentropy", losses.sparse_categorical_crossentropy),
    ],
)
def test_strings_name_functions(text, function):
    assert losses.get(text) is function
    assert losses.get_loss(text).name == text


def test_get_takes_classes_objects_functions_and_configs():
    loss = losses.MeanSquaredError()
    assert losses.get(loss) is loss
    assert losses.get_loss(loss) is loss
    assert losses.get(None) is None
    assert losses.get_loss(None) is None
    assert isinstance(losses.get(losses.MeanSquaredError), losses.MeanSquaredError)
    assert isinstance(losses.get("MeanSquaredError"), losses.MeanSquaredError)
    config = {"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}
    assert losses.get(config).get_config()["from_logits"] is True
    assert losses.get(losses.serialize(losses.mean_squared_error)) is losses.mean_squared_error
    assert float(losses.get_loss(lambda y_true, y_pred: y_pred)([[1.0]], [[3.0]])) == 3.0


@pytest.mark.parametrize("identifier", ["msee", 3, {"class_name": "Msee", "config": {}}])
def test_unknown_losses_raise_and_the_known_are_listed(identifier):
    with pytest.raises(ValueError, match=r"Could not interpret loss identifier.*mse"):
        losses.get(identifier)


@pytest.mark.parametrize(
    ("y_true", "y_pred", "name"),
    [
        ((8,), (8, 1), "binary_crossentropy"),
        ((8, 1), (8, 1), "binary_crossentropy"),
        ((8,), (8, 3), "sparse_categorical_crossentropy"),
        ((8, 1), (8, 3), "sparse_categorical_crossentropy"),
        ((8, 3), (8, 3), "categorical_crossentropy"),
    ],
)
def test_crossentropy_is_chosen_by_shapes(y_true, y_pred, name):
    loss = losses.get_loss("crossentropy", y_true, y_pred)
    assert loss.fn is getattr(losses, name)
    assert loss.name == "crossentropy"


# ---- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CategoricalCrossentropy", "BinaryCrossentropy"])
def test_shapes_that_differ_raise(name):
    with pytest.raises(ValueError, match=r"same shape.*target.shape=\(6, 4\)"):
        getattr(losses, name)()(ONE_HOT, ONE_HOT[:, :2])


def test_mean_squared_error_of_shapes_that_do_not_fit_raises():
    with pytest.raises(ValueError, match="broadcast"):
        losses.MeanSquaredError()(ONE_HOT, ONE_HOT[:, :2])


def test_class_numbers_of_another_shape_raise():
    with pytest.raises(ValueError, match="same shape up until the last dimension"):
        losses.SparseCategoricalCrossentropy()(CLASSES[:4], P)


@pytest.mark.parametrize("from_logits", [True, False])
@pytest.mark.parametrize("label", [-1, 4])
def test_class_numbers_out_of_range_raise_with_their_place(label, from_logits):
    classes = CLASSES.copy()
    classes[2] = label
    loss = losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    with pytest.raises(ValueError, match=f"value {label} at position 2"):
        loss(classes, P)


def test_scalars_have_no_classes():
    for function in (ops.categorical_crossentropy, ops.sparse_categorical_crossentropy):
        with pytest.raises(ValueError, match="at least rank 1"):
            function(1.0, 1.0)


def test_unknown_reduction_raises():
    with pytest.raises(ValueError, match=r"Invalid value for argument `reduction`.*average"):
        losses.MeanSquaredError(reduction="average")


def test_unknown_argument_raises():
    with pytest.raises(TypeError, match="foo"):
        losses.MeanSquaredError(foo=1)


def test_axis_must_not_be_a_bool():
    with pytest.raises(ValueError, match="`axis` must be of type `int`"):
        losses.categorical_crossentropy(ONE_HOT, P, axis=True)


def test_one_class_is_warned_of():
    with pytest.warns(SyntaxWarning, match="binary_crossentropy"):
        losses.categorical_crossentropy([[1.0]], [[1.0]])


def test_setting_an_attribute_invalidates_recordings():
    loss = losses.MeanSquaredError()
    before = kerasette._core.structure.structure_version()
    loss.reduction = "sum"
    assert kerasette._core.structure.structure_version() > before
