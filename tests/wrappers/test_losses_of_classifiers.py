"""Models of all kinds for classes: what their losses make of their outputs."""

from functools import partial

import numpy as np
import pytest

pytest.importorskip("sklearn")

from classifier_cases import FEW, GOOD, INDICATORS, NUMBERS, X, fitted, network_for
from scipy.special import expit, softmax

import kerasette
from kerasette import layers, losses
from kerasette.wrappers import KerasetteClassifier

BINARY_LOGITS = losses.BinaryCrossentropy(from_logits=True)
LOGITS = losses.CategoricalCrossentropy(from_logits=True)
SPARSE_LOGITS = losses.SparseCategoricalCrossentropy(from_logits=True)
# (labels, columns, last activation, loss): there are probabilities and scores.
WITH_BOTH = {
    "sigmoid": (NUMBERS > 0, 1, "sigmoid", "binary_crossentropy"),
    "logit": (NUMBERS > 0, 1, None, BINARY_LOGITS),
    "two columns": (NUMBERS > 0, 2, "softmax", "categorical_crossentropy"),
    "two columns, sparse": (NUMBERS > 0, 2, "softmax", "sparse_categorical_crossentropy"),
    "two logits": (NUMBERS > 0, 2, None, SPARSE_LOGITS),
    "softmax, sparse": (NUMBERS, 3, "softmax", "sparse_categorical_crossentropy"),
    "softmax": (NUMBERS, 3, "softmax", "categorical_crossentropy"),
    "chosen by shapes": (NUMBERS, 3, "softmax", "ce"),
    "logits": (NUMBERS, 3, None, LOGITS),
    "logits, sparse": (NUMBERS, 3, None, SPARSE_LOGITS),
    "a sigmoid for each": (NUMBERS, 3, "sigmoid", "binary_crossentropy"),
    "squares": (NUMBERS, 3, "softmax", "mse"),
    "focal": (NUMBERS, 3, "softmax", losses.CategoricalFocalCrossentropy()),
    "labels": (INDICATORS, 3, "sigmoid", "binary_crossentropy"),
    "labels, logits": (INDICATORS, 3, None, BINARY_LOGITS),
    "a list of one": (NUMBERS > 0, 1, None, [BINARY_LOGITS]),
    "a config": (NUMBERS > 0, 1, None, losses.serialize(BINARY_LOGITS)),
    "a part": (NUMBERS > 0, 1, None, partial(losses.binary_crossentropy, from_logits=True)),
    "a wrapped function": (
        NUMBERS > 0,
        1,
        None,
        losses.LossFunctionWrapper(losses.binary_crossentropy, from_logits=True),
    ),
    "a sparse wrapped function": (
        NUMBERS,
        3,
        None,
        losses.LossFunctionWrapper(losses.sparse_categorical_crossentropy, from_logits=True),
    ),
    "a config of a function": (
        NUMBERS,
        3,
        "softmax",
        losses.serialize(losses.sparse_categorical_crossentropy),
    ),
}


@pytest.mark.parametrize(("y", "columns", "last", "loss"), WITH_BOTH.values(), ids=WITH_BOTH)
def test_models_with_probabilities_and_scores(y, columns, last, loss):
    network = KerasetteClassifier(
        network_for(columns, last, loss), epochs=60, random_state=0
    ).fit(X, y)  # fmt: skip
    assert (network.predict(X) == y).mean() > 0.85
    scores, probabilities = network.decision_function(X), network.predict_proba(X)
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(network.predict_log_proba(X), np.log(probabilities), atol=1e-6)
    if y.ndim == 2:
        np.testing.assert_allclose(probabilities, expit(scores))
        return
    np.testing.assert_allclose(probabilities.sum(1), 1)
    if y.dtype == bool:
        np.testing.assert_allclose(probabilities[:, 1], expit(scores))
    elif last != "sigmoid":
        np.testing.assert_allclose(probabilities, softmax(scores, axis=1))
    chosen = scores > 0 if y.dtype == bool else scores.argmax(1)
    np.testing.assert_array_equal(chosen, network.predict(X))


HINGES = {
    "one column": (NUMBERS > 0, 1, "linear", "hinge"),
    "two columns": (NUMBERS > 0, 2, "linear", "categorical_hinge"),
    "tanh": (NUMBERS > 0, 1, "tanh", "squared_hinge"),
    "three columns": (NUMBERS, 3, "linear", "categorical_hinge"),
    "squares without a sigmoid": (NUMBERS, 3, "linear", "mse"),
    "squares of one column": (NUMBERS > 0, 1, "linear", "mse"),
    "distances of one column": (NUMBERS > 0, 1, "linear", "mae"),
    "squares of labels": (INDICATORS, 3, "linear", "mse"),
}


@pytest.mark.parametrize(("y", "columns", "last", "loss"), HINGES.values(), ids=HINGES)
def test_scores_that_are_no_probabilities(y, columns, last, loss):
    network = KerasetteClassifier(
        network_for(columns, last, loss), epochs=60, random_state=0
    ).fit(X, y)  # fmt: skip
    scores = network.decision_function(X)
    assert network.score(X, y) > 0.85
    is_alone = y.dtype == bool or y.ndim == 2
    np.testing.assert_array_equal(scores > 0 if is_alone else scores.argmax(1), network.predict(X))
    assert not hasattr(network, "predict_proba")
    assert not hasattr(network, "predict_log_proba")
    with pytest.raises(AttributeError, match="predict_proba") as raised:
        network.predict_proba(X)
    assert "does not take for probabilities" in str(raised.value.__cause__)


