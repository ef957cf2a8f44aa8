"""Recurrent layers in the core: random ones against NumPy, gradients, replay, threads, errors."""

import naive_recurrence as naive
import numpy as np
import pytest

from kerasette import GradientTape
from kerasette._core import ops
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
