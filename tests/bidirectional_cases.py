"""Bidirectional layers in all modes, for Keras and for kerasette alike, and what they show."""

import json

import numpy as np
from mask_cases import array, mask_of, masked, wave, with_weights
from seen_cases import observed

BATCH, STEPS, INPUTS = 4, 5, 2
MASK = np.array([[1, 1, 1, 0, 0], [1] * 5, [0, 1, 0, 1, 1], [0] * 5], bool)
X = np.where(MASK[..., None], wave(BATCH, STEPS, INPUTS), np.float32(0))


def lstm(keras, **arguments):
    return keras.layers.LSTM(3, **arguments)


def gru(keras, **arguments):
    return keras.layers.GRU(2, **arguments)


def gru_before(keras, **arguments):
    return keras.layers.GRU(3, reset_after=False, name="forward_gru", **arguments)


def simple(keras, **arguments):
    return keras.layers.SimpleRNN(3, activation="relu", **arguments)


def softsign(keras, **arguments):
    return keras.layers.LSTM(2, activation="softsign", unit_forget_bias=False, **arguments)


def cells(keras, **arguments):
    layers = keras.layers
    return layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], **arguments)


SEQUENCES, STATES = {"return_sequences": True}, {"return_state": True}
# What makes a layer, its arguments, those of `Bidirectional`, and whether its inputs have a mask.
TRAINED = {
    "lstm": (lstm, {}, {}, False),
    "lstm_sequences": (lstm, SEQUENCES, {}, True),
    "lstm_states": (lstm, STATES, {"merge_mode": "ave"}, True),
    "lstm_both": (lstm, SEQUENCES | STATES, {"merge_mode": None}, True),
    "gru": (gru, {}, {"merge_mode": "sum"}, True),
    "gru_sequences": (gru, SEQUENCES, {"merge_mode": "mul"}, False),
    "gru_before": (gru_before, SEQUENCES, {"merge_mode": "sum"}, True),
    "simple": (simple, {}, {"merge_mode": None}, False),
    "simple_sequences": (simple, SEQUENCES, {"merge_mode": "ave"}, True),
    "simple_mul": (simple, {}, {"merge_mode": "mul"}, True),
    "softsign": (softsign, SEQUENCES | STATES, {"merge_mode": "concat"}, True),
    "unrolled": (lstm, {"unroll": True} | SEQUENCES, {"merge_mode": "concat"}, False),
    "cells": (cells, SEQUENCES, {"merge_mode": "concat", "name": "both"}, True),
    "backwards_first": (gru, {"go_backwards": True}, "other", True),
    "other_backward_layer": (lstm, SEQUENCES, "other", True),
}

# They are long.
WITH_CONFIG = ("lstm_both", "cells", "other_backward_layer")


def network(keras, make, arguments, given, is_masked):
    """A bidirectional layer between others; a layer of its own goes backwards for "other"."""
    layers = keras.layers
    if given == "other":
        back = not arguments.get("go_backwards", False)
        other = {**arguments, "go_backwards": back, "activation": "softsign"}
        given = {"backward_layer": layers.SimpleRNN(4, name="back", **other)}
    inputs = keras.Input((STEPS, INPUTS))
    x = layers.Masking()(inputs) if is_masked else inputs
    x = layers.Dense(3)(x)
    return keras.Model(inputs, layers.Bidirectional(make(keras, **arguments), **given)(x))


