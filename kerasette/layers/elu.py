"""The exponential linear unit as a layer."""

from kerasette import activations
from kerasette.checks import check_number
from kerasette.layers.layer import Layer


class ELU(Layer):
    """The inputs where they are positive, ``alpha * (exp(inputs) - 1)`` elsewhere.

    Parameters
    ----------
    alpha : float
        Very small inputs give ``-alpha``.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `alpha` is no number.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential
    linear units (ELUs)", ICLR (2016).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.ELU(alpha=0.5)
    >>> layer(kerasette.ops.convert_to_tensor([-50.0, 2.0])).numpy().tolist()
    [-0.5, 2.0]
    """

    _needs_real = True

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        check_number("alpha", alpha)
        self.alpha = alpha
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The activation of the inputs."""
        return activations.elu(inputs, self.alpha)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "alpha": self.alpha}
