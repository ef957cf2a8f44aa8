"""Every argument of every loss does something; and what is particular to some of them."""

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ

from kerasette import GradientTape, losses, ops

rng = np.random.default_rng(1)
LOGITS = rng.normal(size=(5, 3, 4)).astype("float32")
P = 1 / (1 + np.exp(-LOGITS))
ONE_HOT = np.eye(4, dtype="float32")[rng.integers(0, 4, (5, 3))]
CLASSES = ONE_HOT.argmax(-1)

REDUCTION = {"reduction": "sum"}
AXIS = {"axis": 1}
LOGITS_AND_SMOOTHING = {"from_logits": True, "label_smoothing": 0.1}
# Every loss: another value than the default for each of its arguments.
ROWS = {
    "BinaryCrossentropy": {**REDUCTION, **AXIS, **LOGITS_AND_SMOOTHING},
    "BinaryFocalCrossentropy": {
        **REDUCTION, **AXIS, **LOGITS_AND_SMOOTHING,
        "apply_class_balancing": True, "alpha": 0.4, "gamma": 1.0,
    },
    "CategoricalCrossentropy": {**REDUCTION, **AXIS, **LOGITS_AND_SMOOTHING},
    "CategoricalFocalCrossentropy": {
        **REDUCTION, **AXIS, **LOGITS_AND_SMOOTHING, "alpha": 0.4, "gamma": 1.0
    },
    "CategoricalHinge": REDUCTION,
    "CosineSimilarity": {**REDUCTION, **AXIS},
    "Dice": {**REDUCTION, **AXIS},
    "Hinge": REDUCTION,
    "Huber": {**REDUCTION, "delta": 0.5},
    "KLDivergence": REDUCTION,
    "LogCosh": REDUCTION,
    "MeanAbsoluteError": REDUCTION,
    "MeanAbsolutePercentageError": REDUCTION,
    "MeanSquaredError": REDUCTION,
    "MeanSquaredLogarithmicError": REDUCTION,
    "Poisson": REDUCTION,
    "SparseCategoricalCrossentropy": {
        **REDUCTION, "axis": 2, "from_logits": True, "ignore_class": 1
    },
    "SquaredHinge": REDUCTION,
    "Tversky": {**REDUCTION, **AXIS, "alpha": 0.2, "beta": 0.2},
}  # fmt: skip
# What the other arguments need to have an effect.
BESIDE = {
    ("BinaryFocalCrossentropy", "alpha"): {"apply_class_balancing": True},
    ("BinaryCrossentropy", "axis"): {"reduction": None},
    ("BinaryFocalCrossentropy", "axis"): {"reduction": None},
    ("Dice", "reduction"): {"axis": 1},
    ("Tversky", "reduction"): {"axis": 1},
}
CHANGES = [(name, argument) for name, row in ROWS.items() for argument in row]
COVERED = {f"losses.{name}": row for name, row in ROWS.items()}


def value_of(name, arguments):
    loss = getattr(losses, name)(**arguments)
    if name == "SparseCategoricalCrossentropy":
        # Class numbers that will do along either of the two last axes.
        y_true = CLASSES[:, 0] % 3 if "axis" not in arguments else CLASSES % 4
        y_pred = P[:, 0] if "axis" not in arguments else P
        return loss(y_true, y_pred).numpy()
    return loss(ONE_HOT, P).numpy()


def test_every_loss_and_every_argument_has_a_row():
    assert set(ROWS) == {name for name in losses.__all__ if name[0].isupper()} - {"Loss"}
    for name, row in ROWS.items():
        assert_every_parameter_has_a_row(getattr(losses, name), row)


@pytest.mark.parametrize(("name", "argument"), CHANGES)
def test_argument_has_an_effect(name, argument):
    beside = BESIDE.get((name, argument), {})
    changed = {**beside, argument: ROWS[name][argument]}
    assert differ(value_of(name, beside), value_of(name, changed))


@pytest.mark.parametrize("name", ROWS)
def test_name_and_dtype_have_an_effect(name):
    loss = getattr(losses, name)(name="mine", dtype="float64")
    assert loss.name == loss.get_config()["name"] == "mine"
    assert loss.dtype == "float64"
    y_true = CLASSES if name.startswith("Sparse") else ONE_HOT
    assert loss(y_true, P).dtype == "float64"
    with pytest.raises(ValueError, match="Cannot convert 'foo'"):
        getattr(losses, name)(dtype="foo")


@pytest.mark.parametrize("name", ROWS)
def test_arguments_are_attributes_that_count(name):
    arguments = {key: value for key, value in ROWS[name].items() if key != "reduction"}
    made = getattr(losses, name)(**arguments)
    changed = getattr(losses, name)()
    for argument, value in arguments.items():
        assert getattr(made, argument) == value
        setattr(changed, argument, value)
    assert changed.get_config() == made.get_config()
    y_true = CLASSES if name.startswith("Sparse") else ONE_HOT
    assert not differ(changed(y_true, P).numpy(), made(y_true, P).numpy())


