"""Gradient descent on several weights: inputs, outputs, and both at once.

What you learn: every weight moves by the delta of its output times its input, whatever else there
is; a `GradientTape` gives all of these at once. One learning rate serves all inputs, so that the
largest of them limits it.

The baseball team again: does it win, given toes, share of games won, fans; and are its players
hurt or sad? Figures of the book for three inputs: prediction 0.86, error .020, delta -0.14, weight
deltas -1.19, -0.091, -0.168, new weights 0.1119, 0.2009, -0.098. Those of the later steps and of
several outputs are recomputed, as the book prints few or none of them.
"""

import numpy as np
from pictures import Pictures

from kerasette import GradientTape, Variable, ops

GAME = np.array([[8.5, 0.65, 1.2]])
WON = GAME[:, 1:2]
WINS = np.array([1.0])
GOALS = np.array([0.1, 1.0, 0.1])
# A row for each of hurt, win, sad.
HURT_WIN_SAD = [[0.1, 0.1, -0.3], [0.1, 0.2, 0.0], [0.0, 1.3, 0.1]]


def step(inputs, weights, goal, alpha):
    """Prediction, delta and weight delta of one step; changes the weights."""
    with GradientTape() as tape:
        prediction = inputs @ weights
        half_error = ops.sum(ops.square(prediction - goal)) / 2
    weight_delta = tape.gradient(half_error, weights)
    weights.assign_sub(alpha * weight_delta)
    prediction = prediction.numpy()[0]
    return prediction, prediction - goal, weight_delta.numpy()


def equal(found, expected, atol=1e-15):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=atol)


def show_several_inputs():
    weights = Variable([[0.1], [0.2], [-0.1]], dtype="float64")
    predictions, errors = [], []
    for i in range(3):
        prediction, delta, weight_delta = step(GAME, weights, WINS, alpha=0.01)
        predictions.append(prediction[0])
        errors.append(delta[0] ** 2)
        print(f"  prediction {prediction[0]:.6f}, error {delta[0] ** 2:.6f}")
        if i == 0:
            print("  weight deltas", weight_delta.ravel().round(6))
            equal(weight_delta.ravel(), [-1.19, -0.091, -0.168])
            equal(weights.numpy().ravel(), [0.1119, 0.20091, -0.09832])
    print("  weights", weights.numpy().ravel().round(8))
    equal(predictions, [0.86, 0.96375750, 0.99061772], atol=6e-9)
    equal(errors, [0.0196, 0.00131352, 8.8027e-05], atol=5e-9)
    equal(weights.numpy().ravel(), [0.11577811, 0.20120656, -0.0977725], atol=6e-9)


def show_too_large_a_rate():
    weights = Variable([[0.1], [0.2], [-0.1]], dtype="float64")
    predictions = [step(GAME, weights, WINS, alpha=0.1)[0][0] for _ in range(3)]
    print("  predictions", np.round(predictions, 4))
    equal(predictions, [0.86, 1.8976, -4.7546], atol=5e-5)


def show_several_outputs():
    weights = Variable([[0.3, 0.2, 0.9]], dtype="float64")
    prediction, delta, weight_delta = step(WON, weights, GOALS, alpha=0.1)
    print("  predictions", prediction, "deltas", delta.round(3), "weight deltas", weight_delta)
    equal(prediction, [0.195, 0.13, 0.585])
    equal(delta, [0.095, -0.87, 0.485])
    equal(delta**2, [0.009025, 0.7569, 0.235225])
    equal(weight_delta, [[0.06175, -0.5655, 0.31525]])
    equal(weights.numpy(), [[0.293825, 0.25655, 0.868475]])


def show_both():
    """The weight deltas are the outer product of inputs and deltas."""
    weights = Variable(np.transpose(HURT_WIN_SAD))
    prediction, delta, weight_delta = step(GAME, weights, GOALS, alpha=0.01)
    print("  predictions", prediction.round(3), "deltas", delta.round(3))
    equal(prediction, [0.555, 0.98, 0.965])
    equal(delta, [0.455, -0.02, 0.865])
    equal(weight_delta, np.outer(GAME[0], delta))
    rows = [[0.061325, 0.0970425, -0.30546], [0.1017, 0.20013, 0.00024]]
    equal(weights.numpy().T, [*rows, [-0.073525, 1.2943775, 0.08962]])
    for _ in range(199):
        step(GAME, weights, GOALS, alpha=0.01)
    print("  after 200 steps", (GAME @ weights.numpy())[0].round(12))
    equal((GAME @ weights.numpy())[0], GOALS)


def draw_slopes(axes):
    """The error by each weight, the others held: steepest along the largest input."""
    start = np.array([0.1, 0.2, -0.1])
    for i, name in enumerate(("toes", "won", "fans")):
        shifts = np.linspace(-0.3, 0.3, 50)
        axes.plot(start[i] + shifts, (GAME[0, i] * shifts + 0.86 - 1) ** 2, label=name)
    axes.set(xlabel="weight", ylabel="error", ylim=(0, 0.5))
    axes.legend()


def main():
    pictures = Pictures.from_arguments(__doc__)
    for title, part in {
        "three inputs, one output": show_several_inputs,
        "the same at ten times the rate": show_too_large_a_rate,
        "one input, three outputs": show_several_outputs,
        "three inputs, three outputs": show_both,
    }.items():
        print(title)
        part()
    pictures.save("several_weights", draw_slopes)


if __name__ == "__main__":
    main()
