"""How long a step? Let the function say, and when to stop, too.

What you learn: gradient descent of your own on the weights of a model; steps that are shortened
until they pay (Armijo), or also lengthened until the slope has flattened (Wolfe); three rules of
when to stop, each relative to the start: by how far the point moves, by how much the value falls,
by how long the gradient still is.

A lecture has these rules for the training of a single-layer classifier, without figures. The
oracle here is SciPy's minimizer on the same function.
"""

import numpy as np
from pictures import Pictures
from scipy.optimize import minimize
from sklearn.datasets import load_breast_cancer

from kerasette import GradientTape, config, layers, losses, ops

PENALTY = 1e-3


class Objective:
    """Mean logarithmic loss of one neuron plus a penalty, by its weights in one vector."""

    def __init__(self):
        x, y = load_breast_cancer(return_X_y=True)
        self.x = (x - x.mean(axis=0)) / x.std(axis=0)
        self.y = y[:, None].astype("float64")
        self.neuron = layers.Dense(1, activation="sigmoid", kernel_initializer="zeros")
        self.neuron.build(self.x.shape)
        self.loss = losses.BinaryCrossentropy()
        self.evaluations = 0

    def __call__(self, point):
        """Value and gradient."""
        self.evaluations += 1
        self.neuron.set_weights([point[:-1, None], point[-1:]])
        weights = self.neuron.trainable_weights
        with GradientTape() as tape:
            value = self.loss(self.y, self.neuron(self.x))
            value = value + PENALTY * ops.sum(ops.square(self.neuron.kernel))
        gradients = [g.numpy().ravel() for g in tape.gradient(value, weights)]
        return float(value), np.concatenate(gradients)


def armijo(f, point, value, gradient, share=1e-4, first=8.0):
    """The first of first, first / 2, ... that gains a share of what the slope promises."""
    step = first
    while f(point - step * gradient)[0] > value - share * step * gradient @ gradient:
        step /= 2
    return step


def wolfe(f, point, value, gradient, share=1e-4, flatness=0.4):
    """A step that gains enough, and after which the slope is at most `flatness` of what it was."""
    low, high, step, slope = 0.0, np.inf, 1.0, gradient @ gradient
    while True:
        new_value, new_gradient = f(point - step * gradient)
        if new_value > value - share * step * slope:
            high = step
        elif new_gradient @ gradient > flatness * slope:
            low = step
        else:
            return step
        step = 2 * low if high == np.inf else (low + high) / 2


def descend(f, choose_step, watched, tolerance, most=20000):
    """Values on the way, until what is watched has become small beside what it was at first.

    That is how far the "point" moved, by how much the "value" fell, or the "gradient"'s length.
    """
    point = np.zeros(31)
    value, gradient = f(point)
    values, sizes = [value], []
    while len(values) <= most:
        step = choose_step(f, point, value, gradient)
        move, drop, slope = step * np.linalg.norm(gradient), value, np.linalg.norm(gradient)
        point = point - step * gradient
        value, gradient = f(point)
        values.append(value)
        sizes.append({"point": move, "value": abs(drop - value), "gradient": slope}[watched])
        if sizes[-1] <= tolerance * sizes[0]:
            break
    return np.array(values)


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    f = Objective()
    best = minimize(f, np.zeros(31), jac=True, method="L-BFGS-B", options={"gtol": 1e-9}).fun
    print(f"SciPy's minimum {best:.8f}")

    curves = {}
    strategies = {"fixed 0.4": lambda *_: 0.4, "Armijo": armijo, "Wolfe": wolfe}
    for name, strategy in strategies.items():
        f.evaluations = 0
        curves[name] = descend(f, strategy, "gradient", 1e-4) - best
        print(f"{name:9s}: {len(curves[name]) - 1:5d} steps, {f.evaluations:5d} evaluations")
        assert -1e-12 < curves[name][-1] < 1e-5
    assert len(curves["Wolfe"]) < len(curves["fixed 0.4"]) / 4
    assert len(curves["Armijo"]) < len(curves["fixed 0.4"]) / 4

    for watched, tolerance in (("point", 1e-3), ("value", 1e-6), ("gradient", 1e-3)):
        left = descend(f, wolfe, watched, tolerance) - best
        print(f"stopped by the {watched}: {len(left) - 1} steps, {left[-1]:.1e} too high")
        assert left[-1] < 0.01
    pictures.curves("line_search", curves, "step", "value above the minimum", log=True)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
