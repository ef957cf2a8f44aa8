"""Every public op against NumPy: values, gradients, both precisions, small shapes, errors."""

import numpy as np
import pytest
from scipy import special

import kerasette
from kerasette import GradientTape, ops

rng = np.random.default_rng(0)
A = rng.normal(size=(3, 4))
B = rng.normal(size=(4,))
C = rng.normal(size=(3, 4))
POSITIVE = rng.uniform(0.5, 2.0, size=(3, 4))
CUBE = rng.normal(size=(2, 3, 4))
MATRIX = rng.normal(size=(4, 2))
LABELS = np.array([2, 0, 3])
ONE_HOT = np.eye(4)[LABELS]
P = special.softmax(A, axis=-1)


def np_bce(target, output, from_logits=False):
    p = special.expit(output) if from_logits else output
    return -(target * np.log(p) + (1 - target) * np.log(1 - p))


def np_cce(target, output, from_logits=False, axis=-1):
    if from_logits:
        logs = special.log_softmax(output, axis)
    else:
        logs = np.log(output / output.sum(axis, keepdims=True))
    return -(target * logs).sum(axis)


def np_scce(target, output, from_logits=False, axis=-1):
    n = output.shape[axis]
    return np_cce(np.moveaxis(np.eye(n)[target], -1, axis), output, from_logits, axis)


# (name, arguments, keyword arguments, the same in NumPy). Arguments that are arrays of floats are
# differentiated; the others are constants.
ROWS = [
    ("abs", (A,), {}, np.abs),
    ("absolute", (A,), {}, np.abs),
    ("add", (A, B), {}, np.add),
    ("binary_crossentropy", (ONE_HOT, P), {}, np_bce),
    ("binary_crossentropy", (ONE_HOT, A), {"from_logits": True}, np_bce),
    ("broadcast_to", (B, (3, 4)), {}, np.broadcast_to),
    ("cast", (A, "float64"), {}, lambda x, dtype: x),
    ("categorical_crossentropy", (ONE_HOT, P), {}, np_cce),
    ("categorical_crossentropy", (ONE_HOT, A), {"from_logits": True}, np_cce),
    ("categorical_crossentropy", (C**2, A), {"from_logits": True, "axis": 0}, np_cce),
    ("clip", (A, -0.5, 0.25), {}, np.clip),
    ("concatenate", ([A, C],), {}, lambda xs: np.concatenate(xs, 0)),
    ("concatenate", ([A, C],), {"axis": -1}, lambda xs, axis: np.concatenate(xs, axis)),
    ("convert_to_tensor", (A,), {}, lambda x: x),
    ("copy", (A,), {}, np.copy),
    ("cos", (A,), {}, np.cos),
    ("divide", (A, POSITIVE), {}, np.divide),
    ("divide_no_nan", (A, POSITIVE), {}, np.divide),
    ("dot", (A, MATRIX), {}, np.dot),
    ("dot", (B, B), {}, np.dot),
    ("dot", (A, 2.0), {}, np.dot),
    ("dot", (CUBE, rng.normal(size=(5, 4, 2))), {}, np.dot),
    ("exp", (A,), {}, np.exp),
    ("expand_dims", (A, 1), {}, np.expand_dims),
    ("get_item", (A, (slice(None, None, 2), 1)), {}, lambda x, key: x[key]),
    ("log", (POSITIVE,), {}, np.log),
    ("log_softmax", (A,), {}, lambda x: special.log_softmax(x, -1)),
    ("matmul", (A, MATRIX), {}, np.matmul),
    ("matmul", (CUBE, MATRIX), {}, np.matmul),
    ("max", (A,), {"axis": 1, "keepdims": True}, np.max),
    ("maximum", (A, B), {}, np.maximum),
    ("mean", (CUBE,), {"axis": (0, 2)}, np.mean),
    ("min", (A,), {"axis": 0}, np.min),
    ("minimum", (A, B), {}, np.minimum),
    ("moveaxis", (CUBE, 0, -1), {}, np.moveaxis),
    ("moveaxis", (CUBE, (0, 1), (2, 0)), {}, np.moveaxis),
    ("multiply", (A, B), {}, np.multiply),
    ("negative", (A,), {}, np.negative),
    ("power", (POSITIVE, A), {}, np.power),
    ("ravel", (A,), {}, np.ravel),
    ("relu", (A,), {}, lambda x: np.maximum(x, 0)),
    ("reshape", (A, (2, -1)), {}, np.reshape),
    ("sigmoid", (A,), {}, special.expit),
    ("sign", (A,), {}, np.sign),
    ("sin", (A,), {}, np.sin),
    ("softmax", (A,), {}, lambda x: special.softmax(x, -1)),
    ("softmax", (CUBE,), {"axis": 1}, special.softmax),
    ("sparse_categorical_crossentropy", (LABELS, P), {}, np_scce),
    ("sparse_categorical_crossentropy", (LABELS, A), {"from_logits": True}, np_scce),
    (
        "sparse_categorical_crossentropy", (np.array([0, 2, 1, 1]), A),
        {"from_logits": True, "axis": 0}, np_scce,
    ),
    ("sqrt", (POSITIVE,), {}, np.sqrt),
    ("square", (A,), {}, np.square),
    ("squeeze", (A[:, None],), {"axis": 1}, np.squeeze),
    ("stack", ([A, C],), {"axis": 1}, np.stack),
    ("std", (A,), {"axis": 1}, np.std),
    ("subtract", (A, B), {}, np.subtract),
    ("sum", (CUBE,), {"axis": 1}, np.sum),
    ("sum", (A,), {}, np.sum),
    ("swapaxes", (CUBE, 0, 2), {}, np.swapaxes),
    ("take", (A, np.array([[3, 0], [1, 1]])), {"axis": 1}, np.take),
    ("tanh", (A,), {}, np.tanh),
    ("transpose", (CUBE, (2, 0, 1)), {}, np.transpose),
    ("true_divide", (A, POSITIVE), {}, np.true_divide),
    ("var", (CUBE,), {"axis": (0, 1), "keepdims": True}, np.var),
    ("where", (A > 0, A, C), {}, np.where),
]  # fmt: skip

