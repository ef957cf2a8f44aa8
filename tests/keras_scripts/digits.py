"""Pictures of digits, 8 by 8 pixels, drawn by NumPy: a stand-in for MNIST."""

import numpy as np

# Seven rows of five pixels each.
GLYPHS = [
    "0e 11 13 15 19 11 0e", "04 0c 04 04 04 04 0e", "0e 11 01 02 04 08 1f", "1f 02 04 02 01 11 0e",
    "02 06 0a 12 1f 02 02", "1f 10 1e 01 01 11 0e", "06 08 10 1e 11 11 0e", "1f 01 02 04 08 08 08",
    "0e 11 11 0e 11 11 0e", "0e 11 11 0f 01 02 0c",
]  # fmt: skip


def load_data(train=500, test=200, seed=0):
    """``(x_train, y_train), (x_test, y_test)``: pixels from 0 to 255, and class numbers."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 10, train + test)
    x = np.stack([picture(digit, rng) for digit in y])
    return (x[:train], y[:train]), (x[train:], y[train:])


def picture(digit, rng):
    """One digit, somewhere in the picture, in some brightness, with noise."""
    rows = [int(row, 16) for row in GLYPHS[digit].split()]
    glyph = np.array([[row >> bit & 1 for bit in (4, 3, 2, 1, 0)] for row in rows])
    top, left = rng.integers(0, 2), rng.integers(0, 4)
    pixels = rng.integers(0, 60, (8, 8))
    pixels[top : top + 7, left : left + 5] += glyph * rng.integers(120, 196)
    return pixels.astype("uint8")
