"""Gradient checking: what the tape says against differences of the function itself."""

import numpy as np

from kerasette._core.tape import GradientTape
from kerasette._core.tensor import Tensor
from kerasette._core.variable import Variable


def numerical_gradient(function, x, epsilon=1e-6):
    """Central differences ``(f(x + e) - f(x - e)) / 2e``, one element at a time.

    Parameters
    ----------
    function : callable
        From an array like `x` to a number.
    x : array of float64
    epsilon : float
        The step; the error is of the order of its square.

    Returns
    -------
    ndarray of the shape of x

    Examples
    --------
    >>> float(numerical_gradient(lambda t: t**3, 1.0, epsilon=0.01).round(6))
    3.0001
    """
    x = np.array(x, dtype="float64")
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        value = x[place]
        x[place] = value + epsilon
        above = float(function(x.copy()))
        x[place] = value - epsilon
        below = float(function(x.copy()))
        x[place] = value
        gradient[place] = (above - below) / (2 * epsilon)
    return gradient


def check_gradients(function, inputs, epsilon=1e-6, rtol=1e-6, atol=1e-8):
    """Compares the gradients of a function of tensors with central differences, in float64.

    Parameters
    ----------
    function : callable
        From tensors to a tensor of any shape, the same at every call. Its gradient is checked
        in one random direction of the output, drawn with a fixed seed.
    inputs : list of array
        Converted to float64; all are checked.
    epsilon, rtol, atol : float
        Step of the differences, and what may differ.

    Raises
    ------
    AssertionError
        If a gradient differs or is missing, with the largest difference.

    Examples
    --------
    >>> from kerasette import ops
    >>> check_gradients(lambda x, y: ops.tanh(x) * y, [[0.5, -1.0], [2.0, 3.0]])
    """
    variables = [Variable(np.array(value, dtype="float64")) for value in inputs]
    with GradientTape() as tape:
        output = function(*variables)
    if not isinstance(output, Tensor):
        raise AssertionError(f"The function must return a tensor. It returned {type(output)}.")
    direction = np.random.RandomState(0).standard_normal(output.shape)
    found = tape.gradient(output, variables, output_gradients=direction)
    for number, (variable, gradient) in enumerate(zip(variables, found)):
        expected = numerical_gradient(
            along(function, variables, number, direction), variable.numpy(), epsilon
        )
        if gradient is None:
            raise AssertionError(f"Input {number} has no gradient; differences give {expected}.")
        check_close(number, gradient.numpy(), expected, rtol, atol)


def check_close(number, found, expected, rtol, atol):
    """Raises unless the gradient of input `number` is what differences give."""
    if np.allclose(found, expected, rtol, atol):
        return
    difference = np.abs(found - expected)
    # NaN is the largest of all.
    place = np.unravel_index(np.argmax(difference), difference.shape)
    raise AssertionError(
        f"The gradient of input {number} differs by up to {difference[place]}, at "
        f"{tuple(map(int, place))}: it is {found[place]}, and differences give "
        f"{expected[place]}.\nGradient:\n{found}\nDifferences:\n{expected}"
    )


def along(function, variables, number, direction):
    """The function of input `number` alone, projected on `direction`."""

    def projected(value):
        arguments = list(variables)
        arguments[number] = Variable(value)
        return (function(*arguments).numpy() * direction).sum()

    return projected
