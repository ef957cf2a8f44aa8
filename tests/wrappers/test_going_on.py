"""Fits that go on from one another: `partial_fit` and ``warm_start``."""

import copy
import threading

import numpy as np
import pytest

pytest.importorskip("sklearn")

from classifier_cases import FEW, INDICATORS, NUMBERS, X, fitted, network_for

from kerasette import callbacks
from kerasette.wrappers import KerasetteClassifier


def test_partial_fit_needs_all_classes_at_first():
    network = KerasetteClassifier(**FEW)
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        network.partial_fit(X, NUMBERS)
    assert not hasattr(network, "classes_")
    network.partial_fit(X[:5], NUMBERS[:5], classes=[2, 1, 0])
    network.partial_fit(X, NUMBERS).partial_fit(X, NUMBERS, classes=[0, 1, 2])
    assert network.classes_.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="is not the same as on last call"):
        network.partial_fit(X, NUMBERS, classes=[0, 1])
    with pytest.raises(ValueError, match=r"`y` has classes not in .*has \[3\]"):
        network.partial_fit(X, NUMBERS + 1)


def test_partial_fit_of_several_labels():
    network = KerasetteClassifier(**FEW).partial_fit(X, INDICATORS).partial_fit(X, INDICATORS)
    assert network.epoch_ == 2
    with pytest.raises(ValueError, match="an indicator for each of 3 labels"):
        network.partial_fit(X, INDICATORS[:, :2])
    with pytest.raises(ValueError, match="indicators of labels that are 0 or 1"):
        network.partial_fit(X, 2 * INDICATORS)
    with pytest.raises(ValueError, match="3 labels, and `classes` has 2"):
        KerasetteClassifier(**FEW).partial_fit(X, INDICATORS, classes=[0, 1])


def test_partial_fit_after_fit_goes_on():
    network = fitted(NUMBERS)
    before = network.coefs_[0]
    network.partial_fit(X, NUMBERS)
    assert len(network.loss_curve_) == len(network.history_["loss"]) == 4
    assert (network.coefs_[0] != before).any()


def test_what_partial_fit_does_not_offer():
    with pytest.raises(ValueError, match="'balanced' is not supported for partial_fit"):
        KerasetteClassifier(**FEW, class_weight="balanced").partial_fit(X, NUMBERS, [0, 1, 2])
    with pytest.raises(ValueError, match="does not support early_stopping=True"):
        KerasetteClassifier(**FEW, early_stopping=True).partial_fit(X, NUMBERS, [0, 1, 2])
    network = fitted(NUMBERS).set_params(learning_rate=0.1, epochs=7, tol=None)
    with pytest.raises(ValueError, match=r"\['learning_rate'\] have changed since"):
        network.partial_fit(X, NUMBERS)


def test_warm_start_needs_the_same_classes_and_network():
    network = fitted(NUMBERS, warm_start=True)
    with pytest.raises(ValueError, match="same classes as in the previous call to fit"):
        network.fit(X, NUMBERS > 0)
    network.set_params(hidden_layer_sizes=(6,))
    with pytest.raises(ValueError, match="weights of the previous fit, which have the shapes"):
        network.fit(X, NUMBERS)
    network.set_params(hidden_layer_sizes=(5,), learning_rate=0.5).fit(X, NUMBERS)
    assert float(network.model_.optimizer.learning_rate.numpy()) == 0.5


WRONG_CLASSES = {
    "none": ([], "must have one class or more"),
    "not a number": ([0, 1, 2, np.nan], "classes contains NaN"),
    "a matrix": ([[0, 1, 2]], "should be a 1d array"),
    "real numbers": ([0.5, 1.5], "Unknown label type: continuous"),
}


@pytest.mark.parametrize(("classes", "message"), WRONG_CLASSES.values(), ids=WRONG_CLASSES)
def test_wrong_classes(classes, message):
    network = KerasetteClassifier(**FEW)
    with pytest.raises(ValueError, match=message):
        network.partial_fit(X, NUMBERS, classes=classes)
    assert not hasattr(network, "classes_")


