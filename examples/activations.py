"""Activation functions: what each does, its slope, and what makes a function fit for it.

What you learn: the activations that textbooks name, drawn with their slopes; how to write one of
your own from `ops`, with its gradient for nothing; why the slope can be had from the output, which
is cheap.

What the sources ask of an activation: continuous and defined everywhere; better monotonic; not
linear; cheap, slope included.
"""

import numpy as np
from pictures import Pictures

from kerasette import GradientTape, activations, ops
from kerasette.testing import check_gradients

# ---- of our own, from ops ------------------------------------------------------------------


def unit_step(x):
    """0, 1, and 0.5 between them."""
    return (ops.sign(x) + 1) / 2


def piecewise_linear(x):
    """0 below -1/2, 1 above 1/2, a straight line between them."""
    return ops.clip(x + 0.5, 0, 1)


FUNCTIONS = {
    "unit step": unit_step,
    "sign": ops.sign,
    "linear": activations.linear,
    "piecewise linear": piecewise_linear,
    "logistic": activations.sigmoid,
    "tanh": activations.tanh,
    "ReLU": activations.relu,
    "softplus": activations.softplus,
    "leaky ReLU": activations.leaky_relu,
}
STEPS = ("unit step", "sign")

# The same in NumPy, and the slope: from the output alone where that can be.
EXPECTED = {
    "unit step": lambda x: np.heaviside(x, 0.5),
    "sign": np.sign,
    "linear": lambda x: x,
    "piecewise linear": lambda x: np.minimum(np.maximum(x + 0.5, 0), 1),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "ReLU": lambda x: x * (x > 0),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "leaky ReLU": lambda x: np.where(x > 0, x, 0.2 * x),
}
SLOPES_FROM_OUTPUT = {
    "linear": lambda out: np.ones_like(out),
    "logistic": lambda out: out * (1 - out),
    "tanh": lambda out: 1 - out**2,
    "ReLU": lambda out: out > 0,
    "softplus": lambda out: 1 - np.exp(-out),
    "leaky ReLU": lambda out: np.where(out > 0, 1, 0.2),
}


def values_and_slopes(function, x):
    x = ops.convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    # Steps are flat wherever they have a slope: they pass no gradient on.
    return y.numpy(), tape.gradient(y, x, unconnected_gradients="zero").numpy()


def show(name, function):
    # No kink among the points.
    x = np.linspace(-5, 5, 102)
    y, slopes = values_and_slopes(function, x)
    np.testing.assert_allclose(y, EXPECTED[name](x), rtol=1e-12, atol=1e-15)
    if name in SLOPES_FROM_OUTPUT:
        np.testing.assert_allclose(slopes, SLOPES_FROM_OUTPUT[name](y), rtol=1e-10, atol=1e-15)
    if name not in (*STEPS, "linear"):
        check_gradients(function, [x])
        assert np.all(np.isfinite(function(ops.convert_to_tensor([-1e30, 1e30])).numpy()))
    assert np.all(np.diff(y) >= 0), "monotonic"
    print(f"{name:17s} from {y.min():8.4f} to {y.max():7.4f}, slopes up to {slopes.max():.2f}")
    return x, y, slopes


def draw_all(panels, found):
    for panel, (name, (x, y, slopes)) in zip(panels, found.items()):
        panel.plot(x, y, label=name)
        panel.plot(x, slopes, "--", label="slope")
        panel.set_ylim(-1.5, 3)
        panel.legend()


def main():
    pictures = Pictures.from_arguments(__doc__)
    found = {name: show(name, function) for name, function in FUNCTIONS.items()}
    assert float(unit_step(0.0)) == 0.5
    assert found["logistic"][2].max() < 0.25 + 1e-12 < found["tanh"][2].max()
    pictures.save("activations", lambda panels: draw_all(panels, found), rows=3, columns=3)


if __name__ == "__main__":
    main()
