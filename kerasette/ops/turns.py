"""Images and matrices turned round."""

from kerasette._core.ops import get_item
from kerasette.ops.arrangement import flip, swapaxes
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor, ndim


def fliplr(x):
    """x with its second axis from the last place to the first."""
    if ndim(x) < 2:
        raise ValueError(f"fliplr() takes 2 axes or more. Received: {ndim(x)}")
    return flip(x, 1)


def flipud(x):
    """x with its first axis from the last place to the first."""
    if ndim(x) < 1:
        raise ValueError("flipud() takes 1 axis or more. Received: a number")
    return flip(x, 0)


def rot90(array, k=1, axes=(0, 1)):
    """A tensor turned by k times 90 degrees, from the first of two axes towards the second.

    Parameters
    ----------
    array : Tensor of two axes or more
    k : int
        Negative: the other way round.
    axes : pair of ints

    Raises
    ------
    ValueError
        If there are not two such axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.rot90([[1, 2], [3, 4]]).numpy().tolist()
    [[2, 4], [1, 3]]
    """
    x = convert_to_tensor(array)
    if len(x.shape) < 2:
        raise ValueError(
            f"Input array must have at least 2 dimensions. Received: array.ndim={len(x.shape)}"
        )
    if len(axes) != 2:
        raise ValueError(f"Invalid axes: {axes}. Axes must be a tuple of two different dimensions.")
    first, second = places(axes, len(x.shape))
    if first == second:
        raise ValueError(f"Invalid axes: {axes}. Axes must be a tuple of two different dimensions.")
    turns = k % 4
    if turns == 2:
        return flip(x, (first, second))
    if turns == 0:
        return get_item(x, ...)
    if turns == 1:
        return swapaxes(flip(x, second), first, second)
    return flip(swapaxes(x, first, second), second)
