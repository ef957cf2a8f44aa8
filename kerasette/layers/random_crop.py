"""Windows of images, somewhere."""

import numpy as np

from kerasette import ops, random
from kerasette.layers.image_layer import RandomImageLayer, TargetSize, rounded
from kerasette.ops.resizing import crop, fitting_window, resize
from kerasette.random.seeds import make_default_seed


class RandomCrop(TargetSize, RandomImageLayer):
    """Cuts a window out of images, in training: out of all of a batch at the same place.

    Images that are not larger than the window, in height or width, are resized, from a window in
    the middle.

    Parameters
    ----------
    height, width : int
        Size of the window.
    seed : int, optional
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If the size is not made of positive integers.

    Notes
    -----
    Called on its own, without ``training=False``, it crops. As in Keras 3.15, images pass whole
    when not in training, whatever `compute_output_shape` says: `CenterCrop` makes them fit.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> images = np.zeros((2, 8, 8, 3))
    >>> kerasette.layers.RandomCrop(4, 6)(images).shape
    (2, 4, 6, 3)
    """

    def __init__(self, height, width, seed=None, data_format=None, name=None, **kwargs):
        seed = make_default_seed() if seed is None else seed
        super().__init__(height, width, seed=seed, data_format=data_format, name=name, **kwargs)

    def get_random_transformation(self, data, training=True, seed=None):
        """First row and first column of the window: int32 tensors, or numbers that follow."""
        shape = self._shape_of(data)
        height, width = shape[self._rows], shape[self._rows + 1]
        if not training or height <= self.height or width <= self.width:
            return fitting_window(height, width, self.height, self.width)[:2]
        seed = self._seed_for(seed)
        return tuple(
            ops.cast(random.uniform((), 0.0, float(room + 1), seed=seed), "int32")
            for room in (height - self.height, width - self.width)
        )

    def transform_images(self, images, transformation, training=True):
        """The window at a place."""
        images = ops.convert_to_tensor(images)
        if not training:
            return images
        images = ops.cast(images, self.compute_dtype)
        rows = len(images.shape) + self._rows
        top, left = transformation
        if not isinstance(top, int):
            return self._drawn_window(images, rows, top, left)
        images = crop(images, rows, top, left, self.height, self.width)
        resized = resize(images, (self.height, self.width), data_format=self.data_format)
        return rounded(resized, self.compute_dtype)

    def _drawn_window(self, images, rows, top, left):
        # Pixels of all images one after the other, of which those of the window are taken.
        shape = images.shape
        numbers = np.arange(int(np.prod(shape[: rows + 2]))).reshape(shape[: rows + 2])
        first = numbers[..., : self.height, : self.width].astype("int64")
        place = ops.cast(top * shape[rows + 1] + left, "int64")
        pixels = ops.reshape(images, (-1, *shape[rows + 2 :]))
        return ops.take(pixels, ops.convert_to_tensor(first) + place, axis=0)
