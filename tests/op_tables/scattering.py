"""Elements put at places, and segments."""

import numpy as np

from op_tables.data import CUBE, LABELS, A, B, C, rng

PLACES = np.array([[0, 1], [2, 3], [0, 1], [-1, 0]])
VALUES = rng.normal(size=4)
ROW_PLACES = np.array([[2], [0], [2]])
IDS = np.array([1, 0, 3, 1, -1, 7, 1])
DATA = rng.normal(size=(7, 2))
WITH_ZEROS = DATA * (abs(DATA) > 0.5)
COUNTS = np.arange(7) - 3

UFUNCS = {"add": np.add, "max": np.maximum, "min": np.minimum, "mul": np.multiply}


def np_scatter_update(x, places, updates, reduction=None):
    x = x.copy()
    for place, update in zip(places, updates):
        place = tuple(place)
        x[place] = update if reduction is None else UFUNCS[reduction](x[place], update)
    return x


def np_scatter(places, values, shape):
    places = places.reshape(-1, places.shape[-1])
    values = values.reshape(-1, *shape[places.shape[-1] :])
    return np_scatter_update(np.zeros(shape, values.dtype), places, values, "add")


def np_segments(how, start):
    def function(data, ids, num_segments=None, sorted=False):
        n = ids.max() + 1 if num_segments is None else num_segments
        first = start(data.dtype) if callable(start) else start
        out = np.full((n, *data.shape[1:]), first, data.dtype)
        for row, number in zip(data, ids):
            if 0 <= number < n:
                out[number] = UFUNCS[how](out[number], row)
        return out

    return function


np_sum, np_prod = np_segments("add", 0), np_segments("mul", 1)
np_max, np_min = np_segments("max", -np.inf), np_segments("min", np.inf)


def slice_update(x, starts, block):
    x = x.copy()
    x[tuple(slice(a, a + n) for a, n in zip(starts, block.shape))] = block
    return x


ROWS = [
    ("scatter", (PLACES, VALUES, (3, 4)), {}, np_scatter),
    ("scatter", (ROW_PLACES, A, (5, 4)), {}, np_scatter),
    ("scatter", (PLACES.reshape(2, 2, 2), VALUES.reshape(2, 2), (3, 4)), {}, np_scatter),
    *[
        ("scatter_update", (A, PLACES, VALUES), {"reduction": how}, np_scatter_update)
        for how in (None, "add", "max", "min", "mul")
    ],
    *[
        ("scatter_update", (A, ROW_PLACES, C), {"reduction": how}, np_scatter_update)
        for how in (None, "add", "max", "min", "mul")
    ],
    ("scatter_update", (CUBE, PLACES[:, :1] % 2, CUBE[[0, 1, 1, 0]] + 1), {}, np_scatter_update),
    (
        "scatter_update", (WITH_ZEROS, np.array([[0], [1], [1], [2]]), WITH_ZEROS[:4]),
        {"reduction": "mul"}, np_scatter_update,
    ),
    ("segment_sum", (DATA, IDS), {"num_segments": 4}, np_sum),
    ("segment_sum", (DATA, IDS), {}, np_sum),
    ("segment_sum", (DATA[:4, 0].copy(), np.array([0, 0, 2, 2])), {"sorted": True}, np_sum),
    ("segment_prod", (DATA, IDS), {"num_segments": 5}, np_prod),
    ("segment_max", (DATA[:4], np.array([0, 1, 1, 0])), {}, np_max),
    ("segment_min", (DATA[:4], np.array([0, 1, 1, 0])), {"num_segments": 2}, np_min),
    ("slice", (A, (1, 0), (2, 3)), {}, lambda x, start, shape: x[1:3, 0:3]),
    ("slice", (A, np.array([1, 2]), (2, 1)), {}, lambda x, start, shape: x[1:3, 2:3]),
    ("slice_update", (A, (1, 1), C[:2, :3].copy()), {}, slice_update),
    ("slice_update", (B, [3], B[:1].copy()), {}, slice_update),
]  # fmt: skip

