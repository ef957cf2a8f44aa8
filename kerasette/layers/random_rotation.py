"""Images turned."""

import math

from kerasette import ops, random
from kerasette.layers.factors import checked_factor
from kerasette.layers.random_affine import RandomAffine


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
