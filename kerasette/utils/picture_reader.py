"""Pictures that are read from files and made all alike."""

import numpy as np

from kerasette.ops.resizing import resize
from kerasette.utils.images import in_color_mode, opened, pillow


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
