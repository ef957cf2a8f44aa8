"""Regression: one output and several."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sklearn.base import is_regressor
from sklearn.metrics import r2_score

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteRegressor

RNG = np.random.RandomState(0)
X = RNG.randn(80, 3)
Y = X[:, 0] - 2 * X[:, 1] + 0.5 * X[:, 2] ** 2
GOOD = {"epochs": 100, "learning_rate": 0.03, "hidden_layer_sizes": (20,), "random_state": 0}

FORMS = {
    "one": Y,
    "a list": Y.tolist(),
    "integers": np.round(Y).astype(int),
    "objects": Y.astype(object),
    "a column": Y[:, None],
    "two": np.stack([Y, X[:, 0]], axis=1),
}


@pytest.mark.parametrize("y", FORMS.values(), ids=FORMS)
def test_predictions_come_in_the_form_of_y(y):
    network = KerasetteRegressor(**GOOD).fit(X, y)
    predicted = network.predict(X)
    assert predicted.shape == np.shape(y)
    assert predicted.dtype == "float64"
    assert network.score(X, y) == pytest.approx(r2_score(y, predicted))
    assert network.score(X, y) > 0.9
    assert network.n_outputs_ == (2 if np.shape(y) == (80, 2) else 1)


@pytest.mark.parametrize("dtype", ["uint64", np.longdouble])
def test_targets_of_dtypes_that_tensors_do_not_have(dtype):
    y = np.round(np.abs(Y))
    network, other = (KerasetteRegressor(epochs=3, random_state=0) for _ in range(2))
    predicted = network.fit(X, y.astype(dtype)).predict(X)
    np.testing.assert_array_equal(predicted, other.fit(X, y).predict(X))


def test_sparse_targets():
    y = sparse.csr_matrix(np.stack([Y, X[:, 0]], axis=1))
    network = KerasetteRegressor(epochs=3, random_state=0).fit(X, y)
    other = KerasetteRegressor(epochs=3, random_state=0).fit(X, y.toarray())
    np.testing.assert_array_equal(network.predict(X), other.predict(X))


def test_another_number_of_outputs():
    network = KerasetteRegressor(epochs=1).partial_fit(X, Y)
    with pytest.raises(ValueError, match="y has 2 outputs, but the estimator was fitted with 1"):
        network.partial_fit(X, np.stack([Y, Y], axis=1))


WRONG = {
    "missing": (np.where(Y > 0, Y, np.nan), "Input y contains NaN"),
    "words": (np.full(80, "one", dtype=object), "could not convert string"),
    "three axes": (np.zeros((80, 2, 2)), "Found array with dim 3"),
    "too many": (np.zeros(81), "inconsistent numbers of samples"),
    "none": (None, "requires y to be passed"),
}


@pytest.mark.parametrize(("y", "message"), WRONG.values(), ids=WRONG)
def test_wrong_targets(y, message):
    with pytest.raises(ValueError, match=message):
        KerasetteRegressor(epochs=1).fit(X, y)


def test_the_square_of_errors_is_not_rounded_in_double_precision():
    network = KerasetteRegressor(hidden_layer_sizes=(), epochs=0, alpha=0, warm_start=True)
    network.fit(X, Y)
    network.model_.set_weights([np.zeros((3, 1)), np.array([1 / 3])])
    network.set_params(epochs=1, learning_rate=0.0).fit(X, Y)
    assert network.loss_ == pytest.approx(np.mean((Y - 1 / 3) ** 2), rel=1e-14)


def test_counts():
    network = KerasetteRegressor(**GOOD, loss="poisson").fit(X, np.exp(Y / 2))
    assert network.out_activation_ == "exp"
    assert (network.predict(X) > 0).all()
    assert network.score(X, np.exp(Y / 2)) > 0.8


def test_a_model_without_an_axis_of_outputs():
    def build(input_shape):
        inputs = kerasette.Input(input_shape)
        return kerasette.Model(inputs, kerasette.ops.squeeze(layers.Dense(1)(inputs), -1))

    network = KerasetteRegressor(build, epochs=60, learning_rate=0.1, random_state=0).fit(X, Y)
    assert network.predict(X).shape == (80,)
    assert network.score(X, Y) > 0.7


def test_weights_that_are_no_numbers():
    network = KerasetteRegressor(optimizer="sgd", learning_rate=1e8, epochs=20)
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match="non-finite parameter weights"),
    ):
        network.fit(X, Y)
    assert not hasattr(network, "model_")


def test_what_it_is():
    network = KerasetteRegressor()
    assert is_regressor(network)
    tags = network.__sklearn_tags__()
    assert tags.target_tags.multi_output
    assert tags.input_tags.sparse
    assert not tags.regressor_tags.poor_score
    assert not hasattr(network, "decision_function")
