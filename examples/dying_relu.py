"""Dead neurons: a ReLU that is off for all samples never learns again.

What you learn: the slope of ReLU is 0 for negative inputs, so that a neuron whose input has become
negative for every sample gets no gradient, whatever the error; leaky ReLU leaves it a way back.
How to count the dead neurons of a layer.

A lecture names the cure without figures. Here a layer begins with biases of -10, as one step too
long may leave it, and its network learns to say whether two numbers have the same sign.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import GradientTape, layers, losses, ops, optimizers
from kerasette.initializers import Constant


def make_data():
    x = np.random.RandomState(0).uniform(-1, 1, (500, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype("float32")


def make_model(activation, bias):
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input((2,)),
            layers.Dense(20, activation, bias_initializer=Constant(bias)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizers.Adam(0.05), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def gradient_of_hidden(model, x, y):
    """The largest derivative of the loss by a weight of the hidden layer."""
    with GradientTape() as tape:
        loss = losses.BinaryCrossentropy()(y[:, None], model(x))
    gradient = tape.gradient(loss, model.layers[0].kernel)
    return float(ops.max(ops.abs(gradient)))


def n_dead(model, x):
    """Neurons of the hidden layer whose input is negative for every sample."""
    kernel, bias = model.layers[0].get_weights()
    return int(((x @ kernel + bias) < 0).all(axis=0).sum())


def main():
    pictures = Pictures.from_arguments(__doc__)
    slopes = []
    for activation in ("relu", "leaky_relu"):
        x = ops.convert_to_tensor([-2.0, 3.0])
        with GradientTape() as tape:
            tape.watch(x)
            y = layers.Activation(activation)(x)
        slopes.append(tape.gradient(y, x).numpy().tolist())
        print(f"{activation:10s} of -2 and 3: slopes {np.round(slopes[-1], 3).tolist()}")
    assert slopes[0] == [0, 1]
    np.testing.assert_allclose(slopes[1], [0.2, 1], rtol=1e-6)

    (x, y), curves, found = make_data(), {}, {}
    for activation, bias in (("relu", 0), ("relu", -10), ("leaky_relu", -10)):
        model = make_model(activation, bias)
        dead, gradient = n_dead(model, x), gradient_of_hidden(model, x, y)
        history = model.fit(x, y, epochs=200, verbose=0).history
        name = f"{activation}, biases {bias}"
        curves[name] = history["loss"]
        found[activation, bias] = dead, gradient, n_dead(model, x), history["accuracy"][-1]
        print(
            f"{name:23s}: {dead:2d} dead of 20, largest gradient {gradient:.2g}; "
            f"after training {n_dead(model, x):2d} dead, accuracy {history['accuracy'][-1]:.3f}"
        )
    healthy, dead, leaky = found.values()
    assert dead[0] == dead[2] == 20
    assert dead[1] == 0
    assert dead[3] < 0.6
    assert leaky[0] == 20
    assert leaky[1] > 0
    assert min(healthy[3], leaky[3]) > 0.9
    pictures.curves("dying_relu", curves, "epoch", "loss")


if __name__ == "__main__":
    main()
