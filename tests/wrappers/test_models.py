"""The model that a fit trains: compiled, and nobody else's."""

import functools
from dataclasses import replace

import numpy as np
import pytest
from estimator_models import (
    N_CLASSES,
    N_FEATURES,
    TASK,
    Subclass,
    X,
    Y,
    built,
    compiled,
    graph,
    network,
    trained,
    weights,
)

import kerasette
from kerasette import layers

# ---- functions ------------------------------------------------------------------------


def test_functions_get_the_arguments_that_they_name():
    seen = []

    def make(input_shape, n_classes, output_shape, units=3):
        seen.append((input_shape, n_classes, output_shape, units))
        return network(input_shape, n_classes, units)

    assert built(model=make, model__units=4).layers[0].units == 4
    assert seen == [((N_FEATURES,), N_CLASSES, (N_CLASSES,), 4)]


def test_functions_that_take_any_name():
    seen = {}

    def make(**arguments):
        seen.update(arguments)
        return network(units=arguments["units"])

    built(replace(TASK, n_classes=None), model=make, model__units=4)
    assert seen == {"input_shape": (N_FEATURES,), "output_shape": (N_CLASSES,), "units": 4}


def test_a_class_is_a_function():
    assert trained(model=Subclass, model__units=4).hidden.units == 4


class TakesAny(Subclass):
    """As many of Keras's users write a class."""

    def __init__(self, units=6, **kwargs):
        super().__init__(units)
        assert kwargs == {}


@pytest.mark.parametrize("model", [TakesAny, functools.partial(TakesAny)])
def test_a_class_gets_only_what_it_names(model):
    assert trained(model=model, model__units=4).hidden.units == 4


def test_functions_that_lack_an_argument():
    def make(input_shape, units, n_layers, dropout=0.1):
        raise AssertionError

    with pytest.raises(ValueError, match=r"needs .* \['units'\]. .* not given: model__units\."):
        built(model=make, model__n_layers=2)
    with pytest.raises(ValueError, match=r"'n_classes'.* is there for classifiers alone"):
        built(replace(TASK, n_classes=None), model=lambda n_classes: None)


def test_weights_that_a_function_returns_are_kept_anyhow():
    with pytest.raises(ValueError, match="keep_weights=True is for a Model given as `model`"):
        built(model=network, keep_weights=True)


def test_a_layer_is_no_model():
    with pytest.raises(ValueError, match=r"'model' parameter must be None, a kerasette.Model or"):
        built(model=layers.Dense(3))


def test_what_a_function_returns_is_compiled_as_the_task_asks():
    model = built(model=network)
    assert type(model.optimizer) is kerasette.optimizers.Adam
    assert model.loss == TASK.loss
    assert built(model=network, loss="mse").loss == "mse"


def test_what_a_function_has_compiled_stays():
    made = []

    def make():
        made.append(compiled())
        return made[-1]

    model = built(model=make)
    assert model is made[-1] and model.optimizer.momentum == 0.5
    assert built(model=make, learning_rate=0.5).optimizer.momentum == 0.5
    model = built(model=make, optimizer="adam", optimizer__beta_1=0.5, metrics=["mse"])
    assert model.optimizer.beta_1 == 0.5
    assert model._compile_arguments["metrics"] == ["mse"]
    assert model.loss == "sparse_categorical_crossentropy"


class Gain(layers.Dense):
    """With an argument that no config has."""

    def __init__(self, units, gain=1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.gain = gain


class Described(Gain):
    def get_config(self):
        return {**super().get_config(), "gain": self.gain}


class Boosted(kerasette.optimizers.SGD):
    def __init__(self, learning_rate=0.1, boost=2.0, **kwargs):
        super().__init__(learning_rate, **kwargs)
        self.boost = boost


class Old(Gain):
    """With an argument that layers had, and one that has its default."""

    def __init__(self, units, input_shape=None, mode="a", **kwargs):
        super().__init__(units, **kwargs)
        self.mode = mode

    def get_config(self):
        return {**super().get_config(), "gain": self.gain}


class Older(Old):
    def __init__(self, units, depth=3, **kwargs):
        super().__init__(units, **kwargs)
        self.depth = depth


RECURRENT = {
    "lstm": lambda: layers.LSTM(3),
    "gru": lambda: layers.GRU(3),
    "both": lambda: layers.Bidirectional(layers.LSTM(3)),
    "cells": lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]),
}


