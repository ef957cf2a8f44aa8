"""Where numbers stand among others, and how many there are."""

import numpy as np

from op_tables.data import CUBE, LABELS, POSITIVE, SPECIAL, A, B

STEPS = np.array([-1.0, 0.0, 0.0, 0.5, 2.0])
VALUES = np.array([[0.0, -3.0, 0.5], [np.nan, 2.0, 7.0]])
NUMBERS = np.array([1, 4, 1, 0])
TABLE = np.array([[1, 4], [1, 0]])

LONG = np.arange(64) * 2 // 3


def np_bincounts(x, weights=None, minlength=0):
    n = max(x.max() + 1, minlength)
    weights = [None] * len(x) if weights is None else weights
    return np.stack([np.bincount(row, w, n) for row, w in zip(x, weights)])


ROWS = [
    (
        "bincount", (NUMBERS, B), {},
        lambda x, weights: np.bincount(x, weights),
    ),
    ("bincount", (TABLE, POSITIVE[:2, :2].copy()), {"minlength": 7}, np_bincounts),
]  # fmt: skip

CONSTANT_ROWS = [
    ("argpartition", (A, 2), {}, lambda x, k: np.argsort(x, -1)),
    ("argpartition", (CUBE, -1), {"axis": 0}, lambda x, k, axis: np.argsort(x, axis)),
    ("argpartition", (A, 0), {"axis": None}, lambda x, k, axis: np.argsort(x, axis)),
    ("bincount", (NUMBERS,), {}, np.bincount),
    ("bincount", (NUMBERS,), {"minlength": 9}, np.bincount),
    ("bincount", (NUMBERS, LABELS[[0, 1, 2, 2]]), {}, np.bincount),
    ("bincount", (TABLE,), {}, np_bincounts),
    ("bincount", (np.zeros(0, int),), {"minlength": 2}, np.bincount),
    ("digitize", (VALUES[0], STEPS), {}, np.digitize),
    ("digitize", (LABELS, np.array([1, 2])), {}, np.digitize),
    ("isin", (VALUES, STEPS), {}, np.isin),
    ("isin", (TABLE, 4), {"invert": True}, np.isin),
    ("isin", (NUMBERS, np.array([0, 4])), {"assume_unique": True}, np.isin),
    ("isin", (NUMBERS, np.zeros(0)), {}, np.isin),
    ("searchsorted", (STEPS, VALUES), {}, np.searchsorted),
    ("searchsorted", (STEPS, VALUES), {"side": "right"}, np.searchsorted),
    ("searchsorted", (np.sort(SPECIAL), SPECIAL), {}, np.searchsorted),
    ("searchsorted", (np.sort(SPECIAL), SPECIAL), {"side": "right"}, np.searchsorted),
    ("searchsorted", (np.array([1, 3, 3]), 3), {}, np.searchsorted),
    *[
        ("searchsorted", (LONG[:n], np.arange(-2, 45)), {"side": side}, np.searchsorted)
        for n in (25, 31, 32, 33, 63, 64)
        for side in ("left", "right")
    ],
    ("searchsorted", (np.sort(np.append(A, [np.nan] * 30)), VALUES), {}, np.searchsorted),
    ("searchsorted", (LONG, np.zeros((2, 0), int)), {}, np.searchsorted),
]

WRONG = [
    ("argpartition", (A, 4), ValueError, "no place kth=4"),
    ("argpartition", (A, 0, 2), ValueError, "out of bounds"),
    ("bincount", ([-1, 2],), ValueError, "negative"),
    ("bincount", (A,), TypeError, "integers"),
    ("bincount", (NUMBERS, A), ValueError, "a weight for each"),
    ("bincount", (TABLE[None],), ValueError, "one axis or two"),
    ("bincount", (NUMBERS, None, 0, True), ValueError, "sparse"),
    ("digitize", (B, A), ValueError, "1-D"),
    ("searchsorted", (A, B), ValueError, "1-D"),
    ("searchsorted", (B, B, "middle"), ValueError, "`side`"),
]
