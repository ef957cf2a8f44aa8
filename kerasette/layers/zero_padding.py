"""Zeros around sequences, images and volumes."""

from typing import Any

from kerasette import ops
from kerasette.layers.borders import as_config, borders_of
from kerasette.layers.spatial import Spatial


class ZeroPadding(Spatial):
    """Base of the layers that put zeros around their inputs.

    Subclasses have the number of spatial axes as `rank`.
    """

    def __init__(self, padding, data_format=None, **kwargs):
        super().__init__(data_format, **kwargs)
        self._borders = borders_of(padding, self.rank, "padding")
        self.padding = self._borders[0] if self.rank == 1 else self._borders

    def call(self, inputs):
        """The inputs with zeros around them."""
        widths = [(0, 0)] * (self.rank + 2)
        for axis, pair in zip(self._axes, self._borders, strict=True):
            widths[axis] = pair
        return ops.pad(inputs, widths)

    def compute_output_shape(self, input_shape):
        """The input's shape, with more along the axes of space."""
        return self._with_sizes(input_shape, lambda size, pair: size + sum(pair), self._borders)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "padding": as_config(self._borders)}


class ZeroPadding1D(ZeroPadding):
    """Sequences with zeros around them.

    Parameters
    ----------
    padding : int or pair of int
        Steps of zeros before and after; one number is for both.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or
        (batch, channels, steps). ``kerasette.config.image_data_format()`` by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `padding` is nothing of that or negative, or for another format; when it is called, if
        the inputs have not three axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.ZeroPadding1D((1, 0))(kerasette.ops.ones((1, 2, 1))).numpy().tolist()
    [[[0.0], [1.0], [1.0]]]
    """

    rank = 1

    def __init__(self, padding: Any = 1, data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding2D(ZeroPadding):
    """Images with zeros around them.

    Parameters
    ----------
    padding : int, or tuple of 2 int or pairs of int
        Rows and columns of zeros: one number for all sides, or for each axis a number
        for both sides, or a pair for before and after.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `padding` is nothing of that or negative, or for another format; when it is called, if
        the inputs have not four axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.ZeroPadding2D((1, 2))(kerasette.ops.ones((1, 3, 3, 1))).shape
    (1, 5, 7, 1)
    """

    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding3D(ZeroPadding):
    """Volumes with zeros around them.

    Parameters
    ----------
    padding : int, or tuple of 3 int or pairs of int
        Planes, rows and columns of zeros, as for `ZeroPadding2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    **kwargs
        As for `ZeroPadding2D`.

    Raises
    ------
    ValueError
        As `ZeroPadding2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.ZeroPadding3D()(kerasette.ops.ones((1, 3, 3, 3, 1))).shape
    (1, 5, 5, 5, 1)
    """

    rank = 3

    def __init__(self, padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)
