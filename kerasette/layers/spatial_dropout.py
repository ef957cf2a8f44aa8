"""Dropout of whole feature maps."""

from kerasette import random
from kerasette.config import standardize_data_format
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.noise import Noise


class SpatialDropout(Noise):
    """Base of the dropouts that set whole feature maps to 0."""

    def __init__(self, rate, seed=None, name=None, dtype=None):
        super().__init__(rate, seed, name=name, dtype=dtype)

    def noisy(self, inputs):
        """The inputs, some channels of some samples 0."""
        return random.dropout(inputs, self.rate, self._pattern, self.seed_generator)

    def get_config(self):
        """The arguments that make such a layer."""
        return {"rate": self.rate, "seed": self.seed, "name": self.name, "dtype": self.dtype}


class SpatialDropout1D(SpatialDropout):
    """`Dropout` of whole channels of sequences, of shape (batch, steps, channels).

    Parameters
    ----------
    rate : float
        Share of channels that are set to 0, in [0, 1].
    seed : int, optional
    name, dtype
        As for `Layer`.

    Raises
    ------
    ValueError
        If `rate` is out of range, or `seed` is not an integer; when it is called, if the inputs
        have not three axes.

    References
    ----------
    Tompson et al., "Efficient object localization using convolutional networks", CVPR (2015).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SpatialDropout1D(0.5, seed=1)
    >>> y = layer(kerasette.ops.ones((1, 3, 50)), training=True).numpy()
    >>> bool((y == y[:, :1]).all()), sorted(set(y.ravel().tolist()))
    (True, [0.0, 2.0])
    """

    _pattern = (None, 1, None)

    def __init__(self, rate, seed=None, name=None, dtype=None):
        super().__init__(rate, seed, name, dtype)
        self.input_spec = InputSpec(ndim=3)


class ImageDropout(SpatialDropout):
    """Base of those for images and volumes, with `rank` axes of space."""

    rank = 2

    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(rate, seed, name, dtype)
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def _pattern(self):
        ones = (1,) * self.rank
        return (None, None, *ones) if self.data_format == "channels_first" else (None, *ones, None)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "data_format": self.data_format}


class SpatialDropout2D(ImageDropout):
    """`Dropout` of whole channels of images, of shape (batch, rows, columns, channels).

    Parameters
    ----------
    rate : float
        Share of channels that are set to 0, in [0, 1].
    data_format : {"channels_last", "channels_first"}, optional
        With the latter, inputs have shape (batch, channels, rows, columns).
    seed : int, optional
    name, dtype
        As for `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range; when it is called, if the inputs have not four axes.

    References
    ----------
    Tompson et al., "Efficient object localization using convolutional networks", CVPR (2015).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SpatialDropout2D(0.5, seed=1)
    >>> y = layer(kerasette.ops.ones((1, 3, 3, 50)), training=True).numpy()
    >>> bool((y == y[:, :1, :1]).all())
    True
    """

    rank = 2

    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(rate, data_format, seed, name, dtype)


class SpatialDropout3D(ImageDropout):
    """`Dropout` of whole channels of volumes, (batch, planes, rows, columns, channels).

    Parameters
    ----------
    rate : float
        Share of channels that are set to 0, in [0, 1].
    data_format : {"channels_last", "channels_first"}, optional
        With the latter, inputs have shape (batch, channels, planes, rows, columns).
    seed : int, optional
    name, dtype
        As for `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range; when it is called, if the inputs have not five axes.

    References
    ----------
    Tompson et al., "Efficient object localization using convolutional networks", CVPR (2015).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SpatialDropout3D(0.5, seed=1)
    >>> y = layer(kerasette.ops.ones((1, 2, 3, 3, 50)), training=True).numpy()
    >>> bool((y == y[:, :1, :1, :1]).all())
    True
    """

    rank = 3

    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(rate, data_format, seed, name, dtype)
