"""Images of another size."""

import functools

import numpy as np

from kerasette._core.dtypes import floatx
from kerasette._core.ops import cast, get_item, resample
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.repetition import pad


def _cubic(x, a, b, c, d, e, f, g):
    near = (a * x + b) * x * x + c
    return np.where(x < 1, near, np.where(x < 2, ((d * x + e) * x + f) * x + g, 0.0))


def _keys(x):
    # Keys, "Cubic convolution interpolation for digital image processing", 1981, a = -1/2.
    return _cubic(x, 1.5, -2.5, 1.0, -0.5, 2.5, -4.0, 2.0)


def _mitchell(x):
    # Mitchell and Netravali, "Reconstruction filters in computer graphics", 1988, B = C = 1/3.
    return _cubic(x, 7 / 6, -2.0, 8 / 9, -7 / 18, 2.0, -10 / 3, 16 / 9)


def _lanczos(radius, x):
    return np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0.0)


def _triangle(x):
    return np.maximum(1.0 - x, 0.0)


def _gaussian(x):
    return np.where(x < 1.5, np.exp(-2.0 * x * x), 0.0)


# Weights of a pixel by its distance.
KERNELS = {
    "bilinear": _triangle,
    "bicubic": _keys,
    "lanczos3": functools.partial(_lanczos, 3),
    "lanczos5": functools.partial(_lanczos, 5),
    "gaussian": _gaussian,
    "mitchellcubic": _mitchell,
}
# Kernels that change images also where the size stays.
SMOOTHING = ("gaussian", "mitchellcubic")


@functools.lru_cache(maxsize=64)
def weights(n_in, n_out, interpolation, antialias=False):
    """The matrix that takes `n_in` pixels in a row to `n_out` over the same length.

    Parameters
    ----------
    n_in, n_out : int
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area", \
"gaussian", "mitchellcubic"}
    antialias : bool
        Whether fewer pixels are averages over as many as fall to each; of no effect for "nearest"
        and "area".

    Returns
    -------
    read-only ndarray of float64 and shape (n_out, n_in)
        Rows add up to 1.
    """
    scale = n_in / n_out
    if interpolation == "nearest":
        chosen = np.floor((np.arange(n_out, dtype="float32") + 0.5) * n_in / n_out)
        matrix = np.eye(n_in)[np.minimum(chosen.astype(int), n_in - 1)]
    else:
        if interpolation == "area":
            edges = np.arange(n_out + 1)[:, None] * scale
            covered = np.clip(edges - np.arange(n_in), 0.0, 1.0)
            matrix = np.diff(covered, axis=0)
        else:
            centers = (np.arange(n_out)[:, None] + 0.5) * scale - 0.5
            width = max(scale, 1.0) if antialias else 1.0
            matrix = KERNELS[interpolation](np.abs(centers - np.arange(n_in)) / width)
        matrix = matrix / matrix.sum(axis=1, keepdims=True)
    matrix.setflags(write=False)
    return matrix


def resize(
    images, size, interpolation="bilinear", antialias=False, crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False, fill_value=0.0, data_format="channels_last",
):  # fmt: skip
    """Images of another height and width.

    Parameters
    ----------
    images : Tensor of shape (..., height, width, channels) or (..., channels, height, width)
        Integers give real numbers.
    size : (int, int)
        Height and width after.
    interpolation, antialias
        As for `weights`.
    crop_to_aspect_ratio : bool
        Whether what does not fit the new shape is cut off at both sides, so that the rest keeps
        its proportions.
    pad_to_aspect_ratio : bool
        Whether `fill_value` is put at both sides instead.
    fill_value : float
    data_format : {"channels_last", "channels_first"}
    """
    images = convert_to_tensor(images)
    if images.dtype not in ("float32", "float64"):
        # Class numbers stay as they are, however large.
        images = cast(images, "float64" if interpolation == "nearest" else floatx())
    rows = len(images.shape) - (3 if data_format == "channels_last" else 2)
    if crop_to_aspect_ratio:
        images = crop(images, rows, *fitting_window(*images.shape[rows : rows + 2], *size))
    elif pad_to_aspect_ratio:
        images = _padded(images, rows, size, fill_value)
    for axis, n_out in zip((rows, rows + 1), size, strict=True):
        n_in = images.shape[axis]
        if n_in != n_out or interpolation in SMOOTHING:
            matrix = weights(n_in, n_out, interpolation, bool(antialias))
            images = resample(images, matrix.astype(images.dtype), axis)
    return images


def fitting_window(height, width, target_height, target_width):
    """The largest window in the middle of an image that has the target's proportions.

    Returns
    -------
    (int, int, int, int)
        First row, first column, height and width.
    """
    crop_height = max(min(height, int(width * target_height / target_width)), 1)
    crop_width = max(min(width, int(height * target_width / target_height)), 1)
    return (height - crop_height) // 2, (width - crop_width) // 2, crop_height, crop_width


def crop(images, rows, top, left, height, width):
    """A window of images whose rows are along axis `rows`, and columns along the next."""
    window = (slice(top, top + height), slice(left, left + width))
    return get_item(images, (slice(None),) * rows + window)


def _padded(images, rows, size, fill_value):
    height, width = images.shape[rows : rows + 2]
    above = (max(height, int(width * size[0] / size[1])) - height) // 2
    before = (max(width, int(height * size[1] / size[0])) - width) // 2
    widths = [(0, 0)] * len(images.shape)
    widths[rows : rows + 2] = (above, above), (before, before)
    return pad(images, widths, constant_values=fill_value)
