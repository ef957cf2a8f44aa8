"""Windows that slide over one to three axes: the largest number in each, and the mean."""

from kerasette._core import ops as core
from kerasette.config import standardize_data_format
from kerasette.ops.arrangement import moveaxis
from kerasette.ops.conversion import convert_to_tensor
from kerasette.windows import padding_of


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The largest number of each window, of each channel.

    Parameters
    ----------
    inputs : Tensor of shape (batch, spatial..., channels) or (batch, channels, spatial...)
        One to three spatial axes.
    pool_size : int or tuple of ints
        Size of the window along each spatial axis.
    strides : int or tuple of ints, optional
        Steps from window to window; `pool_size` by default.
    padding : {"valid", "same"}
        Whether windows stay within the inputs, or there is one for each stride of the inputs;
        what then lies outside does not count.
    data_format : {"channels_last", "channels_first"}, optional
        ``config.image_data_format()`` by default.

    Returns
    -------
    Tensor
        nan where there is one in the window. The gradient goes to the first of equal numbers.

    Raises
    ------
    ValueError
        If the inputs have another number of axes, a window does not fit, or another argument is
        out of range.

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0], [3.0], [2.0], [0.0], [5.0]]]
    >>> kerasette.ops.max_pool(x, 2).numpy()[0, :, 0].tolist()
    [3.0, 2.0]
    >>> kerasette.ops.max_pool(x, 2, padding="same").numpy()[0, :, 0].tolist()
    [3.0, 2.0, 5.0]
    """
    return _pooled(core.max_pool, inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The mean of each window, of each channel: of what it covers of the inputs.

    Parameters
    ----------
    inputs, pool_size, strides, padding, data_format
        As for `max_pool`. Integers give real numbers.

    Raises
    ------
    ValueError
        As for `max_pool`.

    Examples
    --------
    >>> import kerasette
    >>> x = [[[1.0], [3.0], [2.0], [0.0], [5.0]]]
    >>> kerasette.ops.average_pool(x, 2, padding="same").numpy()[0, :, 0].tolist()
    [2.0, 1.0, 5.0]
    """
    return _pooled(core.average_pool, inputs, pool_size, strides, padding, data_format)


def _pooled(function, inputs, pool_size, strides, padding, data_format):
    x = convert_to_tensor(inputs)
    is_last = standardize_data_format(data_format) == "channels_last" or len(x.shape) < 3
    y = function(x if is_last else moveaxis(x, 1, -1), pool_size, strides, padding_of(padding))
    return y if is_last else moveaxis(y, -1, 1)
