"""Recurrent layers in the core: random ones against NumPy, gradients, replay, threads, errors."""

import naive_recurrence as naive
import numpy as np
import pytest

from kerasette import GradientTape
from kerasette._core import ops, runtime
from kerasette._core.feed import Feed, keep, placeholder
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette._core.variable import Variable
from kerasette.testing import check_gradients

GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}
STATES = {"simple_rnn": 1, "lstm": 2, "gru": 1}


class Sequences:
    """A layer and its inputs drawn by a seed: any sizes, masks with holes, factors, modes."""

    def __init__(self, seed, most=(40, 9, 20, 40)):
        rng = np.random.default_rng(seed)
        self.rng = rng
        self.op = list(GATES)[seed % 3]
        batch, steps, inputs, units = (int(rng.integers(1, m + 1)) for m in most)
        gates = GATES[self.op]
        self.arguments = {
            "activation": ["tanh", "tanh", "sigmoid", "relu", "linear"][int(rng.integers(5))],
            "go_backwards": bool(rng.integers(2)),
            "return_sequences": bool(rng.integers(2)),
            "zero_output_for_mask": bool(rng.integers(2)),
        }
        if self.op != "simple_rnn":
            bounded = self.arguments["activation"] in ("tanh", "sigmoid")
            kinds = ["sigmoid", "sigmoid", "linear" if bounded else "sigmoid", "tanh"]
            self.arguments["recurrent_activation"] = kinds[int(rng.integers(4))]
        bias = (gates * units,)
        if self.op == "gru":
            self.arguments["reset_after"] = bool(rng.integers(2))
            bias = (2, *bias) if self.arguments["reset_after"] else bias
        scale = 0.5 / np.sqrt(units)
        self.tensors = [
            rng.normal(size=(batch, steps, inputs)),
            rng.normal(size=(inputs, gates * units)) * scale / np.sqrt(inputs),
            rng.normal(size=(units, gates * units)) * scale,
        ]
        self.names = []
        if rng.integers(2):
            self.add("bias", rng.normal(size=bias) * scale)
        if rng.integers(2):
            for name in ("h", "c") if self.op == "lstm" else ("state",):
                self.add(name, rng.normal(size=(batch, units)))
        if rng.integers(2):
            each = (batch, units) if self.op == "simple_rnn" or rng.integers(2) else None
            shape = each or (gates, batch, units)
            self.add("recurrent_factor", 2.0 * rng.integers(0, 2, shape))
        if rng.integers(2):
            mask = rng.random((batch, steps)) < 0.6
            mask[rng.integers(0, batch)] = False
            self.arguments["mask"] = mask

    def add(self, name, value):
        self.names.append(name)
        self.tensors.append(value)

    def call(self, *tensors):
        """The op's outputs."""
        keywords = dict(zip(self.names, tensors[3:], strict=True))
        return getattr(ops, self.op)(*tensors[:3], **keywords, **self.arguments)

    def expected(self):
        keywords = dict(zip(self.names, self.tensors[3:], strict=True))
        positions = ["bias", "h", "c"] if self.op == "lstm" else ["bias", "state"]
        leading = [keywords.pop(name, None) for name in positions]
        return naive.run(self.op, *self.tensors[:3], *leading, **keywords, **self.arguments)


