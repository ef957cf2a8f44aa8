"""Regularizers and constraints against Keras, differences and NumPy."""

import numpy as np
import pytest
from agreement import assert_agree, golden_json, make
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, constraints, ops, regularizers
from kerasette.testing import check_gradients

GOLDEN = golden_json("regularizers.json")
WEIGHT = np.array(GOLDEN["weight"], "float32")
KERNEL = np.array(GOLDEN["kernel"], "float32")
MODULES = {"regularizers": regularizers, "constraints": constraints}

# For each class, other values than the defaults.
CHANGES = {
    regularizers.L1: {"l1": 0.5},
    regularizers.L2: {"l2": 0.5},
    regularizers.L1L2: {"l1": 0.5, "l2": 0.5},
    regularizers.OrthogonalRegularizer: {"factor": 0.5, "mode": "columns"},
    constraints.MaxNorm: {"max_value": 0.5, "axis": 1},
    constraints.MinMaxNorm: {"min_value": 0.9, "max_value": 0.5, "rate": 0.5, "axis": 1},
    constraints.NonNeg: {},
    constraints.UnitNorm: {"axis": 1},
}
COVERED = {f"{cls.__module__.split('.')[1]}.{cls.__name__}": rows for cls, rows in CHANGES.items()}


def label(case):
    return str(case["object"])


# ---- against Keras ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["regularizers"], ids=label)
def test_penalties_and_their_gradients_are_those_of_keras(case):
    regularizer = make(regularizers, case["object"])
    weight = kerasette.Variable(WEIGHT)
    with GradientTape() as tape:
        penalty = regularizer(weight)
    assert_agree(penalty.numpy(), case["penalty"])
    gradient = tape.gradient(penalty, weight, unconnected_gradients="zero")
    assert_agree(gradient.numpy(), case["gradient"])


@pytest.mark.parametrize("case", GOLDEN["constraints"], ids=label)
def test_constrained_weights_are_those_of_keras(case):
    constrained = make(constraints, case["object"])(kerasette.Variable(KERNEL))
    assert_agree(constrained.numpy(), case["constrained"])
    assert constrained.dtype == "float32"


@pytest.mark.parametrize("module", MODULES)
def test_configs_are_those_of_keras_and_come_back(module):
    for case in GOLDEN[module]:
        if case["object"][0] == "Constraint":
            continue
        made = make(MODULES[module], case["object"])
        serialized = MODULES[module].serialize(made)
        assert serialized == case["serialized"]
        twin = MODULES[module].deserialize(serialized)
        assert type(twin) is type(made)
        assert twin.get_config() == made.get_config()


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["message"])
def test_wrong_arguments_raise_as_in_keras(case):
    with pytest.raises(ValueError) as caught:
        make(MODULES[case["module"]], [case["class_name"], case["arguments"]])
    # Keras forgets a space between its two sentences.
    assert str(caught.value).replace(". Received", ".Received") == (
        case["message"].replace(". Received", ".Received")
    )


# ---- regularizers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "regularizer",
    [
        regularizers.L1(0.3),
        regularizers.L2(0.3),
        regularizers.L1L2(0.3, 0.2),
        regularizers.OrthogonalRegularizer(0.3),
        regularizers.OrthogonalRegularizer(0.3, "columns"),
    ],
    ids=lambda regularizer: str(regularizer.get_config()),
)
def test_gradients_are_those_of_differences(regularizer):
    check_gradients(regularizer, [WEIGHT])


def test_a_row_of_zeros_keeps_the_gradient_finite():
    weight = kerasette.Variable(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]]))
    with GradientTape() as tape:
        penalty = regularizers.OrthogonalRegularizer(1.0)(weight)
    assert penalty.numpy() == pytest.approx(0.6 / 3)
    assert np.isfinite(tape.gradient(penalty, weight).numpy()).all()


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_orthogonality_is_asked_of_matrices_only(shape):
    with pytest.raises(ValueError, match="OrthogonalRegularizer must have rank 2"):
        regularizers.OrthogonalRegularizer()(ops.ones(shape))


def test_penalties_keep_the_dtype():
    for regularizer in (regularizers.L1(), regularizers.L1L2(0.1), regularizers.get("l2")):
        assert regularizer(np.ones(2, "float64")).dtype == "float64"
        assert regularizer(np.ones(2, "float32")).shape == ()


def test_the_base_of_regularizers():
    assert kerasette.Regularizer is regularizers.Regularizer
    assert regularizers.Regularizer()(WEIGHT) == 0.0
    with pytest.raises(NotImplementedError, match=r"does not implement get_config\(\)"):
        regularizers.Regularizer().get_config()


