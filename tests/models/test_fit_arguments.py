"""Every argument of compile, fit, evaluate, predict and the single batches does something."""

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import Sequential, layers

rng = np.random.default_rng(8)
N = 20
X = rng.normal(size=(N, 4)).astype("float32")
CLASSES = (X[:, 0] > 0).astype("int64")
Y = X[:, :1] - X[:, 1:2]
WEIGHT = rng.uniform(0.5, 2, N).astype("float32")
VALIDATION = (X[:6], CLASSES[:6])


class Calls(kerasette.callbacks.Callback):
    """Counts the hooks after batches."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1

    on_test_batch_end = on_predict_batch_end = on_train_batch_end


def make(**arguments):
    kerasette.utils.clear_session()
    kerasette.utils.set_random_seed(5)
    model = Sequential(
        [
            kerasette.Input((4,)),
            layers.Dense(5, activation="tanh", kernel_regularizer="l2"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    chosen = {
        "optimizer": "sgd",
        "loss": "sparse_categorical_crossentropy",
        "weighted_metrics": ["accuracy"],
    }
    model.compile(**{**chosen, **arguments})
    return model


def observed_fit(capsys, **arguments):
    model = make()
    plain = {"x": X, "y": CLASSES, "batch_size": 4, "epochs": 2, "verbose": 0, "shuffle": False}
    history = model.fit(**{**plain, **arguments})
    # Times differ.
    printed = capsys.readouterr().out.count("\n")
    return history.history, history.epoch, history.params, model.get_weights(), printed


# A value for each argument, and others that come with it in both of the runs that are compared.
FIT = {
    "x": (X[::-1], {}),
    "y": (CLASSES[::-1], {}),
    "batch_size": (10, {}),
    "epochs": (3, {}),
    "verbose": (2, {}),
    "callbacks": ([kerasette.callbacks.EarlyStopping("loss", mode="max")], {"epochs": 3}),
    "validation_split": (0.3, {}),
    "validation_data": (VALIDATION, {}),
    "shuffle": (True, {}),
    "class_weight": ({0: 0.1}, {}),
    "sample_weight": (WEIGHT, {}),
    "initial_epoch": (1, {}),
    "steps_per_epoch": (2, {}),
    "validation_steps": (1, {"validation_data": VALIDATION}),
    "validation_batch_size": (1, {"validation_data": VALIDATION, "validation_steps": 2}),
    "validation_freq": (2, {"validation_data": VALIDATION}),
}


@pytest.mark.parametrize("name", FIT)
def test_every_argument_of_fit_has_an_effect(name, capsys):
    value, others = FIT[name]
    plain = observed_fit(capsys, **others)
    assert differ(observed_fit(capsys, **{**others, name: value}), plain)


EVALUATE = {
    "x": X[::-1],
    "y": CLASSES[::-1],
    # Seen by callbacks.
    "batch_size": 10,
    "verbose": 2,
    "sample_weight": WEIGHT,
    "steps": 2,
    "callbacks": [Calls()],
    "return_dict": True,
}


@pytest.mark.parametrize("name", EVALUATE)
def test_every_argument_of_evaluate_has_an_effect(name, capsys):
    def observed(**arguments):
        calls = Calls()
        plain = {"x": X, "y": CLASSES, "batch_size": 4, "verbose": 0, "callbacks": [calls]}
        result = make().evaluate(**{**plain, **arguments})
        return result, calls.count, capsys.readouterr().out.count("\n")

    assert differ(observed(**{name: EVALUATE[name]}), observed())


PREDICT = {"x": X[::-1], "batch_size": 10, "verbose": 2, "steps": 2, "callbacks": [Calls()]}


@pytest.mark.parametrize("name", PREDICT)
def test_every_argument_of_predict_has_an_effect(name, capsys):
    def observed(**arguments):
        calls = Calls()
        plain = {"x": X, "batch_size": 4, "verbose": 0, "callbacks": [calls]}
        result = make().predict(**{**plain, **arguments})
        return result, calls.count, capsys.readouterr().out.count("\n")

    assert differ(observed(**{name: PREDICT[name]}), observed())


TRAIN_ON_BATCH = {
    "x": X[::-1],
    "y": CLASSES[::-1],
    "sample_weight": WEIGHT,
    "class_weight": {0: 3.0},
    "return_dict": True,
}
TEST_ON_BATCH = {name: v for name, v in TRAIN_ON_BATCH.items() if name != "class_weight"}


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [("train_on_batch", *row) for row in TRAIN_ON_BATCH.items()]
    + [("test_on_batch", *row) for row in TEST_ON_BATCH.items()],
)
def test_every_argument_of_single_batches_has_an_effect(method, name, value):
    def observed(**arguments):
        model = make()
        result = getattr(model, method)(**{"x": X, "y": CLASSES, **arguments})
        return result, model.get_weights()

    assert differ(observed(**{name: value}), observed())


def test_predict_on_batch_takes_data():
    model = make()
    found = model.predict_on_batch(X[::-1])
    np.testing.assert_array_equal(found, model.predict_on_batch(X)[::-1])
    np.testing.assert_array_equal(found, model.predict(X[::-1], verbose=0))


# `jit_compile` and `auto_scale_loss` change no number in Keras either; the first shows in a
# warning, both in errors for other values (test_bad_arguments.py).
COMPILE = {
    "optimizer": "adam",
    "loss": "kl_divergence",
    "loss_weights": 0.5,
    "metrics": ["accuracy"],
    "weighted_metrics": None,
    "run_eagerly": True,
    "steps_per_execution": 2,
    "jit_compile": True,
    "auto_scale_loss": False,
}


@pytest.mark.parametrize(
    "name", [n for n in COMPILE if n not in ("jit_compile", "auto_scale_loss")]
)
def test_every_argument_of_compile_has_an_effect(name):
    def observed(**arguments):
        model, calls = make(**arguments), Calls()
        y = np.eye(3)[CLASSES] if arguments.get("loss") == "kl_divergence" else CLASSES
        history = model.fit(X, y, batch_size=4, shuffle=False, verbose=0, callbacks=[calls])
        return history.history, calls.count, model.replayed_steps > 0

    assert differ(observed(**{name: COMPILE[name]}), observed())


def test_compiling_eagerly_and_not_warns():
    with pytest.warns(UserWarning, match="`jit_compile` cannot also be True"):
        make(run_eagerly=True, jit_compile=True)


ROWS = {
    "compile": COMPILE,
    "fit": FIT,
    "evaluate": EVALUATE,
    "predict": PREDICT,
    "train_on_batch": TRAIN_ON_BATCH,
    "test_on_batch": TEST_ON_BATCH,
    "predict_on_batch": {"x": X},
}
COVERED = {f"Model.{method}": rows for method, rows in ROWS.items()}


@pytest.mark.parametrize("method", ROWS)
def test_every_argument_has_a_row(method):
    assert_every_parameter_has_a_row(getattr(Sequential, method), ROWS[method])
