"""What tests of transformers share: data, and models with a layer inside."""

import numpy as np

from kerasette import Input, Model, Sequential, layers

RNG = np.random.RandomState(1)
WIDE = RNG.randn(120, 3) @ RNG.randn(3, 6) + 0.3 * RNG.randn(120, 6) + 2
IMAGES = RNG.rand(24, 6, 6, 1).astype("float32")
SEQUENCES = RNG.randn(24, 5, 3)
LABELS = np.array(["b", "a", "c"])[np.arange(24) % 3]


def up_to(fitted, name, X):
    """What a model of Keras's kind says that ends at a layer."""
    model = fitted.model_
    return Model(model.inputs, model.get_layer(name).output).predict(X, verbose=0)


def network(input_shape, output_shape):
    """A model that is not compiled."""
    return Sequential(
        [
            Input(input_shape),
            layers.Dense(5, "tanh", name="wide"),
            layers.Dense(3, "tanh", name="narrow"),
            layers.Dense(7, "tanh", name="last"),
            layers.Dropout(0.2, name="dropout"),
            layers.Dense(*output_shape, name="outputs"),
        ]
    )


def convolutions(input_shape):
    """An autoencoder of images."""
    return Sequential(
        [
            Input(input_shape),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(3, name="pool"),
            layers.UpSampling2D(3),
            layers.Conv2D(1, 3, padding="same"),
        ]
    )


class Subclass(Model):
    """A model without a graph."""

    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(3, "tanh", name="inner")
        self.out = layers.Dense(6)

    def call(self, inputs):
        return self.out(self.hidden(inputs))
