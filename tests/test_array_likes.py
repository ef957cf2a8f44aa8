"""Arrays of other libraries, data frames and sparse matrices as data."""

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette.data.array_likes import as_array
from kerasette.data.sparse import SparseRows
from kerasette.data.structures import Layout, as_samples

RNG = np.random.default_rng(2)
X = RNG.normal(size=(12, 3)).astype("float32")
Y = RNG.normal(size=(12, 1)).astype("float32")


def model_of(width=3):
    model = kerasette.Sequential([kerasette.Input((width,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


# ---- arrays by protocol ------------------------------------------------------------------


class WithArray:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array


class WithDlpack:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **kwargs):
        return self.array.__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class LikeTorch:
    """A tensor that takes part in a derivative, on another device."""

    def __init__(self, array, is_free=False):
        self.array = array
        self.is_free = is_free
        self.shape = array.shape

    def detach(self):
        return LikeTorch(self.array, is_free=True)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        if not self.is_free:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.array


@pytest.mark.parametrize("kind", [WithArray, WithDlpack, LikeTorch, kerasette.ops.array])
def test_arrays_of_other_libraries_are_arrays(kind):
    model = model_of()
    expected = model.evaluate(X, Y, verbose=0)
    assert model.evaluate(kind(X), kind(Y), verbose=0) == expected
    np.testing.assert_array_equal(model.predict(kind(X), verbose=0), model.predict(X, verbose=0))


def test_memory_is_shared_and_maps_stay_maps(tmp_path):
    assert np.shares_memory(as_array(WithDlpack(X), "x"), X)
    assert np.shares_memory(as_array(WithArray(X), "x"), X)
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert np.shares_memory(as_array(mapped, "x"), mapped)


# ---- structures --------------------------------------------------------------------------


def test_lists_of_numbers_are_arrays_and_lists_of_arrays_are_structures():
    assert as_samples([1, 2, 3], "x").shape == (3,)
    assert as_samples([[1.0], [2.0]], "x").shape == (2, 1)
    assert as_samples((np.float64(1), np.float64(2)), "x").shape == (2,)
    assert as_samples([], "x").shape == (0,)
    found = as_samples([X, {"a": [1, 2], "b": None}], "x")
    assert found[0] is X and found[1]["a"].tolist() == [1, 2] and found[1]["b"] is None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "`x` is None"),
        ([], None),
        ({}, "there is none"),
        ([None, None], "there is none"),
        ([X, "a"], r"`x\[1\]` cannot be converted"),
        ({"a": {"b": [object()]}}, r"`x\['a'\]\['b'\]` cannot be converted"),
        ([X, 3.0], r"`x\[1\]` must have an axis of samples"),
        ("a", "`x` cannot be converted"),
        (object(), "`x` cannot be converted"),
    ],
)
def test_what_holds_no_samples_is_named_in_errors(value, message):
    if message is None:
        as_samples(value, "x")
        return
    with pytest.raises(ValueError, match=message):
        as_samples(value, "x")


def test_layouts_flatten_and_pack():
    data = {"x": {"b": 1, "a": [2, None]}, "y": 3}
    layout = Layout(data)
    assert layout.flatten(data) == [2, 1, 3]
    assert layout.pack(["a", "b", "y"]) == {"x": {"b": "b", "a": ["a", None]}, "y": "y"}
    assert layout.key != Layout({"x": {"b": 1, "a": [2, 4]}, "y": 3}).key
    assert layout.describe() == "x: {'b': array, 'a': [array, None]}, y: array"
    plain = Layout({"x": 1, "y": 2})
    assert plain.pack([3, 4]) == {"x": 3, "y": 4} and plain.describe() == "x: array, y: array"


# ---- data frames --------------------------------------------------------------------------


def test_frames_of_pandas():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.5, 2.5], "b": [1, 2], "c": [True, False]})
    np.testing.assert_array_equal(as_array(frame, "x"), [[1.5, 1, 1], [2.5, 2, 0]])
    assert as_array(frame[["b"]], "x").dtype == "int64"
    assert as_array(frame[["c"]], "x").dtype == bool
    # As in Keras a series is one column.
    assert as_array(frame["b"], "x").shape == (2, 1)
    lacking = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64"), "b": [1.0, 2.0]})
    np.testing.assert_array_equal(as_array(lacking, "x"), [[1, 1], [np.nan, 2]])
    whole = pandas.DataFrame({"a": pandas.array([1, 2], dtype="Int64")})
    assert as_array(whole, "x").dtype == "int64"
    for column in (["u", "v"], pandas.Categorical(["u", "v"]), [1j, 2j]):
        with pytest.raises(ValueError, match=r"`x` cannot be converted.*column 'd' has dtype"):
            as_array(frame.assign(d=column), "`x`")


class Buffer:
    def __init__(self, array):
        self.array = array
        self.ptr = array.__array_interface__["data"][0]
        self.bufsize = array.nbytes


