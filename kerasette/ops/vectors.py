"""Products and distances of vectors."""

from kerasette._core.ops import expand_dims, get_item, multiply, square, stack, subtract, sum
from kerasette.ops.arrangement import moveaxis, to_last
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.elementwise import root


def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product of vectors with two or three components.

    Parameters
    ----------
    x1, x2 : Tensor
        Broadcast but for the components. Of two components the third counts as 0.
    axisa, axisb, axisc : int
        Where the components of x1, of x2 and of the result are.
    axis : int, optional
        All three at once.

    Returns
    -------
    Tensor
        Vectors; of two with two components each only the third component, without an axis.

    Raises
    ------
    ValueError
        If there are other numbers of components.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]).numpy().tolist()
    [0.0, 0.0, 1.0]
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    places((axisa,), len(x1.shape)), places((axisb,), len(x2.shape))
    x1, x2 = to_last(x1, axisa), to_last(x2, axisb)
    if x1.shape[-1] not in (2, 3) or x2.shape[-1] not in (2, 3):
        raise ValueError(
            "cross() takes vectors with 2 or 3 components. Received shapes with the components "
            f"last: {x1.shape} and {x2.shape}"
        )
    a0, a1, a2 = _components(x1)
    b0, b1, b2 = _components(x2)
    last = subtract(multiply(a0, b1), multiply(a1, b0))
    if x1.shape[-1] == x2.shape[-1] == 2:
        return last
    first = subtract(multiply(a1, b2), multiply(a2, b1))
    second = subtract(multiply(a2, b0), multiply(a0, b2))
    product = stack([first, second, last], -1)
    return product if axisc == -1 else moveaxis(product, -1, axisc)


def _components(x):
    parts = [get_item(x, (..., place)) for place in range(x.shape[-1])]
    return parts if len(parts) == 3 else [*parts, multiply(parts[0], 0)]


def cdist(x, y):
    """Euclidean distances of every row of x to every row of y; their gradient at 0 is 0.

    Parameters
    ----------
    x : Tensor of shape (..., n, d)
    y : Tensor of shape (..., m, d)

    Returns
    -------
    Tensor of shape (..., n, m)

    Raises
    ------
    ValueError
        If one is not made of rows, or rows have other lengths.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 0.0]]).numpy().tolist()
    [[5.0, 0.0]]
    """
    x, y = convert_to_tensor(x), convert_to_tensor(y)
    if len(x.shape) < 2 or len(y.shape) < 2 or x.shape[-1] != y.shape[-1]:
        raise ValueError(
            f"cdist() takes rows of one length. Received shapes {x.shape} and {y.shape}."
        )
    return root(sum(square(subtract(expand_dims(x, -2), expand_dims(y, -3))), -1))
