"""Constants, and conversion."""

import numpy as np

from op_tables.data import A, C

ROWS = [
    ("convert_to_tensor", (A,), {}, lambda x: x),
    (
        "linspace", (A, C), {"num": 3, "axis": 1, "endpoint": False},
        lambda start, stop, **kwargs: np.linspace(start, stop, **kwargs),
    ),
]  # fmt: skip

CONSTANT_ROWS = [
    ("arange", (5,), {}, np.arange),
    ("arange", (1.0, 2.0, 0.25), {}, np.arange),
    ("array", (A,), {}, np.array),
    ("array", ([1, 2],), {"dtype": "float64"}, np.array),
    ("empty", ((2, 3),), {"dtype": "int32"}, np.zeros),
    ("empty_like", (A,), {}, np.zeros_like),
    ("empty_like", (A,), {"dtype": "bool"}, np.zeros_like),
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
    ("dtype", (A,), {}, lambda x: "float64"),
    ("linspace", (0.0, 1.0), {"dtype": "float64"}, np.linspace),
    ("linspace", (-1.0, 2.0), {"num": 7}, lambda *ends, num: np.float32(np.linspace(*ends, num))),
    ("linspace", (0.0, 2.0), {"num": 4, "endpoint": False}, np.linspace),
    ("linspace", (5.0, 2.0), {"num": 1}, np.linspace),
    ("linspace", (5.0, 2.0), {"num": 0}, np.linspace),
    ("linspace", (A, A + 2.0), {"num": 3, "axis": -1}, np.linspace),
    ("linspace", (0.0, 4.0), {"num": 5, "dtype": "int32"}, np.linspace),
]  # fmt: skip

WRONG = [
    ("arange", (0, 3, 0), ValueError, "`step` must not be 0"),
    ("arange", (3.0, None, 0.0), ValueError, "step=0.0"),
    ("convert_to_tensor", (["a"],), ValueError, "converted"),
    ("convert_to_tensor", ([[1, 2], [3]],), ValueError, "converted"),
    ("convert_to_tensor", (np.array(["a"]), "float32"), ValueError, "converted"),
    ("array", ([1], "float7"), ValueError, "dtype"),
    ("empty", ((-1, 2),), ValueError, "negative"),
    ("zeros", ((-1, 2),), ValueError, "negative"),
    ("linspace", (0.0, 1.0, -1), ValueError, "num=-1"),
]  # fmt: skip
