"""What tests of classifiers share: data, and networks for them."""

import numpy as np

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier

RNG = np.random.RandomState(0)
X = RNG.randn(60, 4)
NUMBERS = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)
INDICATORS = np.stack([X[:, 0] > 0, X[:, 1] > 0, X[:, 0] + X[:, 2] > 1], axis=1).astype(int)
FEW = {"epochs": 3, "hidden_layer_sizes": (5,), "random_state": 0}
GOOD = {"epochs": 40, "learning_rate": 0.03, "hidden_layer_sizes": (20,), "random_state": 0}


def fitted(y, x=X, **params):
    """A classifier after a few epochs."""
    return KerasetteClassifier(**{**FEW, **params}).fit(x, y)


def network_for(n_columns, last, loss):
    """A function that makes a compiled model."""

    def build(input_shape, output_shape, n_classes):
        assert input_shape == (4,)
        columns = n_columns or output_shape[0]
        model = kerasette.Sequential(
            [
                kerasette.Input(input_shape),
                layers.Dense(10, "tanh"),
                layers.Dense(columns, last),
            ]
        )
        model.compile(kerasette.optimizers.Adam(0.03), loss)
        return model

    return build
