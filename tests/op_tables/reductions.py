"""Reductions over axes."""

import numpy as np

from op_tables.data import CUBE, A

ROWS = [
    ("max", (A,), {"axis": 1, "keepdims": True}, np.max),
    ("mean", (CUBE,), {"axis": (0, 2)}, np.mean),
    ("min", (A,), {"axis": 0}, np.min),
    ("std", (A,), {"axis": 1}, np.std),
    ("sum", (CUBE,), {"axis": 1}, np.sum),
    ("sum", (A,), {}, np.sum),
    ("var", (CUBE,), {"axis": (0, 1), "keepdims": True}, np.var),
]  # fmt: skip

CONSTANT_ROWS = [
    ("argmax", (A,), {"axis": 1}, np.argmax),
    ("argmin", (A,), {}, np.argmin),
]  # fmt: skip

WRONG = [
    ("max", (np.zeros((0, 2)),), ValueError, "empty"),
    ("sum", (A, 2), ValueError, "out of bounds"),
    ("sum", (A, (0, 0)), ValueError, "twice"),
]  # fmt: skip
