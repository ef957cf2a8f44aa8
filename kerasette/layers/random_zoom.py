"""Images zoomed."""

from kerasette import ops, random
from kerasette.layers.factors import factor_bounds
from kerasette.layers.random_affine import RandomAffine


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
