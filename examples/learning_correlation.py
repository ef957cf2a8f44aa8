"""A network of one layer finds what goes together: which light says walk?

What you learn: training goes sample by sample, and each input pushes its weight up or down; what
correlates with the target wins, here the middle light. The same pattern at another scale needs
another learning rate. A network may be right by accident, or learn two examples by heart.

Three lights at a crossing, and whether people walk; six observations. Figures of the book, weights
0.5, 0.48, -0.7, rate 0.1, summed squared error of each of 40 passes: 2.6561231104, 0.962870177672,
..., 0.000614343567483, 0.000533736773285. The rest is recomputed, the book prints nothing there.

The book's rate is for half the squared error: `mse` takes half of it.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import config, layers

LIGHTS = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]], "float64")
WALK = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])
# The same pattern as brightness instead of on and off.
BRIGHTNESS = np.array(
    [[0.9, 0, 1], [0.2, 0.8, 1], [0.1, 0, 1], [0.8, 0.9, 1], [0.1, 0.7, 1], [0.9, 0.1, 0]]
)
START = np.array([[0.5], [0.48], [-0.7]])


def make_model(rate, start=START):
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(1, use_bias=False)])
    model.set_weights([start])
    model.compile(optimizer=kerasette.optimizers.SGD(rate / 2), loss="mse")
    return model


def train(model, x, y, passes):
    """Summed squared error of each pass, met on the way."""
    history = model.fit(x, y, batch_size=1, epochs=passes, shuffle=False, verbose=0)
    return len(x) * np.array(history.history["loss"])


def close(found, expected, atol):
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


def show_one_light():
    model = make_model(0.1)
    errors = train(model, LIGHTS[:1], WALK[:1], 20)
    print("one example: errors", errors[:3].round(6), "...", errors[-1])
    np.testing.assert_allclose(errors[[0, 1, 2, -1]], [0.04, 0.0256, 0.016384, 8.3077e-06], 1e-5)


def show_all():
    model = make_model(0.1)
    errors = train(model, LIGHTS, WALK, 40)
    print("six examples: errors", errors[:3], "...", errors[-2:])
    printed = [2.6561231104, 0.962870177672, 0.550916586684, 0.000614343567483, 0.000533736773285]
    np.testing.assert_allclose(errors[[0, 1, 2, -2, -1]], printed, rtol=2e-6)
    weights = model.get_weights()[0].ravel()
    print("  weights", weights.round(5), "- the middle light decides")
    close(weights, [0.01389, 1.01381, -0.01599], 6e-6)
    assert np.argmax(abs(weights)) == 1
    return errors


def show_pressure():
    """Where the target is 1 each light that is on pushes up, where it is 0 it pushes down."""
    pressure = np.where(WALK[:, None] == 1, LIGHTS, -LIGHTS)
    up, down = (pressure > 0).sum(axis=0), (pressure < 0).sum(axis=0)
    print("pushes", *["".join("0+-"[int(sign)] for sign in row) for row in pressure])
    print("  up", up, "down", down)
    assert up.tolist() == [1, 3, 3]
    assert down.tolist() == [2, 0, 3]


def show_scales():
    found = {}
    for scale, rate in ((1, 0.1), (10, 0.1), (10, 0.1 / 10**2), (20, 0.1 / 20**2)):
        # Weights belong to a scale as well.
        model = make_model(rate, START / (scale if rate < 0.1 else 1))
        error = train(model, scale * BRIGHTNESS, WALK, 400)[-1]
        right = (model.predict(scale * BRIGHTNESS, verbose=0).ravel() > 0.5) == (WALK > 0.5)
        print(f"brightness times {scale}, rate {rate:g}: error {error:.4f}, {right.sum()} right")
        found[scale, rate] = error, right.sum()
    assert np.isnan(found.pop((10, 0.1))[0])
    for error, right in found.values():
        close(error, 0.0207, 6e-5)
        assert right == 6


def show_accidents():
    by_accident = make_model(0.1, np.array([[0.5], [0.0], [-0.5]]))
    error = train(by_accident, LIGHTS[:1], WALK[:1], 10)[-1]
    print(f"weights 0.5, 0, -0.5 on the first example: error {error}, nothing to learn")
    assert error == 0
    by_heart = make_model(0.1)
    train(by_heart, LIGHTS[:2], WALK[:2], 1000)
    predictions = by_heart.predict(LIGHTS, verbose=0).ravel()
    print("two examples learnt by heart:", predictions.round(3))
    close(by_heart.get_weights()[0].ravel(), [0.2267, 1.2267, -0.2267], 6e-5)
    close(predictions, [0, 1, -0.227, 1.227, 1, 0], 4e-4)
    close(((predictions - WALK) ** 2).sum(), 0.1028, 6e-5)


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    show_one_light()
    errors = show_all()
    show_pressure()
    show_scales()
    show_accidents()
    pictures.curves("learning_correlation", {"six examples": errors}, "pass", "error", log=True)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
