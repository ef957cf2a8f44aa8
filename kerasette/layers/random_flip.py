"""Images and their mirror images."""

from kerasette import ops, random
from kerasette.layers.image_layer import RandomImageLayer

MODES = ("horizontal", "vertical", "horizontal_and_vertical")


class RandomFlip(RandomImageLayer):
    """Turns each image over with a probability of one half, in training.

    Parameters
    ----------
    mode : {"horizontal_and_vertical", "horizontal", "vertical"}
        Whether right and left, top and bottom, or both at the same time change places.
    seed : int, optional
    data_format : {"channels_last", "channels_first"}, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For a mode that is not known.

    Notes
    -----
    Called on its own, without ``training=False``, it flips.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> image = np.array([[1.0, 2.0]]).reshape(1, 2, 1)
    >>> flip = kerasette.layers.RandomFlip("horizontal", seed=1)
    >>> sorted({tuple(flip(image).numpy().ravel().tolist()) for _ in range(20)})
    [(1.0, 2.0), (2.0, 1.0)]
    """

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        if mode not in MODES:
            raise ValueError(f"Unknown `mode`. Expected one of {MODES}. Received: mode={mode!r}")
        self.mode = mode

    def get_random_transformation(self, data, training=True, seed=None):
        """Which images are flipped: ``{"flips": bool Tensor, "input_shape": tuple}``."""
        if not training:
            return None
        shape = self._shape_of(data)
        flips_shape = (1, 1, 1) if len(shape) == 3 else (shape[0], 1, 1, 1)
        draw = random.uniform(flips_shape, seed=self._seed_for(seed))
        return {"flips": ops.less_equal(draw, 0.5), "input_shape": shape}

    def transformed(self, images, transformation):
        """A batch, some of its images flipped."""
        axes = [self._rows] if "vertical" in self.mode else []
        if "horizontal" in self.mode:
            axes.append(self._rows + 1)
        return ops.where(transformation["flips"], ops.flip(images, axes), images)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "mode": self.mode}