def assert_close(found, expected, rtol=1e-10):
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("seed", range(90))
def test_random_layers_are_the_naive_ones(seed):
    layer = Sequences(seed)
    expected = layer.expected()
    found = layer.call(*layer.tensors)
    assert len(found) == len(expected) == 1 + STATES[layer.op]
    for one, other in zip(found, expected, strict=True):
        assert_close(one.numpy(), other)
    with GradientTape() as tape:
        variables = [Variable(tensor) for tensor in layer.tensors]
        kept = layer.call(*variables)
    for one, other in zip(kept, found, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    assert tape.gradient(kept[0], variables[0]).shape == layer.tensors[0].shape


@pytest.mark.parametrize("seed", range(45))
def test_gradients_are_those_of_differences(seed):
    layer = Sequences(seed + 1000, (3, 5, 3, 4))
    if layer.arguments["activation"] == "relu":
        layer.arguments["activation"] = "tanh"
    weights = [layer.rng.normal(size=y.shape) for y in layer.expected()]

    def loss(*tensors):
        outputs = layer.call(*tensors)
        return sum(
            (ops.sum(ops.multiply(y, w)) for y, w in zip(outputs, weights, strict=True)),
            start=0.0,
        )

    check_gradients(loss, layer.tensors, rtol=1e-5)


def test_each_output_has_a_gradient_of_its_own():
    layer = Sequences(1, (4, 5, 3, 4))
    variables = [Variable(tensor) for tensor in layer.tensors]
    with GradientTape(persistent=True) as tape:
        outputs = layer.call(*variables)
    sources = variables[:3]
    directions = [layer.rng.normal(size=y.shape) for y in outputs]
    each = [
        tape.gradient(y, sources, output_gradients=d)
        for y, d in zip(outputs, directions, strict=True)
    ]
    together = tape.gradient(list(outputs), sources, output_gradients=directions)
    for i, gradient in enumerate(together):
        assert np.abs(gradient.numpy()).sum() > 0
        assert_close(gradient.numpy(), sum(found[i].numpy() for found in each))


@pytest.mark.parametrize("op", GATES)
def test_one_tensor_as_both_kernels(op):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 4, 5)), rng.normal(size=(5, 5 * GATES[op])) / 4
    check_gradients(lambda x, w: getattr(ops, op)(x, w, w)[0], [x, w], rtol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_float32_has_its_digits(seed):
    layer = Sequences(seed + 60, (20, 30, 30, 40))
    layer.arguments["activation"] = "tanh"
    layer.arguments["recurrent_activation"] = "sigmoid"
    if layer.op == "simple_rnn":
        del layer.arguments["recurrent_activation"]
    found = layer.call(*(tensor.astype("float32") for tensor in layer.tensors))
    for one, other in zip(found, layer.expected(), strict=True):
        assert one.dtype == "float32"
        np.testing.assert_allclose(one.numpy(), other, rtol=1e-5, atol=1e-5)


def test_no_rows():
    x, w, r = np.ones((0, 3, 2)), np.ones((2, 12)), np.ones((3, 12))
    variables = [Variable(value) for value in (x, w, r)]
    with GradientTape() as tape:
        y, h, c = ops.lstm(*variables, return_sequences=True)
    assert y.shape == (0, 3, 3) and h.shape == c.shape == (0, 3)
    assert not any(gradient.numpy().any() for gradient in tape.gradient(y, variables))


def test_a_long_sequence_of_one_row():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(1, 10_000, 2))
    tensors = [x, rng.normal(size=(2, 12)), rng.normal(size=(3, 12))]
    variables = [Variable(value) for value in tensors]
    with GradientTape() as tape:
        y, *_ = ops.lstm(*variables)
    assert_close(y.numpy(), naive.run("lstm", *tensors)[0])
    dx = tape.gradient(y, variables[0]).numpy()
    assert dx[0, -1].all() and np.isfinite(dx).all()


# ---- recorded steps ------------------------------------------------------------------------------

STEPS = 12
NUMBERS = np.random.default_rng(2).normal(size=(72, STEPS, 5)).astype("float32")
MASKS = np.random.default_rng(3).random((72, STEPS)) < 0.7


class Network:
    """Layers of every kind, one above the other, and steps of their weights."""

    def __init__(self):
        rng = np.random.default_rng(3)
        shapes = [(5, 28), (7, 28), (28,), (7, 27), (9, 27), (2, 27), (9, 40), (40, 40)]
        self.weights = [Variable(rng.normal(size=s).astype("float32") / 3) for s in shapes]

    def output(self, x, mask):
        w = self.weights
        x, h, c = ops.lstm(x, *w[:3], mask=mask, return_sequences=True)
        x, _ = ops.gru(x, *w[3:6], go_backwards=True, return_sequences=True)
        x, _ = ops.simple_rnn(x, *w[6:], mask=mask)
        return ops.add(ops.mean(x), ops.mean(ops.multiply(h, c)))

    def step(self, x, mask):
        with GradientTape() as tape:
            loss = self.output(x, mask)
        for weight, gradient in zip(self.weights, tape.gradient(loss, self.weights), strict=True):
            weight.assign(ops.subtract(weight, ops.multiply(0.1, gradient)))
        return loss

    def state(self):
        return [weight.numpy() for weight in self.weights]


