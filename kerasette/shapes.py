"""Shapes as users write them: sizes, and None for those not known yet."""


def standardize_shape(shape):
    """`shape` as a tuple of non-negative ints and Nones.

    Raises
    ------
    ValueError
        If it is not a sequence, or holds anything else.
    """
    if shape is None:
        raise ValueError("A shape is needed. Undefined shapes are not supported.")
    if not hasattr(shape, "__iter__"):
        raise ValueError(
            f"Cannot convert {shape!r} to a shape. Expected a sequence of sizes"
            + (f": ({shape},) has one axis." if hasattr(shape, "__index__") else ".")
        )
    return tuple(_checked_size(size, tuple(shape)) for size in shape)


def _checked_size(size, shape):
    if size is None:
        return None
    if isinstance(size, bool) or not hasattr(size, "__index__"):
        raise ValueError(
            f"Cannot convert '{shape}' to a shape. Found invalid dimension '{size}' of type "
            f"'{type(size)}'; sizes are integers or None."
        )
    if size < 0:
        raise ValueError(
            f"Cannot convert '{shape}' to a shape. Negative dimensions are not allowed."
        )
    return size.__index__()


def are_equal(shape, other):
    """Whether two shapes have as many axes, and equal sizes where both are known.

    >>> are_equal((4, 2), (None, 2)), are_equal((4, 2), (None, 3)), are_equal((4, 2), (4,))
    (True, False, False)
    """
    return len(shape) == len(other) and all(
        a == b or a is None or b is None for a, b in zip(shape, other)
    )


def map_shapes(function, shapes):
    """`function` of each shape in a shape, or in a list or dict of shapes."""
    if isinstance(shapes, dict):
        return {key: map_shapes(function, shape) for key, shape in shapes.items()}
    if isinstance(shapes, list) or (shapes and isinstance(shapes[0], (tuple, list))):
        if all(size is None or hasattr(size, "__index__") for size in shapes):
            return function(tuple(shapes))
        return type(shapes)(map_shapes(function, shape) for shape in shapes)
    return function(tuple(shapes))
