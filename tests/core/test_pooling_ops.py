"""max_pool and average_pool: random geometries, ties, what is not finite, threads, replay."""

import naive_pooling
import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row

import kerasette
from kerasette import GradientTape, config, ops
from kerasette.testing import check_gradients

OPS = {"max": ops.max_pool, "mean": ops.average_pool}
IMAGES = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
CHANGES = {
    "inputs": IMAGES[:1],
    "pool_size": 3,
    "strides": 1,
    "padding": "same",
    "data_format": "channels_first",
}
COVERED = {"ops.max_pool": CHANGES, "ops.average_pool": CHANGES}


@pytest.mark.parametrize("op", OPS.values())
def test_every_argument_has_an_effect(op):
    assert_every_parameter_has_a_row(op, CHANGES)
    for name, value in CHANGES.items():
        assert acts(op, name, value, {"inputs": IMAGES, "pool_size": 2})


def called(op, x, dy=None, **arguments):
    """The output, and the gradient of the input."""
    x = ops.convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(x)
        y = op(x, **arguments)
    (gradient,) = tape.gradient(y, [x], output_gradients=np.ones(y.shape) if dy is None else dy)
    return y.numpy(), gradient.numpy()


def geometry(rng):
    """Shape of the inputs and arguments, of any kind that is allowed."""
    rank = rng.integers(1, 4)
    most = {1: 20, 2: 9, 3: 5}[rank]
    space = rng.integers(1, most + 1, rank)
    padding = rng.choice(["valid", "same"])
    window = [rng.integers(1, (size if padding == "valid" else most) + 1) for size in space]
    strides = [int(s) for s in rng.integers(1, 5, rank)] if rng.random() < 0.7 else None
    shape = (int(rng.integers(1, 4)), *space, int(rng.choice([1, 2, 3, 4, 6, 7, 8, 17])))
    window = tuple(int(size) for size in window)
    return shape, {"pool_size": window, "strides": strides, "padding": str(padding)}


@pytest.mark.parametrize("kind", OPS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_random_geometries_are_those_of_numpy(kind, dtype):
    rng = np.random.default_rng(1)
    for _ in range(40):
        shape, arguments = geometry(rng)
        # Few values: many are equal.
        x = rng.integers(-3, 4, shape) / 2 if rng.random() < 0.5 else rng.normal(size=shape)
        x = x.astype(dtype)
        strides = arguments["strides"] or arguments["pool_size"]
        every = (arguments["pool_size"], strides, arguments["padding"])
        y, _ = naive_pooling.pooled(kind, x, None, *every)
        dy = rng.normal(size=y.shape).astype(dtype)
        y, dx = naive_pooling.pooled(kind, x, dy, *every)
        found_y, found_dx = called(OPS[kind], x, dy, **arguments)
        assert found_y.dtype == found_dx.dtype == dtype
        accuracy = {"rtol": 1e-5, "atol": 2e-6} if dtype == "float32" else {"rtol": 1e-12}
        what = f"{shape} {arguments}"
        np.testing.assert_allclose(found_y, y, **accuracy, err_msg=what)
        np.testing.assert_allclose(found_dx, dx, **accuracy, err_msg=what)
        first = called(OPS[kind], np.moveaxis(x, -1, 1), np.moveaxis(dy, -1, 1),
                       **arguments, data_format="channels_first")  # fmt: skip
        for last, turned in zip((found_y, found_dx), first, strict=True):
            np.testing.assert_array_equal(np.moveaxis(turned, 1, -1), last)


@pytest.mark.parametrize("op", OPS.values())
@pytest.mark.parametrize(
    ("shape", "arguments"),
    [
        ((2, 4, 6, 3), {"pool_size": 2}),
        ((1, 5, 4, 9), {"pool_size": 3, "strides": 2, "padding": "same"}),
        ((2, 7, 2), {"pool_size": 3, "strides": 1}),
        ((1, 4, 3, 5, 2), {"pool_size": (2, 1, 3), "strides": (1, 2, 2), "padding": "same"}),
        ((2, 2, 4, 4), {"pool_size": 2, "data_format": "channels_first"}),
    ],
)
def test_gradients_are_those_of_differences(op, shape, arguments):
    x = np.random.default_rng(2).permutation(np.prod(shape)).reshape(shape) / 10
    check_gradients(lambda x: op(x, **arguments), [x])


def test_figures_of_keras_on_jax_and_tensorflow():
    # On PyTorch, Keras counts the last number of an uneven end twice.
    x = np.arange(1.0, 6.0).reshape(1, 5, 1)
    assert ops.average_pool(x, 2, 2, "same").numpy().ravel().tolist() == [1.5, 3.5, 5.0]
    assert ops.average_pool(x, 4, 1, "same").numpy().ravel().tolist() == [2.0, 2.5, 3.5, 4.0, 4.5]


# ---- maxima that are not alone, or not finite ---------------------------------------------------

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "largest", "place"),
    [
        ([1, 3, 3, 2], 3, 1),
        ([2, 2, 2, 2], 2, 0),
        ([0.0, -0.0, 0.0, -0.0], 0, 0),
        ([-0.0, 0.0, 0.0, 0.0], 0, 0),
        ([-INF, -INF, -INF, -INF], -INF, 0),
        ([-INF, -5, -INF, -5], -5, 1),
        ([INF, 1, INF, 0], INF, 0),
        # As in PyTorch, the last nan.
        ([NAN, 1, 3, NAN], NAN, 3),
        ([1, NAN, INF, 2], NAN, 1),
        ([NAN, 1, 2, 3], NAN, 0),
    ],
)
@pytest.mark.parametrize("channels", [1, 2, 3, 5, 8, 16, 21])
def test_one_maximum_has_the_gradient(values, largest, place, channels):
    x = np.repeat(np.array(values, "float32").reshape(1, 2, 2, 1), channels, -1)
    y, dx = called(ops.max_pool, x, np.full((1, 1, 1, channels), 2.0), pool_size=2)
    np.testing.assert_array_equal(y.ravel(), [largest] * channels)
    expected = np.zeros((4, channels))
    expected[place] = 2
    np.testing.assert_array_equal(dx.reshape(4, channels), expected)