# The same without gradients.
CONSTANT_ROWS = [
    ("arange", (5,), {}, np.arange),
    ("arange", (1.0, 2.0, 0.25), {}, np.arange),
    ("argmax", (A,), {"axis": 1}, np.argmax),
    ("argmin", (A,), {}, np.argmin),
    ("convert_to_numpy", (A,), {}, np.array),
    ("equal", (LABELS, 0), {}, np.equal),
    ("full", ((2, 3), 7.0), {}, np.full),
    ("full_like", (A, 7.0), {}, np.full_like),
    ("greater", (A, B), {}, np.greater),
    ("greater_equal", (A, 0), {}, np.greater_equal),
    ("is_tensor", (A,), {}, lambda x: False),
    ("less", (A, B), {}, np.less),
    ("less_equal", (A, 0), {}, np.less_equal),
    ("logical_and", (A > 0, C), {}, np.logical_and),
    ("logical_not", (LABELS,), {}, np.logical_not),
    ("logical_or", (A > 0, np.zeros((3, 4))), {}, np.logical_or),
    ("ndim", (A,), {}, np.ndim),
    ("not_equal", (LABELS, 0), {}, np.not_equal),
    ("one_hot", (LABELS, 4), {}, lambda x, n: np.eye(n)[x]),
    ("one_hot", (LABELS, 4), {"axis": 0}, lambda x, n, axis: np.eye(n)[x].T),
    ("ones", ((2, 3),), {}, np.ones),
    ("ones_like", (A,), {}, np.ones_like),
    ("shape", (A,), {}, np.shape),
    ("size", (A,), {}, np.size),
    ("zeros", ((2, 0),), {}, np.zeros),
    ("zeros_like", (A,), {}, np.zeros_like),
]

# Returns a list; has tests of its own.
LISTS = {"split"}


def ids(rows):
    return [f"{name}-{i}" for i, (name, *_) in enumerate(rows)]


def as_array(value):
    return value.numpy() if ops.is_tensor(value) else np.asarray(value)


def is_real(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def with_reals(args, function):
    """`args` with `function` applied to the arrays of floats in them."""
    if isinstance(args, (tuple, list)):
        return type(args)(with_reals(arg, function) for arg in args)
    return function(args) if is_real(args) else args


def reals(args):
    found = []
    with_reals(args, found.append)
    return found


def test_every_op_has_a_row():
    assert {name for name, *_ in ROWS + CONSTANT_ROWS} | LISTS == set(ops.__all__)
    assert all(hasattr(ops, name) for name in ops.__all__)


@pytest.mark.parametrize(("name", "args", "kwargs", "oracle"), ROWS, ids=ids(ROWS))
def test_values_and_precisions(name, args, kwargs, oracle):
    op = getattr(ops, name)
    expected = oracle(*args, **kwargs)
    found = op(*args, **kwargs)
    assert found.shape == expected.shape
    assert found.dtype == "float64"
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12, atol=1e-15)
    rough = op(*with_reals(args, lambda x: x.astype("float32")), **kwargs)
    assert rough.dtype == ("float64" if name == "cast" else "float32")
    np.testing.assert_allclose(rough.numpy(), expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "oracle"), CONSTANT_ROWS, ids=ids(CONSTANT_ROWS)
)
def test_values_of_constants(name, args, kwargs, oracle):
    found = getattr(ops, name)(*args, **kwargs)
    expected = np.asarray(oracle(*args, **kwargs))
    np.testing.assert_array_equal(as_array(found), expected)
    assert as_array(found).shape == expected.shape


