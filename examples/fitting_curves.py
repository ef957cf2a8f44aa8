"""Neural networks in pictures: a curve with flat and with steep parts.

What you learn: what to turn when a network does not follow a curve: momentum, another activation,
other first weights, a second layer, more neurons, and that more of them do not help for ever. And
that a network knows nothing of what lies beyond its training data.

An article shows each of these as a picture of target and prediction, without figures. What it says
is asserted here: momentum comes closer than plain descent, tanh closer than ReLU, and outside
[-3, 3] the network of tanh is flat.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import layers, optimizers

X = np.linspace(-3, 3, 601)


def curve(x):
    """Flat in the middle, ever steeper to both ends."""
    return np.sin(1 + x**2) + 1


def fit(hidden=(50,), activation="tanh", initializer="glorot_uniform", optimizer=None, epochs=400):
    """The trained model, and its mean squared error."""
    kerasette.utils.set_random_seed(0)
    stack = [layers.Dense(n, activation, kernel_initializer=initializer) for n in hidden]
    model = kerasette.Sequential([kerasette.Input((1,)), *stack, layers.Dense(1)])
    model.compile(optimizer=optimizer or optimizers.Adam(0.01), loss="mse")
    model.fit(X, curve(X), batch_size=20, epochs=epochs, verbose=0)
    return model, float(np.mean((predict(model, X) - curve(X)) ** 2))


def predict(model, x):
    return model.predict(x, verbose=0)[:, 0]


def compare(title, variants):
    """Trains a network for each; the picture's lines, and the errors."""
    print(title)
    lines, errors = {"target": (X, curve(X))}, {}
    for name, options in variants.items():
        model, errors[name] = fit(**options)
        lines[name] = X, predict(model, X)
        print(f"  {name:15s} error {errors[name]:.5f}")
    return lines, errors


def show_beyond():
    model, _ = fit()
    wide = np.linspace(-9, 9, 901)
    y = predict(model, wide)
    outside, inside = abs(np.diff(y[wide > 6])).max(), abs(np.diff(y[abs(wide) < 3])).max()
    print(f"steepest step beyond 6: {outside:.4f}, inside: {inside:.4f}")
    assert outside < 0.1 * inside
    return {"target": (wide, curve(wide)), "prediction": (wide, y)}


def main():
    pictures = Pictures.from_arguments(__doc__)
    plain, momentum = optimizers.SGD(0.01), optimizers.SGD(0.01, momentum=0.9)
    pages = {}

    pages["momentum"], errors = compare(
        "optimizer", {"plain": {"optimizer": plain}, "with momentum": {"optimizer": momentum}}
    )
    assert errors["with momentum"] < 0.7 * errors["plain"]

    pages["activation"], errors = compare(
        "activation", {name: {"activation": name} for name in ("relu", "tanh")}
    )
    assert errors["tanh"] < 0.7 * errors["relu"]

    pages["initializer"], errors = compare(
        "initializer",
        {name: {"initializer": name} for name in ("glorot_uniform", "glorot_normal", "he_normal")},
    )
    assert max(errors.values()) < 0.1

    pages["beyond"] = show_beyond()

    layouts = {"10": (10,), "50": (50,), "10 and 10": (10, 10), "50 and 50": (50, 50)}
    layouts["200 and 200"] = (200, 200)
    pages["layers"], errors = compare(
        "neurons", {name: {"hidden": hidden} for name, hidden in layouts.items()}
    )
    assert errors["10 and 10"] < 0.1 * errors["50"]
    assert errors["200 and 200"] > errors["10 and 10"], "no gain beyond a point"

    for name, lines in pages.items():
        pictures.curves(f"fitting_curves_{name}", lines, "x", "y")


if __name__ == "__main__":
    main()
