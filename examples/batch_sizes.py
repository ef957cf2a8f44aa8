"""Batches: one sample, some, or all of them for each step.

What you learn: an epoch is one pass over all samples, whatever the size of a batch. Small batches
make many cheap and noisy steps, the whole data one smooth step; in between, the noise averages
out, larger rates are possible, and a pass takes less time.

The three ways of a book on the street lights, at rate 0.1 for 40 passes: sample by sample it
prints errors from 2.6561231104 to 0.000533736773285; all at once comes to 0.12365 with weights
.2839, 1.0211, -.1715 (recomputed). Then digits: time, and how much the loss jumps.
"""

import time

import numpy as np
from pictures import Pictures
from sklearn.datasets import load_digits

import kerasette
from kerasette import config, layers, optimizers

LIGHTS = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]], "float64")
WALK = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])


def street_lights(batch_size):
    """The summed squared error before the last pass's steps, and the weights."""
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.array([[0.5], [0.48], [-0.7]])])
    # Half the squared error at rate 0.1; the gradient is the mean over the batch.
    model.compile(optimizer=optimizers.SGD(0.05), loss="mse")
    fitted = model.fit(LIGHTS, WALK, batch_size=batch_size, epochs=40, shuffle=False, verbose=0)
    return 6 * fitted.history["loss"][-1], model.get_weights()[0].ravel()


def show_street_lights():
    errors = {}
    for size in (1, 2, 6):
        errors[size], weights = street_lights(size)
        print(f"batches of {size}: error {errors[size]:.6g}, weights {weights.round(4)}")
    np.testing.assert_allclose(errors[1], 0.000533736773285, rtol=2e-6)
    np.testing.assert_allclose(errors[6], 0.12365, atol=6e-6)
    np.testing.assert_allclose(weights, [0.2839, 1.0211, -0.1715], atol=6e-5)
    assert errors[1] < errors[2] < errors[6]


def digits(batch_size, epochs):
    """The loss on all samples after each pass, and seconds of a pass."""
    x, y = load_digits(return_X_y=True)
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input((64,)),
            layers.Dense(30, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
    losses, seconds = [], 0.0
    for _ in range(epochs):
        start = time.perf_counter()
        model.fit(x / 16, y, batch_size=batch_size, verbose=0)
        seconds += time.perf_counter() - start
        losses.append(model.evaluate(x / 16, y, verbose=0))
    return np.array(losses), seconds / epochs


def show_digits(pictures):
    curves, jumps = {}, {}
    for size in (1, 32, 1797):
        losses, seconds = digits(size, epochs=30)
        curves[f"batches of {size}"] = losses
        # How far each loss is from the line between its neighbours.
        jumps[size] = np.abs(losses[1:-1] - (losses[:-2] + losses[2:]) / 2).mean()
        print(f"batches of {size:4d}: loss {losses[-1]:.4f}, {1000 * seconds:.1f} ms a pass")
    print("jumps of the loss:", {size: float(f"{jump:.2g}") for size, jump in jumps.items()})
    assert min(jumps[1], jumps[32]) > 10 * jumps[1797]
    pictures.curves("batch_sizes", curves, "pass", "loss", log=True)


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    show_street_lights()
    show_digits(pictures)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