def trained_eagerly(batches):
    network = Network()
    for rows in batches:
        with Step():
            network.step(ops.copy(NUMBERS[rows]), ops.copy(MASKS[rows]))
    return network.state()


def trained_by_replay(batches):
    network, step = Network(), None
    for rows in batches:
        if step is None:
            step = Step(Arena())
            with step:
                inputs = [
                    placeholder((len(rows), STEPS, 5), "float32"),
                    placeholder((len(rows), STEPS), "bool"),
                ]
                Feed([NUMBERS[rows], MASKS[rows]], inputs).load(0)
                keep(network.step(*inputs))
        else:
            Feed([NUMBERS, MASKS], inputs).gather(rows)
            step.replay()
    return network.state()


@pytest.mark.parametrize("batch", [1, 36])
def test_replay_and_threads_give_the_bits_of_eager(batch):
    rng = np.random.default_rng(4)
    batches = [rng.permutation(72)[:batch] for _ in range(4)]
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

X, K, R = np.ones((2, 6, 3)), np.ones((3, 12)), np.ones((4, 12))
WRONG = [
    ("lstm", (X[0], K, R), {}, r"lstm: inputs.*\(batch, steps, inputs\).*\(6, 3\)"),
    ("gru", (X[:, :0], K, R), {}, r"with a step at least.*\(2, 0, 3\)"),
    ("gru", (X, K, R[0]), {}, r"recurrent kernel must have.*\(units, 3 \* units\).*\(12,\)"),
    ("gru", (X, K, R[:3]), {}, r"recurrent kernel must have.*\(3, 12\)"),
    ("gru", (X, K, R[:0, :0]), {}, r"recurrent kernel must have.*\(0, 0\)"),
    ("gru", (X, K[:2], R), {}, r"kernel must have the shape \(3, 12\).*\(2, 6, 3\).*\(2, 12\)"),
    ("gru", (X, K, R, np.ones(12)), {}, r"gru: bias must have the shape \(2, 12\).*\(12,\)"),
    ("gru", (X, K, R, np.ones((2, 12))), {"reset_after": False}, r"bias.*\(12,\).*\(2, 12\)"),
    ("gru", (X, K, R), {"state": np.ones((3, 4))}, r"state must.*\(2, 4\).*\(3, 4\)"),
    ("gru", (X, K, R), {"mask": np.ones((2, 5), bool)}, r"mask must.*\(2, 6\).*\(2, 5\)"),
    ("gru", (X, K, R), {"recurrent_factor": np.ones((4, 2, 4))}, r"\(2, 4\) or \(3, 2, 4\)"),
    ("gru", (X, K, R), {"activation": "elu"}, "activation='elu'"),
    ("gru", (X, K, R), {"recurrent_activation": "elu"}, "recurrent_activation='elu'"),
    ("lstm", (X, K, R[:3]), {"h": np.ones((2, 3, 1))}, r"h must.*\(2, 3\).*\(2, 3, 1\)"),
    ("lstm", (X, K, R[:3]), {"c": np.ones((3, 2))}, r"c must.*\(2, 3\).*\(3, 2\)"),
    ("simple_rnn", (X, K, np.ones((12, 12)), np.ones(11)), {}, r"bias.*\(12,\).*\(11,\)"),
]


@pytest.mark.parametrize(("op", "args", "kwargs", "words"), WRONG)
def test_errors_tell_shapes(op, args, kwargs, words):
    with pytest.raises(ValueError, match=words):
        getattr(ops, op)(*args, **kwargs)


def test_mixed_dtypes_and_masks_of_numbers():
    k = K.astype("float32")
    assert ops.gru(X.astype("int32"), k, R)[0].dtype == "float64"
    assert ops.gru(X.astype("int32"), k, R.astype("float32"))[0].dtype == "float32"
    mask = np.array([[1, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0]])
    found = ops.gru(X, K, R, mask=mask)[0].numpy()
    np.testing.assert_array_equal(found, ops.gru(X, K, R, mask=mask > 0)[0].numpy())
    assert not found[1].any() and found[0].any()
