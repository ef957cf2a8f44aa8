"""What tests have other processes do: functions and classes that those can import by name."""

import numpy as np

import kerasette
from kerasette import layers
from kerasette.random.sources import RandomSources


class Noisy(layers.Layer):
    """A layer that draws without a seed in every call."""

    def call(self, inputs):
        return inputs + kerasette.random.normal(inputs.shape)


def small_fit(seed):
    x = np.random.RandomState(0).rand(96, 4).astype("float32")
    y = (x.sum(axis=1) > 2).astype("float32")
    with RandomSources(seed).in_use():
        model = kerasette.Sequential(
            [
                kerasette.Input((4,)),
                layers.Dense(8, "relu"),
                layers.Dropout(0.3),
                Noisy(),
                layers.Dense(1, "sigmoid"),
            ]
        )
        model.compile("adam", "binary_crossentropy")
        model.fit(x, y, epochs=4, batch_size=16, verbose=0)
        assert model.replayed_steps > 0
    return [weight.tolist() for weight in model.get_weights()]


def network(input_shape, n_classes, units=6, seed=None):
    return kerasette.Sequential(
        [
            kerasette.Input(input_shape),
            layers.Dense(units, "relu"),
            layers.Dropout(0.3, seed=seed),
            layers.Dense(n_classes, "softmax"),
        ]
    )
