"""Masks: which entries of a tensor are real, bool tensors that go along with it."""

from kerasette import ops


def full_mask(x, mask):
    """The mask of all but the last axis of x, repeated along it."""
    # Not by the shape of x, whose sizes are free in a graph.
    return ops.logical_or(ops.expand_dims(mask, -1), ops.zeros_like(x, dtype="bool"))


def check_masks(inputs, mask):
    """Raises unless `mask` is a list of a mask, or None, for each of the inputs.

    Raises
    ------
    ValueError
        If one of the two is no list, or they have not the same length.
    """
    for name, value in (("mask", mask), ("inputs", inputs)):
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"`{name}` should be a list. Received: {name}={value}")
    if len(mask) != len(inputs):
        raise ValueError(
            "The lists `inputs` and `mask` should have the same length. Received: "
            f"{len(inputs)} inputs and {len(mask)} masks"
        )
