"""Convolution and its transpose in NumPy, a tap at a time, with their gradients: the oracle."""

import itertools

import numpy as np


def taps(x_shape, w_shape, y_shape, strides, dilation):
    """Each tap's index in the kernel, and the places of the padded inputs that it meets."""
    for tap in itertools.product(*map(range, w_shape[:-2])):
        places = tuple(
            slice(t * d, t * d + (size - 1) * s + 1, s)
            for t, d, size, s in zip(tap, dilation, y_shape[1:-1], strides, strict=True)
        )
        yield tap, (slice(None), *places)


def even_pair(size, taps, stride, dilation):
    """Zeros before and after an axis, so that there is a place for each stride; more after it."""
    places = -(-size // stride)
    zeros = max((places - 1) * stride + (taps - 1) * dilation + 1 - size, 0)
    return zeros // 2, zeros - zeros // 2


def padded(x, pairs):
    return np.pad(x, ((0, 0), *pairs, (0, 0)))


def unpadded(x, pairs):
    inside = [slice(before, x.shape[i + 1] - after) for i, (before, after) in enumerate(pairs)]
    return x[(slice(None), *inside)]


def group(array, number, groups, axis=-1):
    return np.split(array, groups, axis)[number]


def conv(x, w, strides, pairs, dilation, groups=1):
    """The convolution of x, (batch, spatial..., channels), with `pairs` of zeros around it."""
    x = padded(x, pairs)
    sizes = [
        (size - (k - 1) * d - 1) // s + 1
        for size, k, s, d in zip(x.shape[1:-1], w.shape[:-2], strides, dilation, strict=True)
    ]
    y = np.zeros((len(x), *sizes, w.shape[-1]))
    for tap, places in taps(x.shape, w.shape, y.shape, strides, dilation):
        parts = [group(x[places], g, groups) @ group(w[tap], g, groups) for g in range(groups)]
        y += np.concatenate(parts, -1)
    return y


def conv_gradients(x, w, dy, strides, pairs, dilation, groups=1):
    """Of sum(conv(x, w) * dy): for x and for w."""
    x = padded(x, pairs)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for tap, places in taps(x.shape, w.shape, dy.shape, strides, dilation):
        for g in range(groups):
            seen, given = group(x[places], g, groups), group(dy, g, groups)
            group(dx, g, groups)[places] += given @ group(w[tap], g, groups).T
            axes = list(range(x.ndim - 1))
            group(dw, g, groups)[tap] += np.tensordot(seen, given, (axes, axes))
    return unpadded(dx, pairs), dw


def conv_transpose(x, w, strides, pads, dilation, output_shape):
    """Each place of x adds its multiple of the kernel; of the whole, `output_shape` from `pads`."""
    large = [
        max((size - 1) * s + (k - 1) * d + 1, pad + wanted)
        for size, k, s, d, pad, wanted in zip(
            x.shape[1:-1], w.shape[:-2], strides, dilation, pads, output_shape, strict=True
        )
    ]
    y = np.zeros((len(x), *large, w.shape[-2]))
    for tap, places in taps(y.shape, w.shape, x.shape, strides, dilation):
        y[places] += x @ w[tap].T
    inside = [slice(pad, pad + wanted) for pad, wanted in zip(pads, output_shape, strict=True)]
    return y[(slice(None), *inside)]


def conv_transpose_gradients(x, w, dy, strides, pads, dilation):
    """Of sum(conv_transpose(x, w) * dy): for x and for w."""
    sizes = zip(x.shape[1:-1], w.shape[:-2], strides, dilation, pads, dy.shape[1:-1], strict=True)
    pairs = [
        (pad, max((size - 1) * s + (k - 1) * d + 1 - pad - wanted, 0))
        for size, k, s, d, pad, wanted in sizes
    ]
    dy = padded(dy, pairs)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for tap, places in taps(dy.shape, w.shape, x.shape, strides, dilation):
        dx += dy[places] @ w[tap]
        axes = list(range(x.ndim - 1))
        dw[tap] += np.tensordot(dy[places], x, (axes, axes))
    return dx, dw
