"""Products of vectors and matrices, and unit vectors."""

from kerasette._core.ops import divide, matmul, maximum, multiply, reshape, sqrt, square, sum
from kerasette.config import epsilon as default_epsilon
from kerasette.ops.arrangement import expand_dims, moveaxis
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.reductions import norm


def dot(x1, x2):
    """Product of numbers, vectors or matrices; of the last axis of x1 with x2's last but one."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if not x1.shape or not x2.shape:
        return multiply(x1, x2)
    if len(x2.shape) <= 2:
        return matmul(x1, x2)
    # Every row of x1 with every matrix of x2: one product with the matrices side by side.
    columns = moveaxis(x2, -2, 0)
    product = matmul(x1, reshape(columns, (x2.shape[-2], -1)))
    return reshape(product, x1.shape[:-1] + columns.shape[1:])


def outer(x1, x2):
    """Products of every element of x1 with every element of x2, both flattened: a matrix."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    return multiply(reshape(x1, (x1.size, 1)), reshape(x2, (1, x2.size)))


def normalize(x, axis=-1, order=2, epsilon=None):
    """x divided by its norm along `axis`; zeros stay zeros, with a finite gradient.

    Parameters
    ----------
    x : Tensor
    axis : int or tuple of ints
    order : int
        At least 1; 2 by default, the Euclidean norm.
    epsilon : float, optional
        No norm counts as less than this; ``config.epsilon()`` by default.

    Raises
    ------
    ValueError
        For another order.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.normalize([[3.0, 4.0]]).numpy().round(3).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"Argument `order` must be an int >= 1. Received: order={order}")
    x = convert_to_tensor(x)
    x = x if x.shape else expand_dims(x, 0)
    least = default_epsilon() if epsilon is None else epsilon
    if order == 2:
        squares = sum(square(x), axis, keepdims=True)
        return divide(x, sqrt(maximum(squares, least**2)))
    return divide(x, maximum(norm(x, order, axis, keepdims=True), least))
