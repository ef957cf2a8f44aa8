"""Scaling the features: round level lines, fewer steps.

What you learn: a feature with large numbers makes the error steep in the direction of its weight
and flat in the others; the rate must suit the steepest, and the flat ones take for ever. With all
features at the same scale the level lines of the error are circles.

A lecture shows the level lines without figures. Here two features, one of them 30 times as large
as the other, each network at the best rate for a quadratic error, 2 / (largest + smallest
curvature): hundreds of times as many steps as with scaled features.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import callbacks, config, layers, optimizers

N, STRETCH, GOOD = 200, 30.0, 1e-6


def make_data():
    rng = np.random.RandomState(0)
    x = rng.standard_normal((N, 2)) * [1.0, STRETCH]
    return x, x @ np.array([2.0, -0.1])


def curvatures(x):
    """Of the mean squared error, along its axes."""
    return np.linalg.eigvalsh(2 * x.T @ x / len(x))


class StopWhenGood(callbacks.Callback):
    """Ends the training at a small loss, and keeps the way of the weights."""

    def on_train_begin(self, logs=None):
        self.path = [self.model.get_weights()[0].ravel()]

    def on_epoch_end(self, epoch, logs=None):
        self.path.append(self.model.get_weights()[0].ravel())
        self.model.stop_training = logs["loss"] < GOOD


def train(x, y, epochs=20000):
    """Steps that it took, and the way of the weights."""
    flattest, steepest = curvatures(x)
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.zeros((2, 1))])
    model.compile(optimizer=optimizers.SGD(2 / (steepest + flattest)), loss="mse")
    watch = StopWhenGood()
    model.fit(x, y, batch_size=N, epochs=epochs, shuffle=False, callbacks=[watch], verbose=0)
    return len(watch.path) - 1, np.array(watch.path)


def draw_level_lines(panel, x, y, path, title):
    best = np.linalg.lstsq(x, y)[0]
    width = 1.5 * abs(path - best).max()
    first, second = (np.linspace(b - width, b + width, 100) for b in best)
    grid = np.array(np.meshgrid(first, second))
    errors = np.mean((np.tensordot(x, grid, 1) - y[:, None, None]) ** 2, axis=0)
    panel.contour(first, second, errors, 12)
    panel.plot(*path[:50].T, "o-", markersize=3)
    panel.set(title=title, xlabel="first weight", ylabel="second weight", aspect="equal")


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    x, y = make_data()
    scaled = x / x.std(axis=0)
    found = {}
    for title, features in (("as they are", x), ("scaled", scaled)):
        flattest, steepest = curvatures(features)
        steps, path = train(features, y)
        found[title] = features, y, path, title
        print(f"{title}: curvatures {flattest:.3g} and {steepest:.3g}, {steps} steps")
    steps = [len(path) - 1 for _, _, path, _ in found.values()]
    assert steps[0] > 100 * steps[1]

    def draw(panels):
        for panel, case in zip(panels, found.values()):
            draw_level_lines(panel, *case)

    pictures.save("scaling_features", draw, columns=2)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
