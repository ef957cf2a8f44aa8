"""Ops that return several tensors, and ops that call functions."""

import numpy as np
import pytest
from op_tables.data import CUBE, A, B

import kerasette
from kerasette import GradientTape, ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette.testing import check_gradients


@pytest.mark.parametrize(
    ("name", "x", "cut", "kwargs"),
    [
        ("array_split", A, 2, {}),
        ("array_split", A, 7, {"axis": 1}),
        ("array_split", A, [1, 3], {"axis": -1}),
        ("dsplit", CUBE, 2, {}),
        ("dsplit", CUBE, [1], {}),
        ("hsplit", A, 2, {}),
        ("hsplit", B, 2, {}),
        ("vsplit", A, 3, {}),
        ("vsplit", A, [2], {}),
    ],
)
def test_parts_are_those_of_numpy(name, x, cut, kwargs):
    found = getattr(ops, name)(x, cut, **kwargs)
    for part, expected in zip(found, getattr(np, name)(x, cut, **kwargs), strict=True):
        np.testing.assert_array_equal(part.numpy(), expected)
    check_gradients(lambda x: getattr(ops, name)(x, cut, **kwargs)[0], [x])


@pytest.mark.parametrize("indexing", ["xy", "ij"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_meshgrid(indexing, count):
    vectors = [B, A[:, 0].copy(), np.array([1.0, 2.0])][:count]
    found = ops.meshgrid(*vectors, indexing=indexing)
    for grid, expected in zip(found, np.meshgrid(*vectors, indexing=indexing), strict=True):
        np.testing.assert_array_equal(grid.numpy(), expected)
    check_gradients(lambda *x: ops.stack(ops.meshgrid(*x, indexing=indexing)), vectors)


def test_meshgrid_has_two_ways_of_indexing():
    with pytest.raises(ValueError, match="`indexing` must be"):
        ops.meshgrid(B, indexing="ba")


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axes", [0, -1, [0, 2], (1,)])
def test_moments(axes, keepdims):
    mean, variance = ops.moments(CUBE, axes, keepdims=keepdims)
    axis = tuple(axes) if isinstance(axes, list) else axes
    np.testing.assert_allclose(mean.numpy(), CUBE.mean(axis, keepdims=keepdims), rtol=1e-12)
    np.testing.assert_allclose(variance.numpy(), CUBE.var(axis, keepdims=keepdims), rtol=1e-12)
    check_gradients(lambda x: ops.moments(x, axes, keepdims)[0], [CUBE])
    check_gradients(lambda x: ops.moments(x, axes, keepdims)[1], [CUBE])


def test_unravel_index():
    numbers = np.array([[0, 5], [11, 7]])
    found = ops.unravel_index(numbers, (3, 2, 2))
    for places, expected in zip(found, np.unravel_index(numbers, (3, 2, 2)), strict=True):
        np.testing.assert_array_equal(places.numpy(), expected)
        assert places.dtype == "int64"
    assert [int(place) for place in ops.unravel_index(-1, (3, 2))] == [2, 1]


# ---- gradients at ties and zeros, dtypes --------------------------------------------------------


def gradient_of(function, *values):
    sources = [ops.convert_to_tensor(value) for value in values]
    with GradientTape() as tape:
        tape.watch(sources)
        y = function(*sources)
    return [found.numpy().tolist() for found in tape.gradient(y, sources)]


def test_gradients_at_ties_are_shared():
    ids = np.array([0, 0, 1, 0])
    x = np.array([2.0, 2.0, 1.0, -1.0])
    assert gradient_of(lambda x: ops.segment_max(x, ids), x) == [[0.5, 0.5, 1.0, 0.0]]
    places = np.array([[0], [0]])
    both = gradient_of(lambda x, y: ops.scatter_update(x, places, y, "min"), [1.0, 5.0], [1.0, 1.0])
    assert both == [[pytest.approx(1 / 3), 1.0], [pytest.approx(1 / 3)] * 2]


def test_gradients_of_products_with_zeros():
    ids = np.array([0, 0, 0, 1, 1])
    x = [3.0, 0.0, 2.0, 0.0, 0.0]
    assert gradient_of(lambda x: ops.segment_prod(x, ids), x) == [[0.0, 6.0, 0.0, 0.0, 0.0]]


def test_gradients_at_kinks():
    assert gradient_of(ops.hypot, 0.0, 0.0) == [0.0, 0.0]
    assert gradient_of(ops.sinc, 0.0) == [0.0]
    x = [[1.0, 2.0]]
    assert gradient_of(lambda x: ops.cdist(x, np.array(x.numpy())), x) == [[[0.0, 0.0]]]
    assert gradient_of(lambda x: ops.nanmean(x), [1.0, float("nan"), 3.0]) == [[0.5, 0.0, 0.5]]


def test_of_updates_for_one_place_the_last_counts_and_has_the_gradient():
    places = np.array([[1], [1]])
    found = gradient_of(lambda x, y: ops.scatter_update(x, places, y), [1.0, 2.0, 3.0], [5.0, 6.0])
    assert found == [[1.0, 0.0, 1.0], [0.0, 1.0]]


def test_dtypes_of_results():
    assert ops.searchsorted([1.0, 2.0], 1.5).dtype == "int32"
    assert ops.digitize([1.5], [1.0, 2.0]).dtype == "int32"
    assert ops.argpartition([3, 1, 2], 1).dtype == "int32"
    assert ops.bincount([1, 1]).dtype == "int32"
    assert ops.bincount([1, 1], weights=[0.5, 1.0]).dtype == "float32"
    assert ops.median([1, 2]).dtype == "float32"
    assert ops.nanmean(np.array([1, 2])).dtype == "float32"
    assert ops.segment_sum(np.array([1, 2]), [0, 0]).dtype == "int64"
    assert ops.einsum("i,i", np.array([1, 2]), np.array([0.5, 1.0])).dtype == "float64"
    assert ops.tensordot([[1, 2]], [[3], [4]], axes=1).dtype == "int32"
    assert ops.deg2rad(180).dtype == "float32"
    assert ops.isin([1], [1]).dtype == "bool"


def test_einsum_takes_no_arguments_by_name():
    with pytest.raises(ValueError, match="optimize"):
        ops.einsum("i->", B, optimize=True)
    with pytest.raises(TypeError, match="mode"):
        ops.layer_normalization(A, mode=1)
    with pytest.raises(ValueError, match="rms_scaling"):
        ops.layer_normalization(A, rms_scaling=True)


# ---- blocks at places that a tensor tells -------------------------------------------------------


def test_blocks_at_the_places_of_a_tensor_are_replayed_at_other_places():
    start = kerasette.Variable(np.array([0, 1]), trainable=False, dtype="int64")
    block = kerasette.Variable(np.zeros((2, 2)), trainable=False, dtype="float64")
    whole = kerasette.Variable(np.zeros((3, 4)), trainable=False, dtype="float64")
    with Step(Arena()) as step:
        block.assign(ops.slice(A, start, (2, 2)))
        whole.assign(ops.slice_update(A, start, -A[:2, :2]))
        start.assign(ops.subtract(1, start))
    assert step.obstacle is None
    expected = A.copy()
    expected[:2, 1:3] = -A[:2, :2]
    np.testing.assert_array_equal(block.numpy(), A[:2, 1:3])
    np.testing.assert_array_equal(whole.numpy(), expected)
    step.replay()
    expected = A.copy()
    expected[1:, :2] = -A[:2, :2]
    np.testing.assert_array_equal(block.numpy(), A[1:, :2])
    np.testing.assert_array_equal(whole.numpy(), expected)


def test_blocks_beyond_a_tensor_raise_wherever_their_place_comes_from():
    for start in ([-1, 0], [2, 0], [0, 3]):
        start = ops.convert_to_tensor(start)
        with pytest.raises(ValueError, match="out of range"):
            ops.slice(A, start, (2, 2))
        with pytest.raises(ValueError, match="out of range"):
            ops.slice_update(A, start, A[:2, :2])


# ---- loops and branches -------------------------------------------------------------------------


def test_cond_and_switch_call_one_branch():
    calls = []

    def branch(name):
        return lambda *values: calls.append((name, *values)) or name

    assert ops.cond(True, branch("a"), branch("b")) == "a"
    assert ops.cond(ops.convert_to_tensor(0.0), branch("a"), branch("b")) == "b"
    branches = [branch(i) for i in range(3)]
    assert [ops.switch(i, branches, 7) for i in (-5, 1, ops.convert_to_tensor(9))] == [0, 1, 2]
    assert calls == [("a",), ("b",), (0, 7), (1, 7), (2, 7)]


def test_fori_loop_and_its_gradient():
    assert float(ops.fori_loop(1, 4, lambda i, x: x * i, ops.ones(()))) == 6.0
    assert ops.fori_loop(3, 3, lambda i, x: None, "same") == "same"
    check_gradients(lambda x: ops.fori_loop(0, 3, lambda i, y: ops.sin(y) + i, x), [A])


def test_while_loop():
    found = ops.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2), (0, np.ones(2)))
    assert int(found[0]) == 3
    assert found[1].numpy().tolist() == [8.0, 8.0]
    assert int(ops.while_loop(lambda x: True, lambda x: x + 1, 0, maximum_iterations=4)) == 4
    assert isinstance(ops.while_loop(lambda x: x < 1, lambda x: [x + 1], [0]), tuple)


