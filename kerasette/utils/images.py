"""Pictures from files and into files, with Pillow: ``pip install kerasette[image]``."""

import io
import pathlib
import warnings

import numpy as np

from kerasette._core.dtypes import floatx
from kerasette.checks import is_whole
from kerasette.config import standardize_data_format

# Names of the modes in Pillow.
COLOR_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def pillow(name):
    """Pillow's module of images.

    Parameters
    ----------
    name : str
        Of the function that needs it.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(
            f"Could not import PIL.Image. The use of `{name}` requires Pillow: "
            "`pip install kerasette[image]`."
        ) from error
    return Image


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """A picture with the values of an array.

    Parameters
    ----------
    x : array of shape (height, width, channels), with 1, 3 or 4 channels
        With the channels first if `data_format` says so.
    data_format : {"channels_last", "channels_first"}, optional
    scale : bool
        Whether the values are stretched over 0 to 255; otherwise they should be in this range.
    dtype : str, optional
        In which is computed; ``floatx()`` by default.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    ImportError
        If Pillow is not installed.
    ValueError
        For another shape.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> kerasette.utils.array_to_img(np.zeros((2, 3, 1))).size
    (3, 2)
    """
    data_format = standardize_data_format(data_format)
    image = pillow("array_to_img")
    x = np.asarray(x, dtype=floatx() if dtype is None else dtype)
    if x.ndim != 3:
        raise ValueError(
            f"Expected image array to have rank 3 (single image). Got array with shape: {x.shape}"
        )
    if data_format == "channels_first":
        x = x.transpose(1, 2, 0)
    channels = x.shape[2]
    if channels not in (1, 3, 4):
        raise ValueError(f"Unsupported channel number: {channels}")
    if scale:
        x = _stretched(x)
    if channels > 1:
        return image.fromarray(np.ascontiguousarray(x.astype("uint8")))
    # Whoever has more than 256 shades of grey gets 32 bits.
    return image.fromarray(x[:, :, 0].astype("int32" if x.max(initial=0) > 255 else "uint8"))


def _stretched(x):
    if x.size:
        x = x - x.min()
    return x / (x.max(initial=0) or 1) * 255


def img_to_array(img, data_format=None, dtype=None):
    """The values of a picture.

    Parameters
    ----------
    img : PIL.Image.Image, or array of two or three axes
    data_format : {"channels_last", "channels_first"}, optional
    dtype : str, optional
        ``floatx()`` by default.

    Returns
    -------
    ndarray of shape (height, width, channels)
        With the channels first if `data_format` says so.

    Raises
    ------
    ValueError
        For another shape.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> kerasette.utils.img_to_array(np.zeros((2, 3))).shape
    (2, 3, 1)
    """
    data_format = standardize_data_format(data_format)
    x = np.asarray(img, dtype=floatx() if dtype is None else dtype)
    if x.ndim not in (2, 3):
        raise ValueError(f"Unsupported image shape: {x.shape}")
    if x.ndim == 2:
        x = x[:, :, None]
    return x.transpose(2, 0, 1) if data_format == "channels_first" else x


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Writes an array as a picture.

    Parameters
    ----------
    path : str, path or file
    x : array of shape (height, width, channels), with 1, 3 or 4 channels
    data_format : {"channels_last", "channels_first"}, optional
    file_format : str, optional
        As ``"png"``; by default it follows from the end of the path.
    scale : bool
        Whether the values are stretched over 0 to 255.
    **kwargs
        Of Pillow's ``Image.save``.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    ValueError
        For another shape, or a format that is not known.
    """
    if file_format is None and isinstance(path, (str, pathlib.Path)):
        file_format = pathlib.Path(path).suffix[1:]
    file_format = _checked_format(pillow("save_img"), file_format)
    img = array_to_img(x, data_format=data_format, scale=scale)
    if img.mode == "RGBA" and file_format == "jpeg":
        warnings.warn(
            "The JPEG format does not support RGBA images, converting to RGB.", stacklevel=2
        )
        img = img.convert("RGB")
    img.save(path, format=file_format, **kwargs)


