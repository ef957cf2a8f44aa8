"""Elements in order."""

import numpy as np

from op_tables.data import CUBE, LABELS, SPECIAL, A

TIES = np.array([[2, 1, 2, 0], [0, 0, 0, 0]])
SCORES = np.array([[0.1, 0.5, 0.2, 0.2], [0.4, 0.1, 0.3, 0.2], [0.1, 0.2, 0.3, 0.4]])


def stable_argsort(x, axis=-1):
    return np.argsort(x, axis, kind="stable")


def np_in_top_k(targets, predictions, k):
    chosen = predictions[np.arange(len(targets)), targets]
    return chosen >= np.sort(predictions, -1)[:, -k]


ROWS = [
    ("sort", (A,), {}, np.sort),
    ("sort", (CUBE,), {"axis": 0}, np.sort),
    ("sort", (A,), {"axis": None}, np.sort),
]

CONSTANT_ROWS = [
    ("argsort", (A,), {}, stable_argsort),
    ("argsort", (CUBE,), {"axis": 1}, stable_argsort),
    ("argsort", (A,), {"axis": None}, stable_argsort),
    ("argsort", (TIES,), {}, stable_argsort),
    ("argsort", (SPECIAL,), {}, stable_argsort),
    ("argsort", (np.zeros((2, 0)),), {}, stable_argsort),
    ("in_top_k", (LABELS, SCORES, 1), {}, np_in_top_k),
    ("in_top_k", (LABELS, SCORES, 2), {}, np_in_top_k),
    ("in_top_k", (LABELS, SCORES, 4), {}, np_in_top_k),
    ("sort", (TIES,), {"axis": 0}, np.sort),
    ("sort", (SPECIAL,), {}, np.sort),
    ("sort", (A > 0,), {}, np.sort),
    ("sort", (np.zeros((0, 2)),), {}, np.sort),
]

WRONG = [
    ("argsort", (A, 2), ValueError, "out of bounds"),
    ("argsort", (1.0,), ValueError, "out of bounds"),
    ("sort", (A, -3), ValueError, "out of bounds"),
    ("in_top_k", (LABELS, SCORES, 5), ValueError, "no k=5 columns"),
    ("in_top_k", (LABELS, SCORES, 0), ValueError, "no k=0 columns"),
    ("in_top_k", (LABELS[:2], SCORES, 1), ValueError, "shape"),
    ("in_top_k", (LABELS + 1, SCORES, 1), ValueError, "out of range"),
    ("top_k", (A, 5), ValueError, "k=5"),
    ("top_k", (A, -1), ValueError, "k=-1"),
    ("top_k", (1.0, 1), ValueError, "out of bounds"),
]