def test_scan_carries_a_state():
    def step(state, x):
        state = ops.tanh(state + x["a"]) * x["b"][0]
        return state, [state, state * 2]

    xs = {"a": CUBE, "b": [CUBE + 1]}
    for reverse in (False, True):
        last, (states, doubled) = ops.scan(step, A, xs, reverse=reverse)
        state, expected = A, [None] * 2
        for i in (1, 0) if reverse else (0, 1):
            state = np.tanh(state + CUBE[i]) * (CUBE[i] + 1)
            expected[i] = state
        np.testing.assert_allclose(states.numpy(), expected, rtol=1e-12)
        np.testing.assert_allclose(doubled.numpy(), 2 * np.array(expected), rtol=1e-12)
        np.testing.assert_allclose(last.numpy(), state, rtol=1e-12)
    check_gradients(lambda x: ops.scan(step, A, {"a": x, "b": [x + 1]})[0], [CUBE])


def test_scan_without_elements_and_without_results():
    last, results = ops.scan(lambda x, _: (x * 2, None), ops.ones((2,)), length=3)
    assert last.numpy().tolist() == [8.0, 8.0]
    assert results.numpy().tolist() == [[0.0, 0.0]] * 3
    assert ops.scan(lambda x, y: (x, y), 0, B, length=2, unroll=True)[1].shape == (2,)


