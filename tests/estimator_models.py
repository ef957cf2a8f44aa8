"""What tests of an estimator's models share: parameters, data, and a fit of the model alone."""

import numpy as np

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
