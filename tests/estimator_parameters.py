"""What each parameter of the estimators is changed to in tests, and wrong values of it."""

import numpy as np

import kerasette
from kerasette import callbacks, layers

RNG = np.random.RandomState(0)
X = RNG.randn(48, 4)
Y = (X[:, 0] > 0.3).astype(int) + (X[:, 1] > 0.5)
SMALL = {"hidden_layer_sizes": (6,), "epochs": 4, "batch_size": 16, "random_state": 0}


def network(input_shape, output_shape, units=6):
    model = kerasette.Sequential(
        [
            kerasette.Input(input_shape),
            layers.Dense(units, "relu"),
            layers.Dropout(0.1),
            layers.Dense(*output_shape, activation="softmax" if output_shape > (1,) else None),
        ]
    )
    model.compile("adam", "mse")
    return model


class Silent(callbacks.Callback):
    """Ends training after the first epoch."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True


OF_A_MODEL = {"model": network, "hidden_layer_sizes": (100,)}
# What is changed, and what the networks are to have in common.
CHANGES = {
    "model": ({"model": network}, {"hidden_layer_sizes": (100,)}),
    "hidden_layer_sizes": ({"hidden_layer_sizes": 7}, {}),
    "activation": ({"activation": "tanh"}, {}),
    "dropout": ({"dropout": 0.5}, {}),
    "batch_normalization": ({"batch_normalization": True}, {}),
    "optimizer": ({"optimizer": "sgd"}, {}),
    "learning_rate": ({"learning_rate": 0.01}, {}),
    "loss": ({"loss": "mae"}, OF_A_MODEL),
    "alpha": ({"alpha": 2.0}, {}),
    "alpha of a model": ({"alpha": 2.0}, OF_A_MODEL),
    "batch_size": ({"batch_size": 48}, {}),
    "epochs": ({"epochs": 5}, {}),
    "shuffle": ({"shuffle": False}, {}),
    "tol": ({"tol": 10.0}, {"epochs": 30}),
    "early_stopping": ({"early_stopping": True}, {}),
    "validation_fraction": ({"validation_fraction": 0.5}, {"early_stopping": True}),
    "n_iter_no_change": ({"n_iter_no_change": 2}, {"epochs": 30, "tol": 10.0}),
    "class_weight": ({"class_weight": {0: 5.0}}, {}),
    "callbacks": ({"callbacks": [Silent()]}, {}),
    "metrics": ({"metrics": ["accuracy"]}, {}),
    "random_state": ({"random_state": 1}, {}),
    "warm_start": ({"warm_start": True}, {}),
    "dtype": ({"dtype": "float32"}, {}),
    "keep_weights": (
        {"keep_weights": True}, {"model": network((4,), (1,)), "hidden_layer_sizes": (100,)}
    ),
    "model__units": ({"model__units": 3}, OF_A_MODEL),
    "optimizer__beta_1": ({"optimizer__beta_1": 0.3}, {}),
}  # fmt: skip

WRONG = {
    "hidden_layer_sizes": [0, (3, -1), "abc", 2.5, None],
    "activation": ["relo", 3],
    "dropout": [-0.1, 1.0, "0.5"],
    "batch_normalization": [1, "yes"],
    "optimizer": ["sdg", 3],
    "learning_rate": [-1.0, "fast", True],
    "loss": ["mean_error", 3],
    "alpha": [-1.0, "1", np.nan],
    "batch_size": [0, -3, 2.5, "all", None],
    "epochs": [-1, 2.5, None, "10"],
    "shuffle": ["batch", None],
    "tol": [-1e-3, "0"],
    "early_stopping": ["yes", None],
    "validation_fraction": [0.0, 1.0, -0.5, None, 3],
    "n_iter_no_change": [0, 1.5, None],
    "class_weight": ["even", 3, {0: -1.0}],
    "callbacks": [3, ["stop"], "stop"],
    "metrics": [["acuracy"], 3],
    "random_state": ["seed", -3],
    "warm_start": ["yes", None],
    "verbose": [-1, 3, "auto", None],
    "dtype": ["float16", "int32", 3],
    "keep_weights": [True, "yes"],
    "model": [3, "mlp"],
    "model__units": [3],
    "optimizer__size": [3],
}
