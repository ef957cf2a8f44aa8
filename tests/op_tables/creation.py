"""Constants, and conversion."""

import numpy as np

from op_tables.data import A

ROWS = [
    ("convert_to_tensor", (A,), {}, lambda x: x),
]  # fmt: skip

CONSTANT_ROWS = [
    ("arange", (5,), {}, np.arange),
    ("arange", (1.0, 2.0, 0.25), {}, np.arange),
    ("convert_to_numpy", (A,), {}, np.array),
    ("full", ((2, 3), 7.0), {}, np.full),
    ("full_like", (A, 7.0), {}, np.full_like),
    ("is_tensor", (A,), {}, lambda x: False),
    ("ndim", (A,), {}, np.ndim),
    ("ones", ((2, 3),), {}, np.ones),
    ("ones_like", (A,), {}, np.ones_like),
    ("shape", (A,), {}, np.shape),
    ("size", (A,), {}, np.size),
    ("zeros", ((2, 0),), {}, np.zeros),
    ("zeros_like", (A,), {}, np.zeros_like),
]  # fmt: skip

WRONG = [
    ("convert_to_tensor", (["a"],), ValueError, "converted"),
    ("convert_to_tensor", ([[1, 2], [3]],), ValueError, "converted"),
    ("convert_to_tensor", (np.array(["a"]), "float32"), ValueError, "converted"),
    ("zeros", ((-1, 2),), ValueError, "negative"),
]  # fmt: skip
