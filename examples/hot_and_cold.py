"""Hot and cold: learning without derivatives, and how wrong a prediction is.

What you learn: an error is a number that is never negative, and which one you choose says what
matters; a network learns as soon as you try a weight a bit up and a bit down and keep the better.
It costs three predictions a step, and the step has nothing to do with the error, so that a step
too large never arrives.

Figures of the book: error 0.3025; one step of 0.01 with errors .023, .004 and .055; 1,101 steps of
0.001 that begin with error 0.3025, 0.30195025 and end with 1.07995057925e-27 at prediction 0.8;
with steps of 10, predictions 0.25 and 5.25 for ever. (Its one-step listing has 0.1 for 0.01.)
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import config, layers, losses


class OneWeight:
    """A network of one input and one weight, and its error for one known example."""

    def __init__(self, weight, x, goal):
        self.model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1, use_bias=False)])
        self.x, self.goal = np.array([[x]]), goal
        self.weight = weight

    def error(self, weight):
        """Prediction and squared error at a weight."""
        self.model.set_weights([[[weight]]])
        prediction = float(self.model(self.x)[0, 0])
        return prediction, (prediction - self.goal) ** 2

    def try_both_ways(self, step):
        """Moves to the better of weight + step and weight - step."""
        _, up = self.error(self.weight + step)
        _, down = self.error(self.weight - step)
        self.weight += step if up < down else -step
        return up, down


def walk(network, step, iterations):
    """Prediction and error before each of the steps."""
    path = []
    for _ in range(iterations):
        path.append(network.error(network.weight))
        network.try_both_ways(step)
    return path


def show_errors():
    squared, absolute = losses.MeanSquaredError(), losses.MeanAbsoluteError()
    error = float(squared([0.8], [0.5 * 0.5]))
    print(f"knob 0.5, input 0.5, goal 0.8: squared error {error:g}")
    assert abs(error - 0.3025) < 1e-15
    for miss in (10.0, 0.01):
        by_square, by_size = float(squared([0.0], [miss])), float(absolute([0.0], [miss]))
        print(f"  off by {miss:g}: squared {by_square:g}, absolute {by_size:g}")
        np.testing.assert_allclose([by_square, by_size], [miss**2, miss], rtol=1e-12)
    # Errors of both signs must not cancel.
    assert float(absolute([0.0, 0.0], [1000.0, -1000.0])) == 1000


def show_one_step():
    network = OneWeight(weight=0.1, x=8.5, goal=1.0)
    _, here = network.error(0.1)
    up, down = network.try_both_ways(0.01)
    print(f"one step: here {here:.6f}, up {up:.6f}, down {down:.6f}; weight {network.weight:g}")
    np.testing.assert_allclose([here, up, down], [0.0225, 0.004225, 0.055225], rtol=1e-12)
    assert network.weight == 0.1 + 0.01


def show_walk(step, iterations=1101):
    path = walk(OneWeight(weight=0.5, x=0.5, goal=0.8), step, iterations)
    print(f"steps of {step:g}")
    for i in (0, 1, iterations - 2, iterations - 1):
        print(f"  {i + 1:4d}: error {path[i][1]:.12g}, prediction {path[i][0]:.12g}")
    return path


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    show_errors()
    show_one_step()

    fine = show_walk(0.001)
    first_two, last_two = [[0.25, 0.3025], [0.2505, 0.30195025]], [0.7995, 2.50000000033e-07]
    np.testing.assert_allclose(fine[:2], first_two, rtol=1e-12)
    np.testing.assert_allclose(fine[-2], last_two, rtol=1e-11)
    # The printed error is made of roundings alone, and every one of them is the same here.
    assert fine[-1][1] == 1.0799505792475652e-27

    coarse = show_walk(0.2)
    np.testing.assert_allclose([p for p, _ in coarse[5:9]], [0.75, 0.85] * 2, rtol=1e-12)
    np.testing.assert_allclose([e for _, e in coarse[5:]], 0.0025, rtol=1e-9)
    wild = show_walk(10)
    np.testing.assert_allclose(wild, [[0.25, 0.3025], [5.25, 19.8025]] * 550 + [wild[0]])

    lines = {f"step {s}": [p for p, _ in w] for s, w in ((0.2, coarse), (0.001, fine))}
    pictures.curves("hot_and_cold", lines, "iteration", "prediction (goal 0.8)")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
