"""Products."""

import numpy as np

from op_tables.data import CUBE, MATRIX, A, B, rng

ROWS = [
    ("dot", (A, MATRIX), {}, np.dot),
    ("dot", (B, B), {}, np.dot),
    ("dot", (A, 2.0), {}, np.dot),
    ("dot", (CUBE, rng.normal(size=(5, 4, 2))), {}, np.dot),
    ("matmul", (A, MATRIX), {}, np.matmul),
    ("matmul", (CUBE, MATRIX), {}, np.matmul),
    ("normalize", (A,), {}, lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
    (
        "normalize", (A,), {"axis": 0, "order": 3},
        lambda x, axis, order: x / np.linalg.norm(x, order, axis, keepdims=True),
    ),
    ("normalize", (A / 100,), {"epsilon": 1.0}, lambda x, epsilon: x),
    ("normalize", (A / 100,), {"order": 1, "epsilon": 1.0}, lambda x, order, epsilon: x),
    ("outer", (A, B), {}, np.outer),
    ("outer", (B, 2.0), {}, np.outer),
]  # fmt: skip

WRONG = [
    ("dot", (A, A), ValueError, "inner sizes"),
    ("matmul", (A, A), ValueError, "inner sizes"),
    ("matmul", (A, 1.0), ValueError, "scalar"),
    ("normalize", (A, -1, 0), ValueError, "`order` must be an int >= 1"),
    ("normalize", (A, -1, 1.5), ValueError, "`order` must be an int >= 1"),
    ("normalize", (A, 2), ValueError, "out of bounds"),
]  # fmt: skip

CONSTANT_ROWS = []
