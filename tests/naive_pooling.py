"""Pooling in NumPy, a window at a time, with gradients: the oracle."""

import itertools

import numpy as np


def windows(shape, pool_size, strides, padding):
    """(place in the output, slices of the input) of each window, of shapes of space."""
    along = []
    for size, window, stride in zip(shape, pool_size, strides, strict=True):
        if padding == "same":
            count = -(-size // stride)
            before = max((count - 1) * stride + window - size, 0) // 2
        else:
            count, before = (size - window) // stride + 1, 0
        starts = [place * stride - before for place in range(count)]
        along.append([slice(max(start, 0), min(start + window, size)) for start in starts])
    for place in itertools.product(*(range(len(slices)) for slices in along)):
        yield place, tuple(slices[i] for slices, i in zip(along, place, strict=True))


def largest(values):
    """Where the first of the largest numbers is, or the last nan."""
    flat = np.ravel(values)
    missing = np.flatnonzero(np.isnan(flat))
    at = missing[-1] if missing.size else np.argmax(flat)
    return np.unravel_index(at, values.shape)


def pooled(kind, x, dy, pool_size, strides, padding):
    """Output, and gradient of x, of ``"max"`` or ``"mean"``; dy None: of ones."""
    x = np.asarray(x, "float64")
    every = list(windows(x.shape[1:-1], pool_size, strides, padding))
    sizes = [1 + max(axis) for axis in zip(*(place for place, _ in every), strict=True)]
    y = np.empty((len(x), *sizes, x.shape[-1]))
    dy = np.ones_like(y) if dy is None else dy
    dx = np.zeros_like(x)
    for image, channel in itertools.product(range(len(x)), range(x.shape[-1])):
        for place, part in every:
            here, there = (image, *place, channel), (image, *part, channel)
            values, slope = x[there], dy[here]
            if kind == "mean":
                y[here] = values.mean()
                dx[there] += slope / values.size
            else:
                best = largest(values)
                y[here] = values[best]
                dx[there][best] += slope
    return y, dx
