"""Dropout."""

from kerasette import random
from kerasette.layers.layer import Layer


class Dropout(Layer):
    """Sets a share of the inputs to 0 in training, and divides the others by what is left.

    Parameters
    ----------
    rate : float
        Share of zeros, in [0, 1].
    noise_shape : tuple, optional
        Shape of the zeros' pattern, with 1 for axes along which it repeats and None for sizes as
        in the input.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `rate` is out of range, or `seed` is not an integer.

    Notes
    -----
    Without ``training=True`` the inputs pass as they are.

    References
    ----------
    Srivastava et al., "Dropout: A simple way to prevent neural networks from overfitting",
    JMLR 15 (2014).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Dropout(0.5, seed=1)
    >>> y = layer(kerasette.ops.ones((100,)), training=True)
    >>> sorted(set(y.numpy().tolist()))
    [0.0, 2.0]
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate <= 1:
            raise ValueError(
                "Invalid value received for argument `rate`. Expected a float value between 0 and "
                f"1. Received: rate={rate}"
            )
        if noise_shape is not None and not hasattr(noise_shape, "__iter__"):
            raise ValueError(
                "Invalid value received for argument `noise_shape`. Expected an iterable of "
                f"integers (e.g., a tuple or list). Received: noise_shape={noise_shape}"
            )
        self.rate = rate
        self.noise_shape = None if noise_shape is None else tuple(noise_shape)
        self.seed = seed
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self.built = True

    def call(self, inputs, training=False):
        """The inputs, some of them 0 in training."""
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, self.seed_generator)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "rate": self.rate,
            "seed": self.seed,
            "noise_shape": None if self.noise_shape is None else list(self.noise_shape),
        }
