"""Losses and metrics of several outputs, against Keras's: values, names, and their order."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from agreement import assert_agree
from golden.makers.compiled_cases import CASES, arrays_of, structure_of

from kerasette import losses, metrics, ops, tree
from kerasette.training.compile_loss import CompileLoss
from kerasette.training.compile_metrics import CompileMetrics
from kerasette.training.outputs import Outputs

GOLDEN = json.loads(
    (Path(__file__).parent.parent / "golden" / "compiled.json").read_text(encoding="utf-8")
)


def tensors_of(batch, masks):
    arrays = {name: ops.convert_to_tensor(array) for name, array in arrays_of(batch).items()}
    for name in masks:
        arrays[name]._keras_mask = arrays["mask"]
    return arrays


@pytest.mark.parametrize("name", CASES)
def test_values_and_names_are_those_of_keras(name):
    case, golden = CASES[name], GOLDEN[name]
    names = case.get("names")
    loss = CompileLoss(case["loss"], case.get("loss_weights"), names)
    measured = CompileMetrics(case.get("metrics"), case.get("weighted_metrics"), names, loss)
    values = []
    for batch in (0, 1):
        arrays = tensors_of(batch, case.get("masks", ()))
        y, y_pred, weight = (
            structure_of(case.get(part), arrays) for part in ("y", "outputs", "sample_weight")
        )
        values.append(loss(y, y_pred, weight))
        measured.update_state(y, y_pred, weight)
    assert_agree([float(value) for value in values], golden["loss"])
    assert [metric.name for metric in loss.metrics] == [key for key, _ in golden["trackers"]]
    for metric, (key, value) in zip(loss.metrics, golden["trackers"], strict=True):
        assert_agree(float(metric.result()), value, key)
    results = measured.result()
    assert list(results) == [key for key, _ in golden.get("metrics", [])]
    for key, value in golden.get("metrics", []):
        assert_agree(float(results[key]), value, key)
    assert [metric.name for metric in measured.metrics] == golden.get("flat", [])


# ---- structures that Keras does not take, or takes for others -------------------------------


def sizes(*shapes):
    return [SimpleNamespace(shape=shape) for shape in shapes]


A, B = sizes((6, 2), (6, 4))
TA, TB = sizes((6, 2), (6,))
NAMES = ["first", "second"]


def value_of(case, loss, weights=None, names=None, sample_weight=None):
    arrays = tensors_of(0, ())
    y, y_pred, weight = (
        structure_of(part, arrays) for part in (case["y"], case["outputs"], sample_weight)
    )
    return float(CompileLoss(loss, weights, names)(y, y_pred, weight))


AB = {"outputs": ["a", "b"], "y": ["ta", "tb_one_hot"]}


def test_weights_by_name_belong_to_those_names():
    """In Keras a dict of weights beside a list of losses goes by the alphabet."""
    names = ["z", "y"]
    expected = value_of(AB, ["mse", "mae"], [2.0, 3.0], names)
    assert value_of(AB, ["mse", "mae"], {"y": 3.0, "z": 2.0}, names) == expected
    assert value_of(AB, {"y": "mae", "z": "mse"}, {"y": 3.0, "z": 2.0}, names) == expected


def test_sample_weights_go_with_targets_by_name():
    """In Keras a KeyError, as the outputs are a list."""
    expected = value_of(AB, ["mse", "mae"], sample_weight=["w", "w2"])
    by_name = {**AB, "y": {"second": "tb_one_hot", "first": "ta"}}
    weights = {"first": "w", "second": "w2"}
    assert value_of(by_name, ["mse", "mae"], names=NAMES, sample_weight=weights) == expected


def test_metrics_of_an_output_whose_target_stands_alone():
    """In Keras they are left out of the logs without a word."""
    loss = CompileLoss([None, "mse"])
    measured = CompileMetrics([None, "mae"], loss=loss)
    arrays = tensors_of(0, ())
    y_pred = [arrays["a"], arrays["b"]]
    for y in (arrays["tb_one_hot"], [arrays["tb_one_hot"]]):
        measured.reset_state()
        loss(y, y_pred)
        measured.update_state(y, y_pred)
        expected = np.abs(arrays["b"].numpy() - arrays["tb_one_hot"].numpy()).mean()
        assert_agree(float(measured.result()["mae"]), expected)


def test_a_target_by_the_name_of_the_only_output():
    outputs = Outputs("a", ["only"])
    assert outputs.targets({"only": "t"}) == ["t"]
    assert outputs.spread({"only": "mse"}, "loss") == {0: "mse"}
    assert Outputs("a").targets({"any": "t"}) == ["t"]
    with pytest.raises(ValueError, match="different structures"):
        outputs.targets({"other": "t"})
    with pytest.raises(ValueError, match=r"Expected keys \['only'\] in loss dict, but found"):
        outputs.spread({"other": "mse"}, "loss")


def test_lists_and_tuples_are_the_same():
    outputs = Outputs({"pair": ("a", "b"), "alone": "c"})
    assert outputs.targets({"pair": ["x", "y"], "alone": "z"}) == ["z", "x", "y"]
    assert outputs.targets(("z", "x", "y")) == ["z", "x", "y"]


# ---- errors ---------------------------------------------------------------------------------

LOSSES = [
    (["mse", "unknown"], None, ValueError, "loss identifier"),
    ([None, None], None, ValueError, "Expected `loss` to name a loss"),
    ("mse", [1.0, 2.0], ValueError, "got 1 losses and 2 weights"),
    (["mse", "mse"], 1.0, ValueError, "got 2 losses and 1 weights"),
    (["mse", "mse"], {"first": 1.0}, ValueError, "got 2 losses and 1 weights"),
    (["mse", "mse"], ["a", 1.0], ValueError, "must hold numbers"),
    ("mse", "a", ValueError, "Expected `loss_weights` argument to be a float"),
]


@pytest.mark.parametrize(("loss", "weights", "error", "message"), LOSSES)
def test_losses_that_are_none(loss, weights, error, message):
    with pytest.raises(error, match=message):
        CompileLoss(loss, weights)


UNFIT = [
    ({"loss": ["mse"]}, ValueError, "match the structure of the model's outputs"),
    ({"loss": [["mse", "mse"], None]}, ValueError, "match the structure of the model's outputs"),
    ({"loss": {"first": "mse"}}, ValueError, "the 2 outputs of the model have no names"),
    (
        {"loss": {"first": "mse", "third": "mse"}, "output_names": NAMES},
        ValueError,
        r"Expected keys \['first', 'second'\] in loss dict, but found loss.keys\(\)=",
    ),
    (
        {"loss": {"first": "mse", "second": "mse"}, "weights": {"first": 1.0, "third": 1.0},
         "output_names": NAMES},
        ValueError,
        "`loss_weights` must have the keys of `loss`",
    ),
    (
        {"loss": {"first": "mse", "third": "mse"}, "y_pred": {"first": A, "second": B}},
        KeyError,
        r"The path: \('third',\) in the `loss` argument, can't be found in",
    ),
    ({"y": TA}, ValueError, r"(?s)different structures.*y_true: \*\ny_pred: \['\*', '\*'\]"),
    ({"y": [TA, TB, TB]}, ValueError, "different structures"),
    ({"y": [[TA], [TB]]}, ValueError, "different structures"),
    ({"y": {"first": TA, "second": TB}}, ValueError, "different structures"),
    (
        {"y": {"first": TA, "third": TB}, "y_pred": {"first": A, "second": B}},
        ValueError,
        "different structures",
    ),
    # Keras takes the target for that of the other output.
    (
        {"y": {"first": TA}, "y_pred": {"first": A, "second": B}, "loss": {"second": "mse"}},
        ValueError,
        "different structures",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "error", "message"), UNFIT)
def test_structures_that_do_not_match(parts, error, message):
    parts = {"loss": ["mse", "mse"], "y": [TA, TB], "y_pred": [A, B], **parts}
    y, y_pred = parts.pop("y"), parts.pop("y_pred")
    loss = CompileLoss(parts.pop("loss"), **parts)
    with pytest.raises(error, match=message):
        loss.build(y, y_pred)
    assert not loss.is_built


@pytest.mark.parametrize(
    ("metrics", "names", "y_pred"),
    [
        (["mae"], None, [A, B]),
        ({"third": "mae"}, NAMES, [A, B]),
        ({"first": "mae"}, None, [A, B]),
        ({"third": "mae"}, None, {"first": A, "second": B}),
        (["mae"], None, {"pair": [A, B], "alone": A}),
        ({"pair": ["mae"], "alone": ["mae"]}, None, {"pair": [A, B], "alone": A}),
    ],
)
@pytest.mark.parametrize("argument", ["metrics", "weighted_metrics"])
def test_metrics_that_match_no_outputs(metrics, names, y_pred, argument):
    given = {"metrics": None, "weighted_metrics": None, argument: metrics}
    measured = CompileMetrics(**given, output_names=names)
    with pytest.raises(ValueError, match=f"Invalid `{argument}`.*match the output structure"):
        measured.build(tree.map_structure(lambda _: TA, y_pred), y_pred)
    assert not measured.is_built


def test_metrics_that_are_none():
    with pytest.raises(ValueError, match="received `None`"):
        CompileMetrics([None, None])
    with pytest.raises(ValueError, match="received `None`"):
        CompileMetrics([["mae", None], "mae"]).build([TA, TA], [A, A])
    with pytest.raises(ValueError, match="`weighted_metrics` argument to be a list, tuple, or"):
        CompileMetrics(None, "mae")
    with pytest.raises(ValueError, match="no targets for the metrics of output 'second'"):
        loss = CompileLoss(["mse", None], output_names=NAMES)
        CompileMetrics([None, "mae"], output_names=NAMES, loss=loss).build([TA], [A, B])


@pytest.mark.parametrize("weight", [["w"], ["w", "w", "w"], {"a": "w", "b": "w"}])
def test_sample_weights_have_the_structure_of_targets(weight):
    with pytest.raises(ValueError, match="You should provide one `sample_weight` array per output"):
        Outputs([A, B]).weights(weight, [TA, TB])


# ---- what else may be given -----------------------------------------------------------------


def mean_prediction(y_true, y_pred):
    return ops.mean(y_pred, -1)


def test_configs_and_objects_stand_for_losses_and_metrics():
    config = losses.serialize(losses.Huber(delta=0.3))
    expected = value_of(AB, [losses.Huber(delta=0.3), "mse"])
    assert value_of(AB, [config, "mse"]) == expected
    measured = CompileMetrics(
        [[metrics.serialize(metrics.MeanSquaredError(name="own"))], mean_prediction]
    )
    arrays = tensors_of(0, ())
    measured.update_state([arrays["ta"], arrays["tb_one_hot"]], [arrays["a"], arrays["b"]])
    assert list(measured.result()) == ["own", "mean_prediction"]
    assert measured.name == "compile_metrics"
    assert len(measured.variables) == 4
    measured.reset_state()
    assert all(float(variable) == 0 for variable in measured.variables)


def test_forgetting_is_as_if_no_data_had_been_seen():
    loss, measured = CompileLoss(["mse", "ce"]), CompileMetrics(["mae", "acc"])
    for part in (loss, measured):
        part.build([TA, TB], [A, B])
        assert part.is_built and len(part.metrics) == 2
        part.forget()
        assert not part.is_built and part.metrics == []
