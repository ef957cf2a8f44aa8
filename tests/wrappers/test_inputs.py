"""What X may be."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sklearn.base import clone

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

RNG = np.random.RandomState(0)
X = np.where(RNG.rand(40, 4) > 0.5, RNG.randn(40, 4), 0.0)
Y = X[:, 0] + X[:, 1] ** 2
FEW = {"epochs": 3, "hidden_layer_sizes": (5,), "batch_size": 16, "random_state": 0}


def fitted(x, **params):
    return KerasetteRegressor(**{**FEW, **params}).fit(x, Y)


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


SAME = {
    "column-major": np.asfortranarray,
    "read-only": read_only,
    "every other": lambda x: np.repeat(x, 2, axis=0)[::2],
    "the other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
    "objects": lambda x: x.astype(object),
    "lists": np.ndarray.tolist,
    "csr": sparse.csr_matrix,
    "csr array": sparse.csr_array,
    "csc": sparse.csc_matrix,
    "coo": sparse.coo_array,
    "a sparse matrix that is a dict": sparse.dok_array,
}


@pytest.mark.parametrize("make", SAME.values(), ids=SAME)
def test_the_same_numbers_in_another_form(make):
    network, expected = fitted(make(X)), fitted(X)
    np.testing.assert_array_equal(network.coefs_[0], expected.coefs_[0])
    np.testing.assert_array_equal(network.predict(make(X)), expected.predict(X))
    np.testing.assert_array_equal(network.predict(X), expected.predict(make(X)))


def test_sparse_matrices_stay_sparse(monkeypatch):
    matrix = sparse.random(300, 5_000, 1e-3, format="csr", random_state=0)
    shapes, to_array = [], sparse.csr_matrix.toarray
    monkeypatch.setattr(
        sparse.csr_matrix, "toarray", lambda self: shapes.append(self.shape) or to_array(self)
    )
    network = KerasetteClassifier(
        hidden_layer_sizes=(2,), epochs=1, batch_size=20, early_stopping=True
    ).fit(matrix, np.arange(300) % 2)  # fmt: skip
    network.predict(matrix[:100])
    assert shapes
    assert max(rows for rows, _ in shapes) < 300


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_data_frames(kind):
    frames = pytest.importorskip(kind)
    frame = frames.DataFrame({name: X[:, i] for i, name in enumerate("abcd")})
    network = fitted(frame)
    assert network.feature_names_in_.tolist() == list("abcd")
    assert network.n_features_in_ == 4
    np.testing.assert_array_equal(network.coefs_[0], fitted(X).coefs_[0])
    np.testing.assert_array_equal(network.predict(frame), fitted(X).predict(X))
    with pytest.raises(ValueError, match="feature names should match"):
        network.predict(frame[["b", "a", "c", "d"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        network.predict(X)
    network.fit(X, Y)
    assert not hasattr(network, "feature_names_in_")


@pytest.mark.parametrize(
    ("dtype", "computed"),
    [
        ("float64", "float64"),
        *((name, "float32") for name in ("float32", "float16", "int64", "int8", "uint8", "bool")),
    ],
)
def test_the_default_network_computes_in_the_dtype_of_x(dtype, computed):
    network = fitted(X.astype(dtype))
    assert network.model_.dtype == computed
    assert network.predict(X.astype(dtype)).dtype == computed


def test_integers_are_as_good_as_real_numbers():
    x = np.round(10 * X).astype("int16")
    network, other = fitted(x), fitted(x.astype("float32"))
    np.testing.assert_array_equal(network.predict(x), other.predict(x.astype("float32")))


@pytest.mark.parametrize(("dtype", "given"), [("float32", "float64"), ("float64", "float32")])
def test_the_dtype_that_is_asked_for(dtype, given):
    network = fitted(X.astype(given), dtype=dtype)
    assert network.model_.dtype == network.predict(X.astype(given)).dtype == dtype
    assert network.coefs_[0].dtype == dtype


# ---- more axes --------------------------------------------------------------------------


def test_images_for_the_default_network():
    images = RNG.rand(40, 3, 3, 2)
    network = fitted(images)
    flat = fitted(images.reshape(40, -1))
    np.testing.assert_array_equal(network.coefs_[0], flat.coefs_[0])
    np.testing.assert_array_equal(network.predict(images), flat.predict(images.reshape(40, -1)))
    with pytest.raises(ValueError, match=r"samples of shape \(3, 2, 3\).*shape \(3, 3, 2\)"):
        network.predict(images.transpose(0, 1, 3, 2))


def test_images_for_a_model():
    def build(input_shape, output_shape, filters=4):
        return kerasette.Sequential(
            [
                kerasette.Input(input_shape),
                layers.Rescaling(1 / 255),
                layers.Conv2D(filters, 3),
                layers.Flatten(),
                layers.Dense(*output_shape),
            ]
        )

    images = RNG.randint(0, 256, size=(40, 8, 8, 1), dtype="uint8")
    network = KerasetteRegressor(build, epochs=2, model__filters=2).fit(images, Y)
    assert network.model_.layers[1].filters == 2
    assert network.model_.dtype == "float32"
    assert network.predict(images).shape == (40,)


def test_numbers_of_words():
    def build(output_shape):
        return kerasette.Sequential(
            [
                layers.Embedding(20, 3, mask_zero=True),
                layers.LSTM(4),
                layers.Dense(*output_shape, activation="sigmoid"),
            ]
        )

    words = RNG.randint(0, 20, size=(40, 6))
    y = np.where((words == 7).any(axis=1), "seven", "none")
    network = KerasetteClassifier(
        build, epochs=100, learning_rate=0.05, random_state=0
    ).fit(words, y)  # fmt: skip
    assert network.score(words, y) > 0.9
    assert network.predict_proba(words[:1]).shape == (1, 2)


# ---- several inputs ---------------------------------------------------------------------


def two_inputs(input_shape, output_shape, units=3):
    inputs = {name: kerasette.Input(shape, name=name) for name, shape in input_shape.items()}
    parts = [layers.Dense(units)(layers.Flatten()(tensor)) for tensor in inputs.values()]
    return kerasette.Model(inputs, layers.Dense(*output_shape)(layers.Concatenate()(parts)))


def parts():
    return {"left": X[:, :3], "right": X[:, 3:].reshape(40, 1, 1)}


def test_several_inputs_by_name():
    network = KerasetteRegressor(two_inputs, epochs=150, learning_rate=0.05, random_state=0)
    network.fit(parts(), X[:, 0] + 2 * X[:, 3])
    assert network.score(parts(), X[:, 0] + 2 * X[:, 3]) > 0.99
    assert not hasattr(network, "n_features_in_")
    swapped = dict(reversed(parts().items()))
    np.testing.assert_allclose(network.predict(swapped), network.predict(parts()))
    one = {name: array[:1] for name, array in parts().items()}
    assert network.predict(one).shape == (1,)


def test_inputs_of_one_number():
    flat = {"left": X[:, 0], "right": X[:, 1].tolist()}
    columns = {"left": X[:, :1], "right": X[:, 1:2]}
    network = KerasetteRegressor(two_inputs, epochs=2, random_state=0).fit(flat, Y)
    np.testing.assert_array_equal(network.predict(columns), network.predict(flat))
    with pytest.raises(TypeError, match="at least 1 dimension"):
        network.predict({"left": 3.0, "right": X[:, 1]})


def test_several_inputs_with_all_that_splits_rows():
    weights = np.arange(40) % 3
    network = KerasetteRegressor(two_inputs, epochs=3, early_stopping=True, random_state=0)
    network.fit(parts(), Y, sample_weight=weights)
    assert len(network.validation_scores_) == 3
    kept = {name: array[weights > 0] for name, array in parts().items()}
    other = clone(network).fit(kept, Y[weights > 0], sample_weight=weights[weights > 0])
    np.testing.assert_array_equal(network.predict(parts()), other.predict(parts()))


def test_wrong_dicts():
    network = KerasetteRegressor(two_inputs, epochs=1).fit(parts(), Y)
    lacking = {"left": X[:, :3]}
    shorter = {**parts(), "left": X[:30, :3]}
    wider = {**parts(), "left": X}
    missing = {**parts(), "left": np.where(X[:, :3] == 0, np.nan, X[:, :3])}
    with pytest.raises(ValueError, match=r"inputs with samples of shapes \{'left': "):
        network.predict(lacking)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        network.predict(shorter)
    with pytest.raises(ValueError, match=r"is expecting \{'left': "):
        network.predict(wider)
    with pytest.raises(ValueError, match=r"Input X\['left'\] contains NaN"):
        network.fit(missing, Y)
    with pytest.raises(ValueError, match="empty dict"):
        network.fit({}, Y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        network.fit(parts(), Y[:30])
    with pytest.raises(ValueError, match="give a `model` that takes them"):
        KerasetteRegressor().fit(parts(), Y)
    assert network.predict(parts()).shape == (40,)


# ---- errors -----------------------------------------------------------------------------

WRONG = {
    "one axis": (X[:, 0], "Expected 2D array, got 1D array"),
    "not a number": (np.where(X == 0, np.nan, X), "contains NaN"),
    "infinite": (np.where(X == 0, np.inf, X), "contains infinity"),
    "complex": (X + 1j, "Complex data not supported"),
    "words": (X.astype(str).astype(object) + "x", "could not convert string"),
    "nothing": (X[:0], r"0 sample\(s\)"),
    "no columns": (X[:, :0], r"0 feature\(s\)"),
    "dates": (np.full(X.shape, "2020-01-01", "datetime64[D]"), "must hold numbers, got the dtype"),
}

FRAMES_OF_WORDS = {
    "pandas": ("pandas", lambda pandas: pandas.Categorical(["u", "v"] * 20)),
    "polars": ("polars", lambda polars: ["u", "v"] * 20),
}


@pytest.mark.parametrize(("kind", "words"), FRAMES_OF_WORDS.values(), ids=FRAMES_OF_WORDS)
def test_frames_with_words(kind, words):
    module = pytest.importorskip(kind)
    frame = module.DataFrame({"a": words(module), "b": range(40)})
    with pytest.raises(ValueError, match="could not convert string to float: 'u'"):
        KerasetteRegressor(**FEW).fit(frame, Y)


@pytest.mark.parametrize(("x", "message"), WRONG.values(), ids=WRONG)
def test_wrong_x(x, message):
    with pytest.raises(ValueError, match=message):
        KerasetteRegressor(**FEW).fit(x, Y[: len(x)])
    network = fitted(X)
    if x.shape[-1]:
        with pytest.raises(ValueError, match=message):
            network.predict(x)
    with pytest.raises(ValueError, match=r"3 features.*expecting 4 features"):
        network.predict(X[:, :3])


def test_numbers_beyond_those_of_tensors():
    x = X.astype(np.longdouble)
    assert fitted(x, model=None).predict(x).dtype == "float64"

    def build(output_shape):
        return kerasette.Sequential([layers.Dense(*output_shape)])

    network = KerasetteRegressor(build, epochs=1).fit(x, Y)
    assert network.predict(x).dtype == "float64"
    assert network.predict(np.arange(8, dtype="uint64").reshape(2, 4)).shape == (2,)


@pytest.mark.skipif(np.finfo(np.longdouble).max < 1e400, reason="long double is double")
def test_numbers_beyond_double_precision():
    great = X.astype(np.longdouble) * np.longdouble("1e400")
    message = r"Input X contains infinity or a value too large for dtype\('float64'\)"
    with pytest.raises(ValueError, match=message):
        fitted(great)
    with pytest.raises(ValueError, match=message):
        fitted(X).predict(great)


GREAT = {
    "array": lambda x: x,
    "frame": lambda x: pytest.importorskip("pandas").DataFrame(x),
    "sparse": sparse.csr_matrix,
    "several inputs": lambda x: {"left": x[:, :3], "right": x[:, 3:]},
}


@pytest.mark.parametrize("form", GREAT.values(), ids=GREAT)
def test_numbers_beyond_those_of_the_model(form):
    kept = form(X)
    great = form(np.where(X == 0, 1e39, X))
    model = two_inputs if isinstance(kept, dict) else None
    message = r"Input X contains infinity or a value too large for dtype\('float32'\)"
    double, single = (KerasetteRegressor(model, epochs=1, dtype=d) for d in ("float64", "float32"))
    assert np.isfinite(double.fit(kept, Y).predict(great)).all()
    predicted = single.fit(kept, Y).predict(kept)
    with pytest.raises(ValueError, match=message):
        single.predict(great)
    with pytest.raises(ValueError, match=message):
        single.fit(great, Y)
    np.testing.assert_array_equal(single.predict(kept), predicted)


def test_great_numbers_are_finite():
    x = np.full((2, 4), 3e38, "float32")
    network = fitted(X.astype("float32"))
    assert network.predict(x).shape == network.predict(x.astype("float64")).shape == (2,)
