"""The shape of what a layer returns, found by calling it."""

from kerasette import ops
from kerasette._core.step import Step
from kerasette.layers.call import shapes_of
from kerasette.shapes import map_shapes


class _Abort(Exception):
    """Ends a step whose assignments are not wanted."""


def shape_of_call(layer, input_shape):
    """The output's shape for inputs of a shape, or of a structure of shapes, with None in them.

    Calls a layer that is built, on zeros, and leaves its state alone.
    """
    # A size that is None shows in the output as one that follows it.
    return _free_where_different(*(_shape_for(layer, input_shape, size) for size in (2, 3)))


def _shape_for(layer, input_shape, size):
    """Shape of the output with `size` in place of each None."""

    def zeros(shape):
        return ops.zeros([size if n is None else n for n in shape], layer.dtype)

    try:
        with Step():
            outputs = layer(map_shapes(zeros, input_shape))
            if outputs is None:
                raise ValueError(
                    f"`call()` of layer '{layer.name}' (of type {type(layer).__name__}) returned "
                    "None; it must return its outputs."
                )
            shapes = shapes_of(outputs)
            raise _Abort
    except _Abort:
        return shapes


def _free_where_different(a, b):
    """A shape, or a structure of shapes, with None where the two differ."""
    if isinstance(a, dict):
        return {key: _free_where_different(a[key], b[key]) for key in a}
    if isinstance(a, list):
        return [_free_where_different(x, y) for x, y in zip(a, b, strict=True)]
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))
