"""Products of vectors and matrices."""

from kerasette._core.ops import matmul, multiply, reshape
from kerasette.ops.arrangement import moveaxis
from kerasette.ops.conversion import convert_to_tensor


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