@pytest.mark.parametrize("y", [NUMBERS, NUMBERS > 0])
def test_labels_after_classes(y):
    network = KerasetteClassifier(**FEW).partial_fit(X, y, classes=np.unique(y))
    with pytest.raises(ValueError, match="The object was not fitted with multilabel input"):
        network.partial_fit(X, INDICATORS)


# ---- failures ---------------------------------------------------------------------------


class Interrupt(callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise KeyboardInterrupt


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("earlier", [1, 2])
def test_a_part_that_fails_is_as_if_it_had_not_been(dropout, earlier):
    network = KerasetteClassifier(**FEW, batch_size=16, dropout=dropout)
    for _ in range(earlier):
        network.partial_fit(X, NUMBERS, classes=[0, 1, 2])
    other = copy.deepcopy(network)
    with pytest.raises(KeyboardInterrupt):
        network.set_params(callbacks=[Interrupt()]).partial_fit(X, NUMBERS)
    network.set_params(callbacks=None).partial_fit(X, NUMBERS)
    other.partial_fit(X, NUMBERS)
    for own, others in zip(network.coefs_, other.coefs_, strict=True):
        np.testing.assert_array_equal(own, others)


def too_great():
    x = X.astype("float64")
    x[0, 0] = 1e300
    return x


@pytest.mark.parametrize("fails", [{"X": too_great()}, {"callbacks": [Interrupt()]}])
@pytest.mark.parametrize("model", [None, network_for(3, "softmax", "categorical_crossentropy")])
def test_a_part_that_fails_leaves_the_penalty(model, fails):
    params = FEW if model is None else {"epochs": 3, "random_state": 0}
    network = KerasetteClassifier(model, **{**params, "dtype": "float32", "alpha": 1.0})
    network.partial_fit(X, NUMBERS, classes=[0, 1, 2])
    other = copy.deepcopy(network)
    before = [weight.regularizer for weight in network.model_.weights]
    network.set_params(alpha=100.0, callbacks=fails.get("callbacks"))
    with pytest.raises((ValueError, KeyboardInterrupt)):
        network.partial_fit(fails.get("X", X), NUMBERS)
    assert all(a.regularizer is b for a, b in zip(network.model_.weights, before, strict=True))
    network.set_params(alpha=1.0, callbacks=None).partial_fit(X, NUMBERS)
    other.partial_fit(X, NUMBERS)
    np.testing.assert_array_equal(network.predict_proba(X), other.predict_proba(X))


@pytest.mark.parametrize("fails", [{"X": too_great()}, {"callbacks": [Interrupt()]}])
def test_a_warm_start_that_fails_is_as_if_it_had_not_been(fails):
    network = fitted(NUMBERS, warm_start=True, dropout=0.2, dtype="float32", batch_size=16)
    other = copy.deepcopy(network)
    with pytest.raises((ValueError, KeyboardInterrupt)):
        network.set_params(callbacks=fails.get("callbacks")).fit(fails.get("X", X), NUMBERS)
    network.set_params(callbacks=None).fit(X, NUMBERS)
    other.fit(X, NUMBERS)
    np.testing.assert_array_equal(network.predict_proba(X), other.predict_proba(X))


class Wait(callbacks.Callback):
    """Stops in the middle of training until it may go on."""

    def __init__(self):
        super().__init__()
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def on_train_batch_end(self, batch, logs=None):
        self.begun.set()
        assert self.may_go_on.wait(60)

    def __copy__(self):
        # Estimators train with copies.
        return self


def test_a_part_that_is_refused_leaves_the_training_of_another_thread_alone():
    network = KerasetteClassifier(**FEW, batch_size=16).partial_fit(X, NUMBERS, [0, 1, 2])
    other = copy.deepcopy(network).partial_fit(X, NUMBERS)
    wait = Wait()
    network.set_params(callbacks=[wait])
    thread = threading.Thread(target=network.partial_fit, args=(X, NUMBERS))
    thread.start()
    assert wait.begun.wait(60)
    with pytest.raises(RuntimeError, match="while the model is being trained"):
        network.partial_fit(X[:5], NUMBERS[:5])
    wait.may_go_on.set()
    thread.join()
    np.testing.assert_array_equal(network.coefs_[0], other.coefs_[0])
