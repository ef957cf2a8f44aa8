"""Freezing weights: one weight of a layer, or a whole layer.

What you learn: how to change gradients before they are applied, so that a single weight stands
still; that the error is shared: what the other weights have explained away, the frozen one never
learns, even after it is free again; `trainable = False` for a whole layer.

The book freezes the first of three weights, the one with the largest input, at rate 0.3, and
prints no numbers. Recomputed: predictions 0.86, 0.938225, 0.97274178; after 60 steps error 0 with
weights 0.1, 0.24885906, -0.00979866.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import GradientTape, Variable, config, layers, ops

GAME = np.array([[8.5, 0.65, 1.2]])
START = np.array([[0.1], [0.2], [-0.1]])
FIRST_FROZEN = np.array([[0.0], [1.0], [1.0]])


def train(weights, steps, mask=1.0, alpha=0.3):
    """The prediction before each step; weights where the mask is 0 stay."""
    predictions = []
    for _ in range(steps):
        with GradientTape() as tape:
            prediction = ops.sum(GAME @ weights)
            half_error = ops.square(prediction - 1.0) / 2
        gradient = tape.gradient(half_error, weights)
        weights.assign_sub(alpha * mask * gradient)
        predictions.append(float(prediction))
    return np.array(predictions)


def show_one_weight():
    weights = Variable(START)
    predictions = train(weights, 3, FIRST_FROZEN)
    print("predictions", predictions.round(8), "errors", ((predictions - 1) ** 2).round(8))
    np.testing.assert_allclose(predictions, [0.86, 0.938225, 0.97274178], atol=6e-9)
    np.testing.assert_allclose((predictions - 1) ** 2, [0.0196, 0.00381615, 0.00074301], atol=6e-9)
    after_3 = [0.1, 0.24466148, -0.01754804]
    np.testing.assert_allclose(weights.numpy().ravel(), after_3, atol=6e-9)

    train(weights, 57, FIRST_FROZEN)
    after_60 = weights.numpy()
    print("weights after 60 steps", after_60.ravel().round(8))
    np.testing.assert_allclose(after_60.ravel(), [0.1, 0.24885906, -0.00979866], atol=6e-9)
    train(weights, 60, alpha=0.01)
    print("60 steps more with all free", weights.numpy().ravel().round(8))
    np.testing.assert_allclose(weights.numpy(), after_60, rtol=1e-12)
    return after_60


def show_a_layer():
    """The same question to a model: its first layer stands still, the second learns."""
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(2, use_bias=False, name="still"),
            layers.Dense(1, use_bias=False, name="learns"),
        ]
    )
    still, learns = model.layers
    still.trainable = False
    before = [layer.get_weights()[0] for layer in (still, learns)]
    model.compile(optimizer=kerasette.optimizers.SGD(0.001), loss="mse")
    model.fit(GAME, np.array([[1.0]]), epochs=50, verbose=0)
    print("trainable:", [w.path for w in model.trainable_weights])
    assert np.array_equal(still.get_weights()[0], before[0])
    assert not np.array_equal(learns.get_weights()[0], before[1])


def draw_slices(axes, after_60):
    """The error by the frozen weight, before and after the others have learnt: it moves."""
    frozen = np.linspace(0.05, 0.17, 100)
    for label, others in (("at first", START), ("after 60 steps", after_60)):
        prediction = GAME[0, 0] * frozen + GAME[0, 1:] @ others[1:, 0]
        axes.plot(frozen, (prediction - 1) ** 2, label=label)
    axes.axvline(START[0, 0], color="black", label="frozen here")
    axes.set(xlabel="the first weight", ylabel="error")
    axes.legend()


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    after_60 = show_one_weight()
    show_a_layer()
    pictures.save("freezing_weights", lambda axes: draw_slices(axes, after_60))
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
