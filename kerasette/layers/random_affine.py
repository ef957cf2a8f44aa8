"""Images turned, zoomed and moved."""

import math

from kerasette import ops, random
from kerasette._core.ops import affine_sample
from kerasette.layers.factors import checked_factor, factor_bounds
from kerasette.layers.image_layer import RandomImageLayer

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")


class RandomAffine(RandomImageLayer):
    """Base of the layers that take each pixel from elsewhere, by a linear function of its place.

    Subclasses define ``matrices(transformation, shape)``.

    Parameters
    ----------
    fill_mode : {"reflect", "wrap", "constant", "nearest"}
        What lies outside: the mirror image, edges twice; the image again; `fill_value`; the
        pixels at the edge.
    interpolation : {"bilinear", "nearest"}
    fill_value : float
    **kwargs
        Of `RandomImageLayer`.

    Raises
    ------
    NotImplementedError
        For a word that is not known.
    """

    def __init__(self, fill_mode, interpolation, fill_value, **kwargs):
        super().__init__(**kwargs)
        if fill_mode not in FILL_MODES:
            raise NotImplementedError(
                f"Unknown `fill_mode` {fill_mode}. Expected of one {FILL_MODES}."
            )
        if interpolation not in INTERPOLATIONS:
            raise NotImplementedError(
                f"Unknown `interpolation` {interpolation}. Expected of one {INTERPOLATIONS}."
            )
        self.fill_mode = fill_mode
        self.interpolation = interpolation
        self.fill_value = fill_value

    def _sizes(self, shape):
        """Number of images, height and width."""
        return (1 if len(shape) == 3 else shape[0], shape[self._rows], shape[self._rows + 1])

    def transformed(self, images, transformation):
        """A batch of which each image has its transformation."""
        matrices = self.matrices(transformation, images.shape)
        is_last = self.data_format == "channels_last"
        if not is_last:
            images = ops.transpose(images, (0, 2, 3, 1))
        images = affine_sample(
            images, matrices, self.interpolation, self.fill_mode, self.fill_value
        )
        return images if is_last else ops.transpose(images, (0, 3, 1, 2))

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "fill_mode": self.fill_mode,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
        }


class RandomRotation(RandomAffine):
    """Turns each image around its middle by an angle of its own, in training.

    Parameters
    ----------
    factor : float or (float, float)
        Range of the angles as a share of a full turn, in [-1, 1], against the clock; a number
        stands for ``(-factor, factor)``.
    fill_mode : {"reflect", "wrap", "constant", "nearest"}
        What lies outside: the mirror image, edges twice; the image again; `fill_value`; the
        pixels at the edge.
    interpolation : {"bilinear", "nearest"}
    seed : int, optional
    fill_value : float
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a factor that is none, or out of range.
    NotImplementedError
        For a word that is not known.

    Notes
    -----
    Called on its own, without ``training=False``, it turns.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.arange(4.0).reshape(2, 2, 1)
    >>> quarter = kerasette.layers.RandomRotation((0.25, 0.25))
    >>> quarter(image).numpy().round(3).ravel().tolist()
    [1.0, 3.0, 0.0, 2.0]
    """

    def __init__(
        self, factor, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0,
        data_format=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **kwargs
        )
        self.factor = checked_factor(factor or 0.0, -1, 1)

    def get_random_transformation(self, data, training=True, seed=None):
        """Angles in degrees and what follows from them.

        Returns
        -------
        dict
            ``"angle"`` (batch), ``"rotation_matrix"`` (batch, 8) as for Keras's
            ``ops.image.affine_transform``, or (8) for a single image, ``"image_height"``,
            ``"image_width"`` and ``"batch_size"``; None if not in training.
        """
        if not training:
            return None
        shape = self._shape_of(data)
        batch, height, width = self._sizes(shape)
        lower, upper = (360.0 * bound for bound in self.factor)
        angle = random.uniform((batch,), lower, upper, seed=self._seed_for(seed))
        matrix = _rotations(ops.multiply(angle, math.pi / 180.0), height, width)
        return {
            "angle": angle,
            "rotation_matrix": ops.squeeze(matrix, 0) if len(shape) == 3 else matrix,
            "image_height": height,
            "image_width": width,
            "batch_size": batch,
        }

    def matrices(self, transformation, shape):
        """Six numbers for each image."""
        return ops.reshape(transformation["rotation_matrix"], (-1, 8))[:, :6]

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "factor": self.factor}


def _rotations(angle, height, width):
    cosine, sine = ops.cos(angle), ops.sin(angle)
    zeros = ops.zeros_like(angle)
    x, y = 0.5 * (width - 1), 0.5 * (height - 1)
    from_x = x - x * cosine + y * sine
    from_y = y - x * sine - y * cosine
    columns = [cosine, ops.negative(sine), from_x, sine, cosine, from_y, zeros, zeros]
    return ops.stack(columns, axis=1)


