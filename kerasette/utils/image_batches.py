"""Batches of pictures that are read from files, and what goes with them."""

import numpy as np

from kerasette.data.py_dataset import PyDataset
from kerasette.ops.resizing import resize
from kerasette.utils.images import in_color_mode, opened, pillow
from kerasette.utils.numerical import to_categorical


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


def targets_of(labels, label_mode, class_names):
    """Labels as `image_dataset_from_directory` returns them with its pictures.

    Parameters
    ----------
    labels : sequence of int or None
    label_mode : {"int", "categorical", "binary", None}
    class_names : list of str or None
    """
    if labels is None:
        return None
    labels = np.asarray(labels)
    if label_mode == "categorical":
        return to_categorical(labels, len(class_names)).astype("float32")
    if label_mode == "binary":
        return labels.astype("float32")[:, None]
    return labels.astype("int32")