@pytest.mark.parametrize("make", RECURRENT.values(), ids=RECURRENT)
def test_recurrent_models_are_copied(make):
    stack = [kerasette.Input((N_FEATURES, 1)), make(), layers.Dense(N_CLASSES)]
    model = built(model=kerasette.Sequential(stack))
    assert type(model.layers[0]) is type(stack[1])
    assert model.layers[0].get_config() == stack[1].get_config()


def test_defaults_are_not_lost():
    stack = kerasette.Sequential([kerasette.Input((N_FEATURES,)), Older(N_CLASSES, gain=2.0)])
    assert built(model=stack).layers[0].gain == 2.0
    stack.layers[0].depth = 4
    with pytest.raises(ValueError, match=r"Older takes the arguments \['depth'\]"):
        built(model=stack)


def test_arguments_that_a_copy_would_lose_within_another_layer():
    inner = layers.TimeDistributed(Gain(3, gain=9.0))
    model = kerasette.Sequential(
        [kerasette.Input((N_FEATURES, 1)), inner, layers.Flatten(), layers.Dense(N_CLASSES)]
    )
    known = kerasette.saving.custom_object_scope({"Gain": Gain})
    with known, pytest.raises(ValueError, match=r"Gain takes the arguments \['gain'\]"):
        built(model=model)


class Undescribed(layers.Layer):
    """With an argument that no config can have."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, inputs):
        return self.function(inputs)


class Block(layers.Layer):
    """Makes its layers itself."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.gain, self.twice = Gain(units, gain=9.0), Undescribed(lambda x: 2 * x)

    def call(self, inputs):
        return self.twice(self.gain(inputs))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_layers_that_another_one_makes_are_made_again():
    model = built(model=kerasette.Sequential([kerasette.Input((N_FEATURES,)), Block(N_CLASSES)]))
    assert model.layers[0].gain.gain == 9.0


def test_arguments_that_a_copy_would_lose():
    message = r"cannot be copied.*Gain takes the arguments \['gain'\]"
    with pytest.raises(ValueError, match=message):
        built(model=kerasette.Sequential([kerasette.Input((3,)), Gain(N_CLASSES, gain=9.0)]))
    model = kerasette.Sequential([kerasette.Input((3,)), Described(N_CLASSES, gain=9.0)])
    assert built(model=model).layers[0].gain == 9.0
    message = r"Boosted cannot be copied.*takes the arguments \['boost'\]"
    with pytest.raises(ValueError, match=message):
        built(optimizer=Boosted(boost=5.0))
    assert built(optimizer=Boosted, optimizer__boost=5.0).optimizer.boost == 5.0


# ---- models ---------------------------------------------------------------------------

