"""Images with more or less contrast and brightness."""

from kerasette import ops, random
from kerasette.layers.factors import checked_factor
from kerasette.layers.image_layer import RandomImageLayer


class RandomColor(RandomImageLayer):
    """Base of the layers that change the values of pixels, by a number for each image.

    Parameters
    ----------
    factor : float or (float, float)
    value_range : (float, float)
        Values stay within.
    least, most : float
        Bounds of the factor.
    **kwargs
        Of `RandomImageLayer`.
    """

    def __init__(self, factor, value_range, least, most, **kwargs):
        super().__init__(**kwargs)
        self.factor = checked_factor(factor, least, most)
        self.value_range = value_range

    def _draw_shape(self, data):
        """A number for each image."""
        shape = self._shape_of(data)
        return (1, 1, 1) if len(shape) == 3 else (shape[0], 1, 1, 1)

    def transform_images(self, images, transformation, training=True):
        """Images with other values; as they are if not in training."""
        images = ops.convert_to_tensor(images)
        if not training:
            return images
        return ops.clip(self.transformed(images, transformation), *self.value_range)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {"factor": self.factor, "value_range": self.value_range}
        return {**super().get_config(), **config}


class RandomContrast(RandomColor):
    """Moves the values of each channel away from their mean, in training.

    ``(x - mean) * contrast + mean``, where the contrast is drawn for each image.

    Parameters
    ----------
    factor : float or (float, float)
        In [0, 1]: the contrast lies within ``1 - lower`` and ``1 + upper``. As in Keras a number
        is the upper bound, and the lower one is 0.
    value_range : (float, float)
        Values stay within.
    seed : int, optional
    **kwargs
        ``data_format``, and ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a factor that is none, or out of range.

    Notes
    -----
    Called on its own, without ``training=False``, it changes images.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1)
    >>> left, middle, right = kerasette.layers.RandomContrast(0.5, seed=1)(image).numpy().ravel()
    >>> bool(left <= 1.0), float(middle), bool(right >= 3.0)
    (True, 2.0, True)
    """

    _needs_real = True

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(factor, value_range, 0, 1, seed=seed, **kwargs)

    def get_random_transformation(self, data, training=True, seed=None):
        """``{"contrast_factor": a number for each image}``."""
        shape = self._draw_shape(data)
        if not training:
            return {"contrast_factor": ops.zeros(shape)}
        lower, upper = self.factor
        draw = random.uniform(
            shape, 1.0 - lower, 1.0 + upper, dtype=self.compute_dtype, seed=self._seed_for(seed)
        )
        return {"contrast_factor": draw}

    def transformed(self, images, transformation):
        """Images with another contrast."""
        mean = ops.mean(images, axis=(self._rows, self._rows + 1), keepdims=True)
        return (images - mean) * transformation["contrast_factor"] + mean


class RandomBrightness(RandomColor):
    """Adds a number to the values of each image, in training.

    Parameters
    ----------
    factor : float or (float, float)
        Range of what is added, in [-1, 1], as a share of the width of `value_range`; a number
        stands for ``(-factor, factor)``.
    value_range : (float, float)
        Values stay within.
    seed : int, optional
    **kwargs
        ``data_format``, and ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a factor that is none, or out of range, or a range that is not two numbers.

    Notes
    -----
    Called on its own, without ``training=False``, it changes images. To integers whole numbers
    are added, and they stay integers.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> brighter = kerasette.layers.RandomBrightness((0.5, 0.5), value_range=(0, 2))
    >>> brighter(np.array([0.5, 1.5]).reshape(1, 2, 1)).numpy().ravel().tolist()
    [1.5, 2.0]
    """

    _keeps_dtype = True

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        if not isinstance(value_range, (tuple, list)) or len(value_range) != 2:
            raise ValueError(
                "The `value_range` argument should be a list of two numbers. "
                f"Received: value_range={value_range}"
            )
        super().__init__(factor or 0.0, sorted(value_range), -1, 1, seed=seed, **kwargs)

    def get_random_transformation(self, data, training=True, seed=None):
        """``{"rgb_delta": a number for each image}``."""
        shape = self._draw_shape(data)
        if not training:
            return {"rgb_delta": ops.zeros(shape)}
        draw = random.uniform(shape, *self.factor, seed=self._seed_for(seed))
        return {"rgb_delta": draw * float(self.value_range[1] - self.value_range[0])}

    def transformed(self, images, transformation):
        """Images with another brightness."""
        return images + ops.cast(transformation["rgb_delta"], images.dtype)
