"""Recurrent layers step by step in NumPy: what the layers and their ops are compared with."""

import numpy as np

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: (1 + np.tanh(x / 2)) / 2,
    "tanh": np.tanh,
}


def product(x, w, factors=None):
    """x times factors, which may be a list with one for each gate, times w."""
    if not isinstance(factors, list):
        return (x if factors is None else x * factors) @ w
    parts = np.split(w, len(factors), 1)
    return np.concatenate([(x * f) @ part for f, part in zip(factors, parts, strict=True)], 1)


def simple_step(x, states, weights, activation, recurrent_activation=None, factors=(None, None)):
    kernel, recurrent, bias = weights
    z = product(x, kernel, factors[0]) + bias + product(states[0], recurrent, factors[1])
    h = ACTIVATIONS[activation](z)
    return h, [h]


def lstm_step(x, states, weights, activation, recurrent_activation, factors=(None, None)):
    kernel, recurrent, bias = weights
    act, gate = ACTIVATIONS[activation], ACTIVATIONS[recurrent_activation]
    h, c = states
    z = product(x, kernel, factors[0]) + product(h, recurrent, factors[1]) + bias
    i, f, g, o = np.split(z, 4, 1)
    c = gate(f) * c + gate(i) * act(g)
    h = gate(o) * act(c)
    return h, [h, c]


def gru_step(x, states, weights, activation, recurrent_activation, factors=(None, None)):
    """The reset gate comes after the product if the bias has two rows, else before it."""
    kernel, recurrent, bias = weights
    act, gate = ACTIVATIONS[activation], ACTIVATIONS[recurrent_activation]
    (h,) = states
    reset_after = np.ndim(bias) == 2
    first, second = bias if reset_after else (bias, 0)
    x_z, x_r, x_h = np.split(product(x, kernel, factors[0]) + first, 3, 1)
    r_z, r_r, r_h = np.split(product(h, recurrent, factors[1]) + second, 3, 1)
    z, r = gate(x_z + r_z), gate(x_r + r_r)
    if reset_after:
        r_h = r * r_h
    else:
        factor = factors[1][2] if isinstance(factors[1], list) else factors[1]
        r_h = product(r * h, recurrent[:, 2 * h.shape[1] :], factor)
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


def layer_values(name, x, weights, **arguments):
    """All outputs of a layer without initial states."""
    return layer_outputs(name, x, weights, **arguments)[0]


def layer_outputs(
    name,
    x,
    weights,
    states=None,
    activation="tanh",
    recurrent_activation="sigmoid",
    factors=(None, None),
    **mode,
):
    """All outputs and the last states of a layer."""

    def step(inputs, states):
        return STEPS[name](inputs, states, weights, activation, recurrent_activation, factors)

    zeros = [np.zeros((len(x), weights[1].shape[0]), x.dtype)] * (2 if name == "LSTM" else 1)
    return walk(step, x, states or zeros, **mode)
