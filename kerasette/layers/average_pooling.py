"""The means of windows."""

from kerasette.layers.pooling import Pooling


class AveragePooling1D(Pooling):
    """The mean of each window that slides over sequences, of each channel.

    Parameters
    ----------
    pool_size : int
        Steps that a window has.
    strides : int, optional
        As for `AveragePooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or
        (batch, channels, steps).
    padding, name, **kwargs
        As for `AveragePooling2D`.

    Raises
    ------
    ValueError
        As `AveragePooling2D`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.AveragePooling1D(2, strides=1)
    >>> layer(kerasette.ops.array([[[1.0], [3.0], [2.0], [0.0]]])).numpy()[0, :, 0].tolist()
    [2.0, 2.5, 1.0]
    """

    _needs_real = True
    rank = 1
    pool_mode = "average"


class AveragePooling2D(Pooling):
    """The mean of each window that slides over images, of each channel.

    Parameters
    ----------
    pool_size : int or tuple of 2 int
        Rows and columns of a window.
    strides : int or tuple of 2 int, optional
        Distance of windows; that at which they touch by default.
    padding : {"valid", "same"}
        Whether windows stay inside, and what no window fits on is left out; or there is one for
        each stride of the inputs, and the mean is that of what it covers.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
        The latter is turned around for the computation, which costs time.
    name : str, optional
    **kwargs
        ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range. When it is called, if the inputs have not four axes, or a
        window is larger than they are.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.AveragePooling2D(3, strides=2, padding="same")
    >>> layer(kerasette.ops.ones((2, 7, 7, 8))).shape
    (2, 4, 4, 8)
    """

    _needs_real = True
    rank = 2
    pool_mode = "average"


class AveragePooling3D(Pooling):
    """The mean of each window that slides over volumes, of each channel.

    Parameters
    ----------
    pool_size : int or tuple of 3 int
        Planes, rows and columns of a window.
    strides : int or tuple of 3 int, optional
        As for `AveragePooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    padding, name, **kwargs
        As for `AveragePooling2D`.

    Raises
    ------
    ValueError
        As `AveragePooling2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.AveragePooling3D(2)(kerasette.ops.ones((2, 8, 8, 4, 3))).shape
    (2, 4, 4, 2, 3)
    """

    _needs_real = True
    rank = 3
    pool_mode = "average"


AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
