"""Neural networks in pictures: straight lines, and lines that are broken.

What you learn: one neuron without activation is a straight line, and its weight and bias can be
read back; five of them with a sixth that sums up are still a straight line; with ReLU each of them
may bend the line once, and enough bends look like a sine.

An article shows each of these as a picture of target and prediction, without figures. The best
line is compared with NumPy's least squares.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import layers, optimizers

X = np.linspace(-3, 3, 601)


def fit(y, hidden=0, activation=None, epochs=60, rate=0.01):
    """The model after training: one neuron, or a layer of `hidden` before it."""
    kerasette.utils.set_random_seed(4)
    stack = [layers.Dense(hidden, activation=activation)] if hidden else []
    model = kerasette.Sequential([kerasette.Input((1,)), *stack, layers.Dense(1)])
    model.compile(optimizer=optimizers.Adam(rate), loss="mse")
    model.fit(X, y, batch_size=20, epochs=epochs, verbose=0)
    return model


def predicted(model):
    return model.predict(X, verbose=0)[:, 0]


def n_bends(y):
    """How often the slope changes: neighbouring places where it does count once."""
    curvature = abs(np.diff(y, 2))
    at = np.flatnonzero(curvature > 1e-4)
    return 0 if len(at) == 0 else 1 + int((np.diff(at) > 1).sum())


def mean_square(y):
    return float(np.mean(y**2))


def show_one_neuron():
    model = fit(2 * X + 3)
    (weight,), bias = model.get_weights()
    print(f"target 2x + 3, the neuron says {weight[0]:.4f} x + {bias[0]:.4f}")
    np.testing.assert_allclose([weight[0], bias[0]], [2, 3], atol=1e-3)


def show_best_lines():
    rng = np.random.RandomState(0)
    targets = {"noisy line": 0.5 * X + rng.normal(0, 0.5, X.shape), "parabola": X**2 / 4 + X}
    found = {}
    for name, y in targets.items():
        y_line = predicted(fit(y, rate=0.003))
        best = np.polyval(np.polyfit(X, y, 1), X)
        print(f"{name}: at most {abs(y_line - best).max():.3f} from the best line")
        assert abs(y_line - best).max() < 0.1
        found[name] = y, y_line
    return found


def show_linear_layers():
    y = np.sin(X)
    y_line = predicted(fit(y, hidden=5))
    print(f"five linear neurons and a sixth: {n_bends(y_line)} bends")
    assert n_bends(y_line) == 0
    return y, y_line


def show_broken_lines():
    y, found, errors = np.sin(X), {}, []
    for hidden in (1, 2, 5, 40):
        model = fit(y, hidden, "relu", epochs=150)
        y_line = predicted(model)
        errors.append(mean_square(y_line - y))
        print(f"{hidden} neurons with ReLU: {n_bends(y_line)} bends, error {errors[-1]:.5f}")
        # A neuron bends where what goes into its ReLU is 0, and nowhere else.
        assert n_bends(y_line) <= hidden
        found[f"sine, {hidden} neurons"] = y, y_line
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-3
    return found


def main():
    pictures = Pictures.from_arguments(__doc__)
    show_one_neuron()
    found = show_best_lines()
    found["sine, five linear neurons"] = show_linear_layers()
    found |= show_broken_lines()

    def draw(panels):
        for panel, (name, (y, y_line)) in zip(panels, found.items()):
            panel.plot(X, y, label="target")
            panel.plot(X, y_line, label="prediction")
            panel.set_title(name)
        panels[0].legend()

    pictures.save("fitting_lines", draw, rows=2, columns=4)


if __name__ == "__main__":
    main()