MODELS = {
    "a stack": compiled,
    "a graph": lambda: compiled(graph),
    "a subclass": lambda: compiled(Subclass),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_given_models_are_copied(make):
    model = make()
    model(X[:1])
    before, generators = weights(model), variables(model)
    first, again, other = (trained(model=model, seed=seed) for seed in (0, 0, 1))
    assert weights(model) == before and variables(model) == generators
    assert model.optimizer.iterations.numpy() == 0
    # New weights, drawn from the sources in use.
    assert weights(first) == weights(again) != weights(other)
    kernels = [built(model=model, seed=seed).weights for seed in (0, 1)]
    for weight, kernel in zip(before, kernels[0]):
        assert kernel.numpy().tolist() != weight or "bias" in kernel.name
    assert type(first) is type(model)
    assert first.optimizer.momentum == 0.5 and first.optimizer is not model.optimizer
    assert "accuracy" in first.evaluate(X, Y, verbose=0, return_dict=True)


def variables(model):
    """Weights and the states of generators."""
    return [v.numpy().tolist() for v in model.variables]


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_weights_may_be_kept(make):
    model = make()
    model.fit(X, Y, verbose=0)
    before, state = weights(model), variables(model)
    kept = built(model=model, keep_weights=True)
    assert weights(kept) == before
    assert kept.optimizer.iterations.numpy() == 0
    first, again, other = (trained(model=model, keep_weights=True, seed=seed) for seed in (0, 0, 1))
    assert weights(first) == weights(again) != before
    # Dropout and shuffles follow the sources.
    assert weights(first) != weights(other)
    assert variables(model) == state


def test_seeds_of_ones_own_are_kept():
    def make(seed=1):
        init = kerasette.initializers.GlorotUniform(seed)
        return kerasette.Sequential(
            [kerasette.Input((N_FEATURES,)), layers.Dense(N_CLASSES, kernel_initializer=init)]
        )

    model = make()
    assert weights(built(model=model, seed=5)) == weights(model)
    assert weights(built(model=make(None), seed=5)) != weights(built(model=make(None), seed=6))


def test_adapted_layers_are_copied_as_they_are():
    scaling = layers.Normalization()
    scaling.adapt(X * 7)
    inner = kerasette.Sequential([kerasette.Input((N_FEATURES,)), scaling, layers.Dense(4)])
    model = kerasette.Sequential(
        [kerasette.Input((N_FEATURES,)), inner, layers.Dense(N_CLASSES, "softmax")]
    )
    copied = built(model=model)
    assert copied.layers[0].layers[0].get_weights()[0].tolist() == scaling.get_weights()[0].tolist()
    assert copied.layers[0].layers[0] is not scaling
    assert weights(copied.layers[0].layers[1]) != weights(inner.layers[1])


def test_layers_that_are_not_trained_stay_so():
    model = graph()
    model.layers[1].trainable = False
    assert [layer.trainable for layer in built(model=model).layers] == [True, False, True]


# ---- each parameter -------------------------------------------------------------------

CHANGES = {
    "hidden_layer_sizes": {"hidden_layer_sizes": (4,)},
    "activation": {"activation": "tanh"},
    "dropout": {"dropout": 0.5},
    "batch_normalization": {"batch_normalization": True},
    "alpha": {"alpha": 1.0},
    "dtype": {"dtype": "float64"},
    "optimizer": {"optimizer": "sgd"},
    "optimizer__x": {"optimizer__beta_1": 0.1},
    "learning_rate": {"learning_rate": 0.1},
    "loss": {"loss": "sparse_categorical_crossentropy", "model": lambda: network()},
    "model": {"model": network},
}


@pytest.mark.parametrize("params", CHANGES.values(), ids=CHANGES)
def test_each_parameter_changes_the_result(params):
    assert weights(trained(**params)) != weights(trained())


def test_parameters_of_a_function_and_losses_change_the_result():
    results = [
        weights(trained(model=network, **params))
        for params in ({}, {"model__units": 7}, {"model__dropout": 0.0}, {"loss": first_output})
    ]
    assert all(a != b for i, a in enumerate(results) for b in results[:i])


def first_output(y_true, y_pred):
    """A loss."""
    return y_pred[:, 0]


class CountedDense(layers.Dense):
    def build(self, input_shape):
        self.calls = self.add_weight(shape=(), dtype="int32", initializer="zeros")
        super().build(input_shape)


def counted():
    dense = CountedDense(TASK.output_shape[-1], TASK.output_activation)
    return kerasette.Sequential([kerasette.Input(TASK.input_shape), dense])


def test_dtypes():
    double = replace(TASK, dtype="float64")
    assert built(double).layers[0].kernel.dtype == "float64"
    assert built(double, dtype=np.float32).layers[0].kernel.dtype == "float32"
    assert built(dtype="float64", model=network).layers[0].kernel.dtype == "float64"
    # A given model keeps its own.
    assert built(double, model=network()).layers[0].kernel.dtype == "float32"
    assert built(model=network(), dtype="float32").dtype == "float32"
    assert built(double, model=Subclass()).dtype == "float32"
    # A counter among the weights does not say in what a model computes.
    assert built(model=counted, dtype="float32").trainable_weights[0].dtype == "int32"
    # Losses and metrics go with the weights.
    assert trained(double)._loss_tracker.total.dtype == "float64"
    assert trained(double, model=network())._loss_tracker.total.dtype == "float32"
