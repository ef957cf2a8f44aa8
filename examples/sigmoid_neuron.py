"""One neuron: what its weight and its bias do.

What you learn: a neuron is a weighted sum and an activation; with a sigmoid the weight says how
steep it is, and the bias where it is one half: at minus the bias by the weight.

The pictures of a tutorial on neural networks with NumPy: weights 0.5, 1 and 2 on x in [-8, 8), and
biases -8, 0 and 8 at a weight of 5.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import layers

X = np.linspace(-8, 8, 160, endpoint=False)


def neuron(weight, bias=0.0):
    """What a neuron with this weight and bias says to each of X."""
    model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1, activation="sigmoid")])
    model.set_weights([np.array([[weight]]), np.array([bias])])
    return model.predict(X[:, None], verbose=0)[:, 0]


def main():
    pictures = Pictures.from_arguments(__doc__)
    by_weight, by_bias = {}, {}
    for weight in (0.5, 1, 2):
        y = neuron(weight)
        np.testing.assert_allclose(y, 1 / (1 + np.exp(-weight * X)), rtol=1e-5)
        steepness = np.diff(y).max() / 0.1
        print(f"weight {weight}: at most {steepness:.3f} steep, a quarter of the weight")
        assert abs(steepness - weight / 4) < 0.01
        by_weight[f"w = {weight}"] = X, y
    for bias in (-8, 0, 8):
        y = neuron(5, bias)
        half = X[np.argmin(abs(y - 0.5))]
        print(f"weight 5, bias {bias}: one half at x = {half:.1f}")
        assert abs(half + bias / 5) < 0.06
        by_bias[f"b = {bias}"] = X, y
    pictures.curves("sigmoid_by_weight", by_weight, "x", "sigmoid(w x)")
    pictures.curves("sigmoid_by_bias", by_bias, "x", "sigmoid(5 x + b)")


if __name__ == "__main__":
    main()
