"""The network of an estimator that is given no model."""

import math

import numpy as np

from kerasette import initializers, layers, models, regularizers
from kerasette.checks import is_number, is_whole

# Parameters of the network, with their defaults; of no use, but for `alpha`, where a model is
# given.
DEFAULTS = {
    "hidden_layer_sizes": (100,),
    "activation": "relu",
    "dropout": 0.0,
    "batch_normalization": False,
    "alpha": 1e-4,
}


def multilayer_perceptron(
    input_shape, output_shape, output_activation, batch_weight, hidden_layer_sizes=(100,),
    activation="relu", dropout=0.0, batch_normalization=False, alpha=1e-4,
):  # fmt: skip
    """Hidden layers one after the other, and an output; not compiled.

    Inputs of more than one axis are flattened. A hidden layer is a `Dense` with its activation,
    with `batch_normalization` in between, and dropout after it. Layers are called ``"hidden_1"``,
    ``"normalization_1"``, ``"activation_1"``, ``"dropout_1"``, ...; the last ones ``"scores"`` and
    ``"output"``, the activation of the output, which is a layer of its own.

    Kernels begin as in Keras (Glorot, uniform); biases within the same bounds, as in scikit-learn.

    Parameters
    ----------
    input_shape : tuple of int
        Of a sample.
    output_shape : tuple of int
        Of a sample.
    output_activation : str
    batch_weight : float
        What the weights of the samples in a batch add up to, in the mean; the batch size, if they
        are 1.
    hidden_layer_sizes : int or sequence of int
    activation : str, callable, Layer or class of them
        Of a layer there is a new one after each hidden layer.
    dropout : float
        In [0, 1).
    batch_normalization : bool
    alpha : float
        The penalty ``alpha / 2 * sum(kernel**2)`` of all kernels, divided by `batch_weight`, is
        added to the mean loss of a batch.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        For a parameter that is out of range.
    """
    sizes = checked_sizes(hidden_layer_sizes)
    check_network(dropout, batch_normalization, alpha)
    penalty = float(alpha) / batch_weight
    stack = [layers.Input(input_shape)]
    if len(input_shape) != 1:
        stack.append(layers.Flatten(name="flatten"))
    fan_ins = [math.prod(input_shape), *sizes]
    for number, size in enumerate(sizes, 1):
        settings = _settings(fan_ins[number - 1], size, penalty)
        is_inside = not batch_normalization and not _is_layer(activation)
        own = activation if is_inside else None
        stack.append(layers.Dense(size, own, name=f"hidden_{number}", **settings))
        if batch_normalization:
            stack.append(layers.BatchNormalization(name=f"normalization_{number}"))
        if not is_inside:
            stack.append(_activation(activation, f"activation_{number}"))
        if dropout:
            stack.append(layers.Dropout(dropout, name=f"dropout_{number}"))
    n_outputs = math.prod(output_shape)
    settings = _settings(fan_ins[-1], n_outputs, penalty)
    stack.append(layers.Dense(n_outputs, name="scores", **settings))
    if len(output_shape) != 1:
        stack.append(layers.Reshape(output_shape, name="reshape"))
    stack.append(layers.Activation(output_activation, name="output"))
    # At once: adding to a stack that knows its shape builds it each time.
    return models.Sequential(stack, name="multilayer_perceptron")


def _is_layer(activation):
    is_class = isinstance(activation, type) and issubclass(activation, layers.Layer)
    return is_class or isinstance(activation, layers.Layer)


def _activation(activation, name):
    if not _is_layer(activation):
        return layers.Activation(activation, name=name)
    if isinstance(activation, type):
        return activation(name=name)
    # Weights of its own, such as slopes, belong to one layer of one fit; so does its dtype.
    config = {**activation.get_config(), "name": name}
    config.pop("dtype", None)
    return type(activation).from_config(config)


def _settings(fan_in, units, penalty):
    """Arguments of a `Dense`: its penalty, and biases drawn as widely as its kernel.

    scikit-learn's networks begin so, too: with few columns and biases of zero, all bends of a
    network would be at the origin, and training takes longer to move them apart.
    """
    bound = math.sqrt(6 / (fan_in + units))
    return {
        "bias_initializer": initializers.RandomUniform(-bound, bound),
        "kernel_regularizer": regularizers.L2(penalty / 2) if penalty else None,
    }


def checked_sizes(hidden_layer_sizes):
    """Sizes of hidden layers as a list; one may be given as a number.

    Raises
    ------
    ValueError
        If they are not positive integers.
    """
    is_one = is_whole(hidden_layer_sizes)
    is_sequence = hasattr(hidden_layer_sizes, "__iter__") and not isinstance(
        hidden_layer_sizes, (str, dict)
    )
    sizes = list(hidden_layer_sizes) if is_sequence else [hidden_layer_sizes]
    if not (is_one or is_sequence) or not all(is_whole(size) and size > 0 for size in sizes):
        raise ValueError(
            "The 'hidden_layer_sizes' parameter must be a positive int or an array-like of them. "
            f"Got {hidden_layer_sizes!r} instead."
        )
    return [int(size) for size in sizes]


def check_network(dropout, batch_normalization, alpha):
    """Raises unless the parameters are in range."""
    if not is_number(dropout) or not 0 <= dropout < 1:
        raise ValueError(
            f"The 'dropout' parameter must be a float in the range [0, 1). Got {dropout!r} instead."
        )
    if not isinstance(batch_normalization, (bool, np.bool_)):
        raise ValueError(
            "The 'batch_normalization' parameter must be a bool. "
            f"Got {batch_normalization!r} instead."
        )
    if not is_number(alpha) or not 0 <= alpha < math.inf:
        raise ValueError(
            f"The 'alpha' parameter must be a float in the range [0, inf). Got {alpha!r} instead."
        )
