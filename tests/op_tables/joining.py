"""Tensors put together, taken apart and turned round."""

import numpy as np

from op_tables.data import CUBE, LABELS, A, B, C


def stacked(xs):
    """Several results as one array."""
    return np.stack(xs)


ROWS = [
    ("append", (A, C), {}, np.append),
    ("append", (A, B), {}, np.append),
    ("append", (A, C), {"axis": 1}, np.append),
    ("dstack", ([A, C],), {}, np.dstack),
    ("dstack", ([B, B],), {}, np.dstack),
    ("dstack", ([CUBE, CUBE],), {}, np.dstack),
    ("hstack", ([A, C],), {}, np.hstack),
    ("hstack", ([B, B],), {}, np.hstack),
    ("vstack", ([A, C],), {}, np.vstack),
    ("vstack", ([A, B],), {}, np.vstack),
    ("fliplr", (CUBE,), {}, np.fliplr),
    ("flipud", (CUBE,), {}, np.flipud),
    ("flipud", (B,), {}, np.flipud),
    *[("rot90", (A,), {"k": k}, np.rot90) for k in (-1, 0, 1, 2, 3, 4)],
    ("rot90", (CUBE,), {"axes": (2, 0)}, np.rot90),
    ("rot90", (CUBE,), {"k": -1, "axes": (-2, -1)}, np.rot90),
]

CONSTANT_ROWS = [
    ("append", (LABELS, [1.5]), {}, lambda x, y: np.append(x, y).astype("float32")),
    ("hstack", ([1.0, 2.0],), {}, np.hstack),
    ("vstack", ([1.0, 2.0],), {}, np.vstack),
]

WRONG = [
    ("append", (A, B, 0), ValueError, "must agree"),
    ("append", (A, C, 2), ValueError, "out of bounds"),
    ("array_split", (A, 0), ValueError, "1 part or more"),
    ("array_split", (A, 2, 2), ValueError, "out of bounds"),
    ("dsplit", (A, 2), ValueError, "3 axes or more"),
    ("dstack", ([A, B],), ValueError, "must agree"),
    ("dstack", ([],), ValueError, "at least one"),
    ("fliplr", (B,), ValueError, "2 axes or more"),
    ("flipud", (1.0,), ValueError, "1 axis or more"),
    ("hsplit", (A, 3), ValueError, "not divisible"),
    ("hstack", ([A, B],), ValueError, "must agree"),
    ("hstack", ([],), ValueError, "at least one"),
    ("meshgrid", (A,), ValueError, "takes vectors"),
    ("rot90", (B,), ValueError, "at least 2 dimensions"),
    ("rot90", (A, 1, (0, 0)), ValueError, "two different dimensions"),
    ("rot90", (A, 1, (0,)), ValueError, "two different dimensions"),
    ("rot90", (A, 1, (0, 2)), ValueError, "out of bounds"),
    ("vsplit", (B, 2), ValueError, "2 axes or more"),
    ("vstack", ([A, LABELS],), ValueError, "must agree"),
]
