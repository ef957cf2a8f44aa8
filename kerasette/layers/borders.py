"""How much is added to images, or cut off, at each side: arguments of layers."""

from kerasette.checks import is_whole
from kerasette.windows import sizes_of

_ORDINALS = ("1st", "2nd", "3rd")
_COUNTS = {2: "two", 3: "3"}


def borders_of(value, rank, name):
    """A pair of counts, before and after, for each of `rank` spatial axes.

    Parameters
    ----------
    value : int, or sequence of ints or pairs of ints
        One for all sides, or for each axis one for both sides or a pair. With one axis it is the
        pair.
    rank : int
    name : str
        Of the argument.

    Raises
    ------
    ValueError
        If it is nothing of that, or a count is negative.

    Examples
    --------
    >>> borders_of(1, 2, "padding"), borders_of((1, (0, 2)), 2, "padding")
    (((1, 1), (1, 1)), ((1, 1), (0, 2)))
    """
    if rank == 1:
        return (sizes_of(value, 2, name, allow_zero=True),)
    if is_whole(value):
        if value < 0:
            raise ValueError(f"`{name}` cannot be negative. Received: {name}={value}.")
        return (sizes_of(value, 2, name, allow_zero=True),) * rank
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(
            f"`{name}` should be either an int, a tuple of {rank} ints, one for both sides of each "
            f"axis, or a tuple of {rank} tuples of 2 ints. Received: {name}={value}."
        )
    if len(value) != rank:
        raise ValueError(
            f"`{name}` should have {_COUNTS[rank]} elements. Received: {name}={value}."
        )
    return tuple(
        sizes_of(pair, 2, f"{ordinal} entry of {name}", allow_zero=True)
        for pair, ordinal in zip(value, _ORDINALS)
    )


def as_config(borders):
    """Such pairs as lists; one pair by itself."""
    lists = [list(pair) for pair in borders]
    return lists[0] if len(lists) == 1 else lists
