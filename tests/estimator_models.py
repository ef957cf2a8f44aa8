"""What tests of an estimator's models share: parameters, data, models, and a fit of them alone."""

from dataclasses import replace

import numpy as np

import kerasette
from kerasette import layers
from kerasette.default_dtype import floatx_in_thread
from kerasette.random.sources import RandomSources
from kerasette.wrappers.dtypes import dtype_of
from kerasette.wrappers.models import Task, build_model
from kerasette.wrappers.network import DEFAULTS

PARAMETERS = {
    "model": None,
    "keep_weights": False,
    "dtype": None,
    "loss": None,
    "optimizer": None,
    "learning_rate": None,
    "metrics": None,
    **DEFAULTS,
}
N_FEATURES, N_CLASSES = 5, 3
TASK = Task(
    input_shape=(N_FEATURES,),
    output_shape=(N_CLASSES,),
    loss="sparse_categorical_crossentropy",
    output_activation="softmax",
    batch_weight=32,
    n_classes=N_CLASSES,
)
BINARY = replace(
    TASK, output_shape=(1,), loss="binary_crossentropy", output_activation="sigmoid", n_classes=2
)
X = np.random.RandomState(0).rand(96, N_FEATURES)
Y = (X.argmax(axis=1) % N_CLASSES).astype("int32")


def built(task=TASK, seed=0, **params):
    """The model of an estimator with these parameters."""
    with RandomSources(seed).in_use():
        return build_model({**PARAMETERS, **params}, task)


def trained(task=TASK, seed=0, x=X, y=Y, epochs=2, **params):
    """The same after training."""
    with RandomSources(seed).in_use():
        model = build_model({**PARAMETERS, **params}, task)
        with floatx_in_thread(dtype_of(model)):
            model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return model


def weights(model):
    """All that a model has learned, as lists."""
    return [weight.tolist() for weight in model.get_weights()]


def network(input_shape=(N_FEATURES,), n_classes=N_CLASSES, units=6, dropout=0.3):
    """A function as users write it."""
    return kerasette.Sequential(
        [
            kerasette.Input(input_shape),
            layers.Dense(units, "relu"),
            layers.Dropout(dropout),
            layers.Dense(n_classes, "softmax"),
        ]
    )


def compiled(make=network, **arguments):
    """A model that is given compiled."""
    model = make()
    arguments = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], **arguments}
    model.compile(**{"optimizer": kerasette.optimizers.SGD(0.1, momentum=0.5), **arguments})
    return model


def graph():
    """A functional model."""
    inputs = kerasette.Input((N_FEATURES,))
    hidden = layers.Dense(6, "relu")(inputs)
    return kerasette.Model(inputs, layers.Dense(N_CLASSES, "softmax")(hidden))


class Subclass(kerasette.Model):
    """A model with a `call` of its own."""

    def __init__(self, units=6):
        super().__init__()
        self.hidden = layers.Dense(units, "relu")
        self.noise = layers.Dropout(0.3)
        self.out = layers.Dense(N_CLASSES, "softmax")

    def call(self, inputs, training=None):
        return self.out(self.noise(self.hidden(inputs), training=training))
