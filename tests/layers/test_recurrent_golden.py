"""Recurrent layers against Keras: outputs, states and gradients in all modes; models; configs."""

import json

import pytest
from agreement import assert_agree, golden_arrays, golden_json
from recurrent_cases import (
    BATCH,
    ERRORS,
    INPUTS,
    MODELS,
    STEPS,
    answer,
    draw,
    history,
    layers_of_cells,
    pieces,
    table,
)

import kerasette
from kerasette import GradientTape, ops

ARRAYS = golden_arrays("recurrent.npz")
GOLDEN = golden_json("recurrent.json")
CASES = table()


def called(case, **more):
    """What a layer returns, and the gradients by its inputs, states and weights, with names."""
    layer = case.make(kerasette, **more)
    arrays = [draw((BATCH, STEPS, INPUTS), 0), *case.states()]
    x, *states = (ops.convert_to_tensor(array) for array in arrays)
    with GradientTape() as tape:
        tape.watch([x, *states])
        outputs = layer(x, initial_state=states or None, mask=case.mask_array())
        outputs = list(outputs) if isinstance(outputs, tuple) else [outputs]
        total = sum(ops.sum(y * draw(y.shape, 5 + i)) for i, y in enumerate(outputs))
    sources = [x, *states, *layer.weights]
    found = tape.gradient(total, sources, unconnected_gradients="zero")
    names = [f"output {i}" for i in range(len(outputs))] + ["by x"]
    names += [f"by state {i}" for i in range(len(states))] + [f"by {w.path}" for w in layer.weights]
    return names, [*outputs, *found]


def test_the_table_is_that_of_the_golden_file():
    assert list(ARRAYS) == [*CASES, *(build.__name__ for build in MODELS)]


@pytest.mark.parametrize("name", CASES)
def test_outputs_states_and_gradients_are_those_of_keras(name):
    names, found = called(CASES[name])
    expected = pieces(ARRAYS[name], [array.shape for array in found])
    for what, mine, theirs in zip(names, found, expected, strict=True):
        assert_agree(mine.numpy(), theirs, what)


@pytest.mark.parametrize("build", MODELS)
def test_models_predict_and_train_as_in_keras(build):
    kerasette.utils.clear_session(free_memory=False)
    assert_agree(history(kerasette, build), ARRAYS[build.__name__])


def test_configs_of_layers_made_of_cells_are_those_of_keras():
    kerasette.utils.clear_session(free_memory=False)
    expected = GOLDEN["of_cells"]
    for layer, config in zip(layers_of_cells(kerasette), expected, strict=True):
        assert json.loads(json.dumps(layer.get_config())) == config
        again = type(layer).from_config(config)
        assert json.loads(json.dumps(again.get_config())) == config


@pytest.mark.parametrize("build", [build for build in MODELS if build.__name__ != "with_own_cells"])
def test_models_are_written_and_read(build):
    model = build(kerasette)
    again = kerasette.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    x = draw((BATCH, STEPS, INPUTS), 1)
    for twin in (again, kerasette.models.clone_model(again)):
        twin.set_weights(model.get_weights())
        found, expected = (m.predict(x, batch_size=BATCH, verbose=0) for m in (twin, model))
        assert_agree(found, expected)
        for layer in model.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()


@pytest.mark.parametrize("code", ERRORS)
def test_errors_are_those_of_keras(code):
    kerasette.utils.clear_session(free_memory=False)
    for kind, words in (answer(kerasette, code), GOLDEN["errors"][code]):
        assert kind == "ValueError"
        assert ERRORS[code] in words
