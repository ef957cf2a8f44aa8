"""Convolutions in the core: random geometries against NumPy, gradients, replay, threads, errors."""

import naive_convolution as naive
import numpy as np
import pytest

from kerasette import GradientTape
from kerasette._core import ops, runtime
from kerasette._core.feed import Feed, keep, placeholder
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette._core.variable import Variable
from kerasette.testing import check_gradients

SLOPES = {
    "linear": (lambda z: z, lambda y: np.ones_like(y)),
    "relu": (lambda z: np.maximum(z, 0), lambda y: (y > 0) * 1.0),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda y: y * (1 - y)),
    "tanh": (np.tanh, lambda y: 1 - y * y),
}


class Geometry:
    """A convolution drawn by a seed: up to three axes, odd sizes, any padding, and groups."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        n = seed % 3 + 1
        self.strides, self.dilation = (tuple(rng.integers(1, 4, n).tolist()) for _ in range(2))
        self.size = tuple(rng.integers(1, 6 - n, n).tolist())
        reach = [(k - 1) * d + 1 for k, d in zip(self.size, self.dilation, strict=True)]
        self.pairs = tuple((int(rng.integers(0, r)), int(rng.integers(0, r))) for r in reach)
        self.groups = int(rng.choice([1, 1, 2, 3]))
        channels, filters = self.groups * rng.integers(1, 6, 2)
        inputs = [
            max(int(rng.integers(1, 9)), r - sum(pair))
            for r, pair in zip(reach, self.pairs, strict=True)
        ]
        self.x = rng.normal(size=(int(rng.integers(1, 4)), *inputs, channels))
        self.kernel = rng.normal(size=(*self.size, channels // self.groups, filters))
        self.bias = rng.normal(size=filters)
        self.activation = list(SLOPES)[int(rng.integers(4))]
        self.arguments = {
            "strides": self.strides,
            "padding": self.pairs,
            "dilation": self.dilation,
            "groups": self.groups,
            "activation": self.activation,
        }
        self.naive = (self.strides, self.pairs, self.dilation, self.groups)
        self.rng = rng


class Transposed(Geometry):
    """The transpose of such a convolution, in one group."""

    def __init__(self, seed):
        super().__init__(seed)
        self.turned = self.rng.normal(size=(*self.size, 3, self.x.shape[-1]))
        self.bias = self.bias[:1].repeat(3)
        pads = tuple(before for before, _ in self.pairs)
        sizes = tuple(
            max((size - 1) * s + (k - 1) * d + 1 - sum(pair), 1) + int(self.rng.integers(0, 3))
            for size, s, k, d, pair in zip(
                self.x.shape[1:-1], self.strides, self.size, self.dilation, self.pairs, strict=True
            )
        )
        self.naive = (self.strides, pads, self.dilation)
        self.sizes = sizes
        self.arguments = {
            "strides": self.strides,
            "pads": pads,
            "dilation": self.dilation,
            "output_shape": sizes,
            "activation": self.activation,
        }


def gradients_of(op, *tensors, **arguments):
    """The output and, for a direction of it, the direction and gradients."""
    variables = [Variable(value) for value in tensors]
    with GradientTape() as tape:
        y = op(*variables, **arguments)
    dy = np.random.default_rng(1).normal(size=y.shape).astype(y.dtype)
    found = tape.gradient(y, variables, output_gradients=dy)
    return y.numpy(), dy, [gradient.numpy() for gradient in found]


def assert_close(found, expected):
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("seed", range(60))
def test_random_convolutions_are_the_naive_ones(seed):
    g = Geometry(seed)
    y, dy, (dx, dw, db) = gradients_of(ops.conv, g.x, g.kernel, g.bias, **g.arguments)
    function, slope = SLOPES[g.activation]
    assert_close(y, function(naive.conv(g.x, g.kernel, *g.naive) + g.bias))
    dz = dy * slope(y)
    expected = naive.conv_gradients(g.x, g.kernel, dz, *g.naive)
    assert_close(dx, expected[0])
    assert_close(dw, expected[1])
    assert_close(db, dz.sum(tuple(range(dz.ndim - 1))))


@pytest.mark.parametrize("seed", range(60))
def test_random_transposes_are_the_naive_ones(seed):
    g = Transposed(seed)
    y, dy, (dx, dw, db) = gradients_of(ops.conv_transpose, g.x, g.turned, g.bias, **g.arguments)
    function, slope = SLOPES[g.activation]
    assert_close(y, function(naive.conv_transpose(g.x, g.turned, *g.naive, g.sizes) + g.bias))
    dz = dy * slope(y)
    expected = naive.conv_transpose_gradients(g.x, g.turned, dz, *g.naive)
    assert_close(dx, expected[0])
    assert_close(dw, expected[1])
    assert_close(db, dz.sum(tuple(range(dz.ndim - 1))))


@pytest.mark.parametrize("seed", range(12))
def test_gradients_are_those_of_differences(seed):
    g = Geometry(seed)
    smooth = {"activation": "tanh" if g.activation == "relu" else g.activation}
    x, kernel = g.x[:1] / 4, g.kernel / 4
    check_gradients(
        lambda x, w, b: ops.conv(x, w, b, **g.arguments | smooth), [x, kernel, g.bias], rtol=1e-5
    )
    g = Transposed(seed)
    x, kernel = g.x[:1] / 4, g.turned / 4
    check_gradients(
        lambda x, w, b: ops.conv_transpose(x, w, b, **g.arguments | smooth),
        [x, kernel, g.bias],
        rtol=1e-5,
    )


@pytest.mark.parametrize("seed", range(12))
def test_float32_has_its_digits(seed):
    g = Geometry(seed)
    arrays = [array.astype("float32") for array in (g.x, g.kernel, g.bias)]
    rough, exact = (
        gradients_of(ops.conv, *(array.astype(dtype) for array in arrays), **g.arguments)
        for dtype in ("float32", "float64")
    )
    assert rough[0].dtype == np.float32
    np.testing.assert_allclose(rough[0], exact[0], rtol=2e-5, atol=2e-5)


def test_a_causal_padding_is_all_before_the_steps():
    x, kernel = np.arange(1.0, 6.0).reshape(1, 5, 1), np.ones((2, 1, 1))
    found = ops.conv(x, kernel, padding="causal").numpy()
    assert found.ravel().tolist() == [1, 3, 5, 7, 9]
    found = ops.conv(x, kernel, padding="causal", dilation=2, strides=2).numpy()
    assert found.ravel().tolist() == [1, 4, 8]


def test_no_images_and_no_channels():
    kernel, bias = np.ones((2, 2, 3, 4)), np.arange(4.0)
    y, _, (dx, dw, db) = gradients_of(ops.conv, np.ones((0, 5, 5, 3)), kernel, bias)
    assert y.shape == (0, 4, 4, 4) and dx.shape == (0, 5, 5, 3)
    assert not dw.any() and not db.any()
    turned = np.ones((2, 2, 4, 3))
    y, _, (dx, dw, db) = gradients_of(
        ops.conv_transpose, np.ones((0, 5, 5, 3)), turned, bias, output_shape=(6, 6)
    )
    assert y.shape == (0, 6, 6, 4) and dx.shape == (0, 5, 5, 3)
    assert not dw.any() and not db.any()


def test_mixed_dtypes_and_numbers_of_other_kinds():
    kernel = np.ones((1, 2, 3), "float32")
    assert ops.conv(np.ones((1, 4, 2), "int32"), kernel).dtype == "float32"
    assert ops.conv(np.ones((1, 4, 2)), kernel).dtype == "float64"
    assert ops.conv(np.ones((1, 4, 2), "float32"), kernel, np.ones(3)).dtype == "float32"


# ---- recorded steps ------------------------------------------------------------------------------

IMAGES = np.random.default_rng(2).normal(size=(24, 21, 20, 3)).astype("float32")


class Network:
    """Convolutions of every kind, one below the other, and steps of their weights."""

    def __init__(self):
        rng = np.random.default_rng(3)
        shapes = [(3, 3, 3, 16), (2, 3, 1, 16), (1, 1, 16, 9), (3, 2, 5, 9), (3, 3, 1, 5)]
        self.kernels = [Variable(rng.normal(size=s).astype("float32") / 4) for s in shapes]
        self.biases = [Variable(np.zeros(n, "float32")) for n in (16, 16, 9, 5, 5)]
        self.weights = [*self.kernels, *self.biases]

    def output(self, x):
        k, b = self.kernels, self.biases
        x = ops.conv(x, k[0], b[0], padding="same", activation="relu")
        x = ops.conv(x, k[1], b[1], strides=(1, 2), groups=16, activation="tanh")
        x = ops.conv(x, k[2], b[2])
        x = ops.conv_transpose(
            x, k[3], b[3], output_shape=(41, 19), pads=(0, 1), strides=2, activation="sigmoid"
        )
        return ops.conv(x, k[4], b[4], padding="same", dilation=2, groups=5)

    def step(self, x):
        with GradientTape() as tape:
            loss = ops.mean(ops.square(self.output(x)))
        for weight, gradient in zip(self.weights, tape.gradient(loss, self.weights), strict=True):
            weight.assign(ops.subtract(weight, ops.multiply(0.1, gradient)))
        return loss

    def state(self):
        return [weight.numpy() for weight in self.weights]


def trained_eagerly(batches):
    network = Network()
    for rows in batches:
        with Step():
            network.step(ops.copy(IMAGES[rows]))
    return network.state()


def trained_by_replay(batches):
    network, step = Network(), None
    for rows in batches:
        if step is None:
            step = Step(Arena())
            with step:
                inputs = [placeholder((len(rows), *IMAGES.shape[1:]), "float32")]
                Feed([IMAGES[rows]], inputs).load(0)
                keep(network.step(*inputs))
        else:
            Feed([IMAGES], inputs).gather(rows)
            step.replay()
    return network.state()


@pytest.mark.parametrize("batch", [1, 12])
def test_replay_and_threads_give_the_bits_of_eager(batch):
    rng = np.random.default_rng(4)
    batches = [rng.permutation(24)[:batch] for _ in range(4)]
    threads = runtime.get_num_threads()
    try:
        states = []
        for n in (1, 2):
            runtime.set_num_threads(n)
            states += [trained_eagerly(batches), trained_by_replay(batches)]
    finally:
        runtime.set_num_threads(threads)
    assert not np.array_equal(states[0][0], Network().state()[0])
    for state in states[1:]:
        for found, expected in zip(state, states[0], strict=True):
            np.testing.assert_array_equal(found, expected)


# ---- errors --------------------------------------------------------------------------------------

LINE, KERNEL = np.ones((2, 6, 4)), np.ones((3, 4, 5))
WRONG = [
    ((LINE[0], KERNEL), {}, r"3, 4 or 5 axes.*\(6, 4\)"),
    ((LINE, KERNEL[None]), {}, r"same length as input.*\(1, 3, 4, 5\).*\(2, 6, 4\)"),
    ((LINE, KERNEL[:0]), {}, r"shape \(0, 4, 5\) has no weights"),
    ((LINE, KERNEL), {"groups": 2}, r"groups.*\(2, 6, 4\).*\(3, 4, 5\), groups=2"),
    ((LINE, KERNEL[:, :2]), {}, r"groups.*\(2, 6, 4\).*\(3, 2, 5\)"),
    ((LINE, KERNEL[:, :2]), {"groups": 2}, r"divides.*\(3, 2, 5\), groups=2"),
    ((LINE, KERNEL), {"groups": 0}, "`groups` argument.*0"),
    ((LINE, KERNEL, np.ones(4)), {}, r"bias has shape \(4,\), expected \(5,\)"),
    ((LINE, KERNEL, np.ones((5, 1))), {}, r"bias has shape \(5, 1\)"),
    ((LINE, KERNEL), {"activation": "gelu"}, "activation='gelu'"),
    ((LINE, KERNEL), {"strides": 0}, "`strides` argument.*0"),
    ((LINE, KERNEL), {"strides": 1.5}, "`strides` argument.*1.5"),
    ((LINE, KERNEL), {"strides": (1, 1)}, "tuple of 1 integers.*strides"),
    ((LINE, KERNEL), {"dilation": -1}, "`dilation` argument.*-1"),
    ((LINE, KERNEL), {"dilation": True}, "`dilation` argument.*True"),
    ((LINE, KERNEL), {"dilation": 2**62, "padding": "same"}, "`dilation` argument.*2147483647"),
    ((LINE, KERNEL), {"dilation": 3}, r"zero or negative.*\(2, 6, 4\).*\(3, 4, 5\)"),
    ((LINE, KERNEL), {"padding": "full"}, "padding='full'"),
    ((LINE, KERNEL), {"padding": 1}, "padding=1"),
    ((LINE, KERNEL), {"padding": ((1, 1), (1, 1))}, "1 spatial axes"),
    ((LINE, KERNEL), {"padding": ((1, -1),)}, "`padding` argument.*-1"),
    ((LINE[None], KERNEL[None]), {"padding": "causal"}, "padding='causal'"),
]
WRONG_TRANSPOSES = [
    ((LINE[0], KERNEL), {}, r"3, 4 or 5 axes.*\(6, 4\)"),
    ((LINE, KERNEL), {}, r"last axis of the kernel.*\(2, 6, 4\).*\(3, 4, 5\)"),
    ((LINE, KERNEL[..., :4], np.ones(5)), {}, r"bias has shape \(5,\), expected \(4,\)"),
    ((LINE, KERNEL[..., :4]), {"output_shape": 0}, "`output_shape` argument.*0"),
    ((LINE, KERNEL[..., :4]), {"output_shape": (8, 8)}, "tuple of 1 integers"),
    ((LINE, KERNEL[..., :4]), {"pads": -1}, "`pads` argument.*-1"),
    ((LINE, KERNEL[..., :4]), {"activation": "elu"}, "activation='elu'"),
]


@pytest.mark.parametrize(("args", "kwargs", "words"), WRONG)
def test_errors_tell_shapes(args, kwargs, words):
    with pytest.raises(ValueError, match=words):
        ops.conv(*args, **kwargs)


@pytest.mark.parametrize(("args", "kwargs", "words"), WRONG_TRANSPOSES)
def test_errors_of_transposes_tell_shapes(args, kwargs, words):
    with pytest.raises(ValueError, match=words):
        ops.conv_transpose(*args, **{"output_shape": 8} | kwargs)