@pytest.mark.parametrize(
    ("error", "words", "arguments"),
    [
        (TypeError, "`f` should be a callable", (None, 0, B)),
        (ValueError, "`length` not provided", (len, 0)),
        (ValueError, "`unroll` must be", (len, 0, B, None, False, 0)),
        (ValueError, "one size", (len, 0, [A, B])),
        (ValueError, "no places", (len, 0, np.zeros((0, 2)))),
        (ValueError, "not length=5", (len, 0, B, 5)),
    ],
)
def test_wrong_arguments_of_scan_raise(error, words, arguments):
    with pytest.raises(error, match=words):
        ops.scan(*arguments)


@pytest.mark.parametrize("name", ["map", "vectorized_map"])
def test_maps(name):
    mapped = getattr(ops, name)
    found = mapped(lambda x: {"sum": ops.sum(x), "same": x}, CUBE)
    np.testing.assert_allclose(found["sum"].numpy(), CUBE.sum((1, 2)), rtol=1e-12)
    np.testing.assert_array_equal(found["same"].numpy(), CUBE)
    both = mapped(lambda xy: xy[0] * xy[1], [CUBE, CUBE + 1])
    np.testing.assert_array_equal(both.numpy(), CUBE * (CUBE + 1))
    check_gradients(lambda x: mapped(lambda y: ops.sum(ops.square(y), 0), x), [CUBE])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("reverse", [False, True])
def test_associative_scan_keeps_the_order(size, reverse):
    rng = np.random.default_rng(size)
    x = rng.normal(size=(3, size, 2, 2))
    # Products of matrices are associative, and not commutative.
    found = ops.associative_scan(ops.matmul, np.moveaxis(x, 1, 0), reverse=reverse).numpy()
    product, places = np.eye(2), range(size)
    for i in reversed(places) if reverse else places:
        product = product @ x[:, i]
        np.testing.assert_allclose(found[i], product, rtol=1e-10, atol=1e-12)


def test_associative_scan_of_structures():
    def combine(first, second):
        return {"a": first["a"] * second["a"], "b": second["a"] * first["b"] + second["b"]}

    elems = {"a": A, "b": A + 1}
    found = ops.associative_scan(combine, elems, axis=1)
    state = np.zeros(3)
    for i in range(4):
        state = A[:, i] * state + A[:, i] + 1
        np.testing.assert_allclose(found["b"].numpy()[:, i], state, rtol=1e-12)
    check_gradients(lambda x: ops.associative_scan(combine, {"a": x, "b": x + 1}, axis=1)["b"], [A])
    with pytest.raises(TypeError, match="callable"):
        ops.associative_scan(None, A)
    with pytest.raises(ValueError, match="same size along"):
        ops.associative_scan(ops.add, [A, B])
