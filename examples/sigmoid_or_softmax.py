"""The last layer: none, sigmoid or softmax?

What you learn: plain numbers need no activation at the end, several independent yes-or-no answers
a sigmoid each, one label of many a softmax. A squared error of sigmoids punishes a prediction that
could not be better, softmax with the cross-entropy does not; dividing what goes into a softmax
makes it gentler.

Figures of a book, for ten raw outputs of which nine are 0 and the last, the right one, is 100:
sigmoids .50 nine times and 1.00, squared errors .25 nine times and 0; softmax 0 nine times
(3.7e-44) and 1, errors 0. exp(100) is 2.688 * 10^43. Its own softmax overflows above 709.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import GradientTape, config, layers, losses, ops, optimizers

RAW = np.array([[0.0] * 9 + [100.0]])
NINE = np.eye(10)[[9]]


def gradient_by_raw(loss, activation, raw=RAW):
    """How much a loss of the activated outputs wants each raw output to move."""
    raw = ops.convert_to_tensor(raw)
    with GradientTape() as tape:
        tape.watch(raw)
        value = loss(NINE, activation(raw))
    return tape.gradient(value, raw).numpy()[0]


def show_the_two():
    by_sigmoid, by_softmax = ops.sigmoid(RAW).numpy()[0], ops.softmax(RAW).numpy()[0]
    print("sigmoid", by_sigmoid.round(2), "squared errors", ((by_sigmoid - NINE[0]) ** 2).round(2))
    print("softmax", by_softmax)
    np.testing.assert_allclose(by_sigmoid, [0.5] * 9 + [1.0], rtol=1e-15)
    np.testing.assert_allclose(by_softmax, [3.72e-44] * 9 + [1.0], rtol=1e-3)
    assert f"{np.exp(100):.3e}" == "2.688e+43"

    unhappy = gradient_by_raw(losses.MeanSquaredError(), ops.sigmoid)
    content = gradient_by_raw(losses.CategoricalCrossentropy(), ops.softmax)
    print("the raw outputs must move: sigmoid", unhappy.round(3), "softmax", content.round(3))
    # Mean of ten squares: 2 / 10 times the miss of 0.5 times the slope 0.25.
    np.testing.assert_allclose(unhappy, [0.025] * 9 + [0.0], atol=1e-15)
    np.testing.assert_allclose(content, 0, atol=1e-15)
    # Of softmax and cross-entropy together it is always prediction minus truth.
    raw = np.arange(10.0)[None] / 5
    found = gradient_by_raw(losses.CategoricalCrossentropy(), ops.softmax, raw)
    np.testing.assert_allclose(found, (ops.softmax(raw).numpy() - NINE)[0], rtol=1e-12)


def show_softmax():
    large = ops.softmax([[710.0, 1000.0]]).numpy()
    print("softmax of 710 and 1000:", large[0], "- nothing overflows")
    np.testing.assert_allclose(large, [[0.0, 1.0]], atol=1e-100)
    raw, bars = np.array([[1.0, 2.0, 4.0]]), {}
    for temperature in (0.5, 1, 4):
        shares = ops.softmax(raw / temperature).numpy()[0]
        bars[f"temperature {temperature}"] = shares
        print(f"softmax at temperature {temperature}:", shares.round(3))
        # The same as another base than e.
        powers = np.exp(1 / temperature) ** raw[0]
        np.testing.assert_allclose(shares, powers / powers.sum(), rtol=1e-12)
    sharpest = [shares.max() for shares in bars.values()]
    assert sharpest == sorted(sharpest, reverse=True)
    return bars


def make_task(kind, rng):
    """Activation and loss that belong to a kind of answers, and such answers to random inputs."""
    x = rng.standard_normal((300, 4))
    raw = x @ rng.standard_normal((4, 3))
    if kind == "plain numbers":
        return None, "mse", x, raw
    if kind == "several yes or no":
        return "sigmoid", "binary_crossentropy", x, (raw > 0).astype(float)
    return "softmax", "categorical_crossentropy", x, np.eye(3)[raw.argmax(axis=1)]


def show_tasks():
    for kind in ("plain numbers", "several yes or no", "one of several"):
        activation, loss, x, y = make_task(kind, np.random.RandomState(0))
        model = kerasette.Sequential(
            [kerasette.Input((4,)), layers.Dense(3, activation=activation)]
        )
        model.compile(optimizers.Adam(0.05), loss=loss)
        model.fit(x, y, epochs=30, verbose=0)
        predicted = model.predict(x, verbose=0)
        print(f"{kind}: {activation} and {loss},", predicted[0].round(2), "for", y[0].round(2))
        if kind == "plain numbers":
            assert abs(predicted - y).max() < 0.05
        elif kind == "several yes or no":
            assert ((predicted > 0.5) == y).mean() > 0.97
        else:
            np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-6)
            assert (predicted.argmax(axis=1) == y.argmax(axis=1)).mean() > 0.95


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    kerasette.utils.set_random_seed(0)
    show_the_two()
    bars = show_softmax()
    show_tasks()
    pictures.curves("softmax_temperature", bars, "output", "share")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