@pytest.mark.parametrize("name", ROWS)
def test_a_loss_comes_back_from_its_config(name):
    loss = getattr(losses, name)(**ROWS[name])
    twin = losses.deserialize(losses.serialize(loss))
    assert twin.get_config() == loss.get_config()
    y_true = CLASSES if name.startswith("Sparse") else ONE_HOT
    assert not differ(twin(y_true, P).numpy(), loss(y_true, P).numpy())


# ---- what is ignored -----------------------------------------------------------------------


@pytest.mark.parametrize("activation", [None, "softmax"])
def test_nan_where_a_class_is_ignored_stays_without_effect(activation):
    logits = LOGITS[:, 0].copy()
    logits[1] = np.nan
    x = ops.convert_to_tensor(logits)
    labels = CLASSES[:, 0].copy()
    labels[1] = -1
    loss = losses.SparseCategoricalCrossentropy(from_logits=not activation, ignore_class=-1)
    with GradientTape() as tape:
        tape.watch(x)
        value = loss(labels, ops.softmax(x) if activation else x)
    gradient = tape.gradient(value, x).numpy()
    counts = np.arange(5) != 1
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    expected = -np.log(shares[np.arange(5), labels])[counts].mean()
    assert float(value) == pytest.approx(expected, rel=1e-6)
    expected = (shares - np.eye(4)[labels])[counts] / 4
    np.testing.assert_allclose(gradient[counts], expected, rtol=1e-5, atol=1e-7)
    assert np.isfinite(gradient).all()


def test_ignored_classes_of_an_activation_count_by_logits_too():
    # 200 away from the target: a clipped probability would stop at -log(epsilon) = 16.
    logits = np.array([[100.0, -100.0], [3.0, 5.0]], dtype="float32")
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
    assert float(loss([1, -1], ops.softmax(logits))) == 200.0


# ---- numbers that are hard -------------------------------------------------------------------


def test_log_cosh_does_not_overflow():
    values = losses.log_cosh([[0.0], [0.0]], np.array([[500.0], [-500.0]], dtype="float32"))
    np.testing.assert_allclose(values.numpy(), 500 - np.log(2), rtol=1e-6)


def test_cosine_of_a_zero_vector_is_zero_and_has_a_gradient():
    x = ops.convert_to_tensor(np.zeros((1, 3)))
    with GradientTape() as tape:
        tape.watch(x)
        value = losses.cosine_similarity(np.ones((1, 3)), x)
    assert value.numpy().tolist() == [0.0]
    assert np.isfinite(tape.gradient(value, x).numpy()).all()


def test_hinge_takes_other_labels_as_they_are():
    # One label that is neither 0 nor 1, and none of them is made into -1.
    values = losses.hinge([[0.0, 1.0], [0.5, 0.0]], [[1.0, 1.0], [1.0, 1.0]])
    assert values.numpy().tolist() == [0.5, 0.75]


def test_one_class_is_warned_of():
    with pytest.warns(SyntaxWarning, match=r"categorical_focal_crossentropy.*binary_crossentropy"):
        losses.categorical_focal_crossentropy([[1.0]], [[1.0]])


def test_masks_of_predictions_and_values_go_together():
    y_pred = ops.convert_to_tensor(P[:, 0])
    y_pred._keras_mask = ops.convert_to_tensor([True, True, False, True, True])
    labels = [0, -1, 0, 2, 3]
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
    expected = losses.SparseCategoricalCrossentropy()([0, 2, 3], P[[0, 3, 4], 0])
    assert float(loss(labels, y_pred)) == pytest.approx(float(expected), rel=1e-6)


def test_callables_get_the_name_that_logs_show():
    class Distance:
        def __call__(self, y_true, y_pred):
            return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

    def distance_of(y_true, y_pred):
        return Distance()(y_true, y_pred)

    named = Distance()
    named.name = "mine"
    found = [losses.get_loss(given) for given in (Distance(), distance_of, named)]
    assert [loss.name for loss in found] == ["distance", "distance_of", "mine"]
    assert {float(loss([[1.0]], [[3.0]])) for loss in found} == {2.0}


def test_custom_objects_are_found_by_name():
    class Mine(losses.MeanSquaredError):
        pass

    loss = Mine(reduction="sum")
    twin = losses.deserialize(losses.serialize(loss), custom_objects={"Mine": Mine})
    assert type(twin) is Mine
    assert twin.reduction == "sum"
    with pytest.raises(ValueError, match="Could not interpret loss"):
        losses.deserialize(losses.serialize(loss))
