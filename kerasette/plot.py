"""Pictures of trainings and of weights, with matplotlib: ``pip install kerasette[plot]``."""

import math

import numpy as np

from kerasette._core.tensor import checked_array
from kerasette.checks import is_whole
from kerasette.lazy import dir_of

__all__ = ["history", "weights"]
__dir__ = dir_of(__name__)


def history(history, metrics=None, ax=None):
    """Draws how metrics went from epoch to epoch; validation is dashed.

    Parameters
    ----------
    history : History or dict of str to list of float
        What `fit` returns, or its ``history``.
    metrics : str or list of str, optional
        Names without ``val_``; by default all.
    ax : matplotlib Axes or list of Axes, optional
        One for all metrics, or one for each; by default a new figure with one for each.

    Returns
    -------
    list of matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    TypeError
        If `history` is neither of the two.
    ValueError
        If a metric is not there, or the number of axes is not right.

    Examples
    --------
    >>> import kerasette
    >>> axes = kerasette.plot.history({"loss": [3.0, 2.0], "val_loss": [3.5, 2.5]})
    >>> [line.get_label() for line in axes[0].get_lines()]
    ['loss', 'val_loss']
    """
    curves = curves_of(history)
    names = chosen(metrics, curves)
    axes = axes_for(len(names), ax)
    for name, one in zip(names, axes):
        (line,) = one.plot(*curves[name], label=name)
        validation = f"val_{name}"
        if validation in curves and validation not in names:
            one.plot(*curves[validation], "--", color=line.get_color(), label=validation)
        one.set_xlabel("epoch")
        one.legend()
    return axes


def curves_of(history):
    """For each name the epochs, counted from 1, and the values."""
    values = getattr(history, "history", history)
    if not isinstance(values, dict):
        raise TypeError(
            "`history` must be what `fit` returns, or a dict of lists. "
            f"Received: {history!r} of type {type(history)}"
        )
    if not values:
        raise ValueError("There is nothing to draw: the history is empty.")
    epochs = getattr(history, "_epochs", {})
    lengths = {len(curve) for name, curve in values.items() if name not in epochs}
    if len(lengths) > 1:
        raise ValueError(
            "The lists of `history` differ in length, and nothing says which epochs they are of. "
            "Pass the History object that `fit` returns."
        )
    return {
        name: (np.asarray(epochs.get(name, range(len(curve)))) + 1, np.asarray(curve, float))
        for name, curve in values.items()
    }


def chosen(metrics, curves):
    """Names of the metrics to draw."""
    if metrics is None:
        return [n for n in curves if not (n.startswith("val_") and n[4:] in curves)]
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [name for name in names if name not in curves]
    if unknown or not names:
        raise ValueError(f"`metrics` must be among {list(curves)}. Received: metrics={metrics!r}")
    return names


def axes_for(n, ax):
    """An Axes for each of n metrics."""
    if ax is None:
        figure, axes = pyplot().subplots(1, n, squeeze=False, figsize=(1 + 4 * n, 4))
        return list(axes[0])
    axes = list(np.ravel(np.asarray(ax, dtype=object)))
    if len(axes) == 1:
        axes *= n
    if len(axes) != n:
        raise ValueError(f"`ax` must be one Axes, or {n} of them. Received: {len(axes)}")
    return axes


def weights(weights, shape=None, columns=None, ax=None):
    """Draws weights as images, blue where negative and red where positive.

    Parameters
    ----------
    weights : Layer, Variable or array
        Of a layer its first weight, which is the kernel. An array of shape (inputs, units), or
        (height, width, ...), of which each image of height times width is drawn.
    shape : (int, int), optional
        Of the image that the weights of each unit make, for an array of shape (inputs, units):
        ``(28, 28)`` where the inputs are such images. Without it the array is one image.
    columns : int, optional
        Images in a row; by default as many as rows, or one more.
    ax : matplotlib Axes, optional
        By default that of a new figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If a layer has no weights, an array no numbers, or shapes do not fit.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> ax = kerasette.plot.weights(np.eye(6, 4), shape=(2, 3), columns=2)
    >>> ax.images[0].get_array().shape
    (5, 7)
    """
    tiles = images(as_array(weights), shape)
    picture = mosaic(tiles, checked_columns(columns, len(tiles)))
    if ax is None:
        ax = pyplot().subplots()[1]
    largest = np.nanmax(np.abs(picture), initial=0.0) or 1.0
    ax.imshow(picture, cmap="RdBu_r", vmin=-largest, vmax=largest)
    ax.set_axis_off()
    return ax


def as_array(weights):
    """The values to draw."""
    if hasattr(weights, "get_weights"):
        arrays = weights.get_weights()
        if not arrays:
            raise ValueError(f"Layer '{weights.name}' has no weights, or is not built yet.")
        return arrays[0]
    return checked_array(weights, "`weights`").astype(float)


def images(array, shape):
    """Images of an array, along the first axis."""
    if array.ndim < 2 or array.size == 0:
        raise ValueError(f"Weights of shape {array.shape} make no images.")
    if shape is not None:
        if array.ndim != 2:
            raise ValueError(
                "`shape` is for weights of shape (inputs, units). "
                f"Received: weights of shape {array.shape}"
            )
        sizes = tuple(shape) if hasattr(shape, "__iter__") else (shape,)
        is_image = len(sizes) == 2 and all(is_whole(size) and size > 0 for size in sizes)
        if not is_image or math.prod(sizes) != array.shape[0]:
            raise ValueError(
                f"`shape` must be two sizes whose product is {array.shape[0]}, the number of "
                f"inputs. Received: shape={shape!r}"
            )
        array = array.reshape(*sizes, -1)
    return np.moveaxis(array.reshape(*array.shape[:2], -1), -1, 0)


def checked_columns(columns, n):
    """Images in a row."""
    if columns is None:
        return math.ceil(math.sqrt(n))
    if isinstance(columns, bool) or not hasattr(columns, "__index__") or columns.__index__() < 1:
        raise ValueError(f"`columns` must be a positive integer. Received: columns={columns!r}")
    return min(columns.__index__(), n)


def mosaic(tiles, columns):
    """Images side by side and below one another, with NaN in lines between them."""
    n, height, width = tiles.shape
    rows = -(-n // columns)
    picture = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for i, tile in enumerate(tiles):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        picture[top : top + height, left : left + width] = tile
    return picture


def pyplot():
    """The part of matplotlib that makes figures.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError(
            "kerasette.plot needs matplotlib: `pip install kerasette[plot]`."
        ) from error
    return pyplot