def _checked_format(image, file_format):
    """A format by Pillow's name for it, in small letters; None and "" stay as they are."""
    if not file_format:
        return file_format
    name = str(file_format).lower()
    name = "jpeg" if name == "jpg" else name
    image.init()
    known = sorted(format.lower() for format in image.SAVE)
    if name not in known:
        raise ValueError(
            f"`file_format`, or the end of `path`, must be one of {known}. "
            f"Received: file_format={file_format!r}"
        )
    return name


def load_img(
    path, color_mode="rgb", target_size=None, interpolation="nearest", keep_aspect_ratio=False
):
    """The picture in a file.

    Parameters
    ----------
    path : str, path, or io.BytesIO with the bytes of a file
    color_mode : {"rgb", "grayscale", "rgba"}
        What it is converted to. Pictures with 16 or 32 bits of grey stay as they are for
        ``"grayscale"``.
    target_size : (int, int), optional
        Height and width to which it is resized.
    interpolation : {"nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"}
    keep_aspect_ratio : bool
        Whether what does not fit the new shape is cut off at both sides first.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    ImportError
        If Pillow is not installed.
    TypeError
        For another kind of path.
    ValueError
        For a color mode or an interpolation that is not known, or a size that is none.

    Examples
    --------
    >>> import io, kerasette, numpy as np
    >>> file = io.BytesIO()
    >>> kerasette.utils.save_img(file, np.eye(4)[:, :, None], file_format="png")
    >>> kerasette.utils.load_img(file, target_size=(2, 3)).size
    (3, 2)
    """
    image = pillow("load_img")
    if color_mode not in COLOR_MODES:
        raise ValueError(
            f'color_mode must be "grayscale", "rgb", or "rgba". Received: color_mode={color_mode}'
        )
    if interpolation not in INTERPOLATIONS:
        raise ValueError(
            f"Invalid interpolation method {interpolation} specified. Supported methods are "
            f"{', '.join(INTERPOLATIONS)}"
        )
    if target_size is not None and not is_picture_size(target_size):
        raise ValueError(
            "`target_size` must be a tuple of 2 positive integers, height and width. "
            f"Received: target_size={target_size!r}"
        )
    img = in_color_mode(opened(image, path), color_mode)
    if target_size is None or img.size == (target_size[1], target_size[0]):
        return img
    height, width = target_size
    box = _window(*img.size, width, height) if keep_aspect_ratio else None
    return img.resize((width, height), image.Resampling[interpolation.upper()], box=box)


def is_picture_size(value):
    """Whether a value is a height and a width.

    >>> is_picture_size((2, 3)), is_picture_size((0, 3)), is_picture_size(5)
    (True, False, False)
    """
    is_pair = isinstance(value, (list, tuple)) and len(value) == 2
    return is_pair and all(is_whole(size) and size > 0 for size in value)


def opened(image, path):
    """The picture in a file, or in the bytes of one; nothing stays open."""
    if isinstance(path, (pathlib.Path, bytes, str)):
        with open(path, "rb") as file:
            path = io.BytesIO(file.read())
    if not isinstance(path, io.BytesIO):
        raise TypeError(f"path should be path-like or io.BytesIO, not {type(path)}")
    return image.open(path)


def in_color_mode(img, color_mode):
    """A picture in one of `COLOR_MODES`."""
    mode = COLOR_MODES[color_mode]
    if img.mode == mode or (mode == "L" and img.mode in ("I;16", "I")):
        return img
    return img.convert(mode)


def _window(width, height, target_width, target_height):
    """Left, top, right and bottom of the largest window in the middle of the target's shape."""
    crop_height = min(height, width * target_height // target_width)
    crop_width = min(width, height * target_width // target_height)
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    return left, top, left + crop_width, top + crop_height