class Column:
    """A column of the data frame interchange protocol."""

    def __init__(self, array, dtype, size=None, offset=0, describe_null=(0, None), null_count=0):
        self.array = array
        self.dtype = dtype
        self.offset = offset
        self.describe_null = describe_null
        self.null_count = null_count
        self._size = len(array) if size is None else size

    def size(self):
        return self._size

    def get_buffers(self):
        return {"data": (Buffer(self.array), self.dtype), "validity": None, "offsets": None}


class Frame:
    """A data frame that has the protocol alone."""

    def __init__(self, *chunks):
        self.chunks = chunks

    def __dataframe__(self):
        return self

    def get_chunks(self):
        return [Chunk(columns) for columns in self.chunks]


class Chunk:
    def __init__(self, columns):
        self.columns = columns

    def column_names(self):
        return list(self.columns)

    def get_column_by_name(self, name):
        return self.columns[name]


INT, UINT, FLOAT, STRING, BOOL = 0, 1, 2, 21, 20


def test_frames_of_the_interchange_protocol():
    ints = Column(np.arange(6, dtype="int16"), (INT, 16, "s", "="), size=2, offset=3)
    reals = Column(np.array([0.5, 1.5]), (FLOAT, 64, "g", "="), describe_null=(1, None))
    bits = Column(np.array([0b1100], "uint8"), (BOOL, 1, "b", "="), size=2, offset=2)
    more = {
        "i": Column(np.array([7], "int16"), (INT, 16, "s", "=")),
        "f": Column(np.array([np.nan]), (FLOAT, 64, "g", "="), 1, 0, (1, None), 1),
        "b": Column(np.array([0], "uint8"), (BOOL, 8, "b", "="), describe_null=(3, 0)),
    }
    found = as_array(Frame({"i": ints, "f": reals, "b": bits}, more), "x")
    np.testing.assert_array_equal(found, [[3, 0.5, 1], [4, 1.5, 1], [7, np.nan, 0]])
    model = model_of()
    assert model.predict(Frame({"i": ints, "f": reals, "b": bits}), verbose=0).shape == (2, 1)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Column(np.arange(2), (STRING, 8, "U", "=")), "column 'a' has dtype"),
        (Column(np.arange(2), (INT, 64, "l", ">")), "column 'a' has dtype"),
        (
            Column(np.arange(2), (INT, 64, "l", "="), describe_null=(3, 0), null_count=1),
            "column 'a' lacks 1 of its values",
        ),
    ],
)
def test_columns_of_frames_that_hold_no_numbers(column, message):
    with pytest.raises(ValueError, match=message):
        as_array(Frame({"a": column}), "`x`")


# ---- sparse matrices -----------------------------------------------------------------------


@pytest.fixture
def sparse():
    return pytest.importorskip("scipy.sparse")


def test_sparse_matrices_are_dense_batch_by_batch(sparse, monkeypatch):
    matrix = sparse.random(200, 50, 0.1, format="coo", random_state=3)
    dense = matrix.toarray()
    y = RNG.normal(size=(200, 1))
    taken = []
    monkeypatch.setattr(kerasette.data.arrays, "STAGED_ELEMENTS", 16 * 50)
    take = SparseRows.__getitem__

    def counted(self, rows):
        found = take(self, rows)
        taken.append(len(found))
        return found

    monkeypatch.setattr(SparseRows, "__getitem__", counted)
    results = []
    for x in (matrix, dense):
        kerasette.utils.set_random_seed(4)
        model = model_of(50)
        arguments = {"class_weight": None, "validation_split": 0.2, "verbose": 0}
        history = model.fit(x, y, batch_size=16, epochs=3, **arguments).history
        results.append((history, model.predict(x, batch_size=16, verbose=0)))
    assert results[0][0] == results[1][0]
    np.testing.assert_array_equal(results[0][1], results[1][1])
    assert max(taken) <= 32 and sum(taken) == 3 * 200 + 200


def test_sparse_targets_and_arrays(sparse):
    labels = np.eye(4)[RNG.integers(0, 4, 12)]
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(4, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    weight = {1: 3.0, 2: 0.5}
    logs = []
    for y in (labels, sparse.csr_array(labels), sparse.dok_matrix(labels)):
        kerasette.utils.set_random_seed(4)
        model.set_weights([np.ones((3, 4)), np.arange(4)])
        logs.append(model.fit(X, y, class_weight=weight, shuffle=False, verbose=0).history)
    assert logs[0] == logs[1] == logs[2]
    with pytest.raises(ValueError, match="real numbers"):
        model.predict(sparse.csr_matrix(X).astype("complex64"), verbose=0)


def test_a_sparse_column_is_dense(sparse):
    assert isinstance(as_array(sparse.csr_matrix(Y), "y"), np.ndarray)
    assert isinstance(as_array(sparse.csr_matrix(X), "x"), SparseRows)
