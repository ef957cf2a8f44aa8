"""Every public op against NumPy: values, gradients, both precisions, small shapes, errors."""

import numpy as np
import pytest
from op_tables import CONSTANT_ROWS, HOLED_ROWS, ROWS, WRONG

from kerasette import GradientTape, Variable, ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step

rng = np.random.default_rng(1)

# Return several tensors, or call functions; have tests of their own.
LISTS = {
    "array_split", "dsplit", "hsplit", "meshgrid", "moments", "split", "top_k", "unravel_index",
    "unstack", "vsplit",
}  # fmt: skip
CONTROL = {
    "associative_scan", "cond", "fori_loop", "map", "scan", "switch", "vectorized_map",
    "while_loop",
}  # fmt: skip


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
    assert {name for name, *_ in ROWS + CONSTANT_ROWS} | LISTS | CONTROL == set(ops.__all__)
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


@pytest.mark.parametrize(("name", "args", "kwargs", "oracle"), HOLED_ROWS, ids=ids(HOLED_ROWS))
def test_values_of_what_has_holes(name, args, kwargs, oracle):
    found = getattr(ops, name)(*args, **kwargs).numpy()
    np.testing.assert_allclose(found, oracle(*args, **kwargs), rtol=1e-12)


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
    "abs", "add", "arctan", "arctan2", "ceil", "clip", "cos", "divide", "divide_no_nan", "elu",
    "erf", "exp", "expm1", "floor", "floor_divide", "gelu", "hard_sigmoid", "hard_silu",
    "hard_tanh", "leaky_relu", "log", "log1p", "log_sigmoid", "maximum", "minimum", "mod",
    "multiply", "negative", "power", "reciprocal", "relu", "relu6", "round", "rsqrt", "selu",
    "sigmoid", "silu", "sin", "softplus", "softsign", "sqrt", "square", "squareplus", "subtract",
    "tan", "tanh", "trunc",
]  # fmt: skip


@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (1, 1), ()])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_small_shapes_of_elementwise_ops(name, shape):
    _, args, kwargs, oracle = next(row for row in ROWS if row[0] == name)
    args = with_reals(args, lambda x: np.full(shape, 0.75))
    found = getattr(ops, name)(*args, **kwargs)
    np.testing.assert_allclose(found.numpy(), oracle(*args, **kwargs), rtol=1e-12)
    assert found.shape == shape


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
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


# What reads values: the shape of the result depends on them.
READS = {"bincount", "convert_to_numpy"}


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
@pytest.mark.parametrize(("name", "args", "kwargs", "oracle"), ROWS, ids=ids(ROWS))
def test_replays_compute_anew(name, args, kwargs, oracle):
    if name in READS or (name.startswith("segment") and "num_segments" not in kwargs):
        pytest.skip("reads values")
    sources = []
    args = with_reals(args, lambda x: sources.append(Variable(x, dtype="float64")) or sources[-1])
    shape = oracle(*values_of(args), **kwargs).shape
    kept = Variable(np.zeros(shape), dtype="float64", trainable=False)
    with Step(Arena()) as step:
        kept.assign(getattr(ops, name)(*args, **kwargs))
    assert step.obstacle is None
    for source in sources:
        source.assign(source.numpy() * 1.05)
    step.replay()
    expected = oracle(*values_of(args), **kwargs)
    np.testing.assert_allclose(kept.numpy(), expected, rtol=1e-12, atol=1e-15)


def values_of(args):
    """`args` with arrays for variables."""
    if isinstance(args, (tuple, list)):
        return type(args)(values_of(arg) for arg in args)
    return args.numpy() if isinstance(args, Variable) else args
