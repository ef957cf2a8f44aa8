"""Models as JSON, and back, beside Keras."""

import json
import sys

import pytest
from agreement import assert_agree, golden_arrays, golden_json, numbered
from short_configs import resolved

import kerasette
from kerasette import models, saving, tree

GOLDEN = golden_json("model_configs.json")
ARRAYS = golden_arrays("model_configs.npz")
CASES = GOLDEN["cases"]
BUILT = [case for case in CASES if f"{case['name']}/weights" in ARRAYS]


@pytest.fixture
def run(monkeypatch):
    """Runs the code of a case with kerasette as keras, and gives what it leaves."""
    registered = saving.get_custom_objects()
    before = dict(registered)
    modules = {"keras": kerasette, "keras.layers": kerasette.layers, "keras.ops": kerasette.ops}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    kerasette.utils.clear_session()

    def run_code(code):
        namespace = {"keras": kerasette, "__name__": "__main__"}
        exec(GOLDEN["prelude"], namespace)
        exec(code, namespace)
        return namespace["model"], namespace["CUSTOM"]

    yield run_code
    registered.clear()
    registered.update(before)


def named(case):
    return case["name"]


def expected_json(case):
    """What Keras has written, with its abbreviations resolved."""
    return resolved(json.loads(case["json"]), GOLDEN["short"])


# Layers without weights, which are built when they are made here, and by a call in Keras.
BUILT_AT_ONCE = ("Add", "Concatenate", "Flatten", "Lambda", "Rescaling")


def comparable(described):
    """A described model without what differs on purpose."""
    described = json.loads(json.dumps(described).replace("__tensor__", "__numpy__"))
    for layer in described["config"].get("layers", []):
        if layer["class_name"] in BUILT_AT_ONCE:
            layer.pop("build_config", None)
        if layer["class_name"] == "Max":
            # An argument that there is not, and that is off.
            assert layer["config"].pop("initial", None) is None
    return described


def weights_of(model, case):
    """The case's weights, which stand one after the other, in their shapes."""
    flat, found = ARRAYS[f"{case['name']}/weights"], []
    for weight in model.weights:
        size = weight.numpy().size
        found.append(flat[:size].reshape(weight.shape))
        flat = flat[size:]
    assert not flat.size
    return found


def assert_answers_agree(model, case):
    """The outputs for the inputs of the case, after its weights have been set."""
    arrays = {
        key.removeprefix(f"{case['name']}/"): value
        for key, value in ARRAYS.items()
        if key.startswith(f"{case['name']}/")
    }
    inputs = numbered(arrays, "input_")
    if getattr(model, "_inputs_struct", None) is not None:
        inputs = tree.pack_sequence_as(model._inputs_struct, inputs)
    else:
        inputs = inputs[0]
    outputs = tree.flatten(model(inputs))
    for output, expected in zip(outputs, numbered(arrays, "output_"), strict=True):
        assert output.dtype == expected.dtype.name
        assert_agree(output.numpy(), expected, case["name"])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_model_is_written_as_by_keras(case, run):
    model, _ = run(case["code"])
    assert comparable(json.loads(model.to_json())) == comparable(expected_json(case))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_keras_has_written_becomes_the_model(case, run):
    model, custom = run(case["code"])
    text = json.dumps(expected_json(case))
    twin = models.model_from_json(text, custom)
    assert type(twin) is type(model)
    assert comparable(json.loads(twin.to_json())) == comparable(json.loads(text))
    if case in BUILT:
        twin.set_weights(weights_of(twin, case))
        assert_answers_agree(twin, case)


@pytest.mark.parametrize("case", BUILT, ids=named)
def test_a_clone_with_the_same_weights_answers_the_same(case, run):
    model, custom = run(case["code"])
    model.set_weights(weights_of(model, case))
    assert_answers_agree(model, case)
    with saving.custom_object_scope(custom):
        twin = models.clone_model(model)
    assert not set(map(id, twin.weights)) & set(map(id, model.weights))
    assert twin.compiled == model.compiled
    twin.set_weights(model.get_weights())
    assert_answers_agree(twin, case)
