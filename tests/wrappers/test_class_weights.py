"""Weights of samples and of classes."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from classifier_cases import FEW, INDICATORS, NUMBERS, RNG, X, fitted
from sklearn.utils import compute_sample_weight

from kerasette.wrappers import KerasetteClassifier


@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 2: 0.5}, {0: 0.0}])
def test_classes_with_weights_are_samples_with_weights(class_weight):
    weights = compute_sample_weight(class_weight, NUMBERS)
    network = fitted(NUMBERS, class_weight=class_weight)
    other = KerasetteClassifier(**FEW).fit(X, NUMBERS, sample_weight=weights)
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])
    assert (network.coefs_[0] != fitted(NUMBERS).coefs_[0]).any()
    assert network.classes_.tolist() == [0, 1, 2]


def test_weights_of_classes_and_of_samples_are_multiplied():
    weights = RNG.rand(60)
    class_weight = {0: 3.0}
    network = KerasetteClassifier(**FEW, class_weight=class_weight).fit(X, NUMBERS, weights)
    product = weights * compute_sample_weight(class_weight, NUMBERS)
    other = KerasetteClassifier(**FEW).fit(X, NUMBERS, product)
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])


def test_weights_for_several_labels():
    class_weight = [{0: 1.0, 1: 4.0}, {0: 1.0, 1: 1.0}, {0: 2.0, 1: 1.0}]
    network = fitted(INDICATORS, class_weight=class_weight)
    weights = np.where(INDICATORS[:, 0], 4.0, 1.0) * np.where(INDICATORS[:, 2], 1.0, 2.0)
    other = KerasetteClassifier(**FEW).fit(X, INDICATORS, weights)
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])


WRONG_WEIGHTS = {
    "all zero": (np.zeros(60), "at least one non-zero"),
    "negative": (-np.ones(60), "Negative values"),
    "not finite": (np.full(60, np.nan), "NaN"),
    "too few": (np.ones(59), r"shape == \(59,\), expected \(60,\)"),
}


@pytest.mark.parametrize(("weights", "message"), WRONG_WEIGHTS.values(), ids=WRONG_WEIGHTS)
def test_wrong_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        KerasetteClassifier(**FEW).fit(X, NUMBERS, sample_weight=weights)


def test_weights_of_one_value_are_none():
    weighted = KerasetteClassifier(**FEW).fit(X, NUMBERS, sample_weight=np.full(60, 1.0))
    np.testing.assert_array_equal(weighted.coefs_[0], fitted(NUMBERS).coefs_[0])


def test_weights_of_classes_that_a_part_does_not_have():
    network = KerasetteClassifier(**FEW, class_weight={0: 1.0, 2: 5.0})
    other = KerasetteClassifier(**FEW)
    for _ in range(2):
        network.partial_fit(X[:3], [0, 1, 0], classes=[0, 1, 2])
        other.partial_fit(X[:3], [0, 1, 0], classes=[0, 1, 2])
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])
    network.partial_fit(X[:3], [0, 1, 2])
    other.partial_fit(X[:3], [0, 1, 2], sample_weight=[1.0, 1.0, 5.0])
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])


def test_weights_of_labels_that_a_part_does_not_have():
    network = KerasetteClassifier(**FEW, class_weight=[{0: 1.0, 1: 4.0}, {1: 2.0}, {0: 3.0}])
    other = KerasetteClassifier(**FEW)
    some = np.array([[0, 1, 1], [0, 1, 0]])
    network.partial_fit(X[:2], some)
    other.partial_fit(X[:2], some, sample_weight=[2.0, 6.0])
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])


def test_weights_of_classes_that_there_are_not():
    network = KerasetteClassifier(**FEW, class_weight={0: 1.0, 7: 5.0})
    with pytest.raises(ValueError, match=r"are not in class_weight"):
        network.fit(X, NUMBERS)