def test_nan_stays_in_its_windows_and_channel():
    x = IMAGES.copy()
    x[0, 1, 1, 2] = NAN
    for op in OPS.values():
        found = np.isnan(op(x, 2).numpy())
        assert found[0, 0, 0, 2] and found.sum() == 1
        found = np.isnan(op(x, 2, 1).numpy())
        assert found[0, :2, :2, 2].all() and found.sum() == 4


def test_padding_is_no_maximum_and_not_counted():
    x = np.full((1, 3, 3, 2), -7.0, "float32")
    for op in OPS.values():
        for window in (2, 3, 5, 8):
            y = op(x, window, 1, "same").numpy()
            np.testing.assert_array_equal(y, np.full((1, 3, 3, 2), -7.0))
    lowest = np.full((1, 3, 1), -INF, "float32")
    assert ops.max_pool(lowest, 2, padding="same").numpy().ravel().tolist() == [-INF, -INF]


def test_gradients_that_are_not_finite_stay_where_they_belong():
    x = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    dy = np.array([[INF, 1], [NAN, 2]], "float32").reshape(1, 2, 2, 1)
    _, dx = called(ops.max_pool, x, dy, pool_size=2)
    expected = np.zeros((4, 4))
    expected[1::2, 1::2] = [[INF, 1], [NAN, 2]]
    np.testing.assert_array_equal(dx[0, :, :, 0], expected)


# ---- shapes, dtypes, replay, threads ------------------------------------------------------------


@pytest.mark.parametrize("op", OPS.values())
@pytest.mark.parametrize(
    ("shape", "padding", "expected"),
    [
        ((0, 4, 4, 3), "valid", (0, 2, 2, 3)),
        ((2, 4, 4, 0), "same", (2, 2, 2, 0)),
        ((2, 0, 4, 3), "same", (2, 0, 2, 3)),
        ((1, 2, 2, 1), "valid", (1, 1, 1, 1)),
        ((1, 1, 1, 1), "same", (1, 1, 1, 1)),
    ],
)
def test_nothing_and_next_to_nothing(op, shape, padding, expected):
    y, dx = called(op, np.ones(shape, "float32"), pool_size=2, padding=padding)
    assert y.shape == expected and dx.shape == shape
    np.testing.assert_array_equal(y, np.ones(expected))


