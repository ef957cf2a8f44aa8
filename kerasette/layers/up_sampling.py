"""Sequences, images and volumes of several times the size."""

from kerasette import ops
from kerasette.checks import is_whole
from kerasette.layers.spatial import Spatial
from kerasette.ops.resizing import resize
from kerasette.windows import sizes_of

INTERPOLATIONS = ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


class UpSampling(Spatial):
    """Base of the layers that enlarge their inputs.

    Subclasses have the number of spatial axes as `rank`.
    """

    def __init__(self, size, data_format=None, **kwargs):
        super().__init__(data_format, **kwargs)
        self._factors = sizes_of(size, self.rank, "size")
        self.size = self._factors[0] if self.rank == 1 else self._factors

    def call(self, inputs):
        """Each place of the inputs, several times along each axis."""
        # Beside each axis of space one along which the places are repeated: one copy does it.
        apart, wide = [], []
        for axis, size in enumerate(inputs.shape):
            is_repeated = axis in self._axes
            apart += [size, 1] if is_repeated else [size]
            wide += [size, self._factors[axis - self._axes[0]]] if is_repeated else [size]
        repeated = ops.broadcast_to(ops.reshape(inputs, apart), wide)
        return ops.reshape(repeated, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        """The input's shape, the axes of space times the factors."""
        return self._with_sizes(input_shape, lambda size, factor: size * factor, self._factors)

    def get_config(self):
        """The arguments that make such a layer."""
        size = self.size if self.rank == 1 else list(self.size)
        return {**super().get_config(), "size": size}


class UpSampling1D(UpSampling):
    """Sequences, of shape (batch, steps, channels), each step of which comes several times.

    Parameters
    ----------
    size : int
        How many times; positive.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `size` is no integer.
    ValueError
        If it is not positive; when it is called, if the inputs have not three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.UpSampling1D(2)
    >>> layer(kerasette.ops.array([[[1], [2]]])).numpy()[0, :, 0].tolist()
    [1, 1, 2, 2]
    """

    rank = 1
    _has_data_format = False

    def __init__(self, size=2, **kwargs):
        if not is_whole(size):
            raise TypeError(f"Expected an integer value for `size`, got {type(size)}.")
        if size <= 0:
            raise ValueError(f"Argument `size` should be a positive integer. Received: size={size}")
        super().__init__(size, "channels_last", **kwargs)


class UpSampling2D(UpSampling):
    """Images of several times the height and width.

    Parameters
    ----------
    size : int or tuple of 2 int
        Factors of height and width; positive.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
    interpolation : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}
        Whether pixels are repeated, or between them there are means of two, four, six or ten of a
        row and of a column.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range; when it is called, if the inputs have not four axes.

    Notes
    -----
    Cubic means are Keys's with a = -1/2, as in Keras on JAX and TensorFlow.

    References
    ----------
    Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on
    Acoustics, Speech and Signal Processing 29 (1981).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.UpSampling2D((1, 2), interpolation="bilinear")
    >>> layer(kerasette.ops.array([[[[0.0], [1.0]]]])).numpy().ravel().tolist()
    [0.0, 0.25, 0.75, 1.0]
    """

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(size, data_format, **kwargs)
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in INTERPOLATIONS:
            raise ValueError(
                f"The `interpolation` argument must be one of {INTERPOLATIONS}. Received: "
                f"interpolation={interpolation!r}"
            )

    def call(self, inputs):
        """Pixels that are repeated, or means of those nearby."""
        if self.interpolation == "nearest":
            return super().call(inputs)
        shape = self.compute_output_shape(inputs.shape)
        sizes = [shape[axis] for axis in self._axes]
        return resize(inputs, sizes, self.interpolation, data_format=self.data_format)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "interpolation": self.interpolation}


class UpSampling3D(UpSampling):
    """Volumes of which each place comes several times along each axis.

    Parameters
    ----------
    size : int or tuple of 3 int
        Factors of planes, rows and columns; positive.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or (batch, channels,
        planes, rows, columns). ``kerasette.config.image_data_format()`` by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range; when it is called, if the inputs have not five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.UpSampling3D((1, 2, 3))(kerasette.ops.ones((1, 2, 2, 2, 1))).shape
    (1, 2, 4, 6, 1)
    """

    rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(size, data_format, **kwargs)
