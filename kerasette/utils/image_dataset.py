"""Data sets of the pictures in folders."""

from typing import Any

from kerasette.config import standardize_data_format
from kerasette.ops.resizing import KERNELS
from kerasette.utils.images import COLOR_MODES, is_picture_size, pillow
from kerasette.utils.labelled_files import check_format, check_labels, datasets_of_files
from kerasette.utils.picture_reader import PictureReader

FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
INTERPOLATIONS = (*KERNELS, "nearest", "area")


def image_dataset_from_directory(
    directory, labels: Any = "inferred", label_mode: Any = "int", class_names=None,
    color_mode="rgb", batch_size: Any = 32, image_size=(256, 256), shuffle=True, seed=None,
    validation_split=None, subset=None, interpolation="bilinear", follow_links=False,
    crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, data_format=None, format="py_dataset",
    verbose=True,
):  # fmt: skip
    """A data set of the pictures in a folder: ``.bmp``, ``.gif``, ``.jpeg``, ``.jpg``, ``.png``.

    Parameters
    ----------
    directory : str or path
    labels : {"inferred"}, list of int, or None
        ``"inferred"``: each folder in the directory is a class. Or a label for each picture, in
        the order of their paths; or none.
    label_mode : {"int", "categorical", "binary", None}
        int32 numbers, float32 one-hot vectors, float32 0 and 1 of shape (batch, 1), or none.
    class_names : list of str, optional
        Folders of the classes, in the order of their numbers; by default all, by name.
    color_mode : {"rgb", "grayscale", "rgba"}
        3, 1 or 4 channels.
    batch_size : int or None
        None: pictures come one by one.
    image_size : (int, int) or int
        Height and width to which all are resized.
    shuffle : bool
        Whether they come in another order than that of their paths, a new one in each epoch.
    seed : int, optional
        Of these orders; by default drawn from NumPy's global generator.
    validation_split : float, optional
        Share that is for validation.
    subset : {"training", "validation", "both"}, optional
        Which part is returned, if there is a split.
    interpolation : {"bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", \
"gaussian", "mitchellcubic"}
    follow_links : bool
        Whether folders that are links are gone into.
    crop_to_aspect_ratio : bool
        Whether what does not fit the new shape is cut off at both sides, so that the rest keeps
        its proportions.
    pad_to_aspect_ratio : bool
        Whether zeros are put at both sides instead.
    data_format : {"channels_last", "channels_first"}, optional
    format : {"py_dataset"}
        There is no ``"tf"``, which needs TensorFlow, and no ``"grain"``.
    verbose : bool
        Whether the number of pictures is printed.

    Returns
    -------
    PyDataset, or with ``subset="both"`` a list of two
        Of batches of pictures, float32 of shape (batch, height, width, channels), or of
        ``(pictures, labels)``. Its ``class_names`` and ``file_paths`` are as the names say. Set
        its ``workers`` to have pictures read ahead by so many threads.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    ValueError
        For arguments that are not known or do not go together; if there are no pictures.

    Examples
    --------
    >>> import kerasette, numpy as np, os, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> for name in ("cats", "dogs"):
    ...     os.mkdir(os.path.join(folder, name))
    ...     path = os.path.join(folder, name, "0.png")
    ...     kerasette.utils.save_img(path, np.ones((4, 5, 3)))
    >>> data = kerasette.utils.image_dataset_from_directory(folder, image_size=(8, 8))
    Found 2 files belonging to 2 classes.
    >>> data.class_names
    ['cats', 'dogs']
    >>> pictures, labels = data[0]
    >>> pictures.shape, sorted(labels.tolist())
    ((2, 8, 8, 3), [0, 1])
    """
    check_labels(labels, label_mode, class_names, "image")
    image_size, interpolation = _checked_pictures(color_mode, image_size, interpolation)
    check_format(format)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(
            "Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to `True`."
        )
    data_format = standardize_data_format(data_format)
    pillow("image_dataset_from_directory")
    read = PictureReader(
        color_mode, image_size, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio,
        data_format,
    )  # fmt: skip
    return datasets_of_files(
        directory, read, "images", FORMATS, labels, label_mode, class_names, batch_size, shuffle,
        seed, validation_split, subset, follow_links, verbose,
    )  # fmt: skip


def _checked_pictures(color_mode, image_size, interpolation):
    """Height and width, and the interpolation in small letters."""
    if color_mode not in COLOR_MODES:
        raise ValueError(
            '`color_mode` must be one of {"rgb", "rgba", "grayscale"}. '
            f"Received: color_mode={color_mode}"
        )
    given = image_size
    if isinstance(image_size, int):
        image_size = (image_size, image_size)
    if not is_picture_size(image_size):
        raise ValueError(
            "Invalid `image_size` value. Expected a tuple of 2 integers, which are positive. "
            f"Received: image_size={given!r}"
        )
    if str(interpolation).lower() not in INTERPOLATIONS:
        raise ValueError(
            f"Argument `interpolation` should be one of {INTERPOLATIONS}. "
            f"Received: interpolation={interpolation}"
        )
    return tuple(image_size), interpolation.lower()
