"""Activation functions, and how they are named."""

from kerasette import ops
from kerasette.lookup import lookup, serialize_function, serialize_object

__all__ = [
    "deserialize",
    "exponential",
    "get",
    "linear",
    "relu",
    "serialize",
    "sigmoid",
    "softmax",
    "tanh",
]


def linear(x):
    """x itself."""
    return x


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """``max(x, 0)``; in general x from `threshold` up to `max_value`, and a slope below.

    Parameters
    ----------
    x : Tensor
    negative_slope : float
        Below the threshold, ``negative_slope * (x - threshold)``.
    max_value : float, optional
        The largest value that is returned; none by default.
    threshold : float

    Returns
    -------
    Tensor of the shape of x

    Raises
    ------
    ValueError
        If `max_value` is negative.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.activations.relu([-2.0, 1.0, 9.0], max_value=6).numpy().tolist()
    [0.0, 1.0, 6.0]
    """
    if max_value is not None and max_value < 0:
        raise ValueError(f"max_value must not be negative. Received: max_value={max_value}")
    if negative_slope == 0 and threshold == 0:
        y = ops.relu(x)
    else:
        below = ops.multiply(ops.subtract(x, float(threshold)), float(negative_slope))
        y = ops.where(ops.greater(x, threshold), x, below)
    return y if max_value is None else ops.where(ops.greater(y, max_value), max_value, y)


def sigmoid(x):
    """``1 / (1 + exp(-x))``."""
    return ops.sigmoid(x)


def tanh(x):
    """Hyperbolic tangent."""
    return ops.tanh(x)


def softmax(x, axis=-1):
    """``exp(x) / sum(exp(x))`` along `axis`: non-negative, with a sum of 1."""
    return ops.softmax(x, axis)


def exponential(x):
    """``exp(x)``."""
    return ops.exp(x)


_KNOWN = {
    function.__name__: function for function in (linear, relu, sigmoid, tanh, softmax, exponential)
}


def get(identifier):
    """The activation that `identifier` means.

    Parameters
    ----------
    identifier : str, callable or None
        A name, a function of a tensor, or None for `linear`.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.activations.get("relu").__name__
    'relu'
    """
    return linear if identifier is None else lookup(identifier, _KNOWN, "activation function")


def serialize(activation):
    """What stands for an activation in a config: its name, if it is one of these."""
    name = getattr(activation, "__name__", None)
    if _KNOWN.get(name) is activation:
        return name
    if hasattr(activation, "get_config"):
        return serialize_object(activation, type(activation).__module__)
    return serialize_function(activation, name)


def deserialize(config):
    """The activation that `serialize` has described."""
    return get(config)
