"""Data sets of the pictures in folders."""

import numpy as np

from kerasette.config import standardize_data_format
from kerasette.data.py_dataset import PyDataset
from kerasette.ops.resizing import KERNELS, resize
from kerasette.utils.directories import check_validation_split, index_directory, part_of
from kerasette.utils.images import COLOR_MODES, in_color_mode, opened, pillow
from kerasette.utils.numerical import to_categorical

FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
INTERPOLATIONS = (*KERNELS, "nearest", "area")


class ImageDataset(PyDataset):
    """Batches of pictures that are read from files when they are asked for.

    Parameters
    ----------
    file_paths : list of str
    targets : ndarray, optional
        What is returned with each picture.
    read : callable
        Of a path: the picture as an array.
    batch_size : int or None
        None: pictures come one by one.
    shuffle : bool
        Whether each epoch has another order.
    seed : int
        Of these orders.
    class_names : list of str, optional
    **kwargs
        Of `PyDataset`.

    Attributes
    ----------
    file_paths : list of str
    class_names : list of str or None
    """

    def __init__(self, file_paths, targets, read, batch_size, shuffle, seed, class_names, **kwargs):
        super().__init__(**kwargs)
        self.file_paths = file_paths
        self.class_names = class_names
        self._targets = targets
        self._read = read
        self._batch_size = batch_size
        self._generator = np.random.RandomState(seed) if shuffle else None
        self._order = np.arange(len(file_paths))
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.file_paths) // (self._batch_size or 1))

    def __getitem__(self, index):
        """Batch number `index`: pictures, or pictures and targets."""
        if not 0 <= index < len(self):
            raise IndexError(f"There are {len(self)} batches. Received: index={index}")
        if self._batch_size is None:
            chosen = self._order[index]
            pictures = self._read(self.file_paths[chosen])
        else:
            chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
            pictures = np.stack([self._read(self.file_paths[i]) for i in chosen])
        return pictures if self._targets is None else (pictures, self._targets[chosen])

    def __iter__(self):
        """Batches of a pass, in a new order if they are shuffled."""
        yield from super().__iter__()
        self.on_epoch_end()

    def on_epoch_end(self):
        """Draws the order of the next epoch."""
        if self._generator is not None:
            self._order = self._generator.permutation(len(self.file_paths))


class PictureReader:
    """Reads pictures and makes them all alike.

    Parameters
    ----------
    color_mode, image_size, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, data_format
        Of `image_dataset_from_directory`.
    """

    def __init__(
        self, color_mode, image_size, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio,
        data_format,
    ):  # fmt: skip
        self.color_mode = color_mode
        self.image_size = image_size
        self.interpolation = interpolation
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.data_format = data_format

    def __call__(self, path):
        """The picture in a file, as float32."""
        try:
            image = in_color_mode(opened(pillow("image_dataset"), path), self.color_mode)
            pixels = np.asarray(image, dtype="float32")
        except Exception as error:
            error.add_note(f"in the picture {path}")
            raise
        pixels = self._resized(pixels[:, :, None] if pixels.ndim == 2 else pixels)
        return pixels.transpose(2, 0, 1) if self.data_format == "channels_first" else pixels

    def _resized(self, pixels):
        if not self.pad_to_aspect_ratio:
            cropped = self.crop_to_aspect_ratio
            return resize(
                pixels, self.image_size, self.interpolation, crop_to_aspect_ratio=cropped
            ).numpy()
        # In float32, as TensorFlow's `resize_with_pad` does: it decides what is rounded down.
        sizes, target = (np.array(a, "float32") for a in (pixels.shape[:2], self.image_size))
        fitting = sizes / (sizes / target).max()
        top, left = ((target - fitting) / 2).astype(int)
        inner = tuple(max(int(size), 1) for size in fitting)
        framed = np.zeros((*self.image_size, pixels.shape[2]), "float32")
        window = framed[top : top + inner[0], left : left + inner[1]]
        window[:] = resize(pixels, inner, self.interpolation).numpy()
        return framed


