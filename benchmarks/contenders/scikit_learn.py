"""scikit-learn's MLPClassifier, set to do what the others do: no penalty, Keras's rates.

``partial_fit`` is one epoch, and unlike ``fit`` keeps the optimizer's moments between calls, so
that late epochs are late ones; its rate was within a few per cent of that of ``fit``.
"""

import numpy as np
from sklearn.neural_network import MLPClassifier

LEARNING_RATES = {"sgd": 0.01, "adam": 0.001}


def use_threads(count):
    """Nothing to call: the coordinator sets its BLAS's threads through the environment."""


def arrange(x):
    return x


def build(network, optimizer):
    return MLPClassifier(
        hidden_layer_sizes=[layer.arguments["units"] for layer in network.hidden],
        solver=optimizer,
        learning_rate_init=LEARNING_RATES[optimizer],
        momentum=0.0,
        nesterovs_momentum=False,
        alpha=0.0,
    )


def train(model, x, y, batch_size, epochs):
    model.set_params(batch_size=batch_size)
    classes = np.unique(y)
    for _ in range(epochs):
        model.partial_fit(x, y, classes=classes)


def predict(model, x):
    return model.predict_proba(x)
