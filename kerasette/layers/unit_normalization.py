"""Inputs of length 1."""

from kerasette import ops
from kerasette.layers.layer import Layer


class UnitNormalization(Layer):
    """The inputs divided by their Euclidean length along an axis, or over several of them.

    Parameters
    ----------
    axis : int, or list or tuple of int
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `axis` is something else.
    ValueError
        If it is out of range for the inputs.

    Notes
    -----
    Lengths below 1e-12 count as 1e-12: zeros stay zeros.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.UnitNormalization()
    >>> layer(kerasette.ops.convert_to_tensor([[0.0, 4.0], [0.0, 0.0]])).numpy().tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """

    _needs_real = True

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(
                "Invalid value for `axis` argument: expected an int or a list/tuple of ints. "
                f"Received: axis={axis}"
            )
        self.axis = axis if isinstance(axis, int) else list(axis)
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The inputs, each of length 1."""
        return normalized(ops.cast(inputs, self.dtype), self.axis, 1e-12)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        n = len(input_shape)
        for axis in [self.axis] if isinstance(self.axis, int) else self.axis:
            if not -n <= axis < n:
                raise ValueError(
                    f"Axis {self.axis} is out of bounds for input shape {input_shape}."
                )
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "axis": self.axis}


def normalized(x, axis, epsilon):
    """x divided by its Euclidean length along `axis` (int, or several), at least `epsilon`."""
    squares = ops.sum(ops.square(x), axis, keepdims=True)
    is_long = ops.greater(squares, epsilon**2)
    # The root of what is short is not taken: its slope at 0 is infinite.
    length = ops.where(is_long, ops.sqrt(ops.where(is_long, squares, 1.0)), epsilon)
    return ops.divide(x, length)
