"""The same elements in another shape or order."""

import numpy as np

from op_tables.data import CUBE, LABELS, A, B, C

ROWS = [
    ("broadcast_to", (B, (3, 4)), {}, np.broadcast_to),
    ("concatenate", ([A, C],), {}, lambda xs: np.concatenate(xs, 0)),
    ("concatenate", ([A, C],), {"axis": -1}, lambda xs, axis: np.concatenate(xs, axis)),
    ("expand_dims", (A, 1), {}, np.expand_dims),
    ("get_item", (A, (slice(None, None, 2), 1)), {}, lambda x, key: x[key]),
    ("moveaxis", (CUBE, 0, -1), {}, np.moveaxis),
    ("moveaxis", (CUBE, (0, 1), (2, 0)), {}, np.moveaxis),
    ("ravel", (A,), {}, np.ravel),
    ("reshape", (A, (2, -1)), {}, np.reshape),
    ("squeeze", (A[:, None],), {"axis": 1}, np.squeeze),
    ("stack", ([A, C],), {"axis": 1}, np.stack),
    ("swapaxes", (CUBE, 0, 2), {}, np.swapaxes),
    ("take", (A, np.array([[3, 0], [1, 1]])), {"axis": 1}, np.take),
    ("transpose", (CUBE, (2, 0, 1)), {}, np.transpose),
]  # fmt: skip

WRONG = [
    ("broadcast_to", (A, (3, 5)), ValueError, "broadcast"),
    ("concatenate", ([A, B],), ValueError, "concatenate"),
    ("concatenate", ([],), ValueError, "at least one"),
    ("expand_dims", (A, 4), ValueError, "out of bounds"),
    ("get_item", (A, 3), IndexError, "out of bounds"),
    ("get_item", (A, (0, 0, 0)), IndexError, "too many"),
    ("moveaxis", (A, 0, 2), ValueError, "out of bounds"),
    ("moveaxis", (A, (0, 0), (0, 1)), ValueError, "different axes"),
    ("reshape", (A, (5, -1)), ValueError, "reshape"),
    ("split", (A, 2), ValueError, "not divisible"),
    ("split", (A, 2, 2), ValueError, "out of bounds"),
    ("squeeze", (A, 0), ValueError, "not 1"),
    ("stack", ([],), ValueError, "at least one"),
    ("swapaxes", (A, 0, 2), ValueError, "out of bounds"),
    ("take", (A, LABELS + 1, 1), ValueError, "out of range"),
    ("take", (A, A), TypeError, "integer"),
    ("transpose", (A, (0, 0)), ValueError, "permutation"),
]  # fmt: skip

CONSTANT_ROWS = []
