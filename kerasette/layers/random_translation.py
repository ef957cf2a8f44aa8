"""Images moved."""

from kerasette import ops, random
from kerasette.layers.factors import factor_bounds
from kerasette.layers.random_affine import RandomAffine


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