def image_dataset_from_directory(
    directory, labels="inferred", label_mode="int", class_names=None, color_mode="rgb",
    batch_size=32, image_size=(256, 256), shuffle=True, seed=None, validation_split=None,
    subset=None, interpolation="bilinear", follow_links=False, crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False, data_format=None, format="py_dataset", verbose=True,
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
    _check_labels(labels, label_mode, class_names)
    if labels is None or label_mode is None:
        labels = label_mode = None
    image_size, interpolation = _checked_pictures(color_mode, image_size, interpolation)
    if format != "py_dataset":
        raise ValueError(
            "`format` must be 'py_dataset': data sets of TensorFlow and Grain are not made. "
            f"Received: format={format}"
        )
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(
            "Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to `True`."
        )
    check_validation_split(validation_split, subset, shuffle, seed)
    data_format = standardize_data_format(data_format)
    pillow("image_dataset_from_directory")
    seed = np.random.randint(1e6) if seed is None else seed
    paths, labels, class_names = index_directory(
        directory, labels, FORMATS, class_names, shuffle, seed, follow_links, verbose
    )
    if label_mode == "binary" and len(class_names) != 2:
        raise ValueError(
            'When passing `label_mode="binary"`, there must be exactly 2 class_names. '
            f"Received: class_names={class_names}"
        )
    read = PictureReader(
        color_mode, image_size, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio,
        data_format,
    )  # fmt: skip

    def dataset(subset, kind="", shuffle=shuffle):
        chosen, its_labels = part_of(paths, labels, validation_split, subset)
        if not chosen:
            raise ValueError(
                f"No {kind}images found in directory {directory}. Allowed formats: {FORMATS}"
            )
        targets = _targets(its_labels, label_mode, class_names)
        return ImageDataset(chosen, targets, read, batch_size, shuffle, seed, class_names)

    if subset == "both":
        return [dataset("training", "training "), dataset("validation", "validation ", False)]
    return dataset(subset)


def _check_labels(labels, label_mode, class_names):
    is_list = isinstance(labels, (list, tuple))
    if not (is_list or labels is None or (isinstance(labels, str) and labels == "inferred")):
        raise ValueError(
            "`labels` argument should be a list/tuple of integer labels, of the same size as the "
            "number of image files in the target directory. If you wish to infer the labels from "
            'the subdirectory names in the target directory, pass `labels="inferred"`. If you '
            "wish to get a dataset that only contains images (no labels), pass `labels=None`. "
            f"Received: labels={labels}"
        )
    if is_list and class_names:
        raise ValueError(
            'You can only pass `class_names` if `labels="inferred"`. '
            f"Received: labels={labels}, and class_names={class_names}"
        )
    if label_mode not in ("int", "categorical", "binary", None):
        raise ValueError(
            '`label_mode` argument must be one of "int", "categorical", "binary", or None. '
            f"Received: label_mode={label_mode}"
        )


def _checked_pictures(color_mode, image_size, interpolation):
    """Height and width, and the interpolation in small letters."""
    if color_mode not in COLOR_MODES:
        raise ValueError(
            '`color_mode` must be one of {"rgb", "rgba", "grayscale"}. '
            f"Received: color_mode={color_mode}"
        )
    if isinstance(image_size, int):
        image_size = (image_size, image_size)
    elif not isinstance(image_size, (list, tuple)) or len(image_size) != 2:
        raise ValueError(
            "Invalid `image_size` value. Expected a tuple of 2 integers. "
            f"Received: image_size={image_size}"
        )
    if interpolation.lower() not in INTERPOLATIONS:
        raise ValueError(
            f"Argument `interpolation` should be one of {INTERPOLATIONS}. "
            f"Received: interpolation={interpolation}"
        )
    return tuple(image_size), interpolation.lower()


def _targets(labels, label_mode, class_names):
    if labels is None:
        return None
    labels = np.asarray(labels)
    if label_mode == "categorical":
        return to_categorical(labels, len(class_names)).astype("float32")
    if label_mode == "binary":
        return labels.astype("float32")[:, None]
    return labels.astype("int32")
