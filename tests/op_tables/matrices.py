"""Matrices of one shape, triangles and diagonals."""

import numpy as np

from op_tables.data import CUBE, A, B

ROWS = [
    ("diag", (B,), {}, np.diag),
    ("diag", (B,), {"k": 2}, np.diag),
    ("diag", (B,), {"k": -1}, np.diag),
    ("diag", (A,), {}, np.diag),
    ("diag", (A,), {"k": 1}, np.diag),
    ("diag", (A,), {"k": -2}, np.diag),
    ("diagonal", (CUBE,), {}, np.diagonal),
    ("diagonal", (CUBE,), {"offset": 1, "axis1": 2, "axis2": 1}, np.diagonal),
    ("diagflat", (A,), {}, np.diagflat),
    ("diagflat", (B,), {"k": -1}, np.diagflat),
    ("trace", (A,), {}, np.trace),
    ("trace", (CUBE,), {"offset": -1, "axis1": 0, "axis2": -1}, np.trace),
    ("tril", (A,), {}, np.tril),
    ("tril", (CUBE,), {"k": -1}, np.tril),
    ("triu", (A,), {}, np.triu),
    ("triu", (CUBE,), {"k": 1}, np.triu),
    ("vander", (B,), {}, np.vander),
    ("vander", (B,), {"N": 3, "increasing": True}, np.vander),
    ("vander", (B,), {"N": 1}, np.vander),
]

CONSTANT_ROWS = [
    ("diag", (A,), {"k": 4}, np.diag),
    ("diag", (np.zeros(0),), {}, np.diag),
    ("eye", (3,), {}, np.eye),
    ("eye", (3, 4), {"k": 1}, np.eye),
    ("eye", (3,), {"M": 2, "dtype": "int32"}, np.eye),
    ("identity", (3,), {}, np.identity),
    ("identity", (2,), {"dtype": "float64"}, np.identity),
    ("diagflat", (np.array([[1], [2]]),), {}, np.diagflat),
    ("vander", (np.array([2, 3]),), {}, np.vander),
    ("vander", (np.array([True, False]), 3), {}, np.vander),
    ("vander", (np.array([2, 3]),), {"N": 0}, np.vander),
    ("tri", (3,), {}, np.tri),
    ("tri", (3, 4), {"k": 1, "dtype": "bool"}, np.tri),
    ("tril", (np.ones((2, 2), "int32"),), {}, np.tril),
]

WRONG = [
    ("diag", (CUBE,), ValueError, "vector or a matrix"),
    ("diag", (1.0,), ValueError, "vector or a matrix"),
    ("diagonal", (A, 0, 0, 2), ValueError, "out of bounds"),
    ("diagonal", (A, 0, 1, -1), ValueError, "two axes"),
    ("eye", (2, 3, 0, "float7"), ValueError, "dtype"),
    ("vander", (A,), ValueError, "takes a vector"),
    ("vander", (B, -1), ValueError, "nonnegative"),
    ("vander", (B, 2.5), TypeError, "`N` must be of type `int`"),
    ("vander", (B, 2**50), MemoryError, "cannot allocate"),
    ("trace", (B,), ValueError, "out of bounds"),
    ("tril", (B,), ValueError, "part of a matrix"),
    ("triu", (B,), ValueError, "part of a matrix"),
]