def trained(keras, name):
    """Paths, shapes and config of a layer, outputs and masks, and three steps of training."""
    model = with_weights(network(keras, *TRAINED[name]))
    before = listed(model(X))
    model.compile(keras.optimizers.SGD(0.5), ["mse"] * len(before))
    y = [wave(*output.shape, phase=3.0 + i) for i, output in enumerate(before)]
    y = y if len(y) > 1 else y[0]
    losses = [model.train_on_batch(X, y) for _ in range(3)]
    config = json.dumps(described(model.layers[-1].get_config()))
    return {
        "paths": [w.path for w in model.weights],
        # Keras's is wrong where the layers have different sizes.
        "shapes": None if "backward" in name else str(model.output_shape),
        "config": config if name in WITH_CONFIG else None,
        "before": [array(keras, one) for one in before],
        "masks": [mask_of(keras, one) for one in before],
        "losses": np.asarray(losses, "float32"),
        "weights": np.concatenate([w.ravel() for w in model.get_weights()]),
        "after": [array(keras, one) for one in listed(model(X))],
    }


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def described(config):
    """A config without the name of the library."""
    if isinstance(config, dict):
        return {key: described(item) for key, item in sorted(config.items()) if key != "module"}
    return [described(item) for item in config] if isinstance(config, (list, tuple)) else config


def built(keras, layer):
    layer.build((BATCH, STEPS, INPUTS))
    layer.set_weights([0.5 * wave(*w.shape, phase=i) for i, w in enumerate(layer.weights)])
    return layer


def shown(keras, outputs):
    """Values and masks of outputs."""
    outputs = listed(outputs)
    return {
        "values": [array(keras, one) for one in outputs],
        "masks": [mask_of(keras, one) for one in outputs],
    }


def initial_states(keras):
    """States that are given; the mask that inputs carry does not count then."""
    found = {}
    for make, n_states, units in ((lstm, 4, 3), (gru, 2, 2), (simple, 2, 3)):
        layer = built(keras, keras.layers.Bidirectional(make(keras, **SEQUENCES, **STATES)))
        states = [wave(BATCH, units, phase=i) for i in range(n_states)]
        states = [keras.ops.convert_to_tensor(state) for state in states]
        found[make.__name__] = {
            "plain": shown(keras, layer(X, initial_state=states)),
            "masked": shown(keras, layer(masked(keras, X, MASK), initial_state=states)),
            "by_hand": shown(keras, layer(X, initial_state=states, mask=MASK)),
        }
    inputs, state = keras.Input((STEPS, INPUTS)), keras.Input((3,))
    layer = keras.layers.Bidirectional(simple(keras))
    model = with_weights(keras.Model([inputs, state], layer(inputs, initial_state=[state, state])))
    found["graph"] = array(keras, model([X, wave(BATCH, 3)]))
    return found


def states_that_go_on(keras):
    """A stateful layer: two calls, and one after it has been reset."""
    found = {}
    for make in (lstm, gru):
        layer = keras.layers.Bidirectional(make(keras, stateful=True, **SEQUENCES))
        built(keras, layer)
        before = [list(state.shape) for state in layer.states]
        first, second = (array(keras, layer(X)) for _ in range(2))
        states = [array(keras, state) for state in layer.states]
        layer.reset_state()
        found[make.__name__] = {
            "first": first, "second": second, "shapes": str(before), "states": states,
            "again": array(keras, layer(masked(keras, X, MASK))),
        }  # fmt: skip
    return found


def of_a_built_layer(keras):
    """The layers are copies with weights of their own, built if the layer was."""
    inner = built(keras, lstm(keras, name="mine"))
    layer = keras.layers.Bidirectional(inner)
    return {
        "names": [layer.forward_layer.name, layer.backward_layer.name],
        "built": [str(layer.forward_layer.built), str(layer.built)],
        "flags": [str(layer.forward_layer.go_backwards), str(layer.backward_layer.go_backwards)],
        "spec": repr(layer.input_spec),
        "shape": str(layer.compute_output_shape((None, None, 2))),
    }


OTHERS = {case.__name__: case for case in (initial_states, states_that_go_on, of_a_built_layer)}
NAMES = [f"bidirectional_{name}" for name in [*TRAINED, *OTHERS]]


def observe(keras, name):
    """What a case shows, as one flat dict of arrays, texts and None."""
    short = name.removeprefix("bidirectional_")
    case = OTHERS.get(short) or (lambda keras: trained(keras, short))
    return observed(keras, name, case)