def test_a_hinge_for_the_default_network():
    network = fitted(NUMBERS > 0, **GOOD, loss="hinge")
    assert network.out_activation_ == "identity"
    assert network.score(X, NUMBERS > 0) > 0.85
    assert not hasattr(network, "predict_proba")


HINGES_OF_ALL_FORMS = {
    "name": "hinge",
    "list": ["hinge"],
    "dict": {"output": "hinge"},
    "config": losses.serialize(losses.Hinge()),
    "part": partial(losses.hinge),
}


@pytest.mark.parametrize("loss", HINGES_OF_ALL_FORMS.values(), ids=HINGES_OF_ALL_FORMS)
def test_the_form_of_a_loss_does_not_matter(loss):
    network, other = (fitted(NUMBERS > 0, **FEW, loss=form) for form in (loss, "hinge"))
    assert network.out_activation_ == "identity"
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])


def test_sigmoids_that_round_to_zero():
    network = KerasetteClassifier(network_for(3, "sigmoid", "binary_crossentropy"), epochs=30)
    network.set_params(random_state=0).fit(X, NUMBERS)
    weights = network.model_.get_weights()
    weights[-1] = weights[-1] - 800
    network.model_.set_weights(weights)
    scores, logarithms = network.decision_function(X), network.predict_log_proba(X)
    assert (network.model_.predict(X, verbose=0) == 0).all()
    # exp(s) of the scores, all of which are far below 0.
    np.testing.assert_allclose(logarithms, np.log(softmax(scores, axis=1)), rtol=1e-6)
    np.testing.assert_allclose(network.predict_proba(X), softmax(scores, axis=1), rtol=1e-6)


def test_labels_that_share_a_softmax():
    network = KerasetteClassifier(network_for(3, "softmax", "categorical_crossentropy"), epochs=20)
    network.set_params(random_state=0).fit(X, INDICATORS)
    probabilities = network.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(1), 1)
    np.testing.assert_array_equal(network.predict_log_proba(X), np.log(probabilities))
    np.testing.assert_array_equal(network.decision_function(X) > 0, network.predict(X))
    np.testing.assert_array_equal(probabilities > 0.5, network.predict(X))


def test_logits_for_the_default_network():
    network = fitted(NUMBERS, **GOOD, loss=SPARSE_LOGITS)
    other = fitted(NUMBERS, **GOOD)
    assert network.out_activation_ == "identity"
    # The loss was made in float32, and computes in it.
    np.testing.assert_allclose(network.predict_proba(X), other.predict_proba(X), rtol=1e-4)


@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        "categorical_crossentropy",
        "kl_divergence",
        "cosine_similarity",
    ],
)
def test_two_columns_for_two_classes(loss):
    network = fitted(NUMBERS > 0, **GOOD, loss=loss)
    assert network.coefs_[-1].shape == (20, 2)
    assert network.out_activation_ == "softmax"
    assert network.score(X, NUMBERS > 0) > 0.85
    scores = network.decision_function(X)
    assert scores.shape == (60,)
    np.testing.assert_allclose(network.predict_proba(X)[:, 1], expit(scores))
    margins = fitted(NUMBERS > 0, **GOOD, loss="categorical_hinge")
    assert margins.out_activation_ == "identity"
    assert margins.score(X, NUMBERS > 0) > 0.85


def test_probabilities_of_unknown_origin_have_no_scores():
    def build(input_shape, output_shape):
        inputs = kerasette.Input(input_shape)
        outputs = layers.Dense(*output_shape, activation="softplus")(inputs)
        outputs = outputs / kerasette.ops.sum(outputs, axis=-1, keepdims=True)
        return kerasette.Model(inputs, outputs)

    network = KerasetteClassifier(build, epochs=2, random_state=0).fit(X, NUMBERS)
    np.testing.assert_allclose(network.predict_proba(X).sum(1), 1)
    np.testing.assert_allclose(network.predict_log_proba(X), np.log(network.predict_proba(X)))
    assert not hasattr(network, "decision_function")
    with pytest.raises(AttributeError) as raised:
        network.decision_function(X)
    assert "neither a sigmoid nor a softmax" in str(raised.value.__cause__)


def test_a_model_with_another_number_of_columns():
    with pytest.raises(ValueError, match=r"outputs of shape \(None, 4\)"):
        KerasetteClassifier(network_for(4, "softmax", "mse"), epochs=1).fit(X, NUMBERS)


def test_a_model_with_several_outputs():
    def build(input_shape):
        inputs = kerasette.Input(input_shape)
        return kerasette.Model(inputs, [layers.Dense(3)(inputs), layers.Dense(3)(inputs)])

    with pytest.raises(ValueError, match="must have one output"):
        KerasetteClassifier(build, epochs=1).fit(X, NUMBERS)
