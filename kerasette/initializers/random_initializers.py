"""Initializers that draw from a fixed distribution."""

import math

import numpy as np

from kerasette import ops, random
from kerasette.initializers.initializer import Initializer
from kerasette.random.seeds import is_integer, make_default_seed
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class RandomInitializer(Initializer):
    """Base of initializers that draw.

    Parameters
    ----------
    seed : int, SeedGenerator or None
        An instance with an integer gives the same values at each call; so does one without a
        seed, which takes an integer from Python's generator when it is made. A `SeedGenerator`
        gives other values at each call.

    Raises
    ------
    ValueError
        If `seed` is anything else.
    """

    def __init__(self, seed=None):
        self._init_seed = seed
        if seed is None:
            seed = make_default_seed()
        elif isinstance(seed, dict):
            seed = deserialize_keras_object(seed)
        elif not (is_integer(seed) or isinstance(seed, random.SeedGenerator)):
            raise ValueError(
                "`seed` argument should be an instance of `kerasette.random.SeedGenerator()` or an "
                f"integer. Received: seed={seed}"
            )
        self.seed = seed

    def get_config(self):
        """``seed``, as it was given."""
        return {"seed": serialize_keras_object(self._init_seed)}


class RandomUniform(RandomInitializer):
    """Numbers spread evenly over [minval, maxval).

    Parameters
    ----------
    minval, maxval : float
        -0.05 and 0.05 by default.
    seed : int, SeedGenerator or None
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval = minval
        self.maxval = maxval
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        """A draw of `shape`."""
        return random.uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self):
        """``seed``, ``minval`` and ``maxval``."""
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


class RandomNormal(RandomInitializer):
    """Normally distributed numbers.

    Parameters
    ----------
    mean, stddev : float
        0 and 0.05 by default.
    seed : int, SeedGenerator or None
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean = mean
        self.stddev = stddev
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        """A draw of `shape`."""
        return random.normal(shape, self.mean, self.stddev, dtype, self.seed)

    def get_config(self):
        """``seed``, ``mean`` and ``stddev``."""
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Normally distributed numbers at most two standard deviations from the mean.

    Parameters
    ----------
    mean, stddev : float
        Of the distribution before what lies beyond is cut off: 0 and 0.05 by default.
    seed : int, SeedGenerator or None
    """

    def __call__(self, shape, dtype=None):
        """A draw of `shape`."""
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class Orthogonal(RandomInitializer):
    """A matrix with orthogonal columns of length `gain`; orthogonal rows if it is wider than high.

    Parameters
    ----------
    gain : float
        1 by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        When called, for a shape of less than two axes. Of more, all but the last are rows.

    References
    ----------
    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks", ICLR 2014, section 3; Mezzadri, "How to generate random matrices from
    the classical compact groups", Notices of the AMS 54, 2007, section 5, for the signs.

    Examples
    --------
    >>> import kerasette
    >>> q = kerasette.initializers.Orthogonal(seed=1)((3, 2)).numpy()
    >>> (q.T @ q).round(5).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(self, gain=1.0, seed=None):
        self.gain = gain
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        """A matrix drawn from all that are orthogonal, evenly."""
        if len(shape) < 2:
            raise ValueError(
                "The tensor to initialize must be at least two-dimensional. Received: "
                f"shape={shape} of rank {len(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        drawn = random.normal((max(rows, columns), min(rows, columns)), 0.0, 1.0, dtype, self.seed)
        q, r = np.linalg.qr(drawn.numpy().astype("float64"))
        # A positive diagonal of r makes the decomposition unique, and q evenly distributed.
        q = q * np.where(np.diagonal(r) < 0, -1, 1)
        q = q.T if rows < columns else q
        return ops.convert_to_tensor(self.gain * q.reshape(shape), drawn.dtype)

    def get_config(self):
        """``seed`` and ``gain``."""
        return {**super().get_config(), "gain": self.gain}