# ---- constraints -------------------------------------------------------------------------------


def test_norms_after_constraints():
    norms = np.linalg.norm(constraints.MaxNorm(0.75)(KERNEL).numpy(), axis=0)
    assert norms.max() == pytest.approx(0.75, rel=1e-5)
    assert np.linalg.norm(constraints.UnitNorm(2)(KERNEL).numpy(), axis=2)[:, 1:] == (
        pytest.approx(1.0, rel=1e-5)
    )
    within = constraints.MinMaxNorm(0.5, 0.75, axis=(1, 2))(KERNEL).numpy()
    assert np.linalg.norm(within.reshape(3, -1), axis=1) == pytest.approx(0.75, rel=1e-5)
    assert constraints.NonNeg()(KERNEL).numpy().min() == 0


# ---- both ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", CHANGES, ids=lambda cls: cls.__name__)
def test_every_argument_has_an_effect(cls):
    assert_every_parameter_has_a_row(cls, CHANGES[cls])
    # One column that is short, and others that are long.
    weight = WEIGHT * np.array([0.2, 1, 1], "float32")
    usual = cls()(weight).numpy()
    for name, value in CHANGES[cls].items():
        assert differ(cls(**{name: value})(weight).numpy(), usual), name


def test_every_class_has_a_row():
    for module, base in ((regularizers, "Regularizer"), (constraints, "Constraint")):
        names = {name for name in module.__all__ if name[0].isupper()} - {base}
        assert names == {cls.__name__ for cls in CHANGES if cls.__module__ == module.__name__}


@pytest.mark.parametrize(
    ("module", "text", "name"),
    [
        ("regularizers", "l1", "L1"),
        ("regularizers", "L2", "L2"),
        ("regularizers", "l1_l2", "L1L2"),
        ("regularizers", "l1l2", "L1L2"),
        ("regularizers", "L1L2", "L1L2"),
        ("regularizers", "orthogonal_regularizer", "OrthogonalRegularizer"),
        ("constraints", "max_norm", "MaxNorm"),
        ("constraints", "MinMaxNorm", "MinMaxNorm"),
        ("constraints", "min_max_norm", "MinMaxNorm"),
        ("constraints", "non_neg", "NonNeg"),
        ("constraints", "unit_norm", "UnitNorm"),
    ],
)
def test_strings(module, text, name):
    assert type(MODULES[module].get(text)).__name__ == name


@pytest.mark.parametrize(
    ("module", "alias", "name"),
    [
        ("regularizers", "l1", "L1"),
        ("regularizers", "l2", "L2"),
        ("regularizers", "l1_l2", "L1L2"),
        ("regularizers", "orthogonal_regularizer", "OrthogonalRegularizer"),
        ("constraints", "max_norm", "MaxNorm"),
        ("constraints", "min_max_norm", "MinMaxNorm"),
        ("constraints", "non_neg", "NonNeg"),
        ("constraints", "unit_norm", "UnitNorm"),
    ],
)
def test_aliases(module, alias, name):
    assert getattr(MODULES[module], alias) is getattr(MODULES[module], name)


def halved(x):
    return x / 2


class Own(constraints.Constraint):
    pass


@pytest.mark.parametrize("module", MODULES.values())
def test_get_takes_classes_objects_functions_and_none(module):
    cls = next(cls for cls in CHANGES if cls.__module__ == module.__name__)
    made = cls()
    assert module.get(made) is made
    assert type(module.get(cls)) is cls
    assert module.get(None) is module.serialize(None) is module.deserialize(None) is None
    assert module.get(halved) is halved
    assert module.serialize(halved) == {
        "module": "builtins",
        "class_name": "function",
        "config": "halved",
        "registered_name": "function",
    }


def test_classes_of_the_user_are_written_with_their_module():
    assert constraints.serialize(Own())["module"] == Own.__module__
    assert constraints.Constraint()(WEIGHT) is WEIGHT


@pytest.mark.parametrize("identifier", ["l3", 3, {"class_name": "L3", "config": {}}])
def test_unknown_ones_raise_and_the_known_are_listed(identifier):
    with pytest.raises(ValueError, match=r"Could not interpret regularizer identifier.*l1_l2"):
        regularizers.get(identifier)
    with pytest.raises(ValueError, match=r"Could not interpret constraint identifier.*max_norm"):
        constraints.get(identifier)


def test_factors_are_as_precise_as_the_weights():
    # Their squares are 1: what is left is the factor, which float32 cannot hold.
    for regularizer in (regularizers.L2(0.1), regularizers.L1L2(l2=0.1)):
        assert float(regularizer(ops.ones((1,), "float64")).numpy()) == 0.1
