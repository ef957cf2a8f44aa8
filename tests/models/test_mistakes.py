"""Mistakes in models of one's own: told before they do harm, and never wrong numbers in silence."""

import re

import numpy as np
import pytest

import kerasette
from kerasette import callbacks, layers, metrics, ops


class Asks(callbacks.Callback):
    """Does what must not be done within `fit`."""

    def __init__(self, request):
        super().__init__()
        self.request = request

    def on_epoch_end(self, epoch, logs=None):
        self.request(self.model)


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("compile", lambda model: model.compile("sgd", "mae")),
        ("fit", lambda model: model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)),
        ("train_on_batch", lambda model: model.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))),
        ("add", lambda model: model.add(layers.Dense(1))),
        ("pop", lambda model: model.pop()),
    ],
)
def test_what_changes_a_model_waits_until_it_is_trained(method, request_):
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 2)), np.ones((4, 1))
    with pytest.raises(RuntimeError, match=f"`{method}` cannot be called while the model is"):
        model.fit(x, y, epochs=2, verbose=0, callbacks=[Asks(request_)])
    # Afterwards all is as before.
    assert len(model.layers) == 1
    assert len(model.fit(x, y, epochs=2, verbose=0).epoch) == 2
    request_(model)


def test_a_layer_that_does_not_fit_is_not_added():
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(2)])
    x = np.ones((1, 3))
    before = model.predict(x, verbose=0)
    with pytest.raises(ValueError, match="total size"):
        model.add(layers.Reshape((5, 5)))
    assert model.built
    assert [type(layer) for layer in model.layers] == [layers.Dense]
    np.testing.assert_array_equal(model.predict(x, verbose=0), before)


@pytest.mark.parametrize("given", ["mae", "top_k_categorical_accuracy", metrics.AUC(name="area")])
def test_a_metric_that_does_not_fit_is_named(given):
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy", given])
    before = model.get_weights()
    name = given if isinstance(given, str) else given.name
    with pytest.raises(ValueError, match=f"^Metric '{name}': "):
        model.fit(np.ones((8, 2)), np.arange(8) % 3, verbose=0)
    for array, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


class WithoutInit(layers.Layer):
    def __init__(self):
        self.inner = layers.Dense(2)

    def call(self, inputs):
        return self.inner(inputs)


class WithoutOutput(layers.Layer):
    def call(self, inputs):
        return None


def test_what_own_layers_forget():
    with pytest.raises(RuntimeError, match=r"WithoutInit', you forgot to call `super\(\)"):
        kerasette.Sequential([kerasette.Input((2,)), WithoutInit()])
    with pytest.raises(ValueError, match=r"WithoutOutput\) returned None"):
        kerasette.Sequential([kerasette.Input((2,)), WithoutOutput()])


class AddsLosses(layers.Layer):
    """Adds a loss for each sample."""

    def call(self, inputs):
        self.add_loss(ops.mean(inputs**2, -1))
        return inputs


class TestLossesOfManyNumbers:
    """What layers and regularizers add is summed, whatever its shape; as Keras 3.15.1 does."""

    X = np.arange(20, dtype="float32").reshape(5, 4) / 10

    def trained(self, *parts, **arguments):
        model = kerasette.Sequential(
            [kerasette.Input((4,)), *parts, layers.Dense(2, kernel_initializer="ones", **arguments)]
        )
        model.compile("sgd", "mse")
        losses_ = model.fit(self.X, self.X[:, :2], epochs=2, verbose=0, shuffle=False)
        return losses_.history["loss"], model.get_weights()

    def test_added_by_a_layer(self):
        found, weights = self.trained(AddsLosses())
        plain, plain_weights = self.trained()
        extra = (self.X**2).mean(-1).sum()
        np.testing.assert_allclose(np.subtract(found, plain), [extra, extra], rtol=1e-5)
        np.testing.assert_array_equal(weights[0], plain_weights[0])

    def test_of_a_regularizer(self):
        rows, weights = self.trained(kernel_regularizer=lambda w: 0.01 * ops.sum(w**2, 0))
        whole, whole_weights = self.trained(kernel_regularizer=lambda w: 0.01 * ops.sum(w**2))
        np.testing.assert_allclose(rows, whole, rtol=1e-6)
        np.testing.assert_allclose(weights[0], whole_weights[0], rtol=1e-6)

    def test_of_activities(self):
        each, weights = self.trained(activity_regularizer=lambda y: 0.01 * ops.mean(y**2, -1))
        whole, whole_weights = self.trained(
            activity_regularizer=lambda y: 0.01 * ops.sum(ops.mean(y**2, -1))
        )
        np.testing.assert_allclose(each, whole, rtol=1e-6)
        np.testing.assert_allclose(weights[0], whole_weights[0], rtol=1e-6)


# ---- what functions of one's own return ----------------------------------------------------------

NO_NUMBERS = (None, "a", {"loss": 1.0}, object())
X2, Y2 = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


def of_returned(value):
    def own(y_true, y_pred):
        return value

    return own


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_losses_and_metrics_that_return_no_numbers_are_named(method, value):
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    before = model.get_weights()
    returned = f"must return a tensor, .* It returned {re.escape(repr(value))} of type"
    model.compile("sgd", of_returned(value))
    with pytest.raises(ValueError, match=f"^Loss 'own' {returned}"):
        getattr(model, method)(X2, Y2)
    model.compile("sgd", "mse", metrics=[of_returned(value)])
    with pytest.raises(ValueError, match=f"^Metric 'own': Function 'own' {returned}"):
        getattr(model, method)(X2, Y2)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


class OwnLoss(kerasette.Model):
    """What `compute_loss` returns is an attribute."""

    returned = None

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return self.returned


def test_a_compute_loss_without_tensors():
    inputs = kerasette.Input((2,))
    model = OwnLoss(inputs, layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    for value in NO_NUMBERS:
        model.returned = value
        with pytest.raises(ValueError, match=r"^`compute_loss\(\)` must return a tensor"):
            model.fit(X2, Y2, verbose=0)
    for value in (1.0, np.float32(1), ops.ones(())):
        model.returned = value
        with pytest.raises(ValueError, match="the loss does not depend on the trainable weights"):
            model.fit(X2, Y2, verbose=0)
        # As in Keras, which needs no gradients of it.
        assert model.evaluate(X2, Y2, verbose=0) == 1.0


class Returns(kerasette.Model):
    """A model whose outputs are what it is made with."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def call(self, inputs):
        return self.value


@pytest.mark.parametrize("value", ["a", 1.0])
def test_a_call_that_returns_no_tensor(value):
    model = Returns(value)
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    for weight in (None, np.ones(4)):
        with pytest.raises(ValueError, match=f"must return tensors, .* returned {value!r} of type"):
            model.fit(X2, Y2, sample_weight=weight, verbose=0)
    shown = "'a'" if value == "a" else "a single number"
    with pytest.raises(ValueError, match=f"no axis of samples: the model returned {shown}"):
        model.predict(X2, verbose=0)


def test_a_predict_step_without_outputs():
    class Own(kerasette.Model):
        def predict_step(self, data):
            self(data)

    inputs = kerasette.Input((2,))
    with pytest.raises(ValueError, match="no axis of samples: the model returned None"):
        Own(inputs, layers.Dense(1)(inputs)).predict(X2, verbose=0)