def test_integers():
    x = np.arange(8).reshape(1, 2, 4, 1)
    for dtype in ("int32", "int64"):
        y = ops.max_pool(x.astype(dtype), 2)
        assert y.dtype == dtype and y.numpy().ravel().tolist() == [5, 7]
    y = ops.average_pool(x, 2)
    assert y.dtype == "float32" and y.numpy().ravel().tolist() == [2.5, 4.5]


BIG = {
    "apart": ((5, 41, 38, 20), {"pool_size": 2}),
    "gaps": ((5, 41, 38, 20), {"pool_size": 2, "strides": 3}),
    "overlapping": ((3, 40, 33, 20), {"pool_size": 3, "strides": 2, "padding": "same"}),
    "few images": ((1, 31, 29, 150), {"pool_size": 3, "strides": 1, "padding": "same"}),
    "sequences": ((4, 3000, 6), {"pool_size": 2}),
}


@pytest.mark.parametrize("op", OPS.values())
@pytest.mark.parametrize(("shape", "arguments"), BIG.values(), ids=BIG)
def test_threads_do_not_change_a_bit(op, shape, arguments):
    x = np.random.default_rng(3).normal(size=shape).astype("float32")
    before, found = config.get_num_threads(), []
    try:
        for n in (1, 2, 3):
            config.set_num_threads(n)
            y = op(x, **arguments)
            dy = np.random.default_rng(4).normal(size=y.shape).astype("float32")
            found.append(called(op, x, dy, **arguments))
    finally:
        config.set_num_threads(before)
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            assert a.tobytes() == b.tobytes()


def test_a_tensor_that_is_pooled_twice_has_both_gradients():
    x = np.random.default_rng(5).normal(size=(2, 6, 6, 3)).astype("float32")
    for first, second in [
        ({"pool_size": 2}, {"pool_size": 3}),
        ({"pool_size": 3, "strides": 1},) * 2,
    ]:
        _, one = called(ops.max_pool, x, **first)
        _, two = called(ops.average_pool, x, **second)
        both = ops.convert_to_tensor(x)
        with GradientTape() as tape:
            tape.watch(both)
            total = ops.sum(ops.max_pool(both, **first)) + ops.sum(ops.average_pool(both, **second))
        np.testing.assert_allclose(tape.gradient(total, both), one + two, rtol=1e-6, atol=1e-6)


def test_symbolic_calls():
    x = kerasette.KerasTensor((None, 9, 8, 3))
    assert ops.max_pool(x, 2).shape == (None, 4, 4, 3)
    assert ops.average_pool(x, 3, 1, "same").shape == (None, 9, 8, 3)
    free = kerasette.KerasTensor((None, None, None, 3))
    assert ops.max_pool(free, 2).shape == (None, None, None, 3)
    assert ops.max_pool(free, 2, padding="SAME").shape == (None, None, None, 3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pool_size": 7}, ["zero or negative", "(2, 5, 6, 3)", "(7, 7)", "valid"]),
        ({"pool_size": (5, 7), "strides": 2}, ["zero or negative", "(5, 7)", "(2, 2)"]),
        ({"pool_size": 0}, ["`pool_size`", "2 integers", "pool_size=0"]),
        ({"pool_size": (2, 2, 2)}, ["`pool_size`", "(2, 2, 2)"]),
        ({"pool_size": 2.5}, ["`pool_size`", "2.5"]),
        ({"pool_size": True}, ["`pool_size`", "True"]),
        ({"pool_size": 2, "strides": 0}, ["`strides`", "strides=0"]),
        ({"pool_size": 2, "strides": "a"}, ["`strides`", "'a'"]),
        ({"pool_size": 2, "padding": "causal"}, ["`padding`", "causal"]),
        ({"pool_size": 2, "padding": 1}, ["`padding`", "1"]),
        ({"pool_size": 2, "data_format": "last"}, ["`data_format`", "last"]),
        ({"pool_size": 2, "inputs": IMAGES[0, 0]}, ["ndim=3, 4 or 5", "(6, 3)"]),
        ({"pool_size": 2, "inputs": IMAGES[None, None]}, ["ndim=3, 4 or 5", "(1, 1, 2, 5, 6, 3)"]),
    ],
)
@pytest.mark.parametrize("op", OPS.values())
def test_errors(op, arguments, words):
    with pytest.raises(ValueError) as caught:
        op(**{"inputs": IMAGES, **arguments})
    assert all(word in str(caught.value) for word in words), caught.value
