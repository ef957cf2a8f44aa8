"""Recurrent layers one step and one row at a time, from their equations, in float64.

An oracle for the core's ops. Gradients are not here: they are checked against differences.
"""

import numpy as np

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


def gate_columns(weights, gate, units):
    return weights[..., gate * units : (gate + 1) * units]


def simple_rnn_step(x, states, w, options):
    (h,) = states
    k, r, b = w
    return (options["f"](x @ k + (h * options["factors"][0]) @ r + b),)


def lstm_step(x, states, w, options):
    h, c = states
    k, r, b = w
    units = len(h)
    i, f, g, o = (
        x @ gate_columns(k, gate, units)
        + (h * options["factors"][gate]) @ gate_columns(r, gate, units)
        + gate_columns(b, gate, units)
        for gate in range(4)
    )
    s = options["s"]
    c = s(f) * c + s(i) * options["f"](g)
    return s(o) * options["f"](c), c


def gru_step(x, states, w, options):
    (h,) = states
    k, r, b = w
    units = len(h)
    after = options["reset_after"]
    outer, inner = b if after else (b, np.zeros_like(b))
    seen = [h * factor for factor in options["factors"]]

    def of_input(gate):
        return x @ gate_columns(k, gate, units) + gate_columns(outer, gate, units)

    def of_state(gate, state):
        return state @ gate_columns(r, gate, units) + gate_columns(inner, gate, units)

    z = options["s"](of_input(0) + of_state(0, seen[0]))
    reset = options["s"](of_input(1) + of_state(1, seen[1]))
    if after:
        g = of_input(2) + reset * of_state(2, seen[2])
    else:
        g = of_input(2) + of_state(2, reset * seen[2])
    return (z * h + (1 - z) * options["f"](g),)


STEPS = {"simple_rnn": (simple_rnn_step, 1), "lstm": (lstm_step, 4), "gru": (gru_step, 3)}


def run_row(op, x, states, w, mask, options):
    """The outputs of a row's steps, and the states after the last one."""
    step, _ = STEPS[op]
    outputs, output = [], np.zeros_like(states[0])
    order = range(len(x))[::-1] if options["go_backwards"] else range(len(x))
    for time in order:
        if mask[time]:
            states = step(x[time], states, w, options)
            output = states[0]
        elif options["zero_output_for_mask"]:
            output = np.zeros_like(output)
        outputs.append(output)
    return np.stack(outputs), states


def run(
    op, x, kernel, recurrent_kernel, bias=None, *states, activation="tanh",
    recurrent_activation="sigmoid", reset_after=True, mask=None, recurrent_factor=None,
    go_backwards=False, return_sequences=False, zero_output_for_mask=False,
):  # fmt: skip
    """What the op of that name returns."""
    batch, steps, _ = x.shape
    units, gates = len(recurrent_kernel), STEPS[op][1]
    if bias is None:
        bias = np.zeros((2, gates * units) if op == "gru" and reset_after else gates * units)
    states = list(states) + [None] * ((2 if op == "lstm" else 1) - len(states))
    states = [np.zeros((batch, units)) if state is None else state for state in states]
    mask = np.ones((batch, steps), bool) if mask is None else mask
    factor = np.ones((batch, units)) if recurrent_factor is None else recurrent_factor
    factors = factor if factor.ndim == 3 else np.stack([factor] * gates)
    options = {
        "f": ACTIVATIONS[activation],
        "s": ACTIVATIONS[recurrent_activation],
        "reset_after": reset_after,
        "go_backwards": go_backwards,
        "zero_output_for_mask": zero_output_for_mask,
    }
    rows = [
        run_row(
            op, x[row], [state[row] for state in states], (kernel, recurrent_kernel, bias),
            mask[row], options | {"factors": factors[:, row]},
        )
        for row in range(batch)
    ]  # fmt: skip
    outputs = np.stack([output for output, _ in rows])
    last = [np.stack([final[i] for _, final in rows]) for i in range(len(states))]
    return (outputs if return_sequences else outputs[:, -1], *last)
