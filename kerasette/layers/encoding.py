"""Numbers of categories as they are, or as vectors."""

from kerasette import ops

MODES = ("int", "one_hot", "multi_hot", "count")


def check_mode(mode, sparse, modes=MODES):
    """Raises unless a mode is known, and the output dense.

    Raises
    ------
    ValueError
        If it is not.
    """
    if mode not in modes:
        raise ValueError(
            "Invalid value for argument `output_mode`. "
            f"Expected one of {modes}. Received: output_mode={mode}"
        )
    if sparse and mode == "int":
        raise ValueError(
            "`sparse=True` may only be used if `output_mode` is "
            f"{', '.join(repr(name) for name in modes[1:])}. "
            f"Received: sparse={sparse} and output_mode={mode}"
        )
    if sparse:
        raise ValueError(f"Sparse tensors are not supported. Received: sparse={sparse}")


def encoded(numbers, mode, depth, dtype):
    """Numbers of categories below `depth`, encoded; those out of range have no place.

    Parameters
    ----------
    numbers : Tensor of integers
    mode : {"int", "one_hot", "multi_hot", "count"}
        The numbers themselves; a vector for each, where a last axis of size 1 gives way to it;
        or a vector for all along the second axis (the first, if there is one), with 1 for those
        that are there, or with how often.
    depth : int
        Size of the vectors.
    dtype : str

    Returns
    -------
    Tensor
    """
    if mode == "int":
        return ops.cast(numbers, dtype)
    if not numbers.shape:
        numbers = ops.expand_dims(numbers, -1)
    if mode == "one_hot":
        if len(numbers.shape) > 1 and numbers.shape[-1] == 1:
            numbers = ops.squeeze(numbers, -1)
        return ops.one_hot(numbers, depth, dtype=dtype)
    vectors = ops.one_hot(numbers, depth, dtype=dtype)
    axis = 1 if len(numbers.shape) > 1 else 0
    return ops.sum(vectors, axis) if mode == "count" else ops.max(vectors, axis)


def encoded_shape(shape, mode, depth):
    """Shape of what `encoded` makes of numbers of a shape."""
    shape = tuple(shape)
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*(shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape), depth)
    return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)
