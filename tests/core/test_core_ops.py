"""The ops of the core that are not public as they are: values, gradients, errors."""

import numpy as np
import pytest

from kerasette._core import ops
from kerasette.testing import check_gradients

RNG = np.random.default_rng(0)
X, W, B = RNG.normal(size=(6, 4)), RNG.normal(size=(4, 3)), RNG.normal(size=3)
LOGITS, TARGETS = RNG.normal(size=(5, 4)), RNG.dirichlet(np.ones(4), 5)
LABELS = np.array([3, 0, 1, 1, 2])
STATE = np.array([11, 5])

ACTIVATIONS = {
    None: lambda z: z,
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
}


@pytest.mark.parametrize("lead", [(6,), (2, 3), (1, 2, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dense_is_a_product_a_bias_and_an_activation(activation, lead):
    x = X.reshape(*lead, 4)
    for bias in (None, B):
        expected = ACTIVATIONS[activation](x @ W + (0 if bias is None else bias))
        found = ops.dense(x, W, bias, activation).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    check_gradients(lambda x, w, b: ops.dense(x, w, b, activation), [x, W, B])
    check_gradients(lambda x, w: ops.dense(x, w, None, activation), [x, W])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X, W.T), "do not fit"),
        ((X, W[0]), "do not fit"),
        ((3.0, W), "do not fit"),
        ((X, W, np.ones(4)), "bias has shape"),
        ((X, W, B, "softmax"), "activation='softmax'"),
    ],
)
def test_dense_refuses_what_does_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        ops.dense(*arguments)


def log_softmax(z):
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def test_crossentropies_are_their_formulas():
    table = log_softmax(LOGITS)
    found = ops.softmax_crossentropy(LOGITS, TARGETS).numpy()
    np.testing.assert_allclose(found, -(TARGETS * table).sum(-1), rtol=1e-12)
    found = ops.sparse_softmax_crossentropy(LOGITS, LABELS).numpy()
    np.testing.assert_allclose(found, -table[np.arange(5), LABELS], rtol=1e-12)
    p = 1 / (1 + np.exp(-LOGITS))
    expected = -(TARGETS * np.log(p) + (1 - TARGETS) * np.log(1 - p))
    np.testing.assert_allclose(ops.sigmoid_crossentropy(LOGITS, TARGETS).numpy(), expected)
    np.testing.assert_array_equal(ops.pick(LOGITS, LABELS).numpy(), LOGITS[np.arange(5), LABELS])


def test_gradients_of_crossentropies_reach_logits_and_targets():
    check_gradients(ops.softmax_crossentropy, [LOGITS, TARGETS])
    check_gradients(lambda z: ops.softmax_crossentropy(z, 2 * TARGETS), [LOGITS])
    check_gradients(lambda z: ops.sparse_softmax_crossentropy(z, LABELS), [LOGITS])
    check_gradients(ops.sigmoid_crossentropy, [LOGITS, TARGETS])
    check_gradients(lambda z: ops.pick(z, LABELS), [LOGITS])


def test_crossentropies_do_not_overflow():
    z = np.array([[1e4, -1e4, 0.0]])
    assert ops.sparse_softmax_crossentropy(z, [0]).numpy() == 0
    assert ops.sparse_softmax_crossentropy(z, [1]).numpy() == 2e4
    assert ops.sigmoid_crossentropy(z, np.array([[1.0, 0.0, 0.0]])).numpy()[0, 0] == 0


@pytest.mark.parametrize("op", [ops.sparse_softmax_crossentropy, ops.pick])
def test_labels_out_of_range_are_named_with_their_place(op):
    for label in (4, -1):
        labels = np.where(np.arange(5) == 3, label, LABELS)
        with pytest.raises(ValueError, match=rf"value {label} at position 3.*\[0, 4\)"):
            op(LOGITS, labels)
    with pytest.raises(ValueError, match="shape"):
        op(LOGITS, LABELS[:3])


@pytest.mark.parametrize("op", [ops.softmax_crossentropy, ops.sigmoid_crossentropy])
def test_targets_have_the_shape_of_the_logits(op):
    with pytest.raises(ValueError, match="same shape"):
        op(LOGITS, TARGETS[:, :3])


def test_dropout_keeps_its_share_scales_and_repeats():
    x = np.ones((200, 100))
    y = ops.dropout(x, STATE, 0.3).numpy()
    assert set(np.unique(y)) == {0.0, 1 / 0.7}
    assert abs((y == 0).mean() - 0.3) < 0.01
    np.testing.assert_array_equal(y, ops.dropout(x, STATE, 0.3).numpy())
    assert not np.array_equal(y, ops.dropout(x, ops.advance(STATE), 0.3).numpy())
    single = ops.dropout(x.astype("float32"), STATE, 0.3).numpy()
    np.testing.assert_array_equal(single == 0, y == 0)
    check_gradients(lambda x: ops.dropout(x, STATE, 0.5), [X])


def test_random_states_and_rates_are_checked():
    for rate in (-0.1, 1.0):
        with pytest.raises(ValueError, match="rate"):
            ops.dropout(X, STATE, rate)
    for state in (np.array([1.0, 2.0]), np.array([1]), np.array([1, 2, 3])):
        with pytest.raises(ValueError, match="state"):
            ops.uniform(state, (2,))
    with pytest.raises(ValueError, match="floating-point"):
        ops.normal(STATE, (2,), dtype="int32")


def test_advance_counts_and_keeps_the_key():
    assert ops.advance(STATE).numpy().tolist() == [11, 6]
