"""Class numbers, and cross-entropies."""

import numpy as np
from scipy import special

from op_tables.data import LABELS, ONE_HOT, A, C, P


def np_bce(target, output, from_logits=False):
    p = special.expit(output) if from_logits else output
    return -(target * np.log(p) + (1 - target) * np.log(1 - p))


def np_cce(target, output, from_logits=False, axis=-1):
    if from_logits:
        logs = special.log_softmax(output, axis)
    else:
        logs = np.log(output / output.sum(axis, keepdims=True))
    return -(target * logs).sum(axis)


def np_scce(target, output, from_logits=False, axis=-1):
    n = output.shape[axis]
    return np_cce(np.moveaxis(np.eye(n)[target], -1, axis), output, from_logits, axis)


def np_multi_hot(x, n, axis=-1, dtype="float64"):
    hot = np.array([[int(i in row) for i in range(n)] for row in x], dtype)
    return np.moveaxis(hot, -1, axis)


ROWS = [
    ("binary_crossentropy", (ONE_HOT, P), {}, np_bce),
    ("binary_crossentropy", (ONE_HOT, A), {"from_logits": True}, np_bce),
    ("categorical_crossentropy", (ONE_HOT, P), {}, np_cce),
    ("categorical_crossentropy", (ONE_HOT, A), {"from_logits": True}, np_cce),
    ("categorical_crossentropy", (C**2, A), {"from_logits": True, "axis": 0}, np_cce),
    ("sparse_categorical_crossentropy", (LABELS, P), {}, np_scce),
    ("sparse_categorical_crossentropy", (LABELS, A), {"from_logits": True}, np_scce),
    (
        "sparse_categorical_crossentropy", (np.array([0, 2, 1, 1]), A),
        {"from_logits": True, "axis": 0}, np_scce,
    ),
]  # fmt: skip

CONSTANT_ROWS = [
    ("one_hot", (LABELS, 4), {}, lambda x, n: np.eye(n)[x]),
    ("one_hot", (LABELS, 4), {"axis": 0}, lambda x, n, axis: np.eye(n)[x].T),
    ("multi_hot", (LABELS, 4), {}, lambda x, n: np.eye(n)[x].max(0)),
    ("multi_hot", (np.array([[0, 2], [1, 1], [3, 4]]), 4), {}, np_multi_hot),
    ("multi_hot", (np.array([[0, 2], [1, 1]]), 4), {"axis": 0}, np_multi_hot),
    ("multi_hot", (np.array([[0, 2], [1, 1]]), 4), {"dtype": "int32"}, np_multi_hot),
]  # fmt: skip

WRONG = [
    ("binary_crossentropy", (A, A[:2]), ValueError, "same shape"),
    ("categorical_crossentropy", (A, A[:2]), ValueError, "same shape"),
    ("categorical_crossentropy", (1.0, 1.0), ValueError, "at least rank 1"),
    ("sparse_categorical_crossentropy", (LABELS[:2], P), ValueError, "same shape up until"),
    ("sparse_categorical_crossentropy", (LABELS + 2, P), ValueError, "out of range"),
    ("multi_hot", (LABELS, 4, -1, None, True), ValueError, "sparse"),
    ("multi_hot", (LABELS,), ValueError, "`num_classes` must be specified"),
    ("one_hot", (LABELS, 4, -1, None, True), ValueError, "sparse"),
    *[
        (name, (LABELS, number), ValueError, "`num_classes` must be an integer")
        for name in ("one_hot", "multi_hot")
        for number in ((), [], (2, 3), 1.5)
    ],
    ("convert_to_tensor", (LABELS, None, True), ValueError, "sparse"),
    ("convert_to_tensor", (LABELS, None, None, True), ValueError, "ragged"),
]  # fmt: skip