class RandomZoom(RandomAffine):
    """Shows more or less of each image, in training.

    Parameters
    ----------
    height_factor : float or (float, float)
        Range of the zooms, in (-1, 1]: with 0.2 the rows show 1.2 times as much, with -0.2 0.8
        times. A number stands for ``(-factor, factor)``.
    width_factor : float or (float, float), optional
        The same for columns; by default they are as the rows, and proportions stay.
    fill_mode : {"reflect", "wrap", "constant", "nearest"}
        What lies outside: the mirror image, edges twice; the image again; `fill_value`; the
        pixels at the edge.
    interpolation : {"bilinear", "nearest"}
    seed : int, optional
    fill_value : float
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a factor that is none, or out of range.
    NotImplementedError
        For a word that is not known.

    Notes
    -----
    Called on its own, without ``training=False``, it zooms.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.arange(5.0).reshape(1, 5, 1)
    >>> closer = kerasette.layers.RandomZoom((-0.5, -0.5))
    >>> closer(image).numpy().ravel().tolist()
    [1.0, 1.5, 2.0, 2.5, 3.0]
    """

    def __init__(
        self, height_factor, width_factor=None, fill_mode="reflect", interpolation="bilinear",
        seed=None, fill_value=0.0, data_format=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **kwargs
        )
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.height_lower, self.height_upper = self._bounds(height_factor, "height_factor")
        if width_factor is not None:
            self.width_lower, self.width_upper = self._bounds(width_factor, "width_factor")

    def _bounds(self, factor, name):
        words = (
            "The `height_factor` and `width_factor` arguments should be a number (or a list of "
            "two numbers) in the range (-1.0, 1.0]. "
        )
        return factor_bounds(factor, name, words, lambda number: -1.0 < number <= 1.0)

    def get_random_transformation(self, data, training=True, seed=None):
        """``{"height_zoom": (batch, 1), "width_zoom": (batch, 1), "input_shape": tuple}``."""
        if not training:
            return None
        shape = self._shape_of(data)
        size, seed = (self._sizes(shape)[0], 1), self._seed_for(seed)
        height = width = random.uniform(
            size, 1.0 + self.height_lower, 1.0 + self.height_upper, seed=seed
        )
        if self.width_factor is not None:
            width = random.uniform(size, 1.0 + self.width_lower, 1.0 + self.width_upper, seed=seed)
        return {"height_zoom": height, "width_zoom": width, "input_shape": shape}

    def matrices(self, transformation, shape):
        """Six numbers for each image."""
        _, height, width = self._sizes(shape)
        x, y = transformation["width_zoom"], transformation["height_zoom"]
        zeros = ops.zeros_like(x)
        from_x, from_y = 0.5 * (width - 1) * (1.0 - x), 0.5 * (height - 1) * (1.0 - y)
        return ops.concatenate([x, zeros, from_x, zeros, y, from_y], axis=1)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {"height_factor": self.height_factor, "width_factor": self.width_factor}
        return {**super().get_config(), **config}


class RandomTranslation(RandomAffine):
    """Moves each image, in training.

    Parameters
    ----------
    height_factor : float or (float, float)
        Range of the ways down as a share of the height, in [-1, 1]; a number stands for
        ``(-factor, factor)``.
    width_factor : float or (float, float)
        Range of the ways to the right as a share of the width.
    fill_mode : {"reflect", "wrap", "constant", "nearest"}
        What lies outside: the mirror image, edges twice; the image again; `fill_value`; the
        pixels at the edge.
    interpolation : {"bilinear", "nearest"}
    seed : int, optional
    fill_value : float
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a factor that is none, or out of range.
    NotImplementedError
        For a word that is not known.

    Notes
    -----
    Called on its own, without ``training=False``, it moves images.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.arange(4.0).reshape(1, 4, 1)
    >>> right = kerasette.layers.RandomTranslation(0.0, (0.25, 0.25), fill_mode="constant")
    >>> right(image).numpy().ravel().tolist()
    [0.0, 0.0, 1.0, 2.0]
    """

    def __init__(
        self, height_factor, width_factor, fill_mode="reflect", interpolation="bilinear",
        seed=None, fill_value=0.0, data_format=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **kwargs
        )
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.height_lower, self.height_upper = self._bounds(height_factor, "height_factor")
        self.width_lower, self.width_upper = self._bounds(width_factor, "width_factor")

    def _bounds(self, factor, name):
        words = (
            "The `factor` argument should be a number (or a list of two numbers) in the range "
            "[-1.0, 1.0]. "
        )
        return factor_bounds(factor, name, words, lambda number: -1.0 <= number <= 1.0)

    def get_random_transformation(self, data, training=True, seed=None):
        """``{"translations": (batch, 2), "input_shape": tuple}``: ways right and down in pixels."""
        if not training:
            return None
        shape, seed = self._shape_of(data), self._seed_for(seed)
        batch, height, width = self._sizes(shape)
        down = random.uniform((batch, 1), self.height_lower, self.height_upper, seed=seed)
        right = random.uniform((batch, 1), self.width_lower, self.width_upper, seed=seed)
        ways = ops.concatenate([right * float(width), down * float(height)], axis=1)
        return {"translations": ops.cast(ways, "float32"), "input_shape": shape}

    def matrices(self, transformation, shape):
        """Six numbers for each image."""
        ways = ops.negative(transformation["translations"])
        x, y = ways[:, :1], ways[:, 1:]
        zeros, ones = ops.zeros_like(x), ops.ones_like(x)
        return ops.concatenate([ones, zeros, x, zeros, ones, y], axis=1)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {"height_factor": self.height_factor, "width_factor": self.width_factor}
        return {**super().get_config(), **config}
