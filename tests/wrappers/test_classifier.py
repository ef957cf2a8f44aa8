"""Classes of all kinds, and what scikit-learn asks of a classifier."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

import sklearn
from classifier_cases import FEW, GOOD, INDICATORS, NUMBERS, RNG, X, fitted, network_for
from scipy import sparse
from scipy.special import expit, log_softmax, softmax
from sklearn.base import is_classifier
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.model_selection import cross_validate

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier

# ---- labels -----------------------------------------------------------------------------

LABELS = {
    "numbers": np.array([3, 7, 9]),
    "negative numbers": np.array([-1, 0, 1]),
    "real numbers": np.array([1.0, 2.0, 3.0]),
    "strings": np.array(["blue", "green", "red"]),
    "objects": np.array(["blue", "green", "red"], dtype=object),
    "two numbers": np.array([-1, 1, 1]),
    "two strings": np.array(["no", "yes", "yes"], dtype=object),
    "truth values": np.array([False, True, True]),
    "bytes": np.array([0, 1, 2], dtype="uint8"),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_come_back_as_they_were(labels):
    y = labels[NUMBERS]
    network = fitted(y, **GOOD)
    predicted = network.predict(X)
    assert predicted.dtype == y.dtype
    assert set(predicted) <= set(labels)
    assert network.score(X, y) > 0.85
    assert network.classes_.tolist() == sorted(set(labels.tolist()))
    assert network.n_classes_ == len(set(labels.tolist()))
    np.testing.assert_array_equal(network.classes_[network.predict_proba(X).argmax(1)], predicted)


def test_equal_networks_whatever_the_labels_are():
    results = [fitted(labels[NUMBERS]).coefs_[0] for labels in list(LABELS.values())[:5]]
    assert all((coefs == results[0]).all() for coefs in results)


def test_two_classes():
    network = fitted(NUMBERS > 0)
    probabilities, scores = network.predict_proba(X), network.decision_function(X)
    assert probabilities.shape == (60, 2)
    assert scores.shape == (60,)
    np.testing.assert_allclose(probabilities.sum(1), 1)
    np.testing.assert_allclose(probabilities[:, 1], expit(scores))
    np.testing.assert_allclose(network.predict_log_proba(X), np.log(probabilities))
    np.testing.assert_array_equal(network.predict(X), scores > 0)
    assert network.n_outputs_ == 1
    assert network.out_activation_ == "logistic"


def test_more_classes():
    network = fitted(NUMBERS)
    probabilities, scores = network.predict_proba(X), network.decision_function(X)
    np.testing.assert_allclose(probabilities, softmax(scores, axis=1))
    np.testing.assert_allclose(network.predict_log_proba(X), log_softmax(scores, axis=1))
    np.testing.assert_array_equal(network.predict(X), scores.argmax(1))
    assert network.n_outputs_ == 3
    assert network.out_activation_ == "softmax"


def test_logarithms_are_finite_where_probabilities_are_not():
    network = fitted(NUMBERS)
    far = 1e5 * X
    assert (network.predict_proba(far) == 0).any()
    assert np.isfinite(network.predict_log_proba(far)).all()
    assert np.isfinite(fitted(NUMBERS > 0).predict_log_proba(far)).all()


def test_one_class():
    network = fitted(np.full(60, "all"))
    assert (network.predict(X) == "all").all()
    assert network.predict_proba(X).tolist() == [[1.0]] * 60
    assert network.predict_log_proba(X).tolist() == [[0.0]] * 60
    assert network.decision_function(X).shape == (60,)
    assert network.n_classes_ == 1


@pytest.mark.parametrize("make", [np.array, np.ndarray.tolist, sparse.csr_matrix])
def test_labels_of_several_kinds_at_once(make):
    y = make(INDICATORS)
    network = fitted(y, **GOOD)
    predicted = network.predict(X)
    assert sparse.issparse(predicted) == sparse.issparse(y)
    predicted = predicted.toarray() if sparse.issparse(predicted) else predicted
    assert predicted.dtype.kind == "i"
    assert (predicted == INDICATORS).mean() > 0.9
    probabilities = network.predict_proba(X)
    np.testing.assert_allclose(probabilities, expit(network.decision_function(X)))
    np.testing.assert_allclose(network.predict_log_proba(X), np.log(probabilities))
    np.testing.assert_array_equal(predicted, probabilities > 0.5)
    assert network.classes_.tolist() == [0, 1, 2]
    assert network.n_outputs_ == network.n_classes_ == 3


def test_a_column_of_labels_is_warned_of():
    with pytest.warns(DataConversionWarning, match="column-vector"):
        network = fitted(NUMBERS[:, None])
    np.testing.assert_array_equal(network.predict(X), fitted(NUMBERS).predict(X))


WRONG_Y = {
    "numbers that are no classes": (RNG.rand(60), "Unknown label type: continuous"),
    "missing": (np.where(NUMBERS == 0, np.nan, 1.0), "Input y contains NaN"),
    "too few": (NUMBERS[:50], "inconsistent numbers of samples"),
    "several columns": (np.stack([NUMBERS] * 2, axis=1), "Multioutput target data"),
    "none": (None, "requires y to be passed, but the target y is None"),
}


@pytest.mark.parametrize(("y", "message"), WRONG_Y.values(), ids=WRONG_Y)
def test_wrong_labels(y, message):
    with pytest.raises(ValueError, match=message):
        fitted(y)


# ---- what scikit-learn asks -------------------------------------------------------------


def test_what_it_is():
    network = KerasetteClassifier()
    assert is_classifier(network)
    tags = network.__sklearn_tags__()
    assert tags.classifier_tags.multi_label
    assert tags.input_tags.sparse
    assert tags.input_tags.three_d_array
    assert not tags.input_tags.dict
    assert KerasetteClassifier(network_for).__sklearn_tags__().input_tags.dict
    assert not tags.non_deterministic
    assert not tags.classifier_tags.poor_score


@pytest.mark.parametrize(
    "method", ["predict", "predict_proba", "predict_log_proba", "decision_function"]
)
def test_before_fit(method):
    with pytest.raises(NotFittedError):
        getattr(KerasetteClassifier(), method)(X)


@pytest.mark.parametrize(
    "name", ["coefs_", "intercepts_", "n_layers_", "n_outputs_", "n_classes_", "out_activation_"]
)
def test_attributes_before_fit(name):
    with pytest.raises(AttributeError, match="before it is fitted"):
        getattr(KerasetteClassifier(), name)


def test_coefs_are_those_of_dense_layers():
    def build(output_shape):
        return kerasette.Sequential(
            [layers.Reshape((4, 1)), layers.LSTM(3), layers.Dense(*output_shape, "softmax")]
        )

    network = KerasetteClassifier(build, epochs=1).fit(X, NUMBERS)
    with pytest.raises(AttributeError, match=r"'coefs_': .*\['Dense', 'LSTM'\]"):
        network.coefs_  # noqa: B018
    assert network.n_layers_ == 3


def test_dense_layers_without_biases():
    def build(output_shape):
        return kerasette.Sequential([layers.Dense(*output_shape, "softmax", use_bias=False)])

    network = KerasetteClassifier(build, epochs=1).fit(X, NUMBERS)
    assert network.coefs_[0].shape == (4, 3)
    assert network.intercepts_[0].tolist() == [0.0, 0.0, 0.0]


def test_routing_of_weights():
    weights = np.where(NUMBERS == 0, 0.0, 1.0)
    rows = np.arange(60)
    splits = [(rows[:40], rows[40:]), (rows[20:], rows[:20])]
    with sklearn.config_context(enable_metadata_routing=True):
        network = KerasetteClassifier(**FEW).set_fit_request(sample_weight=True)
        network.set_score_request(sample_weight=True)
        found = cross_validate(
            network, X, NUMBERS, params={"sample_weight": weights}, return_estimator=True,
            cv=splits,
        )  # fmt: skip
    for (train, test), estimator, score in zip(splits, found["estimator"], found["test_score"]):
        other = KerasetteClassifier(**FEW).fit(X[train], NUMBERS[train], weights[train])
        np.testing.assert_array_equal(estimator.coefs_[0], other.coefs_[0])
        assert score == other.score(X[test], NUMBERS[test], weights[test])
