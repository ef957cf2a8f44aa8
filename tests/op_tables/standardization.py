"""Mean 0 and variance 1."""

import numpy as np

from op_tables.data import CUBE, LABELS, POSITIVE, A, B, C


def np_batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    def along(vector):
        return np.moveaxis(np.broadcast_to(vector, np.moveaxis(x, axis, -1).shape), -1, axis)

    scale = np.ones_like(mean) if scale is None else scale
    offset = np.zeros_like(mean) if offset is None else offset
    y = (x - along(mean)) / np.sqrt(along(variance) + epsilon)
    return y * along(scale) + along(offset)


def np_layer_normalization(x, gamma=1, beta=0, axis=-1, epsilon=1e-7):
    y = x - x.mean(axis, keepdims=True)
    return y / np.sqrt(x.var(axis, keepdims=True) + epsilon) * gamma + beta


def np_rms(x, scale=1, axis=-1, epsilon=1e-7):
    return x / np.sqrt((x**2).mean(axis, keepdims=True) + epsilon) * scale


ROWS = [
    ("batch_normalization", (A, B, B**2, 1), {}, np_batch_normalization),
    (
        "batch_normalization", (CUBE, B[:3].copy(), B[:3] ** 2, 1, A[:, 0].copy(), A[:, 1].copy()),
        {"epsilon": 0.1}, np_batch_normalization,
    ),
    ("layer_normalization", (A,), {}, np_layer_normalization),
    ("layer_normalization", (A, B, C[0].copy()), {"epsilon": 0.1}, np_layer_normalization),
    (
        "layer_normalization", (CUBE, A[:2].copy(), CUBE[:, 0].copy()),
        {"axis": (2, 0)},
        lambda x, g, b, axis: np_layer_normalization(x, g[:, None], b[:, None], axis),
    ),
    ("psnr", (A, C), {"max_val": 2.0},
     lambda x, y, max_val: 10 * np.log10(max_val**2 / ((x - y) ** 2).mean())),
    ("rms_normalization", (A,), {}, np_rms),
    ("rms_normalization", (A, B), {"epsilon": 0.1}, np_rms),
    ("rms_normalization", (CUBE, POSITIVE[0, :3].copy()), {"axis": 1},
     lambda x, s, axis: np_rms(x, s[:, None], axis)),
]  # fmt: skip

CONSTANT_ROWS = []

WRONG = [
    ("batch_normalization", (A, B[:2], B, 1), ValueError, "`mean` must be a vector of length"),
    ("batch_normalization", (A, B, B, 2), ValueError, "out of bounds"),
    ("batch_normalization", (A, B, B, 1, B[:1]), ValueError, "`offset` must be"),
    ("layer_normalization", (A, B[:2]), ValueError, "`gamma` must have shape"),
    ("layer_normalization", (A, None, A), ValueError, "`beta` must have shape"),
    ("layer_normalization", (A, None, None, 2), ValueError, "out of bounds"),
    ("moments", (A, 2), ValueError, "out of bounds"),
    ("moments", (A, 0, False, True), ValueError, "synchronized=True is not .* Leave it False"),
    ("psnr", (A, B, 1.0), ValueError, "must match for PSNR"),
    ("rms_normalization", (A, LABELS), ValueError, "`scale` must have shape"),
]
