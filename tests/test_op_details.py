"""What the tables of the ops cannot say: dtypes, kinks, extreme values, several results."""

import functools
import inspect

import numpy as np
import pytest
from op_tables.data import CUBE, A
from scipy.special import expit

import kerasette
from kerasette import GradientTape, Variable, ops, tree
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette.testing import check_gradients

rng = np.random.default_rng(0)


def test_clip_has_a_gradient_of_one_at_its_bounds():
    x = ops.convert_to_tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.clip(x, -1.0, 1.0)
    assert tape.gradient(y, x).numpy().tolist() == [0, 1, 1, 1, 0]


def test_stop_gradient_lets_none_through():
    x = ops.convert_to_tensor([1.0, 2.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.multiply(x, ops.stop_gradient(x))
    assert tape.gradient(y, x).numpy().tolist() == [1.0, 2.0]
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.stop_gradient(ops.square(x))
    assert tape.gradient(y, x) is None


def test_operators_of_tensors():
    x = ops.convert_to_tensor([7.0, -7.0])
    assert (x // 2).numpy().tolist() == [3.0, -4.0]
    assert (x % 4).numpy().tolist() == [3.0, 1.0]
    assert (20 // x).numpy().tolist() == [2.0, -3.0]
    assert (20 % x).numpy().tolist() == [6.0, -1.0]


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_integers_stay_integers(dtype):
    most = np.iinfo(dtype).max
    x = np.array([7, -7, -most - 1, 2, 1, -1], dtype)
    y = np.array([-2, 0, -1, -1, -5, -5], dtype)
    assert ops.floor_divide(x, y).numpy().tolist() == [-4, 0, -most - 1, -2, -1, 0]
    assert ops.mod(x, y).numpy().tolist() == [-1, 0, 0, 0, -4, -1]
    assert ops.power(x, y).numpy().tolist() == [0, 1, 0, 0, 1, -1]
    assert ops.power(x, 2).dtype == dtype
    for found in (ops.sign(x), ops.round(x), ops.round(x, 1), ops.trunc(x), ops.mod(x, 3)):
        assert found.dtype == dtype
    assert ops.floor(x).dtype == "float32"
    assert ops.power(x, 0.5).dtype == "float32"


def test_quotients_of_floats_are_those_of_numpy():
    x = np.array([1.0, -1.0, 1.0, -0.0, 6.0, np.inf, 5.0, -5.0, 3.0, np.nan])
    y = np.array([0.1, 0.1, -0.1, 3.0, 0.1, 2.0, np.inf, np.inf, 0.0, 1.0])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(ops.floor_divide(x, y).numpy(), np.floor_divide(x, y))
        np.testing.assert_array_equal(ops.mod(x, y).numpy(), np.mod(x, y))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sigmoid_reaches_its_limits(dtype):
    x = np.array([-np.inf, -1e4, -800, -100, 100, 800, 1e4, np.inf, np.nan], dtype)
    np.testing.assert_array_equal(ops.sigmoid(x[[0, 1, 2, -2, -1]]), [0, 0, 0, 1, np.nan])
    np.testing.assert_allclose(ops.sigmoid(x), expit(x), rtol=1e-6, atol=np.finfo(dtype).tiny)
    near = np.linspace(-80, 80, 10_001, dtype=dtype)
    np.testing.assert_allclose(
        ops.sigmoid(near), expit(near.astype("float64")), rtol=2 * np.finfo(dtype).eps
    )


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


# ---- order --------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [0, 1, 2, 4])
def test_top_k_are_the_largest_and_their_places(k):
    values, places = ops.top_k(A, k)
    order = np.argsort(-A, axis=-1)[:, :k]
    np.testing.assert_array_equal(places.numpy(), order)
    np.testing.assert_array_equal(values.numpy(), np.take_along_axis(A, order, -1))
    assert places.dtype == "int32"
    unsorted, _ = ops.top_k(A, k, sorted=False)
    np.testing.assert_array_equal(np.sort(unsorted.numpy()), np.sort(values.numpy()))


def test_gradients_of_top_k_go_to_the_largest():
    check_gradients(lambda x: ops.top_k(x, 2)[0], [CUBE])
    x = kerasette.Variable([3.0, 1.0, 2.0])
    with GradientTape() as tape:
        y = ops.top_k(x, 2)[0] * np.array([10.0, 20.0], "float32")
    assert tape.gradient(y, x).numpy().tolist() == [10.0, 0.0, 20.0]


def test_of_equals_the_first_is_the_largest_and_nan_above_all():
    assert ops.top_k([1, 2, 2, 2], 2)[1].numpy().tolist() == [1, 2]
    x = np.array([1.0, np.nan, np.inf, -np.inf])
    assert ops.top_k(x, 4)[1].numpy().tolist() == [1, 2, 0, 3]
    assert ops.argsort(x).numpy().tolist() == [3, 0, 2, 1]
    large = np.arange(100) % 3
    np.testing.assert_array_equal(ops.top_k(large, 50)[1], np.argsort(-large, kind="stable")[:50])


def test_a_row_of_nan_is_not_in_its_top_k():
    predictions = np.array([[np.nan, np.nan], [0.5, 0.5], [np.nan, 1.0]])
    assert ops.in_top_k([0, 1, 0], predictions, 1).numpy().tolist() == [False, True, False]


def test_unstack_gives_all_parts():
    for axis in (0, 1, -1):
        parts = ops.unstack(CUBE, axis=axis)
        for part, expected in zip(parts, np.moveaxis(CUBE, axis, 0), strict=True):
            np.testing.assert_array_equal(part.numpy(), expected)
    assert len(ops.unstack(CUBE, num=2)) == 2
    check_gradients(lambda x: ops.unstack(x, axis=1)[2], [CUBE])


# ---- dtypes and extreme values -----------------------------------------------------------------


def test_dtypes_of_what_counts_and_asks():
    x = np.array([[1, 0], [2, 3]], dtype="int64")
    for found, dtype in [
        (ops.any(x), "bool"),
        (ops.all(x, axis=0), "bool"),
        (ops.count_nonzero(x), "int32"),
        (ops.argsort(x), "int32"),
        (ops.sort(x), "int64"),
        (ops.cumsum(x), "int64"),
        (ops.cumsum(x > 0), "int32"),
        (ops.cumsum(x, dtype="float32"), "float32"),
        (ops.prod(x), "int64"),
        (ops.prod(x > 0), "int32"),
        (ops.prod(x, dtype="float64"), "float64"),
        (ops.average(x), "float32"),
        *[(ops.norm(x, ord=order), "float32") for order in (1, -1, np.inf, "fro")],
        *[(ops.norm(x > 0, ord=order, axis=0), "float32") for order in (0, 1, 3, np.inf, -np.inf)],
        (ops.max(x > 0, initial=1), "bool"),
        (ops.max(x, initial=2.5), "int64"),
        (ops.min(x, initial=np.inf), "int64"),
        (ops.max(x[:0], axis=0, initial=1.0), "int64"),
        (ops.max(np.ones(2, "float32"), initial=np.float64(2)), "float32"),
        (ops.logsumexp(x), "float32"),
        (ops.isnan(x), "bool"),
        (ops.multi_hot(x, 4), "float32"),
        (ops.pad(x, 1), "int64"),
        (ops.tril(x), "int64"),
        (ops.diag(x), "int64"),
        (ops.where(x > 0, x, 0.5), "float32"),
        (ops.where(x > 0, 1, 2), "int32"),
        (ops.where(x > 0, np.float64(1), x), "float64"),
        (ops.eye(2), "float32"),
        (ops.linspace(0, 1, 3), "float32"),
        (ops.tri(2, dtype="int32"), "int32"),
    ]:
        assert found.dtype == dtype


def test_logsumexp_of_nothing():
    assert ops.logsumexp(np.zeros((0, 3)), axis=0).numpy().tolist() == [-np.inf] * 3
    assert ops.logsumexp(np.zeros((0, 3)), axis=1).shape == (0,)
    assert ops.logsumexp(np.zeros((0,)), keepdims=True).numpy().tolist() == [-np.inf]


def test_logsumexp_of_infinities():
    infinite = [-np.inf, -np.inf]
    assert ops.logsumexp(infinite).numpy() == -np.inf
    assert ops.logsumexp([np.inf, 1.0]).numpy() == np.inf
    assert ops.logsumexp([-1e4, -1e4]).numpy() == pytest.approx(-1e4 + np.log(2))
    assert np.isnan(ops.logsumexp([np.nan, 1.0]).numpy())


@pytest.mark.parametrize("function", [ops.norm, lambda x: ops.norm(x, axis=0), ops.normalize])
def test_the_gradient_of_norms_is_finite_at_zero(function):
    x = kerasette.Variable(np.zeros(3))
    with GradientTape() as tape:
        y = function(x)
    assert np.isfinite(tape.gradient(y, x).numpy()).all()


@pytest.mark.parametrize("op", [ops.std, ops.nanstd])
@pytest.mark.parametrize("values", [[3.0], [2.0, 2.0, 2.0]])
def test_the_gradient_of_a_deviation_of_0_is_0(op, values):
    x = ops.convert_to_tensor(values, "float64")
    with GradientTape() as tape:
        tape.watch(x)
        y = op(x)
    assert y.numpy() == 0.0
    assert tape.gradient(y, x).numpy().tolist() == [0.0] * len(values)


@pytest.mark.parametrize("op", [ops.nansum, ops.nanmean, ops.nanvar, ops.nanstd])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_what_is_left_out_does_not_disturb_gradients(op, axis):
    is_hole = np.array([[True, False, False], [False, False, True], [False, False, False]])
    check_gradients(lambda x: op(ops.where(is_hole, np.nan, x), axis), [rng.normal(size=(3, 3))])
    x = ops.where(is_hole, np.nan, 1.0)
    with GradientTape() as tape:
        tape.watch(x)
        y = op(x, axis)
    assert (tape.gradient(y, x).numpy()[is_hole] == 0.0).all()


def test_the_slope_of_erfinv_is_infinite_at_its_edges():
    # As Keras 3.15.1 has it on PyTorch.
    x = ops.convert_to_tensor([-1.0, 1.0, 1.5, np.nan, 0.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.erfinv(x)
    expected = [np.inf, np.inf, np.nan, np.nan, np.sqrt(np.pi) / 2]
    np.testing.assert_allclose(tape.gradient(y, x).numpy(), expected, rtol=1e-6)


def gradients_beside_nan(function, *values):
    xs = [ops.convert_to_tensor(value) for value in values]
    with GradientTape() as tape:
        tape.watch(xs)
        y = function(*xs)
    return [gradient.numpy().tolist() for gradient in tape.gradient(y, xs)]


@pytest.mark.parametrize("op", [ops.max, ops.min])
def test_nan_has_the_gradient_of_an_extreme(op):
    # As Keras 3.15.1 has it on PyTorch without an axis. With one all of the row is nan there.
    x = np.array([[np.nan, 2.0, np.nan], [1.0, 5.0, np.nan]])
    (all_of_it,) = gradients_beside_nan(op, x)
    np.testing.assert_allclose(all_of_it, np.isnan(x) / 3)
    assert gradients_beside_nan(lambda x: op(x, axis=1), x) == [[[0.5, 0, 0.5], [0, 0, 1]]]
    assert gradients_beside_nan(lambda x: op(x[:, :1], axis=0), x) == [[[1, 0, 0], [0, 0, 0]]]


@pytest.mark.parametrize("op", [ops.maximum, ops.minimum])
def test_beside_nan_both_operands_have_the_gradient(op):
    # As Keras 3.15.1 has it on PyTorch.
    x, y = np.array([np.nan, 1.0, np.nan, 2.0]), np.array([1.0, np.nan, np.nan, 2.0])
    assert gradients_beside_nan(op, x, y) == [[1.0, 1.0, 1.0, 0.5]] * 2


WITH_KEEPDIMS = [
    name for name in ops.__all__ if "keepdims" in inspect.signature(getattr(ops, name)).parameters
]
NEEDED = {"moments": {"axes": 0}, "percentile": {"q": 50}, "nanpercentile": {"q": 50}}
NEEDED |= {"quantile": {"q": 0.5}, "nanquantile": {"q": 0.5}}


@pytest.mark.parametrize("name", WITH_KEEPDIMS)
def test_keepdims_is_a_bool(name):
    op = functools.partial(getattr(ops, name), A, **NEEDED.get(name, {}))
    for wrong in ("no", None, 2, [True], np.array([True, False])):
        with pytest.raises(ValueError, match=r"`keepdims` must be a bool. Received: keepdims="):
            op(keepdims=wrong)
    kept = [value.shape for value in tree.flatten(op(keepdims=True))]
    for right in (1, np.True_):
        assert [value.shape for value in tree.flatten(op(keepdims=right))] == kept


def test_indices_out_of_range_are_named_in_replays():
    x, indices = ops.ones((3, 2)), Variable([0, -3], dtype="int32", trainable=False)
    kept = Variable(np.zeros((2, 2), "float32"), trainable=False)
    with Step(Arena()) as step:
        kept.assign(ops.take(x, indices, axis=0))
    indices.assign([0, -4])
    with pytest.raises(ValueError, match=r"value -4 at position 1 is out of range.*\[-3, 3\)"):
        step.replay()


def test_shares_in_a_recorded_step_do_not_keep_it_from_being_replayed():
    share, kept = Variable(0.5, dtype="float64"), Variable(0.0, dtype="float64", trainable=False)
    with Step(Arena()) as step:
        kept.assign(ops.quantile(A, share))
    assert step.obstacle is None
    share.assign(0.25)
    step.replay()
    assert kept.numpy() == pytest.approx(np.quantile(A, 0.25))
    share.assign(-0.1)
    with pytest.raises(ValueError, match="out of range"):
        step.replay()


def test_shares_in_tensors_are_checked():
    with pytest.raises(ValueError, match=r"q values must be in the range \[0, 1\]"):
        ops.quantile(A, ops.convert_to_tensor([0.5, 1.5]))


def test_many_small_terms_do_not_get_lost_in_a_running_sum():
    x = np.full(100_000, 0.1, "float32")
    assert ops.cumsum(x).numpy()[-1] == pytest.approx(float(np.float32(0.1)) * 1e5, rel=1e-6)


def test_linspace_tells_its_step():
    values, step = ops.linspace(0.0, 1.0, 5, retstep=True)
    assert step.numpy() == 0.25
    start, stop = ops.convert_to_tensor([0.0, 1.0]), ops.convert_to_tensor([4.0, 5.0])
    values, step = ops.linspace(start, stop, 5, retstep=True)
    np.testing.assert_array_equal(values.numpy(), np.linspace([0, 1], [4, 5], 5))
    assert step.numpy().tolist() == [1.0, 1.0]
    assert ops.linspace(start, stop, 3, dtype="int32").dtype == "int32"
    assert ops.linspace(start, stop, 0).shape == (0, 2)


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_negative_numbers_of_elements_in_tensors(dtype):
    x, places = ops.convert_to_tensor([10.0, 20.0, 30.0]), np.array([-1, 0, -3], dtype)
    tensor = ops.convert_to_tensor(places)
    assert ops.take(x, tensor).numpy().tolist() == [30.0, 10.0, 10.0]
    with pytest.raises(ValueError, match="out of range"):
        ops.take(x, ops.convert_to_tensor([-4]))
    check_gradients(lambda v: ops.take(v, tensor), [[1.0, 2.0, 3.0]])


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (1,), (1, 1)])
def test_small_shapes_of_what_moves_elements(shape):
    x = np.ones(shape)
    for name, arguments in [
        ("flip", ()),
        ("roll", (1,)),
        ("roll", (1, 0)),
        ("repeat", (2, 0)),
        ("tile", (2,)),
        ("pad", (1,)),
        ("cumsum", ()),
        ("cumsum", (0,)),
        ("sort", ()),
        ("prod", ()),
        ("prod", (-1,)),
        ("count_nonzero", ()),
        ("outer", (x,)),
    ]:
        found = getattr(ops, name)(x, *arguments)
        expected = getattr(np, name)(x, *arguments)
        assert found.shape == np.shape(expected), name
        np.testing.assert_array_equal(found.numpy(), expected)
    assert ops.any(x).numpy() == x.any()
    assert ops.all(x).numpy() == x.all()
