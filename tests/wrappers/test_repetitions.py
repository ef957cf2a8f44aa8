"""A weight of 3 is three samples, in whatever order they come."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor, KerasetteTransformer
from kerasette.wrappers.repetitions import order_by_content, repetitions

RNG = np.random.RandomState(5)
X = RNG.randn(60, 4)
CLASSES = np.array(["a", "b", "c"])[(X @ RNG.randn(4, 3)).argmax(axis=1)]
NUMBERS = X @ RNG.randn(4, 2)
COUNTS = RNG.randint(0, 4, size=60)
ANOTHER_ORDER = RNG.permutation(60)
FEW = {"hidden_layer_sizes": 6, "batch_size": 8, "epochs": 4, "random_state": 0}

KINDS = {
    "classifier": (KerasetteClassifier, CLASSES),
    "regressor": (KerasetteRegressor, NUMBERS),
    "reconstruction": (KerasetteTransformer, None),
    "features": (KerasetteTransformer, CLASSES),
}
FORMS = {
    "array": np.asarray,
    "single precision": np.float32,
    "column-major": np.asfortranarray,
    "sparse": sparse.csr_array,
    "images": lambda rows: rows.reshape(-1, 2, 2),
}


def weights_of(estimator):
    return estimator.model_.get_weights()


def assert_same(one, other):
    for a, b in zip(weights_of(one), weights_of(other), strict=True):
        np.testing.assert_array_equal(a, b)


def both(kind, y, form=np.asarray, method="fit", rows=X, **params):
    """Fitted with weights, and with samples that are repeated in another order."""
    params = {**FEW, **params}
    weighted = getattr(kind(**params), method)
    order = np.repeat(ANOTHER_ORDER, COUNTS[ANOTHER_ORDER])
    repeated = getattr(kind(**params), method)
    y_repeated = None if y is None else y[order]
    return weighted(form(rows), y, sample_weight=COUNTS), repeated(form(rows[order]), y_repeated)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("kind", "y"), KINDS.values(), ids=KINDS)
def test_weights_are_repetitions(kind, y, form):
    assert_same(*both(kind, y, form))


@pytest.mark.parametrize("batch_size", [1, 7, 59])
def test_batches_of_any_size(batch_size):
    assert_same(*both(KerasetteClassifier, CLASSES, batch_size=batch_size, rows=np.round(X, 1)))


def test_one_batch():
    one, other = both(KerasetteClassifier, CLASSES, batch_size="auto")
    for a, b in zip(weights_of(one), weights_of(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


@pytest.mark.parametrize(
    "params", [{"dropout": 0.3}, {"alpha": 0.5}, {"batch_normalization": 1 == 1}]
)
def test_with_other_parameters(params):
    assert_same(*both(KerasetteClassifier, CLASSES, **params))


def test_repetitions_of_a_sample_stay_together_in_early_stopping():
    """Or the score would be that of samples which the network has been trained with."""
    counts = np.full(60, 2)
    counts[0] = 3
    params = {**FEW, "early_stopping": True, "validation_fraction": 0.2, "shuffle": False}
    seed = params["random_state"]
    train, test = train_test_split(np.arange(60), random_state=seed, test_size=0.2)
    weighted = KerasetteRegressor(**params, tol=None).fit(X, NUMBERS, sample_weight=counts)
    assert weighted.t_ == 4 * counts[train].sum()
    best = np.argmax(weighted.validation_scores_)
    fewer = {**params, "tol": None, "epochs": best + 1}
    again = KerasetteRegressor(**fewer).fit(X, NUMBERS, sample_weight=counts)
    expected = r2_score(NUMBERS[test], again.predict(X[test]), sample_weight=counts[test])
    assert weighted.best_validation_score_ == pytest.approx(expected)


def test_weights_of_classes_are_repetitions():
    class_weight = {"a": 1, "b": 3, "c": 2}
    counts = np.vectorize(class_weight.get)(CLASSES)
    weighted = KerasetteClassifier(**FEW, class_weight=class_weight).fit(X, CLASSES)
    repeated = KerasetteClassifier(**FEW).fit(X.repeat(counts, axis=0), CLASSES.repeat(counts))
    assert_same(weighted, repeated)


def test_parts():
    assert_same(*both(KerasetteRegressor, NUMBERS, method="partial_fit"))


def test_several_inputs():
    def of_parts(input_shape, output_shape):
        inputs = {name: kerasette.Input(shape, name=name) for name, shape in input_shape.items()}
        joined = layers.Concatenate()(list(inputs.values()))
        return kerasette.Model(inputs, layers.Dense(*output_shape)(joined))

    def parts(rows):
        return {"left": rows[:, :1], "right": rows[:, 1:]}

    params = {"model": of_parts, "batch_size": 8, "epochs": 3, "random_state": 0}
    weighted = KerasetteRegressor(**params).fit(parts(X), NUMBERS, sample_weight=COUNTS)
    order = np.repeat(ANOTHER_ORDER, COUNTS[ANOTHER_ORDER])
    assert_same(weighted, KerasetteRegressor(**params).fit(parts(X[order]), NUMBERS[order]))


def test_the_order_counts_without_shuffling():
    one = KerasetteRegressor(**FEW, shuffle=False).fit(X, NUMBERS)
    other = KerasetteRegressor(**FEW, shuffle=False).fit(X[ANOTHER_ORDER], NUMBERS[ANOTHER_ORDER])
    assert not np.array_equal(weights_of(one)[0], weights_of(other)[0])
    order = np.repeat(np.arange(60), COUNTS)
    repeated = KerasetteRegressor(**FEW, shuffle=False).fit(X[order], NUMBERS[order])
    weighted = KerasetteRegressor(**FEW, shuffle=False).fit(X, NUMBERS, sample_weight=COUNTS)
    assert_same(weighted, repeated)


def test_what_counts_is_the_proportion():
    one = KerasetteRegressor(**FEW, alpha=0).fit(X, NUMBERS, sample_weight=COUNTS)
    other = KerasetteRegressor(**FEW, alpha=0).fit(X, NUMBERS, sample_weight=7 * COUNTS)
    assert_same(one, other)
    assert one.t_ == 4 * COUNTS.sum()


@pytest.mark.parametrize("weights", [COUNTS + 0.5, 30 * COUNTS + (COUNTS == 1)])
def test_other_weights_are_factors(weights):
    """An epoch goes once through the samples, whose losses are multiplied."""
    n_samples = (weights > 0).sum()
    assert KerasetteRegressor(**FEW).fit(X, NUMBERS, sample_weight=weights).t_ == 4 * n_samples


# ---- the parts -----------------------------------------------------------------------------------


def test_repetitions():
    counts, unit = repetitions(np.array([4.0, 6.0, 2.0]))
    assert counts.tolist() == [2, 3, 1] and unit == 2
    assert repetitions(np.array([1.0, 1.5])) is None
    assert repetitions(np.array([1.0, 9.0])) is not None
    assert repetitions(np.array([1.0, 10.0])) is None
    assert repetitions(np.array([1.0, 1e300])) is None
    assert repetitions(np.full(5000, 2.0**53) - np.arange(5000)) is None


@pytest.mark.parametrize("dtype", ["float64", "float32", "int8", "uint8", "bool"])
def test_rows_are_sorted_by_what_they_hold(dtype):
    rows = RNG.randint(0, 3, size=(500, 5)).astype(dtype)
    y = RNG.randint(0, 2, size=500)
    order = RNG.permutation(500)
    one, other = order_by_content(rows, y), order_by_content(rows[order], y[order])
    assert sorted(one.tolist()) == list(range(500))
    np.testing.assert_array_equal(rows[one], rows[order][other])
    np.testing.assert_array_equal(y[one], y[order][other])


def test_equal_numbers_have_equal_places():
    rows = RNG.randint(-3, 4, size=(300, 6))
    expected = order_by_content(rows)
    signed = np.where(rows == 0, -0.0, rows)
    forms = [rows.astype("float32"), signed, np.asfortranarray(rows), sparse.csr_array(rows)]
    for form in [*forms, rows.astype("float64")[:, :, None]]:
        np.testing.assert_array_equal(order_by_content(form), expected)


def test_no_two_rows_are_taken_for_equal():
    """Whole numbers as floating point have few bits, all at the top."""
    rows = np.stack(np.meshgrid(*3 * [np.arange(40.0)]), axis=-1).reshape(-1, 3)
    order = RNG.permutation(len(rows))
    one, other = order_by_content(rows), order_by_content(rows[order])
    np.testing.assert_array_equal(rows[one], rows[order][other])


def test_rows_without_columns():
    np.testing.assert_array_equal(order_by_content(np.zeros((3, 0))), [0, 1, 2])
