"""What the layers that turn, zoom and move images have in common."""

from kerasette import ops
from kerasette._core.ops import affine_sample
from kerasette.layers.image_layer import RandomImageLayer, rounded

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
        found = affine_sample(images, matrices, self.interpolation, self.fill_mode, self.fill_value)
        found = rounded(found, images.dtype)
        return found if is_last else ops.transpose(found, (0, 3, 1, 2))

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "fill_mode": self.fill_mode,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
        }
