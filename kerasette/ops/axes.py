"""Axes as users write them: counted from either end."""

from kerasette._core.ops.operands import checked_axis


def places(axes, n):
    """Axes of a tensor of n dimensions as numbers from 0 on; ValueError if there is none."""
    return [checked_axis(axis, n) for axis in axes]
