"""Recurrent layers step by step in NumPy: what the layers and their ops are compared with."""

import numpy as np

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


def simple_step(x, states, weights, activation, recurrent_activation=None, factors=1):
    kernel, recurrent, bias = weights
    h = ACTIVATIONS[activation](x @ kernel + bias + (states[0] * factors) @ recurrent)
    return h, [h]


def lstm_step(x, states, weights, activation, recurrent_activation, factors=1):
    kernel, recurrent, bias = weights
    act, gate = ACTIVATIONS[activation], ACTIVATIONS[recurrent_activation]
    h, c = states
    i, f, g, o = np.split(x @ kernel + (h * factors) @ recurrent + bias, 4, 1)
    c = gate(f) * c + gate(i) * act(g)
    h = gate(o) * act(c)
    return h, [h, c]


def gru_step(x, states, weights, activation, recurrent_activation, factors=1, reset_after=True):
    kernel, recurrent, bias = weights
    act, gate = ACTIVATIONS[activation], ACTIVATIONS[recurrent_activation]
    (h,) = states
    first, second = bias if reset_after and np.ndim(bias) == 2 else (bias, 0)
    x_z, x_r, x_h = np.split(x @ kernel + first, 3, 1)
    r_z, r_r, r_h = np.split((h * factors) @ recurrent + second, 3, 1)
    z, r = gate(x_z + r_z), gate(x_r + r_r)
    if not reset_after:
        r_h = (r * h * factors) @ recurrent[:, 2 * h.shape[1] :]
    else:
        r_h = r * r_h
    h = z * h + (1 - z) * act(x_h + r_h)
    return h, [h]


def walk(step, x, states, mask=None, go_backwards=False, zero_output_for_mask=False):
    """All outputs in the order walked, and the last states."""
    outputs = []
    output = np.zeros_like(states[0])
    order = range(x.shape[1])
    for place in reversed(order) if go_backwards else order:
        found, new = step(x[:, place], states)
        if mask is None:
            output, states = found, new
        else:
            kept = mask[:, place, None]
            output = np.where(kept, found, 0 if zero_output_for_mask else output)
            states = [np.where(kept, *pair) for pair in zip(new, states, strict=True)]
        outputs.append(output)
    return np.stack(outputs, 1), states


STEPS = {"SimpleRNN": simple_step, "LSTM": lstm_step, "GRU": gru_step}


def layer_values(name, x, weights, activation="tanh", recurrent_activation="sigmoid", **mode):
    """All outputs of a layer without initial states, in its default mode or another."""

    def step(inputs, states):
        return STEPS[name](inputs, states, weights, activation, recurrent_activation)

    units = weights[1].shape[0]
    states = [np.zeros((len(x), units))] * (2 if name == "LSTM" else 1)
    return walk(step, x, states, **mode)[0]
