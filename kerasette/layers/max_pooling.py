"""The largest numbers of windows."""

from kerasette.layers.pooling import Pooling


class MaxPooling1D(Pooling):
    """The largest number of each window that slides over sequences, of each channel.

    Parameters
    ----------
    pool_size : int
        Steps that a window has.
    strides : int, optional
        As for `MaxPooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or
        (batch, channels, steps).
    padding, name, **kwargs
        As for `MaxPooling2D`.

    Raises
    ------
    ValueError
        As `MaxPooling2D`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.MaxPooling1D(2)
    >>> layer(kerasette.ops.array([[[1.0], [3.0], [2.0], [0.0]]])).numpy()[0, :, 0].tolist()
    [3.0, 2.0]
    """

    rank = 1

    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format=None, name=None, **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling2D(Pooling):
    """The largest number of each window that slides over images, of each channel.

    Parameters
    ----------
    pool_size : int or tuple of 2 int
        Rows and columns of a window.
    strides : int or tuple of 2 int, optional
        Distance of windows; that at which they touch by default.
    padding : {"valid", "same"}
        Whether windows stay inside, and what no window fits on is left out; or there is one for
        each stride of the inputs, and what lies outside is no maximum.
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
    >>> kerasette.layers.MaxPooling2D()(kerasette.ops.ones((2, 28, 28, 8))).shape
    (2, 14, 14, 8)
    """

    rank = 2

    def __init__(
        self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling3D(Pooling):
    """The largest number of each window that slides over volumes, of each channel.

    Parameters
    ----------
    pool_size : int or tuple of 3 int
        Planes, rows and columns of a window.
    strides : int or tuple of 3 int, optional
        As for `MaxPooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    padding, name, **kwargs
        As for `MaxPooling2D`.

    Raises
    ------
    ValueError
        As `MaxPooling2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.MaxPooling3D()(kerasette.ops.ones((2, 8, 8, 4, 3))).shape
    (2, 4, 4, 2, 3)
    """

    rank = 3

    def __init__(
        self,
        pool_size=(2, 2, 2),
        strides=None,
        padding="valid",
        data_format=None,
        name=None,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
