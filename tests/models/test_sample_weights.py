"""Weights of samples and classes, against sums by hand."""

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import layers
from kerasette.data.splits import class_weight_to_sample_weights

rng = np.random.default_rng(9)
N = 24
X = rng.normal(size=(N, 4)).astype("float32")
CLASSES = (X[:, 0] > 0).astype("int64")


def compiled(*stack, loss):
    model = kerasette.Sequential([kerasette.Input((4,)), *stack])
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize("batch_size", [3, 4, 12])
@pytest.mark.parametrize("shape", [(12,), (12, 1), (12, 3), (12, 3, 1)])
def test_weights_of_samples_with_several_steps(shape, batch_size):
    """Also where a batch has as many samples as a sample has steps."""
    x, y = rng.normal(size=(12, 3, 4)), rng.normal(size=(12, 3, 2))
    weight = rng.uniform(0.5, 2, shape).astype("float32")
    model = kerasette.Sequential([kerasette.Input((3, 4)), layers.Dense(2)])
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    loss, mae = model.evaluate(x, y, batch_size=batch_size, sample_weight=weight, verbose=0)
    error = y - model.predict(x, verbose=0)
    each = np.broadcast_to(weight.reshape(12, -1), (12, 3))
    assert_agree(loss, ((error**2).mean(-1) * each).mean())
    assert_agree(mae, (abs(error).mean(-1) * each).sum() / each.sum())


def test_weights_of_samples_of_images():
    x, y = rng.normal(size=(6, 2, 6, 4)), rng.normal(size=(6, 2, 6, 3))
    model = kerasette.Sequential([kerasette.Input((2, 6, 4)), layers.Dense(3)])
    model.compile("sgd", "mse")
    for weight in (rng.uniform(size=6), rng.uniform(size=(6, 2)), rng.uniform(size=(6, 2, 6))):
        error = ((y - model.predict(x, verbose=0)) ** 2).mean(-1)
        expected = (error * weight.reshape(*weight.shape, *[1] * (3 - weight.ndim))).mean()
        assert_agree(model.evaluate(x, y, sample_weight=weight, verbose=0), expected)


@pytest.mark.parametrize("form", ["numbers", "column", "onehot", "floats"])
def test_class_weights_are_weights_of_samples(form):
    y = {
        "numbers": CLASSES,
        "column": CLASSES[:, None],
        "onehot": np.eye(2, dtype="float32")[CLASSES],
        "floats": CLASSES.astype("float32"),
    }[form]
    loss = "categorical_crossentropy" if form == "onehot" else "sparse_categorical_crossentropy"
    found = []
    weights = {0: 0.3, 7: 100.0}
    per_sample = np.where(CLASSES == 0, 0.3, 1.0)
    for arguments in ({"class_weight": weights}, {"sample_weight": per_sample}):
        # The layer draws its seed when it is made.
        kerasette.utils.set_random_seed(5)
        model = compiled(layers.Dense(2, activation="softmax"), loss=loss)
        history = model.fit(X, y, batch_size=5, epochs=2, shuffle=False, verbose=0, **arguments)
        found.append((history.history["loss"], model.get_weights()[0].tolist()))
        assert model.replayed_steps > 0
    assert found[0] == found[1]


def test_class_weights_do_not_weigh_the_validation():
    model = compiled(layers.Dense(2, activation="softmax"), loss="sparse_categorical_crossentropy")
    history = model.fit(X, CLASSES, class_weight={0: 9.0}, validation_split=0.25, verbose=0).history
    assert_agree(history["val_loss"][0], model.evaluate(X[18:], CLASSES[18:], verbose=0))


def test_several_classes_a_sample_have_no_class_weights():
    model = compiled(layers.Reshape((2, 2)), layers.Dense(3), loss="mse")
    with pytest.raises(ValueError, match="one class a sample"):
        model.fit(X, rng.normal(size=(N, 2, 3)), class_weight={0: 1.0}, verbose=0)


@pytest.mark.parametrize("kind", [int, float, bool, np.float32, np.bool_, np.int8])
def test_keys_of_class_weights_are_numbers_that_are_whole(kind):
    """What a dict takes for the key 0 or 1: as Keras does."""
    weights = {kind(0): 0.3, kind(1): 2.0}
    found = class_weight_to_sample_weights(CLASSES, weights)
    np.testing.assert_array_equal(found, np.where(CLASSES == 1, 2.0, 0.3).astype("float32"))


def observed(method, weight):
    """What a method gives, and the weights after it, with sample weights."""
    kerasette.utils.set_random_seed(5)
    model = compiled(layers.Dense(1), loss="mse")
    model.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mse"])
    y = X[:, :1]
    if method == "validation_data":
        found = model.fit(X, y, validation_data=(X, y, weight), shuffle=False, verbose=0)
    elif method == "batches":
        found = model.evaluate(iter([(X, y, weight)]), steps=1, verbose=0)
    else:
        quiet = {"verbose": 0} if method in ("fit", "evaluate") else {}
        found = getattr(model, method)(X, y, sample_weight=weight, **quiet)
    return getattr(found, "history", found), [array.tolist() for array in model.get_weights()]


@pytest.mark.parametrize(
    "method",
    ["fit", "evaluate", "train_on_batch", "test_on_batch", "validation_data", "batches"],
)
def test_weights_in_a_list_of_one_are_those_of_the_only_output(method):
    """As in Keras, although the targets are in none."""
    weight = rng.uniform(0.5, 2, N).astype("float32")
    expected = observed(method, weight)
    for given in ([weight], (weight,)):
        assert observed(method, given) == expected
    assert observed(method, [None]) == observed(method, None) != expected


def test_two_weights_for_one_output_are_refused():
    model = compiled(layers.Dense(1), loss="mse")
    weight = np.ones(N)
    for given in ([weight, weight], [[weight]], {"out": weight}):
        with pytest.raises(ValueError, match="one `sample_weight` array per output"):
            model.fit(X, X[:, :1], sample_weight=given, verbose=0)
