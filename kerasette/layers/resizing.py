"""Images of another size."""

import numpy as np

from kerasette import ops
from kerasette.layers.image_layer import ImageLayer, TargetSize, rounded
from kerasette.ops.resizing import resize

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area")


class Resizing(TargetSize, ImageLayer):
    """Resizes images, in training and otherwise.

    Parameters
    ----------
    height, width : int
        Size after.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"}
    crop_to_aspect_ratio : bool
        Whether what does not fit the new shape is cut off at both sides, so that the rest keeps
        its proportions.
    pad_to_aspect_ratio : bool
        Whether `fill_value` is put at both sides instead.
    fill_mode : {"constant"}
    fill_value : float
    antialias : bool
        Whether pixels of smaller images are averages over more pixels; of no effect for
        ``"nearest"`` and ``"area"``.
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a size or word that is not known, or both kinds of keeping proportions.

    Notes
    -----
    Integers stay integers: they are rounded. ``"bicubic"`` is that of Keras on JAX and TensorFlow
    (Keys, 1981, a = -1/2).

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.arange(4.0).reshape(2, 2, 1)
    >>> kerasette.layers.Resizing(1, 2)(image).numpy().ravel().tolist()
    [1.0, 2.0]
    """

    _keeps_dtype = True

    def __init__(
        self, height, width, interpolation="bilinear", crop_to_aspect_ratio=False,
        pad_to_aspect_ratio=False, fill_mode="constant", fill_value=0.0, antialias=False,
        data_format=None, **kwargs,
    ):  # fmt: skip
        super().__init__(height, width, data_format=data_format, **kwargs)
        if interpolation not in INTERPOLATIONS:
            raise ValueError(
                "Invalid value for argument `interpolation`. Expected of one "
                f"{INTERPOLATIONS}. Received: interpolation={interpolation}"
            )
        if fill_mode != "constant":
            raise ValueError(
                "Invalid value for argument `fill_mode`. Only `'constant'` is supported. "
                f"Received: fill_mode={fill_mode}"
            )
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ValueError(
                "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`."
            )
        self.interpolation = interpolation
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode = fill_mode
        self.fill_value = fill_value
        self.antialias = bool(antialias)

    def __call__(self, inputs, **kwargs):
        """Calls the layer on images, or on a dict with them."""
        outputs = super().__call__(inputs, **kwargs)
        if isinstance(inputs, np.ndarray) and inputs.dtype == np.uint8:
            # Tensors have wider integers.
            return ops.clip(outputs, 0, 255)
        return outputs

    def changed(self, images, training):
        """Images of the new size and the same dtype."""
        resized = resize(
            images,
            (self.height, self.width),
            self.interpolation,
            self.antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_value,
            self.data_format,
        )
        return rounded(resized, images.dtype)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "interpolation": self.interpolation,
            "crop_to_aspect_ratio": self.crop_to_aspect_ratio,
            "pad_to_aspect_ratio": self.pad_to_aspect_ratio,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
            "antialias": self.antialias,
        }
