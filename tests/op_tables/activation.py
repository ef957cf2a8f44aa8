"""Activation functions."""

import numpy as np
from scipy import special

from op_tables.data import CUBE, A


def np_elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(x))


def np_celu(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(x / alpha))


def np_gelu(x, approximate=True):
    if approximate:
        return x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2
    return x * special.ndtr(x)


def np_glu(x, axis=-1):
    first, second = np.split(x, 2, axis)
    return first * special.expit(second)


def np_sparse_plus(x):
    return np.where(x > 1, x, np.clip(x + 1, 0, 2) ** 2 / 4)


def np_sparsemax(x, axis=-1):
    """The projection on the simplex, whose shift is found by bisection."""
    x = np.moveaxis(x, axis, -1)
    low, high = x.max(-1, keepdims=True) - 1, x.max(-1, keepdims=True)
    for _ in range(60):
        middle = (low + high) / 2
        is_low = np.maximum(x - middle, 0).sum(-1, keepdims=True) > 1
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.moveaxis(np.maximum(x - low, 0), -1, axis)


ROWS = [
    ("log_softmax", (A,), {}, lambda x: special.log_softmax(x, -1)),
    ("relu", (A,), {}, lambda x: np.maximum(x, 0)),
    ("sigmoid", (A,), {}, special.expit),
    ("softmax", (A,), {}, lambda x: special.softmax(x, -1)),
    ("softmax", (CUBE,), {"axis": 1}, special.softmax),
    ("tanh", (A,), {}, np.tanh),
    ("celu", (A,), {"alpha": 0.5}, np_celu),
    ("elu", (A,), {}, np_elu),
    ("elu", (A,), {"alpha": 0.5}, np_elu),
    ("gelu", (A,), {}, np_gelu),
    ("gelu", (A,), {"approximate": False}, np_gelu),
    ("glu", (A,), {}, np_glu),
    ("glu", (CUBE,), {"axis": 0}, np_glu),
    ("hard_shrink", (A,), {"threshold": 1.0}, lambda x, threshold: x * (abs(x) > threshold)),
    ("hard_sigmoid", (3 * A,), {}, lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    ("hard_silu", (3 * A,), {}, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    ("hard_swish", (3 * A,), {}, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    ("hard_tanh", (A,), {}, lambda x: np.clip(x, -1, 1)),
    ("leaky_relu", (A,), {}, lambda x: np.maximum(x, 0.2 * x)),
    ("leaky_relu", (A,), {"negative_slope": 0.5}, lambda x, negative_slope: np.maximum(x, x / 2)),
    ("log_sigmoid", (A,), {}, special.log_expit),
    ("log_softmax", (CUBE,), {"axis": (0, 2)}, special.log_softmax),
    ("relu6", (5 * A,), {}, lambda x: np.clip(x, 0, 6)),
    ("selu", (A,), {}, lambda x: 1.0507009873554804935 * np_elu(x, 1.6732632423543772848)),
    ("silu", (A,), {}, lambda x: x * special.expit(x)),
    ("soft_shrink", (A,), {}, lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0)),
    ("softmax", (CUBE,), {"axis": None}, special.softmax),
    ("softmax", (CUBE,), {"axis": (2, 0)}, special.softmax),
    ("softplus", (A,), {}, lambda x: np.logaddexp(0, x)),
    ("softsign", (A,), {}, lambda x: x / (1 + abs(x))),
    ("sparse_plus", (A,), {}, np_sparse_plus),
    ("sparse_sigmoid", (A,), {}, lambda x: np.clip((x + 1) / 2, 0, 1)),
    ("squareplus", (A,), {}, lambda x: (x + np.sqrt(x**2 + 4)) / 2),
    ("squareplus", (A,), {"b": 0.5}, lambda x, b: (x + np.sqrt(x**2 + b)) / 2),
    ("swish", (A,), {}, lambda x: x * special.expit(x)),
    ("tanh_shrink", (A,), {}, lambda x: x - np.tanh(x)),
    ("threshold", (A, 0.25, -2.0), {}, lambda x, t, value: np.where(x > t, x, value)),
    ("sparsemax", (A,), {}, np_sparsemax),
    ("sparsemax", (CUBE,), {"axis": 1}, np_sparsemax),
]  # fmt: skip

CONSTANT_ROWS = []

WRONG = [
    ("celu", (A, 0), ValueError, "alpha"),
    ("glu", (A, 0), ValueError, "size is odd"),
    ("glu", (A, 2), ValueError, "out of bounds"),
    ("softmax", (A, (0, 2)), ValueError, "out of bounds"),
    ("softmax", (A, 2), ValueError, "out of bounds"),
    ("log_softmax", (1.0,), ValueError, "scalar"),
    ("sparsemax", (A, 2), ValueError, "out of bounds"),
]  # fmt: skip
