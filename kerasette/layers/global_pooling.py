"""One number for each channel: the largest, and the mean."""

from kerasette import ops
from kerasette.layers.spatial import Spatial


class GlobalPooling(Spatial):
    """Base of the layers that leave one number of each channel.

    Subclasses have the number of spatial axes as `rank`, and the op as `_reduce`.
    """

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(data_format, **kwargs)
        self.keepdims = keepdims

    def call(self, inputs):
        """One number for each sample and channel."""
        return self._reduce(inputs, axis=tuple(self._axes), keepdims=self.keepdims)

    def compute_output_shape(self, input_shape):
        """The batch size and the channels, and with `keepdims` ones for the other axes."""
        return tuple(
            1 if axis in self._axes else size
            for axis, size in enumerate(input_shape)
            if self.keepdims or axis not in self._axes
        )

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "keepdims": self.keepdims,
        }


class GlobalMaxPooling1D(GlobalPooling):
    """The largest number of each channel of sequences.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or
        (batch, channels, steps).
    keepdims, **kwargs
        As for `GlobalMaxPooling2D`.

    Raises
    ------
    ValueError
        As `GlobalMaxPooling2D`; inputs have three axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalMaxPooling1D()(kerasette.ops.ones((2, 5, 3))).shape
    (2, 3)
    """

    rank = 1
    _reduce = staticmethod(ops.max)


class GlobalMaxPooling2D(GlobalPooling):
    """The largest number of each channel of images.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
    keepdims : bool
        Whether the other axes stay, with size 1.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For another format; when it is called, if the inputs have not four axes, or no places.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalMaxPooling2D()(kerasette.ops.ones((2, 5, 6, 3))).shape
    (2, 3)
    """

    rank = 2
    _reduce = staticmethod(ops.max)


class GlobalMaxPooling3D(GlobalPooling):
    """The largest number of each channel of volumes.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    keepdims, **kwargs
        As for `GlobalMaxPooling2D`.

    Raises
    ------
    ValueError
        As `GlobalMaxPooling2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalMaxPooling3D()(kerasette.ops.ones((2, 4, 5, 6, 3))).shape
    (2, 3)
    """

    rank = 3
    _reduce = staticmethod(ops.max)


class GlobalAveragePooling1D(GlobalPooling):
    """The mean of each channel of sequences.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, steps, channels) or
        (batch, channels, steps).
    keepdims, **kwargs
        As for `GlobalAveragePooling2D`.

    Raises
    ------
    ValueError
        As `GlobalAveragePooling2D`; inputs have three axes.

    Notes
    -----
    Steps that a mask leaves out are left out of the mean; of a sequence of no steps it is nan.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalAveragePooling1D()(kerasette.ops.ones((2, 5, 3))).shape
    (2, 3)
    """

    _needs_real = True
    rank = 1
    _reduce = staticmethod(ops.mean)

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        """The mean over the steps, or over those that the mask leaves."""
        if mask is None:
            return super().call(inputs)
        (axis,) = self._axes
        mask = ops.expand_dims(ops.cast(mask, "bool"), 3 - axis)
        kept = ops.sum(ops.where(mask, inputs, 0), axis=axis, keepdims=self.keepdims)
        count = ops.sum(ops.cast(mask, inputs.dtype), axis=axis, keepdims=self.keepdims)
        return ops.divide(kept, count)

    def compute_mask(self, inputs, mask=None):
        """None: there are no steps any more."""


class GlobalAveragePooling2D(GlobalPooling):
    """The mean of each channel of images.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, rows, columns, channels) or
        (batch, channels, rows, columns). ``kerasette.config.image_data_format()`` by default.
    keepdims : bool
        Whether the other axes stay, with size 1.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For another format; when it is called, if the inputs have not four axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalAveragePooling2D()(kerasette.ops.ones((2, 5, 6, 3))).shape
    (2, 3)
    """

    _needs_real = True
    rank = 2
    _reduce = staticmethod(ops.mean)


class GlobalAveragePooling3D(GlobalPooling):
    """The mean of each channel of volumes.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs have shape (batch, planes, rows, columns, channels) or
        (batch, channels, planes, rows, columns).
    keepdims, **kwargs
        As for `GlobalAveragePooling2D`.

    Raises
    ------
    ValueError
        As `GlobalAveragePooling2D`; inputs have five axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.GlobalAveragePooling3D()(kerasette.ops.ones((2, 4, 5, 6, 3))).shape
    (2, 3)
    """

    _needs_real = True
    rank = 3
    _reduce = staticmethod(ops.mean)


GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
