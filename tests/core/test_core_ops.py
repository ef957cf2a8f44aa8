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


INTEGERS = ops.cast(np.arange(4), "int32")
ONE_STEP = ops.cast(np.array(0), "int64")
# Ops that take a tensor as it is, and have kernels for floating-point numbers alone.
OF_REAL_NUMBERS = {
    "clip_value": lambda: ops.clip_value(INTEGERS, 1.0),
    "clip_norm": lambda: ops.clip_norm(INTEGERS, ops.squares_for(1), 1.0),
    "square_sum": lambda: ops.square_sum(INTEGERS, ops.squares_for(1)),
    "accumulate": lambda: ops.accumulate(INTEGERS, INTEGERS, ops.cast(True, "bool"), 2),
    "average": lambda: ops.average(INTEGERS, INTEGERS, ONE_STEP, [], 0.5),
    "sgd": lambda: ops.sgd(INTEGERS, INTEGERS, ops.cast(0.1, "float32"), []),
}


@pytest.mark.parametrize("name", OF_REAL_NUMBERS)
def test_dtypes_without_a_kernel_are_refused(name):
    message = f"{name} is defined for float32 and float64 tensors. Received dtype int32"
    with pytest.raises(TypeError, match=message):
        OF_REAL_NUMBERS[name]()
    np.testing.assert_array_equal(INTEGERS.numpy(), np.arange(4))


def test_updates_are_of_one_dtype_and_length():
    rate, x = ops.cast(0.1, "float32"), ops.cast(X, "float64")
    for gradients, message in [(ops.cast(X, "float32"), "float32"), (ops.cast(W, "float64"), "12")]:
        with pytest.raises(ValueError, match=f"got an array of {message}"):
            ops.sgd(x, gradients, rate, [])
    np.testing.assert_array_equal(x.numpy(), X)


@pytest.mark.parametrize("steps", [(0, 1), (-1, 1), (2, 0), (2, -1)])
def test_turns_come_every_step_or_less_often(steps):
    with pytest.raises(ValueError, match=r"1 or more\. Received: every=.*, accumulation_steps="):
        ops.is_turn(ONE_STEP, *steps)


def test_turns_may_be_as_far_apart_as_one_likes():
    assert not ops.is_turn(ONE_STEP, 10**12).numpy()
    assert ops.is_turn(ops.cast(np.array(10**12 - 1), "int64"), 10**12).numpy()


def test_advance_counts_and_keeps_the_key():
    assert ops.advance(STATE).numpy().tolist() == [11, 6]
