"""What the layers that draw random numbers have in common; and those that draw normal ones."""

import math

from kerasette import ops, random
from kerasette.checks import is_number
from kerasette.layers.layer import Layer


class Noise(Layer):
    """Base of the layers that change their inputs at random in training, and only then.

    Subclasses define ``noisy(inputs)``, which draws from ``self.seed_generator``, and give the
    argument that says how much its name.

    Parameters
    ----------
    amount : float
        In [0, 1]. Nothing is drawn, and there is no generator, if it is 0.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `amount` is out of range, or `seed` is not an integer.
    """

    _needs_real = True
    _amount_name = "rate"
    # Whether the noise is finite for an amount of 1.
    _may_be_one = True

    def __init__(self, amount, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not is_number(amount) or not 0 <= amount <= 1:
            raise ValueError(
                f"Invalid value received for argument `{self._amount_name}`. Expected a float "
                f"value between 0 and 1. Received: {self._amount_name}={amount!r}"
            )
        if amount == 1 and not self._may_be_one:
            raise ValueError(
                f"`{self._amount_name}` of {type(self).__name__} must be less than 1, where what "
                f"it multiplies by is infinite. Received: {self._amount_name}={amount!r}"
            )
        setattr(self, self._amount_name, amount)
        self.seed = seed
        if amount > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self.built = True

    def call(self, inputs, training=False):
        """The inputs, changed at random in training."""
        if not training or getattr(self, self._amount_name) == 0:
            return inputs
        return self.noisy(inputs)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        name = self._amount_name
        return {**super().get_config(), name: getattr(self, name), "seed": self.seed}


class GaussianNoise(Noise):
    """Adds normally distributed numbers in training.

    Parameters
    ----------
    stddev : float
        Their standard deviation, in [0, 1]; their mean is 0.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `stddev` is out of range, or `seed` is not an integer.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.GaussianNoise(0.1, seed=1)
    >>> y = layer(kerasette.ops.zeros((1000,)), training=True).numpy()
    >>> bool(0.09 < y.std() < 0.11)
    True
    """

    _amount_name = "stddev"

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(stddev, seed, **kwargs)

    def noisy(self, inputs):
        """The inputs with noise added."""
        noise = random.normal(
            inputs.shape, 0.0, self.stddev, dtype=self.dtype, seed=self.seed_generator
        )
        return ops.add(inputs, noise)


class GaussianDropout(Noise):
    """Multiplies by normally distributed numbers in training.

    Parameters
    ----------
    rate : float
        In [0, 1). The numbers have a mean of 1 and the standard deviation that `Dropout` has
        with this rate, ``sqrt(rate / (1 - rate))``.
    seed : int, optional
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `rate` is out of range, or `seed` is not an integer.

    References
    ----------
    Srivastava et al., "Dropout: A simple way to prevent neural networks from overfitting",
    JMLR 15 (2014), section 10.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.GaussianDropout(0.5, seed=1)
    >>> y = layer(kerasette.ops.ones((1000,)), training=True).numpy()
    >>> bool(0.9 < y.mean() < 1.1), bool(0.9 < y.std() < 1.1)
    (True, True)
    """

    _may_be_one = False

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)

    def noisy(self, inputs):
        """The inputs, each multiplied by a number near 1."""
        stddev = math.sqrt(self.rate / (1.0 - self.rate))
        factors = random.normal(
            inputs.shape, 1.0, stddev, dtype=self.dtype, seed=self.seed_generator
        )
        return ops.multiply(inputs, factors)
