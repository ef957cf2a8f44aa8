"""Recurrent layers against Keras: outputs, states and gradients in all modes; models; configs."""

import json

import pytest
from agreement import assert_agree, golden_arrays, golden_json
from recurrent_cases import (
    BATCH,
    INPUTS,
    MODELS,
    STEPS,
    draw,
    history,
    layers_of_cells,
    pieces,
    table,
)

import kerasette
from kerasette import GradientTape, ops

ARRAYS = golden_arrays("recurrent.npz")
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
    expected = golden_json("recurrent.json")["of_cells"]
    for layer, config in zip(layers_of_cells(kerasette), expected, strict=True):
        assert json.loads(json.dumps(layer.get_config())) == config
        again = type(layer).from_config(config)
        assert json.loads(json.dumps(again.get_config())) == config
