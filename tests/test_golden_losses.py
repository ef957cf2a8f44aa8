"""Every loss with weights, masks, reductions and arguments, against what Keras answered."""

import numpy as np
import pytest
from agreement import assert_agree, golden_json, make

import kerasette
from kerasette import GradientTape, losses, ops

GOLDEN = golden_json("loss_table.json")
RESULTS = [(case, result) for case in GOLDEN["cases"] for result in case["results"]]


def identity(parameter):
    """What a case is called in the output of pytest."""
    if "loss" in parameter:
        name, arguments = parameter["loss"]
        return "-".join([name, *arguments, parameter["y_true"]])
    return f"{parameter['weights']}-{parameter['mask']}"


def array(name):
    """An input by its name: classes and masks as they are, all else in float32."""
    values = np.array(GOLDEN["inputs"][name])
    return values.astype("float32") if values.dtype.kind == "f" else values


def loss_of(case, reduction):
    name, arguments = case["loss"]
    return make(losses, [name, {**arguments, "reduction": reduction}])


def predictions(case, result):
    y_pred = ops.convert_to_tensor(array(case["y_pred"]))
    if result["mask"] is not None:
        y_pred._keras_mask = ops.convert_to_tensor(array(result["mask"]))
    return y_pred


def weights_of(result):
    return None if result["weights"] is None else array(result["weights"])


@pytest.mark.parametrize(("case", "result"), RESULTS, ids=identity)
def test_values_are_those_of_keras(case, result):
    y_true = array(case["y_true"])
    for reduction, expected in zip(GOLDEN["reductions"], result["values"], strict=True):
        loss = loss_of(case, reduction)
        value = loss(y_true, predictions(case, result), weights_of(result))
        assert_agree(value, expected, reduction)
    # Other names of the first and the last of them.
    for name, reduction in (("mean", "sum_over_batch_size"), (None, "none")):
        expected = result["values"][GOLDEN["reductions"].index(reduction)]
        value = loss_of(case, name)(y_true, predictions(case, result), weights_of(result))
        assert_agree(value, expected, str(name))


@pytest.mark.parametrize(
    ("case", "result"), [pair for pair in RESULTS if "gradient" in pair[1]], ids=identity
)
def test_gradient_is_that_of_keras(case, result):
    y_pred = predictions(case, result)
    loss = loss_of(case, GOLDEN["reductions"][0])
    with GradientTape() as tape:
        tape.watch(y_pred)
        value = loss(array(case["y_true"]), y_pred, weights_of(result))
    assert_agree(tape.gradient(value, y_pred), result["gradient"])


@pytest.mark.parametrize("case", GOLDEN["configs"], ids=lambda case: case["object"][0])
def test_config_is_that_of_keras_and_gives_the_loss_back(case):
    loss = make(losses, case["object"])
    assert loss.name == case["name"]
    config = loss.get_config()
    # What Keras leaves out is listed where it is not the default, so that it is not lost.
    assert {key: config[key] for key in case["config"]} == case["config"]
    assert set(config) - set(case["config"]) <= set(case["object"][1])
    twin = losses.deserialize(losses.serialize(loss))
    assert type(twin) is type(loss)
    assert twin.get_config() == config
    assert losses.serialize(loss)["module"] == "keras.losses"


def test_names_mean_what_they_mean_to_keras():
    for name, meaning in GOLDEN["names"].items():
        if meaning is None:
            with pytest.raises(ValueError, match="Could not interpret loss identifier"):
                losses.get(name)
        else:
            found = losses.get(name)
            assert getattr(found, "__name__", type(found).__name__) == meaning
            assert losses.get_loss(name).name == (name if found in _functions() else found.name)


def _functions():
    return [getattr(losses, name) for name in losses.__all__ if name[0].islower()]


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["name"])
def test_error_is_that_of_keras(case):
    names = {"keras": kerasette, "np": np, "one_hot": np.eye(3, dtype="float32")[np.arange(8) % 3]}
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    assert caught.type.__name__ == case["type"]
    assert str(caught.value)[:36] == case["message"][:36] or not case["message"]
