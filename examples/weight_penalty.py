"""Penalties on weights: what they add to the cost, and what they do.

What you learn: `kernel_regularizer` adds a penalty on the kernels to the loss, and leaves the
biases alone; how a lecture's formula with lambda / 2m is written with it; a weight that is pushed
up as often as down goes to zero sooner with a penalty than without.

The lecture's cost is the cross-entropy summed over K sigmoid outputs, mean over m samples, plus
lambda / 2m times the squared weights. A loss of this library is the mean over the outputs too: all
of it is divided by K. The street lights are a book's, which promises such penalties and gives no
figures: its right light says walk as often as stop.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import callbacks, config, layers, optimizers, regularizers

LIGHTS = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]], "float64")
WALK = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])


def lecture_cost(y, a, kernels, penalty):
    m = len(y)
    entropy = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / m
    return entropy + penalty / (2 * m) * sum(np.sum(kernel**2) for kernel in kernels)


def show_cost():
    rng, m, n_outputs, penalty = np.random.RandomState(0), 40, 3, 0.7
    x, y = rng.standard_normal((m, 5)), rng.randint(0, 2, (m, n_outputs)).astype(float)
    share = regularizers.L2(penalty / (2 * m * n_outputs))
    model = kerasette.Sequential(
        [
            kerasette.Input((5,)),
            layers.Dense(4, "sigmoid", kernel_regularizer=share),
            layers.Dense(n_outputs, "sigmoid", kernel_regularizer=share),
        ]
    )
    weights = [rng.standard_normal(weight.shape) for weight in model.weights]
    model.set_weights(weights)
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    found = n_outputs * model.evaluate(x, y, verbose=0)
    expected = lecture_cost(y, model.predict(x, verbose=0), weights[::2], penalty)
    print(f"the lecture's cost {expected:.10f}, the model's {found:.10f}")
    np.testing.assert_allclose(found, expected, rtol=1e-12)

    biases_too = lecture_cost(y, model.predict(x, verbose=0), weights, penalty)
    assert abs(biases_too - found) > 1e-3, "biases are not penalized"


class KeepWeights(callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.weights = [self.model.get_weights()[0].ravel()]

    def on_epoch_end(self, epoch, logs=None):
        self.weights.append(self.model.get_weights()[0].ravel())


def train(regularizer):
    """The three weights after each of 60 passes."""
    model = kerasette.Sequential(
        [kerasette.Input((3,)), layers.Dense(1, use_bias=False, kernel_regularizer=regularizer)]
    )
    model.set_weights([np.array([[0.5], [0.48], [-0.7]])])
    model.compile(optimizer=optimizers.SGD(0.05), loss="mse")
    watch = KeepWeights()
    options = {"batch_size": 1, "epochs": 60, "shuffle": False, "verbose": 0}
    model.fit(LIGHTS, WALK, callbacks=[watch], **options)
    return np.array(watch.weights)


def show_conflicting_pressure():
    curves, passes = {}, {}
    for name, regularizer in (
        ("none", None),
        ("squares", regularizers.L2(0.02)),
        ("sizes", regularizers.L1(0.02)),
    ):
        weights = train(regularizer)
        curves[name] = weights[:, 2]
        # From the first pass from which it stays there.
        passes[name] = int(np.flatnonzero(abs(weights[:, 2]) >= 0.05)[-1]) + 1
        print(f"penalty {name:7s}: right light near 0 after {passes[name]:2d} passes,", end=" ")
        print("weights", weights[-1].round(3))
        assert np.argmax(abs(weights[-1])) == 1
    assert passes["squares"] < passes["none"]
    assert passes["sizes"] < passes["none"]
    return curves


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    show_cost()
    curves = show_conflicting_pressure()
    pictures.curves("weight_penalty", curves, "pass", "weight of the right light")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
