"""Sequences, images and volumes without what is near their ends."""

from kerasette import ops
from kerasette.layers.borders import as_config, borders_of
from kerasette.layers.spatial import Spatial


class Cropping(Spatial):
    """Base of the layers that cut their inputs.

    Subclasses have the number of spatial axes as `rank`.
    """

    def __init__(self, cropping, data_format=None, **kwargs):
        super().__init__(data_format, **kwargs)
        self._borders = borders_of(cropping, self.rank, "cropping")
        self.cropping = self._borders[0] if self.rank == 1 else self._borders

    def call(self, inputs):
        """What is left of the inputs."""
        self.compute_output_shape(inputs.shape)
        key = [slice(None)] * (self.rank + 2)
        for axis, (before, after) in zip(self._axes, self._borders, strict=True):
            key[axis] = slice(before, -after or None)
        return ops.get_item(inputs, tuple(key))

    def compute_output_shape(self, input_shape):
        """The input's shape, with less along the axes of space.

        Raises
        ------
        ValueError
            If nothing is left.
        """

        def left(size, pair):
            if size <= sum(pair):
                raise ValueError(self._nothing_left(tuple(input_shape)))
            return size - sum(pair)

        return self._with_sizes(input_shape, left, self._borders)

    def _nothing_left(self, shape):
        return (
            "Values in `cropping` argument should be smaller than the corresponding spatial "
            f"dimension of the input. Received: input_shape={shape}, cropping={self.cropping}"
        )

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "cropping": as_config(self._borders)}


class Cropping1D(Cropping):
    """Sequences, of shape (batch, steps, channels), without their first and last steps.

    Parameters
    ----------
    cropping : int or pair of int
        Steps to cut off before and after; one number is for both.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `cropping` is nothing of that or negative; when it is called, if
        the inputs have not three axes, or nothing would be left.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Cropping1D((2, 0))(kerasette.ops.array([[[1], [2], [3]]])).numpy().tolist()
    [[[3]]]
    """

    rank = 1
    _has_data_format = False

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(cropping, "channels_last", **kwargs)

    def _nothing_left(self, shape):
        return (
            "`cropping` parameter of `Cropping1D` layer must be smaller than the input length. "
            f"Received: input_shape={shape}, cropping={self.cropping}"
        )


class Cropping2D(Cropping):
    """Images without their outer rows and columns.

    Parameters
    ----------
    cropping : int, or tuple of 2 int or pairs of int
        Rows and columns to cut off: one number for all sides, or for each axis a number
        for both sides, or a pair for before and after.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `cropping` is nothing of that or negative, or for another format; when it is called, if
        the inputs have not four axes, or nothing would be left.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Cropping2D((1, (0, 2)))(kerasette.ops.ones((1, 5, 5, 1))).shape
    (1, 3, 3, 1)
    """

    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(Cropping):
    """Volumes without their outer planes, rows and columns.

    Parameters
    ----------
    cropping : int, or tuple of 3 int or pairs of int
        Planes, rows and columns to cut off, as for `Cropping2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    **kwargs
        As for `Cropping2D`.

    Raises
    ------
    ValueError
        As `Cropping2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Cropping3D()(kerasette.ops.ones((1, 3, 4, 5, 1))).shape
    (1, 1, 2, 3, 1)
    """

    rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)
