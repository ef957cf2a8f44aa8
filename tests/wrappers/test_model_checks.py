"""Parameters that make no model, and models that do not fit the data."""

from dataclasses import replace

import numpy as np
import pytest
from estimator_models import (
    BINARY,
    N_CLASSES,
    N_FEATURES,
    TASK,
    Subclass,
    built,
    compiled,
    network,
)

import kerasette
from kerasette import layers


def stateful():
    steps = kerasette.Input(batch_shape=(4, N_FEATURES, 1))
    states = layers.LSTM(3, stateful=True, name="state")(steps)
    return kerasette.Model(steps, layers.Dense(N_CLASSES, activation="softmax")(states))


def not_copied(units):
    class Local(kerasette.Model):
        def __init__(self, hidden):
            super().__init__()
            self.hidden = hidden

        def call(self, inputs):
            return self.hidden(inputs)

        def get_config(self):
            raise NotImplementedError("no config")

    return Local(layers.Dense(units))


class OwnCompile(kerasette.Sequential):
    def compile(self, rate):
        super().compile(kerasette.optimizers.SGD(rate), "mse")


def own_compile():
    model = OwnCompile([kerasette.Input((N_FEATURES,)), layers.Dense(N_CLASSES)])
    model.compile(0.5)
    return model


def hidden_adapted():
    return kerasette.Sequential(
        [
            kerasette.Input((4, N_FEATURES)),
            layers.TimeDistributed(layers.Normalization()),
            layers.Flatten(),
        ]
    )


class Odd(kerasette.optimizers.SGD):
    def __init__(self, must, learning_rate=0.1):
        super().__init__(learning_rate)


ERRORS = {
    "model is a word": ({"model": "mlp"}, "'model' parameter must be None, .*Got 'mlp' instead"),
    "hidden sizes with a model": (
        {"model": network, "hidden_layer_sizes": (3,)}, r"hidden_layer_sizes=\(3,\) is a parameter"
    ),
    "activation with a model": ({"model": network, "activation": "tanh"}, "activation='tanh'"),
    "dropout with a model": ({"model": network, "dropout": 0.1}, "dropout=0.1"),
    "norm with a model": ({"model": network, "batch_normalization": True}, "batch_norm"),
    "keep_weights is a number": ({"keep_weights": 1}, "'keep_weights' parameter must be a bool"),
    "no weights to keep": ({"keep_weights": True}, "needs a `model`"),
    "no weights yet": ({"keep_weights": True, "model": Subclass()}, "has no weights yet"),
    "a given subclass without config": ({"model": not_copied(3)}, "cannot be copied.*no config"),
    "adapted inside": (
        {"model": hidden_adapted()}, "'normalization.*', adapted to data, is inside another one"
    ),
    "model argument": ({"model": network, "model__width": 3}, "parameter 'width'"),
    "model argument without a model": ({"model__units": 3}, "model__units"),
    "optimizer argument": ({"optimizer__width": 3}, "'width' for estimator Adam"),
    "of a compiled model's optimizer": (
        {"model": compiled(), "optimizer__beta_1": 0.5}, "'beta_1' for estimator SGD"
    ),
    "no optimizer to have arguments": (
        {"model": compiled(optimizer=None), "learning_rate": 0.5}, "without an optimizer"
    ),
    "optimizer is none": ({"optimizer": "sdg"}, "sdg"),
    "optimizer without config": ({"optimizer": Odd(3)}, "Odd cannot be copied: its `get_config`"),
    "two rates": (
        {"learning_rate": 0.1, "optimizer__learning_rate": 0.2}, "same parameter.*0.1 and 0.2"
    ),
    "a truth value as a rate": ({"learning_rate": True}, "'learning_rate' parameter .*Got True"),
    "a negative rate": ({"learning_rate": -1}, "'learning_rate' parameter must be.*Got -1"),
    "no rate": ({"optimizer__learning_rate": "big"}, "'learning_rate' parameter .*Got 'big'"),
    "an endless rate": ({"learning_rate": np.inf}, "'learning_rate' parameter .*Got inf"),
    "an unknown loss": ({"loss": "mes"}, "mes"),
    "a dtype that is none": ({"dtype": "double precision"}, "'dtype' parameter must be"),
    "an integer dtype": ({"dtype": "int32"}, "'dtype' parameter must be None or one of"),
    "another dtype than the model's": (
        {"dtype": "float64", "model": network()}, "dtype='float64', but the model .*float32"
    ),
    "outputs that do not fit": (
        {"model": network, "model__dropout": 0.1, "task": replace(TASK, n_classes=4,
         output_shape=(5,))}, r"returns outputs of shape \(None, 4\).*\(None, 5\)"
    ),
    "states that go on": ({"model": stateful}, r"The layers \['state'\] .* have stateful=True"),
    "several inputs without a model": (
        {"task": replace(TASK, input_shape={"a": (3,), "b": (2,)})}, "give a `model`"
    ),
    "a compile of its own": ({"model": own_compile()}, "has a `compile` of its own"),
    "replacing in a compile of its own": (
        {"model": own_compile, "loss": "mse"}, "has a `compile` of its own"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("params", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(params, message):
    with pytest.raises(ValueError, match=message):
        built(**params)


def test_functions_that_return_no_model():
    with pytest.raises(TypeError, match=r"nothing given as `model` must .* of type NoneType"):
        built(model=nothing)


def nothing():
    """Forgets to return the model."""


def test_a_compile_of_its_own_is_left_alone():
    assert built(model=own_compile).optimizer.learning_rate.numpy() == 0.5


def test_outputs_that_fit():
    two = kerasette.Sequential([kerasette.Input((N_FEATURES,)), layers.Dense(2, "softmax")])
    assert built(BINARY, model=two, loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=r"\(None, 2\).*\(None, 1\)"):
        built(BINARY, model=two)
    flat = kerasette.Sequential(
        [kerasette.Input((N_FEATURES,)), layers.Dense(1), layers.Reshape(())]
    )
    assert built(replace(BINARY, n_classes=None, loss="mse"), model=flat)
