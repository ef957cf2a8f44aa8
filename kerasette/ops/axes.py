"""Axes as users write them: counted from either end."""


def places(axes, n):
    """Axes of a tensor of n dimensions as numbers from 0 on; ValueError if there is none."""
    for axis in axes:
        if not -n <= axis < n:
            raise ValueError(f"axis {axis} is out of bounds for a tensor of {n} dimensions.")
    return [axis % n for axis in axes]
