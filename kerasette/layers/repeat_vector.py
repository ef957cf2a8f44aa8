"""A vector, several times."""

from kerasette import ops
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class RepeatVector(Layer):
    """Inputs of shape (batch, features) `n` times, as (batch, n, features).

    Parameters
    ----------
    n : int
        Positive.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `n` is not an integer.
    ValueError
        If it is not positive; when it is called, if the inputs have not two axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.RepeatVector(3)(kerasette.ops.ones((2, 4))).shape
    (2, 3, 4)
    """

    _keeps_dtype = True

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        if isinstance(n, bool) or not hasattr(n, "__index__"):
            raise TypeError(f"Expected an integer value for `n`, got {type(n)}.")
        if n <= 0:
            raise ValueError(f"Argument `n` should be a positive integer. Received: n={n}")
        self.n = n.__index__()
        self.input_spec = InputSpec(ndim=2)
        self.built = True

    def call(self, inputs):
        """The inputs, repeated along a new axis."""
        return ops.broadcast_to(ops.expand_dims(inputs, 1), self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        """The input's shape with `n` between its two sizes."""
        return (input_shape[0], self.n, input_shape[1])

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "n": self.n}
