"""The first deep network: street lights that say walk or stop.

What you learn: no single light tells whether to walk, so that a linear network cannot learn the
four rows below however many layers it has; one layer of ReLU in between, and it can. Training
goes sample by sample in a fixed order; the loss of `fit` is the mean over an epoch of the errors
met on the way, here a quarter of the sum that the book prints.

Figures of the book, a 3-4-1 network without biases, weights drawn in (-1, 1) with seed 1, summed
squared error after every tenth of 60 iterations: 0.634231159844, 0.358384076763, 0.0830183113303,
0.0064670549571, 0.000329266900075, 1.50556226651e-05. The loop written out gives all the digits;
`fit` about six, because optimizers keep their learning rate in float32, as in Keras.

The book's rate is 0.2 for half the squared error: the same step as 0.1 for the squared error.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import GradientTape, Variable, config, layers, ops

LIGHTS = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1]], dtype="float64")
WALK = np.array([[1], [1], [0], [0]], dtype="float64")

FIRST_PREDICTION = 0.39194327
PRINTED = [
    0.634231159844, 0.358384076763, 0.0830183113303, 0.0064670549571, 0.000329266900075,
    1.50556226651e-05,
]  # fmt: skip
# Recomputed: the book says no more than that a linear network does not converge.
WITHOUT_RELU = {10: 1.5045, 20: 1.4194, 60: 1.3602}
BEST_LINEAR = 1.0


def start_weights():
    rng = np.random.RandomState(1)
    return 2 * rng.rand(3, 4) - 1, 2 * rng.rand(4, 1) - 1


def train_by_loop(rate=0.2, iterations=60):
    """Forward, gradient, update for each row; the summed squared errors of every iteration."""
    weights = [Variable(weight) for weight in start_weights()]
    errors = []
    for _ in range(iterations):
        error = 0.0
        for light, walk in zip(LIGHTS[:, None], WALK[:, None], strict=True):
            with GradientTape() as tape:
                prediction = ops.relu(light @ weights[0]) @ weights[1]
                loss = ops.sum(ops.square(prediction - walk)) / 2
            for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
                weight.assign_sub(rate * gradient)
            error += 2 * float(loss)
        errors.append(error)
    return errors


def make_model(activation):
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(4, activation=activation, use_bias=False),
            layers.Dense(1, use_bias=False),
        ]
    )
    model.set_weights(start_weights())
    model.compile(optimizer=kerasette.optimizers.SGD(0.1), loss="mse")
    return model


def train_by_fit(model, epochs=60):
    """The same by `fit`."""
    history = model.fit(LIGHTS, WALK, batch_size=1, epochs=epochs, shuffle=False, verbose=0)
    return [len(LIGHTS) * loss for loss in history.history["loss"]]


def show(title, errors, expected, rtol):
    tenths = errors[9::10]
    print(title)
    for iteration, error in zip(range(9, 60, 10), tenths, strict=True):
        print(f"  iteration {iteration}: error {error:.12g}")
    np.testing.assert_allclose(tenths, expected, rtol)


def show_linear_models():
    """A linear network stays above the error of the best linear function, which is 1."""
    weights, *_ = np.linalg.lstsq(LIGHTS, WALK)
    best = float(((LIGHTS @ weights - WALK) ** 2).sum())
    errors = train_by_fit(make_model(None))
    reached = {n: round(errors[n - 1], 4) for n in WITHOUT_RELU}
    print(f"without ReLU, error after n iterations {reached}; no linear function below {best:.4f}")
    assert abs(best - BEST_LINEAR) < 1e-12
    assert min(errors) > BEST_LINEAR
    assert reached == WITHOUT_RELU
    return errors


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    model = make_model("relu")
    first = model.predict(LIGHTS, verbose=0)[0, 0]
    print(f"first prediction, untrained: {first:.8f}")
    assert abs(first - FIRST_PREDICTION) < 5.1e-9

    show("by a loop", train_by_loop(), PRINTED, rtol=5e-12)
    with_relu = train_by_fit(model)
    show("by fit", with_relu, PRINTED, rtol=1e-6)
    print("walk?", model.predict(LIGHTS, verbose=0).ravel().round(4))
    curves = {"with ReLU": with_relu, "linear": show_linear_models()}
    pictures.curves("street_lights", curves, "iteration", "error", log=True)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
