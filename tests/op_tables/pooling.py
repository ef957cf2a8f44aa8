"""Windows that slide over one to three axes."""

import naive_pooling as naive
import numpy as np

from op_tables.convolutions import FIRST, LINE, PICTURE, VOLUME


def pooling(kind):
    def oracle(x, pool_size, strides=None, padding="valid", data_format="channels_last"):
        if data_format == "channels_first":
            return np.moveaxis(oracle(np.moveaxis(x, 1, -1), pool_size, strides, padding), -1, 1)
        strides = pool_size if strides is None else strides
        steps = [(s,) * (x.ndim - 2) if isinstance(s, int) else s for s in (pool_size, strides)]
        return naive.pooled(kind, x, None, *steps, padding)[0]

    return oracle


ROWS = [
    row
    for name, oracle in (("max_pool", pooling("max")), ("average_pool", pooling("mean")))
    for row in (
        (name, (LINE, 2), {}, oracle),
        (name, (PICTURE, (3, 2)), {"strides": (1, 2)}, oracle),
        (name, (PICTURE, 3), {"strides": 2, "padding": "same"}, oracle),
        (name, (FIRST, 2), {"data_format": "channels_first"}, oracle),
        (name, (VOLUME, 2), {"strides": 1, "padding": "same"}, oracle),
    )
]

CONSTANT_ROWS = []

WRONG = [
    ("max_pool", (LINE[0], 2), ValueError, r"ndim=3, 4 or 5.*\(7, 3\)"),
    ("max_pool", (LINE, 8), ValueError, r"zero or negative.*\(2, 7, 3\)"),
    ("average_pool", (LINE, (2, 2)), ValueError, "`pool_size` argument must be a tuple of 1"),
    ("average_pool", (LINE, 2, 0), ValueError, "`strides` argument"),
]
