"""Activation functions, and how they are named."""

from kerasette import ops
from kerasette._core import ops as _core
from kerasette.lookup import lookup
from kerasette.ops import (
    celu,
    elu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu6,
    selu,
    silu,
    soft_shrink,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    swish,
    tanh_shrink,
    threshold,
)
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object

__all__ = [
    "celu",
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "get",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "serialize",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
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
        The largest value that is returned; none by default. With it, what is between a negative
        threshold and 0 becomes 0.
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
    if threshold == 0 and max_value is None:
        return ops.leaky_relu(x, negative_slope) if negative_slope else ops.relu(x)
    is_open = threshold == 0 and max_value == 6
    return _core.bounded_relu(x, negative_slope, max_value, threshold, is_open)


def sigmoid(x):
    """``1 / (1 + exp(-x))``."""
    return ops.sigmoid(x)


def tanh(x):
    """Hyperbolic tangent."""
    return ops.tanh(x)


def softmax(x, axis=-1):
    """``exp(x) / sum(exp(x))`` along `axis`: non-negative, with a sum of 1."""
    return ops.softmax(x, axis)


def gelu(x, approximate=False):
    """x times the share of a normal distribution that lies below x (Hendrycks and Gimpel, 2016).

    Parameters
    ----------
    x : Tensor
    approximate : bool
        Whether the share is ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2``; exact if not.

    Returns
    -------
    Tensor of the shape of x

    Examples
    --------
    >>> import kerasette
    >>> kerasette.activations.gelu([-1.0, 0.0, 1.0]).numpy().round(4).tolist()
    [-0.15870000422000885, 0.0, 0.8413000106811523]
    """
    return ops.gelu(x, approximate)


def mish(x):
    """``x * tanh(softplus(x))`` (Misra, 2019)."""
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


def exponential(x):
    """``exp(x)``."""
    return ops.exp(x)


_FUNCTIONS = (
    celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu,
    linear, log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax,
    softplus, softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink,
    threshold,
)  # fmt: skip
_KNOWN = {function.__name__: function for function in _FUNCTIONS}
_KNOWN |= {"hard_swish": hard_silu, "swish": silu}


def get(identifier):
    """The activation that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable or None
        A name, a config (of a layer, too), a function of a tensor, or None for `linear`.

    Raises
    ------
    TypeError
        For a config of something that is not known.
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.activations.get("relu").__name__
    'relu'
    """
    return deserialize(identifier)


def serialize(activation):
    """What stands for an activation in a config: its name, if it is one of these.

    Of a lambda it is the whole dict; Keras writes a part of it, which it cannot read.
    """
    name = getattr(activation, "__name__", None)
    return name if _KNOWN.get(name) is activation else serialize_keras_object(activation)


def deserialize(config, custom_objects=None):
    """The activation that `serialize` has described.

    Parameters
    ----------
    config : str, dict or None
    custom_objects : dict of str to class or function, optional
        Activations besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For what is not known.
    """
    if config is None:
        return linear
    if isinstance(config, dict):
        # Not looked up here alone: layers are activations, too.
        config = deserialize_keras_object(config, custom_objects)
    return lookup(config, _KNOWN, "activation function", custom_objects)
