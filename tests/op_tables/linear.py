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
]  # fmt: skip

WRONG = [
    ("dot", (A, A), ValueError, "inner sizes"),
    ("matmul", (A, A), ValueError, "inner sizes"),
    ("matmul", (A, 1.0), ValueError, "scalar"),
]  # fmt: skip

CONSTANT_ROWS = []
