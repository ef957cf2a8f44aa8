"""Symmetry: why weights must not start alike.

What you learn: neurons that start with the same weights get the same gradients and stay the same
for ever, so that a layer of many is worth one; zeros do not move at all; small random numbers
break the symmetry.

A lecture says so of zeros and of one random number for all weights, and recommends U(-tau, tau).
Here the task is exclusive or, which one neuron cannot do and two can.
"""

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import layers, optimizers
from kerasette.initializers import Constant, RandomUniform, Zeros

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


def train(make_initializer, epochs=400):
    """The model, and the loss of each epoch."""
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input((2,)),
            # An initializer of its own for each layer: one gives the same numbers twice.
            layers.Dense(8, activation="tanh", kernel_initializer=make_initializer()),
            layers.Dense(1, activation="sigmoid", kernel_initializer=make_initializer()),
        ]
    )
    model.compile(optimizer=optimizers.Adam(0.05), loss="binary_crossentropy")
    history = model.fit(X, Y, batch_size=4, epochs=epochs, verbose=0)
    return model, history.history["loss"]


def n_different_neurons(model):
    """How many columns of the hidden layer's kernel differ from each other."""
    return len(np.unique(model.layers[0].get_weights()[0].round(6), axis=1).T)


def main():
    pictures = Pictures.from_arguments(__doc__)
    tau = 0.5
    one_value = float(np.random.RandomState(0).uniform(-tau, tau))
    starts = {
        "zeros": Zeros,
        "one random value": lambda: Constant(one_value),
        f"U(-{tau}, {tau})": lambda: RandomUniform(-tau, tau),
    }
    found = {}
    for name, make_initializer in starts.items():
        model, losses = train(make_initializer)
        right = int(((model.predict(X, verbose=0) > 0.5) == Y).sum())
        found[name] = n_different_neurons(model), right, losses
        print(
            f"{name:17s}: {found[name][0]} different of 8 neurons, loss {losses[-1]:.4f}, "
            f"{right} of 4 right"
        )
    zeros, one, random = found.values()
    assert zeros[0] == one[0] == 1
    assert random[:2] == (8, 4)
    # Zeros never move: the loss stays at log 2, that of a coin.
    np.testing.assert_allclose(zeros[2], np.log(2), rtol=1e-6)
    assert one[1] < 4
    assert random[2][-1] < 0.01
    pictures.curves("symmetry", {n: row[2] for n, row in found.items()}, "epoch", "loss")


if __name__ == "__main__":
    main()
