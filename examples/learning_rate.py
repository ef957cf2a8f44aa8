"""The learning rate: what happens when a step is too long.

What you learn: with a large input each step overshoots by more than the last, and the error grows
without bound; a learning rate cures it. There is a largest rate, here 0.5; far below it learning
crawls, above it explodes, and a negative one walks uphill. Nothing stops you from trying.

Figures of the book, weight 0.5, goal 0.8 and input 2: without a rate, errors 0.04, 0.36, 3.24 and
so on up to 5.40340687069e+16 at the 20th step; with rate 0.1, errors 0.0144, 0.005184 and
1.14604719983e-09. It prints these three as the first, second and last, but they are the 2nd, 3rd
and 18th. The errors of the other rates are recomputed.

The book's rate is for half the squared error: `mse` takes half of it.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import config, layers

X, GOAL, START = np.array([[2.0]]), np.array([[0.8]]), np.array([[0.5]])

# The error at the 20th step; three digits.
AT_20 = {
    10: 1.15e59, 1: 5.40e16, 0.6: 1.4e4, 0.5: 0.04, 0.1: 1.49e-10, 0.01: 8.48e-3, 0.001: 3.43e-2,
    0.0001: 3.94e-2, -0.1: 1.4e4,
}  # fmt: skip


def errors_with(alpha, iterations=20):
    """The error before each step."""
    model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([START])
    model.compile(optimizer=kerasette.optimizers.SGD(alpha / 2), loss="mse")
    return model.fit(X, GOAL, epochs=iterations, verbose=0).history["loss"]


def show(alpha, errors, numbers):
    print(f"rate {alpha:g}")
    for number in numbers:
        print(f"  step {number:2d}: error {errors[number - 1]:.12g}")


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)

    errors = errors_with(1)
    show(1, errors, [1, 2, 3, 18, 19, 20])
    printed = [0.04, 0.36, 3.24, 6.67087267987e14, 6.00378541188e15, 5.40340687069e16]
    np.testing.assert_allclose(np.take(errors, [0, 1, 2, 17, 18, 19]), printed, rtol=5e-11)

    errors = errors_with(0.1)
    show(0.1, errors, [1, 2, 3, 18, 20])
    # Optimizers keep their rate in float32, as in Keras: six or seven digits.
    printed = [0.04, 0.0144, 0.005184, 1.14604719983e-09, 1.485277170987127e-10]
    np.testing.assert_allclose(np.take(errors, [0, 1, 2, 17, 19]), printed, rtol=2e-6)

    lines = {}
    for alpha, expected in AT_20.items():
        errors = errors_with(alpha)
        lines[f"rate {alpha:g}"] = errors
        print(f"rate {alpha:7g}: error at the 20th step {errors[-1]:.3g}")
        np.testing.assert_allclose(errors[-1], expected, rtol=0.04)
    # One step multiplies the distance from the goal by 1 - 4 alpha.
    assert max(lines["rate 0.6"]) > max(lines["rate 0.5"]) > 0.99 * 0.04
    pictures.curves("learning_rate", lines, "step", "error", log=True)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