@pytest.mark.parametrize(("name", "args", "kwargs", "oracle"), ROWS, ids=ids(ROWS))
def test_gradient_is_that_of_differences(name, args, kwargs, oracle):
    op = getattr(ops, name)
    tensors = with_reals(args, ops.convert_to_tensor)
    sources = []
    collect(tensors, sources)
    seed = rng.normal(size=oracle(*args, **kwargs).shape)
    with GradientTape() as tape:
        tape.watch(sources)
        total = ops.sum(ops.multiply(op(*tensors, **kwargs), seed))
    gradients = tape.gradient(total, sources, unconnected_gradients="zero")
    directions = [rng.normal(size=source.shape) for source in sources]
    slope = sum((g.numpy() * d).sum() for g, d in zip(gradients, directions))

    def shifted(step):
        moved = iter([s.numpy() + step * d for s, d in zip(sources, directions)])
        return (oracle(*with_reals(args, lambda _: next(moved)), **kwargs) * seed).sum()

    expected = (shifted(1e-6) - shifted(-1e-6)) / 2e-6
    assert slope == pytest.approx(expected, rel=1e-6, abs=1e-7)


def collect(value, found):
    if isinstance(value, (tuple, list)):
        for item in value:
            collect(item, found)
    elif ops.is_tensor(value):
        found.append(value)


ELEMENTWISE = [
    "abs", "add", "clip", "cos", "divide", "divide_no_nan", "exp", "maximum", "minimum", "multiply",
    "negative", "relu", "sigmoid", "sin", "square", "subtract", "tanh", "power", "sqrt", "log",
]  # fmt: skip


@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (1, 1), ()])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_small_shapes_of_elementwise_ops(name, shape):
    _, args, kwargs, oracle = next(row for row in ROWS if row[0] == name)
    args = with_reals(args, lambda x: np.full(shape, 0.75))
    found = getattr(ops, name)(*args, **kwargs)
    np.testing.assert_allclose(found.numpy(), oracle(*args, **kwargs), rtol=1e-12)
    assert found.shape == shape


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (1, 1), (2, 0)])
def test_small_shapes_of_the_others(shape):
    x = np.ones(shape)
    assert ops.sum(x, axis=0).numpy().tolist() == [shape[0]] * shape[1]
    assert ops.ravel(x).shape == (shape[0] * shape[1],)
    assert ops.swapaxes(x, 0, 1).shape == shape[::-1]
    assert ops.concatenate([x, x]).shape == (2 * shape[0], shape[1])
    assert ops.stack([x, x]).shape == (2, *shape)
    assert ops.matmul(x, np.ones((shape[1], 2))).numpy().tolist() == [[shape[1]] * 2] * shape[0]
    assert [part.shape for part in ops.split(x, 1)] == [shape]
    assert ops.binary_crossentropy(x, x).shape == shape
    if shape[1]:
        assert ops.softmax(x).shape == shape
        assert ops.var(x, axis=1).numpy().tolist() == [0.0] * shape[0]
        assert ops.categorical_crossentropy(x, x).shape == shape[:1]
        labels = np.zeros(shape[0], dtype="int64")
        assert ops.sparse_categorical_crossentropy(labels, x).shape == shape[:1]


