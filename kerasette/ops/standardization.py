"""Means and variances, and what is brought to mean 0 and variance 1 by them."""

from kerasette._core.ops import (
    add,
    log10,
    mean,
    multiply,
    reshape,
    rsqrt,
    square,
    squeeze,
    subtract,
)
from kerasette.config import epsilon as default_epsilon
from kerasette.ops.arithmetic import real
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor


def moments(x, axes, keepdims=False, synchronized=False):
    """Mean and variance over axes.

    Parameters
    ----------
    x : Tensor
    axes : int, list or tuple of ints
    keepdims : bool
    synchronized : bool
        Only False is supported: there is one device.

    Returns
    -------
    tuple of two Tensors

    Raises
    ------
    ValueError
        If `synchronized` is set.

    Examples
    --------
    >>> import kerasette
    >>> [float(part) for part in kerasette.ops.moments([1.0, 3.0], axes=[0])]
    [2.0, 1.0]
    """
    if synchronized:
        raise ValueError(
            "Argument synchronized=True is not supported: kerasette computes on one device. "
            "Leave it False."
        )
    x = real(x)
    axes = tuple(axes) if isinstance(axes, (list, tuple)) else axes
    center = mean(x, axes, keepdims=True)
    variance = mean(square(subtract(x, center)), axes, keepdims)
    if keepdims:
        return center, variance
    given = axes if isinstance(axes, tuple) else (axes,)
    return squeeze(center, given), variance


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """``(x - mean) / sqrt(variance + epsilon) * scale + offset``, with a number for each channel.

    Parameters
    ----------
    x : Tensor
    mean, variance : Tensor of shape (channels,)
    axis : int
        Where the channels are in x.
    offset, scale : Tensor of shape (channels,), optional
        0 and 1 by default.
    epsilon : float

    Raises
    ------
    ValueError
        If there is not a number for each channel.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization", ICML 2015, algorithm 2.
    """
    x = real(x)
    (axis,) = places((axis,), len(x.shape))
    shape = [1] * len(x.shape)
    shape[axis] = x.shape[axis]

    def along(vector, name):
        vector = convert_to_tensor(vector)
        if vector.shape != (shape[axis],):
            raise ValueError(
                f"Arguments `{name}` must be a vector of length `x.shape[axis]`. "
                f"Expected: `{(shape[axis],)}`. Received: `{vector.shape}`."
            )
        return reshape(vector, shape)

    factor = rsqrt(add(along(variance, "variance"), epsilon))
    if scale is not None:
        factor = multiply(factor, along(scale, "scale"))
    y = multiply(subtract(x, along(mean, "mean")), factor)
    return y if offset is None else add(y, along(offset, "offset"))


def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, **kwargs):
    """x at mean 0 and variance 1 over axes, times `gamma`, plus `beta`.

    Parameters
    ----------
    x : Tensor
    gamma, beta : Tensor, optional
        Numbers for the places of `axis`, in the shape of these axes.
    axis : int, list or tuple of ints
    epsilon : float, optional
        What is added to the variance; ``config.epsilon()`` by default.
    **kwargs
        Keras has `rms_scaling`, which is deprecated: only False is supported.

    Raises
    ------
    ValueError
        If the shapes do not fit, or `rms_scaling` is set.

    References
    ----------
    Ba et al., "Layer normalization", 2016, equation 4.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.layer_normalization([1.0, 3.0]).numpy().round(4).tolist()
    [-1.0, 1.0]
    """
    if kwargs.pop("rms_scaling", False):
        raise ValueError("`rms_scaling=True` is not supported: use ops.rms_normalization.")
    if kwargs:
        raise TypeError(f"layer_normalization() has no arguments {sorted(kwargs)}.")
    x = real(x)
    axes = _own_axes(axis, x)
    center, variance = moments(x, axes, keepdims=True)
    y = multiply(subtract(x, center), rsqrt(add(variance, _epsilon(epsilon))))
    if gamma is not None:
        y = multiply(y, _over(gamma, axes, x, "gamma"))
    return y if beta is None else add(y, _over(beta, axes, x, "beta"))


def rms_normalization(x, scale=None, axis=-1, epsilon=None):
    """x divided by the root of its mean square over axes, times `scale`.

    Parameters
    ----------
    x : Tensor
    scale : Tensor, optional
        Numbers for the places of `axis`, in the shape of these axes.
    axis : int, list or tuple of ints
    epsilon : float, optional
        What is added to the mean square; ``config.epsilon()`` by default.

    References
    ----------
    Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019, equation 4.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.rms_normalization([3.0, 3.0]).numpy().round(4).tolist()
    [1.0, 1.0]
    """
    x = real(x)
    axes = _own_axes(axis, x)
    y = multiply(x, rsqrt(add(mean(square(x), axes, keepdims=True), _epsilon(epsilon))))
    return y if scale is None else multiply(y, _over(scale, axes, x, "scale"))


def psnr(x1, x2, max_val):
    """Peak signal-to-noise ratio of two images in decibels: ``10 log10(max_val**2 / mse)``.

    Raises
    ------
    ValueError
        If their shapes differ.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.ops.psnr([0.0, 0.0], [0.1, 0.1], max_val=1.0))
    20.0
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if x1.shape != x2.shape:
        raise ValueError(f"Input shapes {x1.shape} and {x2.shape} must match for PSNR calculation.")
    error = mean(square(subtract(real(x1), real(x2))))
    return subtract(
        multiply(log10(convert_to_tensor(max_val, error.dtype)), 20.0), multiply(log10(error), 10.0)
    )


def _epsilon(epsilon):
    return default_epsilon() if epsilon is None else epsilon


def _own_axes(axis, x):
    return tuple(sorted(places(axis if isinstance(axis, (tuple, list)) else (axis,), len(x.shape))))


def _over(weights, axes, x, name):
    """Weights of the places of axes, broadcast over the other axes of x."""
    weights = convert_to_tensor(weights)
    sizes = tuple(x.shape[axis] for axis in axes)
    shape = tuple(size if place in axes else 1 for place, size in enumerate(x.shape))
    if weights.shape not in (sizes, shape):
        raise ValueError(f"`{name}` must have shape {sizes}. Received: {weights.shape}")
    return reshape(weights, shape)
