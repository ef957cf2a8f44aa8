"""The network of an estimator that is given no model."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn")

from estimator_models import N_CLASSES, TASK, X, Y, built, trained
from scipy.special import log_softmax
from sklearn.neural_network import MLPClassifier

import kerasette
from kerasette import layers
from kerasette.default_dtype import floatx_in_thread
from kerasette.wrappers.network import checked_sizes

DOUBLE = replace(TASK, dtype="float64")


def kinds(model):
    return [(layer.name, type(layer)) for layer in model.layers]


def test_layers():
    assert kinds(built()) == [
        ("hidden_1", layers.Dense),
        ("scores", layers.Dense),
        ("output", layers.Activation),
    ]
    model = built(hidden_layer_sizes=[4, 3], dropout=0.25, batch_normalization=True)
    parts = [("hidden", layers.Dense), ("normalization", layers.BatchNormalization)]
    parts += [("activation", layers.Activation), ("dropout", layers.Dropout)]
    hidden = [(f"{name}_{number}", kind) for number in (1, 2) for name, kind in parts]
    assert kinds(model)[:-2] == hidden
    assert [model.get_layer(f"hidden_{number}").units for number in (1, 2)] == [4, 3]
    assert model.get_layer("dropout_2").rate == 0.25
    assert model.output_shape == (None, N_CLASSES)


def test_no_hidden_layers_are_a_linear_model():
    assert [name for name, _ in kinds(built(hidden_layer_sizes=()))] == ["scores", "output"]


def test_images_are_flattened_and_made():
    task = replace(TASK, input_shape=(4, 4, 2), output_shape=(4, 4, 2), output_activation="linear")
    model = built(task)
    assert model.layers[0].name == "flatten"
    assert model.input_shape == model.output_shape == (None, 4, 4, 2)


def test_weights_begin_as_widely_as_in_scikit_learn():
    model = built(hidden_layer_sizes=50)
    for layer, n_inputs in ((model.get_layer("hidden_1"), 5), (model.get_layer("scores"), 50)):
        kernel, bias = layer.get_weights()
        bound = np.sqrt(6 / sum(kernel.shape))
        assert kernel.shape[0] == n_inputs
        assert 0.8 * bound < abs(kernel).max() <= bound
        # Of the output there are a few.
        assert (0.8 * bound if len(bias) == 50 else 0.0) < abs(bias).max() <= bound


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_the_loss_is_that_of_the_outputs_and_a_penalty(alpha):
    model = built(DOUBLE, alpha=alpha, activation="tanh")
    w1, b1, w2, b2 = model.get_weights()
    rows = slice(0, 32)
    data_loss = -log_softmax(np.tanh(X[rows] @ w1 + b1) @ w2 + b2, axis=1)
    expected = data_loss[np.arange(32), Y[rows]].mean()
    expected += alpha / 2 * ((w1**2).sum() + (w2**2).sum()) / 32
    with floatx_in_thread("float64"):
        loss = model.evaluate(X[rows], Y[rows], batch_size=32, verbose=0)
    np.testing.assert_allclose(loss, expected, rtol=1e-12)


def test_training_is_that_of_scikit_learn():
    model = built(
        DOUBLE, hidden_layer_sizes=(7, 4), alpha=0.5, optimizer="sgd", learning_rate=0.2,
        optimizer__momentum=0.9, optimizer__nesterov=True,
    )  # fmt: skip
    theirs = MLPClassifier(
        (7, 4), solver="sgd", alpha=0.5, batch_size=32, learning_rate_init=0.2, shuffle=False,
        momentum=0.9, max_iter=1,
    )  # fmt: skip
    theirs.partial_fit(X, Y, classes=[0, 1, 2])
    theirs._optimizer.velocities = [np.zeros_like(v) for v in theirs._optimizer.velocities]
    for own, mine in zip(parameters(theirs), model.get_weights()):
        own[...] = mine
    for _ in range(5):
        theirs.partial_fit(X, Y)
    with floatx_in_thread("float64"):
        model.fit(X, Y, batch_size=32, epochs=5, shuffle=False, verbose=0)
    for own, mine in zip(parameters(theirs), model.get_weights()):
        np.testing.assert_allclose(mine, own, rtol=1e-9, atol=1e-12)


def parameters(perceptron):
    pairs = zip(perceptron.coefs_, perceptron.intercepts_)
    return [array for pair in pairs for array in pair]


def test_every_step_is_replayed():
    for params in ({}, {"dropout": 0.2, "batch_normalization": True}):
        # All but the one that is recorded.
        assert trained(epochs=4, **params).replayed_steps == 4 * 3 - 1


@pytest.mark.parametrize("sizes", [3, np.int64(3), (3,), [3], np.array([3]), iter([3])])
def test_sizes(sizes):
    assert checked_sizes(sizes) == [3]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"hidden_layer_sizes": 0}, "'hidden_layer_sizes' .* Got 0"),
        ({"hidden_layer_sizes": (3, -1)}, "'hidden_layer_sizes' .*-1"),
        ({"hidden_layer_sizes": (3, 2.0)}, "'hidden_layer_sizes'"),
        ({"hidden_layer_sizes": "32"}, "'hidden_layer_sizes'"),
        ({"hidden_layer_sizes": None}, "'hidden_layer_sizes'"),
        ({"dropout": 1.0}, r"'dropout' parameter must be a float in the range \[0, 1\). Got 1.0"),
        ({"dropout": -0.1}, "'dropout'"),
        ({"dropout": "0.5"}, "'dropout'"),
        ({"alpha": -1e-9}, r"'alpha' parameter must be a float in the range \[0, inf\)"),
        ({"alpha": np.nan}, "'alpha'"),
        ({"alpha": np.inf}, "'alpha'"),
        ({"alpha": None}, "'alpha'"),
        ({"batch_normalization": 1}, "'batch_normalization' parameter must be a bool. Got 1"),
        ({"activation": "rleu"}, "rleu"),
    ],
)
def test_parameters_out_of_range(params, message):
    with pytest.raises(ValueError, match=message):
        built(**params)


@pytest.mark.parametrize("slopes", [layers.PReLU(), layers.PReLU])
def test_layers_as_activations(slopes):
    for normalized, n_weights in ((False, 8), (True, 16)):
        model = trained(
            hidden_layer_sizes=(4, 3), activation=slopes, batch_normalization=normalized
        )
        assert len(model.get_weights()) == n_weights
        own = [model.get_layer(f"activation_{number}") for number in (1, 2)]
        assert [layer.alpha.shape for layer in own] == [(4,), (3,)]
        assert np.abs(own[0].alpha.numpy()).max() > 0
        assert slopes is layers.PReLU or not slopes.built


def test_layers_as_activations_follow_the_dtype():
    for activation in (layers.PReLU(), layers.PReLU, "elu"):
        made = built(DOUBLE, activation=activation)
        assert {layer.compute_dtype for layer in made.layers} == {"float64"}


def test_activations_of_ones_own():
    def doubled(x):
        return kerasette.ops.multiply(x, 2.0)

    model = built(DOUBLE, activation=doubled)
    w1, b1, w2, b2 = model.get_weights()
    scores = 2 * (X @ w1 + b1) @ w2 + b2
    expected = np.exp(log_softmax(scores, axis=1))
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-12)
