"""Gradient descent on one weight: direction and amount from the error itself.

What you learn: the derivative of the error says which way to go and how far; multiplied by the
input it stops where the input is 0, turns round where it is negative, and grows with it. Then the
same by `fit`, watched by a callback.

Figures of the book, from its error (prediction - goal)^2, whose derivative it takes without the
factor 2: twenty steps with errors 0.3025, 0.17015625, 0.095712890625, ..., 5.40820802026e-06; four
steps that overshoot and come back, with weights 0, 0.88, 0.6952, 0.734008. For the four steps in
between it prints none: recomputed.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import GradientTape, Variable, callbacks, config, layers, ops


def descend(weight, goal, x, iterations, alpha=1.0):
    """For each step: weight, error, prediction, delta and the derivative by the weight."""
    weight, rows = Variable(weight, dtype="float64"), []
    for _ in range(iterations):
        with GradientTape() as tape:
            prediction = x * weight
            half_error = ops.square(prediction - goal) / 2
        delta = float(prediction) - goal
        derivative = tape.gradient(half_error, weight)
        rows.append([float(weight), delta**2, float(prediction), delta, float(derivative)])
        weight.assign_sub(alpha * derivative)
    return np.array(rows), float(weight)


def show(title, rows):
    print(title)
    for weight, error, prediction, delta, derivative in rows:
        print(
            f"  weight {weight:.6g}, error {error:.12g}, prediction {prediction:.12g}, "
            f"delta {delta:.6g}, weight delta {derivative:.6g}"
        )


def show_one_step():
    rows, weight = descend(0.1, goal=1.0, x=8.5, iterations=1, alpha=0.01)
    show("one step with alpha 0.01", rows)
    print(f"  new weight {weight:.5f}")
    np.testing.assert_allclose(rows[0], [0.1, 0.0225, 0.85, -0.15, -1.275], rtol=1e-12)
    assert abs(weight - 0.11275) < 1e-15


def show_twenty_steps():
    rows, weight = descend(0.5, goal=0.8, x=0.5, iterations=20)
    show("twenty steps: the first and last three", rows[[0, 1, 2, -3, -2, -1]])
    errors = [0.3025, 0.17015625, 0.095712890625]
    errors += [1.7092608064e-05, 9.61459203602e-06, 5.40820802026e-06]
    np.testing.assert_allclose(rows[[0, 1, 2, -3, -2, -1], 1], errors, rtol=5e-12)
    assert abs(weight - 1.59651) < 5e-6
    rows, _ = descend(0.0, goal=0.8, x=0.5, iterations=4)
    show("from weight 0: learning is reducing an error", rows)
    np.testing.assert_allclose(rows[:, 1], [0.64, 0.36, 0.2025, 0.11390625], rtol=1e-12)


def show_overshooting():
    rows, _ = descend(0.0, goal=0.8, x=1.1, iterations=4)
    show("a larger input: too far, and back", rows)
    np.testing.assert_allclose(rows[:, 0], [0, 0.88, 0.6952, 0.734008], rtol=1e-12)
    errors = [0.64, 0.028224, 0.0012446784, 5.489031744e-05]
    np.testing.assert_allclose(rows[:, 1], errors, rtol=1e-10)
    derivatives = [-0.88, 0.1848, -0.038808, 0.00814968]
    np.testing.assert_allclose(rows[:, 4], derivatives, rtol=1e-10)
    return rows


class Watch(callbacks.Callback):
    """Keeps the weight that each batch begins with."""

    def on_train_begin(self, logs=None):
        self.weights = []

    def on_train_batch_begin(self, batch, logs=None):
        self.weights.append(float(self.model.layers[0].kernel[0, 0]))


def show_the_same_by_fit(rows):
    model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.zeros((1, 1))])
    # Rate 0.5 of the whole square is rate 1 of its half.
    model.compile(optimizer=kerasette.optimizers.SGD(0.5), loss="mse")
    watch = Watch()
    x, goal = np.array([[1.1]]), np.array([[0.8]])
    history = model.fit(x, goal, epochs=4, callbacks=[watch], verbose=0)
    print("by fit: weights", ", ".join(f"{weight:.6f}" for weight in watch.weights))
    np.testing.assert_allclose(watch.weights, rows[:, 0], rtol=1e-12)
    np.testing.assert_allclose(history.history["loss"], rows[:, 1], rtol=1e-6)


def draw_error_and_slope(axes, rows):
    weights = np.linspace(-0.2, 1.6, 100)
    axes.plot(weights, (1.1 * weights - 0.8) ** 2, label="error")
    for weight, error, _, _, derivative in rows[:2]:
        around = weight + np.array([-0.2, 0.2])
        axes.plot(around, error + 2 * derivative * (around - weight), "--", label="slope")
    axes.plot(rows[:, 0], rows[:, 1], "o", label="steps")
    axes.set(xlabel="weight", ylabel="error")
    axes.legend()


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    show_one_step()
    show_twenty_steps()
    rows = show_overshooting()
    show_the_same_by_fit(rows)
    pictures.save("one_weight", lambda axes: draw_error_and_slope(axes, rows))
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