CONSTANT_ROWS = [
    ("scatter_update", (COUNTS, np.array([[0], [-1], [0]]), np.array([5, 6, 7])), {},
     np_scatter_update),
    ("scatter_update", (COUNTS > 0, np.array([[0], [6]]), np.array([True, False])),
     {"reduction": "add"}, np_scatter_update),
    ("scatter_update", (COUNTS > 0, np.array([[0], [6]]), np.array([True, False])), {},
     np_scatter_update),
    ("scatter_update", (COUNTS, np.zeros((0, 1), int), np.zeros(0)), {}, np_scatter_update),
    ("segment_sum", (COUNTS > 0, np.array([0, 1, 0, 0, 1, 1, 1])), {},
     lambda x, ids: np_sum(x.astype(int), ids)),
    ("segment_sum", (np.zeros((0, 2)), np.zeros(0, int)), {"num_segments": 3}, np_sum),
    ("segment_sum", (np.zeros((0, 2)), np.zeros(0, int)), {},
     lambda x, ids: np.zeros((0, 2))),
    ("segment_max", (COUNTS, IDS), {"num_segments": 4},
     np_segments("max", lambda t: np.iinfo(t).min)),
    ("segment_min", (COUNTS, IDS), {"num_segments": 4},
     np_segments("min", lambda t: np.iinfo(t).max)),
    ("segment_max", (DATA, IDS), {"num_segments": 4}, np_max),
    ("segment_min", (DATA, IDS), {"num_segments": 4}, np_min),
    ("segment_prod", (COUNTS, IDS), {"num_segments": 4}, np_prod),
    ("slice", (LABELS, [1], [2]), {}, lambda x, start, shape: x[1:]),
    ("slice_update", (LABELS, [1], [7]), {}, lambda *_: np.array([2, 7, 3])),
    ("slice_update", (5.0, [], 7.0), {}, lambda *_: np.array(7.0)),
]  # fmt: skip

WRONG = [
    ("scatter", ([[3]], [1.0], (3,)), ValueError, r"value 3 at position 0 .* \[-3, 3\)"),
    ("scatter", ([[0]], A, (3, 4)), ValueError, "a value for each place"),
    ("scatter_update", (A, [[0, 4]], [1.0]), ValueError, r"value 4 at position 1 .* \[-4, 4\)"),
    (
        "scatter_update",
        (A, [[0, 0], [-4, 0]], [1.0, 2.0]),
        ValueError,
        r"value -4 at position 2 .* \[-3, 3\)",
    ),
    ("scatter_update", (A, [[0, 0]], [1.0], "mean"), ValueError, "Invalid reduction"),
    ("scatter_update", (A, [0, 0], [1.0]), ValueError, "`indices` must have shape"),
    ("scatter_update", (A, [[0, 0, 0]], [1.0]), ValueError, "`indices` must have shape"),
    ("scatter_update", (A, [[0, 0]], [1.0, 2.0]), ValueError, "`updates` must have shape"),
    ("scatter_update", (A, [[0.5, 0.0]], [1.0]), TypeError, "integers"),
    ("segment_sum", (DATA, IDS[:3]), ValueError, "a number for each row"),
    ("segment_sum", (DATA, IDS * 1.0), TypeError, "integers"),
    ("segment_max", (1.0, 0), ValueError, "a number for each row"),
    ("segment_min", (DATA, DATA[:, 0]), TypeError, "integers"),
    ("segment_prod", (DATA, IDS[:, None]), ValueError, "a number for each row"),
    ("slice", (A, (2, 0), (2, 3)), ValueError, "no block"),
    ("slice", (A, (-1, 0), (1, 1)), ValueError, "no block"),
    ("slice", (A, (0, 0), (4, 1)), ValueError, "no block"),
    ("slice", (A, (0, 0), (-1, 1)), ValueError, "no block"),
    ("slice", (A, (0, 0), (1,)), ValueError, "as many axes"),
    ("slice", (A, (0,), (1, 1)), ValueError, "a place for each axis"),
    ("slice_update", (A, (2, 0), C), ValueError, "no block"),
    ("slice_update", (A, (0, 0), B), ValueError, "as many axes"),
]
