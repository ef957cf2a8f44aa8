"""The middle of images."""

from kerasette import ops
from kerasette.layers.image_layer import ImageLayer, TargetSize
from kerasette.ops.resizing import crop, resize


class CenterCrop(TargetSize, ImageLayer):
    """Cuts the middle out of images, in training and otherwise.

    Images that are too small are resized, from the largest window in the middle that has the
    proportions of the new size.

    Parameters
    ----------
    height, width : int
        Size after.
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If the size is not made of positive integers.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.arange(16.0).reshape(4, 4, 1)
    >>> kerasette.layers.CenterCrop(2, 2)(image).numpy().ravel().tolist()
    [5.0, 6.0, 9.0, 10.0]
    """

    def __init__(self, height, width, data_format=None, **kwargs):
        super().__init__(height, width, data_format=data_format, **kwargs)

    def changed(self, images, training):
        """The middle of images, in the layer's dtype."""
        images = ops.cast(images, self.compute_dtype)
        rows = len(images.shape) + self._rows
        height, width = images.shape[rows : rows + 2]
        if height >= self.height and width >= self.width:
            top, left = (height - self.height) // 2, (width - self.width) // 2
            return crop(images, rows, top, left, self.height, self.width)
        size = (self.height, self.width)
        return resize(images, size, crop_to_aspect_ratio=True, data_format=self.data_format)