WRONG = [
    ("add", (A, np.ones(3)), ValueError, "broadcast"),
    ("broadcast_to", (A, (3, 5)), ValueError, "broadcast"),
    ("cast", (A, "float7"), ValueError, "dtype"),
    ("binary_crossentropy", (A, A[:2]), ValueError, "same shape"),
    ("categorical_crossentropy", (A, A[:2]), ValueError, "same shape"),
    ("categorical_crossentropy", (1.0, 1.0), ValueError, "at least rank 1"),
    ("sparse_categorical_crossentropy", (LABELS[:2], P), ValueError, "same shape up until"),
    ("sparse_categorical_crossentropy", (LABELS + 2, P), ValueError, "out of range"),
    ("concatenate", ([A, B],), ValueError, "concatenate"),
    ("concatenate", ([],), ValueError, "at least one"),
    ("convert_to_tensor", (["a"],), ValueError, "converted"),
    ("convert_to_tensor", ([[1, 2], [3]],), ValueError, "converted"),
    ("convert_to_tensor", (np.array(["a"]), "float32"), ValueError, "converted"),
    ("dot", (A, A), ValueError, "inner sizes"),
    ("expand_dims", (A, 4), ValueError, "out of bounds"),
    ("get_item", (A, 3), IndexError, "out of bounds"),
    ("get_item", (A, (0, 0, 0)), IndexError, "too many"),
    ("matmul", (A, A), ValueError, "inner sizes"),
    ("matmul", (A, 1.0), ValueError, "scalar"),
    ("max", (np.zeros((0, 2)),), ValueError, "empty"),
    ("moveaxis", (A, 0, 2), ValueError, "out of bounds"),
    ("moveaxis", (A, (0, 0), (0, 1)), ValueError, "different axes"),
    ("one_hot", (A, 3), TypeError, "integers"),
    ("reshape", (A, (5, -1)), ValueError, "reshape"),
    ("split", (A, 2), ValueError, "not divisible"),
    ("split", (A, 2, 2), ValueError, "out of bounds"),
    ("squeeze", (A, 0), ValueError, "not 1"),
    ("stack", ([],), ValueError, "at least one"),
    ("sum", (A, 2), ValueError, "out of bounds"),
    ("sum", (A, (0, 0)), ValueError, "twice"),
    ("swapaxes", (A, 0, 2), ValueError, "out of bounds"),
    ("take", (A, LABELS + 1, 1), ValueError, "out of range"),
    ("take", (A, A), TypeError, "integer"),
    ("transpose", (A, (0, 0)), ValueError, "permutation"),
    ("zeros", ((-1, 2),), ValueError, "negative"),
]


@pytest.mark.parametrize(("name", "args", "error", "words"), WRONG, ids=ids(WRONG))
def test_wrong_arguments_raise(name, args, error, words):
    with pytest.raises(error, match=words):
        getattr(ops, name)(*args)


def test_split_into_parts_and_at_places():
    x = np.arange(12.0).reshape(6, 2)
    for cuts in (3, [1, 4], [0, 6], 6):
        found = ops.split(x, cuts)
        for part, expected in zip(found, np.split(x, cuts), strict=True):
            np.testing.assert_array_equal(part.numpy(), expected)
    first, second = ops.split(x, 2, axis=-1)
    np.testing.assert_array_equal(second.numpy(), x[:, 1:])
    assert first.shape == (6, 1)


def test_clip_has_a_gradient_of_one_at_its_bounds():
    x = ops.convert_to_tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.clip(x, -1.0, 1.0)
    assert tape.gradient(y, x).numpy().tolist() == [0, 1, 1, 1, 0]


def test_division_by_zero_gives_zero_and_no_nan_in_the_gradient():
    x = ops.convert_to_tensor([1.0, 2.0])
    y = ops.convert_to_tensor([0.0, 4.0])
    with GradientTape() as tape:
        tape.watch([x, y])
        z = ops.divide_no_nan(x, y)
    assert z.numpy().tolist() == [0.0, 0.5]
    gradients = [g.numpy().tolist() for g in tape.gradient(z, [x, y])]
    assert gradients == [[0.0, 0.25], [0.0, -0.125]]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1.5, "float32"),
        (3, "int32"),
        (2**40, "int64"),
        (True, "bool"),
        ([1, 2.5], "float32"),
        (np.float64(1), "float64"),
        (np.arange(3, dtype="int64"), "int64"),
        (np.arange(3, dtype="uint8"), "int32"),
        (np.arange(3, dtype="float16"), "float32"),
    ],
)
def test_dtype_of_what_is_converted(value, dtype):
    assert ops.convert_to_tensor(value).dtype == dtype
    assert ops.convert_to_tensor(value, "float64").dtype == "float64"
    same = ops.convert_to_tensor(value)
    assert ops.convert_to_tensor(same) is same


def test_dtypes_of_constants():
    assert ops.arange(3).dtype == "int32"
    assert ops.arange(3.0).dtype == "float32"
    assert ops.arange(3, dtype="float64").dtype == "float64"
    assert ops.one_hot([1], 2).dtype == "float32"
    assert ops.one_hot([1], 2, dtype="int32").dtype == "int32"
    assert ops.logical_and(True, 1).dtype == "bool"
    assert ops.full_like(np.arange(3), 2).dtype == "int64"


def test_floatx_is_the_dtype_of_numbers():
    before = kerasette.config.floatx()
    try:
        kerasette.config.set_floatx("float64")
        assert ops.convert_to_tensor(0.1).numpy() == 0.1
        assert ops.zeros((2,)).dtype == "float64"
        assert kerasette.layers.Dense(1)(np.ones((1, 2))).dtype == "float64"
    finally:
        kerasette.config.set_floatx(before)


def test_numbers_beside_float64_are_not_rounded():
    x = ops.convert_to_tensor(np.ones(1))
    assert float((x * 0.1)[0]) == 0.1
    assert float(ops.subtract(1.0, x * 0.1)[0]) == 0.9
