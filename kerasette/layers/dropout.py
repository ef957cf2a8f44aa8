"""Dropout, and the one for networks of SELU."""

from kerasette import ops, random
from kerasette.layers.noise import Noise
from kerasette.random.draws import noise_sizes


class PatternedNoise(Noise):
    """Base of the layers whose noise may repeat along axes.

    Parameters
    ----------
    rate : float
        In [0, 1].
    noise_shape : tuple, optional
        Shape of the pattern, with 1 for axes along which it repeats and None for sizes as in the
        input.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = _checked_noise_shape(noise_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        shape = None if self.noise_shape is None else list(self.noise_shape)
        return {**super().get_config(), "noise_shape": shape}


class Dropout(PatternedNoise):
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
        If `rate` is out of range, `noise_shape` is not made of positive integers and None, or
        `seed` is not an integer.

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

    def noisy(self, inputs):
        """The inputs, some of them 0."""
        return random.dropout(inputs, self.rate, self.noise_shape, self.seed_generator)


class AlphaDropout(PatternedNoise):
    """Sets a share of the inputs to what SELU tends to for very small inputs, in training.

    Inputs of mean 0 and variance 1 have outputs of mean 0 and variance 1.

    Parameters
    ----------
    rate : float
        The share, in [0, 1).
    noise_shape : tuple, optional
        As for `Dropout`.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", NIPS (2017),
    "New dropout technique".

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.AlphaDropout(0.2, seed=1)
    >>> y = layer(kerasette.ops.zeros((100,)), training=True)
    >>> len(set(y.numpy().tolist()))
    2
    """

    _may_be_one = False
    # -scale * alpha of SELU.
    _saturated = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717

    def noisy(self, inputs):
        """The inputs, some of them set, then scaled and shifted."""
        inputs = ops.cast(inputs, self.dtype)
        shape = inputs.shape
        if self.noise_shape is not None:
            shape = noise_sizes(self.noise_shape, shape)
        draw = random.uniform(shape, dtype=self.dtype, seed=self.seed_generator)
        chosen = ops.where(ops.greater_equal(draw, self.rate), inputs, self._saturated)
        scale = ((1 - self.rate) * (1 + self.rate * self._saturated**2)) ** -0.5
        shift = -scale * self._saturated * self.rate
        return ops.add(ops.multiply(chosen, scale), shift)


def _checked_noise_shape(noise_shape):
    if noise_shape is None:
        return None
    words = "Invalid value received for argument `noise_shape`. Expected"
    if isinstance(noise_shape, str):
        raise ValueError(
            f"{words} a tuple or list of integers. Received: noise_shape={noise_shape}"
        )
    if not hasattr(noise_shape, "__iter__"):
        raise ValueError(
            f"{words} an iterable of integers (e.g., a tuple or list). "
            f"Received: noise_shape={noise_shape}"
        )
    noise_shape = tuple(noise_shape)
    for index, size in enumerate(noise_shape):
        if size is not None and not isinstance(size, int):
            raise ValueError(
                f"{words} all elements to be integers or None. Received element at index "
                f"{index}: {size} (type: {type(size).__name__})"
            )
        if size is not None and size <= 0:
            raise ValueError(
                f"{words} all dimensions to be positive integers or None. Received negative or "
                f"zero value at index {index}: {size}"
            )
    return noise_shape
