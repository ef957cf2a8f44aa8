"""Random tensors.

What is drawn depends on a seed and on nothing else: an integer gives the same numbers at every
call; a `SeedGenerator` moves on with each draw; None stands for a generator of the process, which
`kerasette.utils.set_random_seed` resets.
"""

import random as python_random

import numpy as np

from kerasette import ops
from kerasette._core import ops as _core
from kerasette._core.structure import bump_structure_version
from kerasette._core.variable import Variable
from kerasette.naming import checked_name

__all__ = ["SeedGenerator", "dropout", "normal", "truncated_normal", "uniform"]


def make_default_seed():
    """A seed from Python's generator, so that ``random.seed`` decides it."""
    return python_random.randint(1, 10**9)


def _state_of(seed):
    # Any integer has a key: the state holds its lowest 64 bits.
    key = (int(seed) + 2**63) % 2**64 - 2**63
    return np.array([key, 0], dtype="int64")


def is_integer(seed):
    """Whether a seed is an integer, of Python or NumPy."""
    return hasattr(seed, "__index__") and not isinstance(seed, (bool, SeedGenerator))


class SeedGenerator:
    """A state that every draw moves on.

    Parameters
    ----------
    seed : int, optional
        Where it starts; by default a number from Python's generator.
    name : str, optional

    Attributes
    ----------
    state : Variable of shape (2,), int64
        Key and counter. All that there is: a training step reads and assigns it.

    Raises
    ------
    ValueError
        If `seed` is not an integer.

    Examples
    --------
    >>> import kerasette
    >>> generator = kerasette.random.SeedGenerator(seed=1)
    >>> first = kerasette.random.normal((2,), seed=generator).numpy()
    >>> second = kerasette.random.normal((2,), seed=generator).numpy()
    >>> bool((first == second).any())
    False
    """

    def __init__(self, seed=None, name=None):
        if seed is not None and not is_integer(seed):
            raise ValueError(f"Argument `seed` must be an integer. Received: seed={seed}")
        self.name = checked_name(name, "SeedGenerator")
        self._initial_seed = seed
        start = _state_of(make_default_seed() if seed is None else seed)
        self.state = Variable(start, trainable=False, name="seed_generator_state")
        self.state.path = f"{self.name}/seed_generator_state"

    def next(self, ordered=True):
        """The state to draw from; the next call gives the one after it.

        Parameters
        ----------
        ordered : bool
            Whether states follow one another as they do in draws; otherwise both their numbers
            jump about below a million.
        """
        state = _core.copy(self.state)
        if ordered:
            self.state.assign(_core.advance(state))
        else:
            self.state.assign((state + 1) * 5387 % 933199)
        return state

    def get_config(self):
        """The arguments that make such a generator."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config):
        """The generator that `get_config` has described."""
        return cls(**config)


_global_generator = None


def global_seed_generator():
    """The generator that draws use when they are given no seed; made when first needed."""
    global _global_generator
    if _global_generator is None:
        _global_generator = SeedGenerator(name="global_seed_generator")
    return _global_generator


def reset_global_seed_generator():
    """Lets the next draw without a seed start a new generator."""
    global _global_generator
    if _global_generator is not None:
        _global_generator = None
        # Recordings draw from the old one.
        bump_structure_version()


def draw_seed(seed):
    """The state, an int64 tensor of shape (2,), that `seed` stands for at this draw.

    Raises
    ------
    ValueError
        If it is no integer, generator or None.
    """
    if seed is None:
        return global_seed_generator().next()
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if is_integer(seed):
        return ops.convert_to_tensor(_state_of(seed))
    raise ValueError(
        "Argument `seed` must be either an integer or an instance of `SeedGenerator`. "
        f"Received: seed={seed} (of type {type(seed)})"
    )


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers spread evenly over [minval, maxval).

    Parameters
    ----------
    shape : tuple of int
    minval, maxval : float
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        For a dtype that is not floating-point.
    """
    return _core.uniform(draw_seed(seed), shape, minval, maxval, dtype)


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers; arguments as for `uniform`."""
    return _core.normal(draw_seed(seed), shape, mean, stddev, dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers less than two standard deviations from the mean.

    Values beyond are rejected, so what is left has a standard deviation of 0.8796 `stddev`.
    """
    state = draw_seed(seed)
    count = int(np.prod(shape, dtype=np.int64))
    # 4.55 % are rejected. More are drawn than that leaves, and all anew in the rare case that
    # they do not do: a second draw from the same state would repeat the first.
    n_drawn = count + count // 16 + 32
    while True:
        draw = _core.normal(state, (n_drawn,), dtype=dtype).numpy()
        kept = draw[np.abs(draw) < 2.0]
        if kept.size >= count:
            break
        n_drawn *= 2
    values = kept[:count].reshape(shape) * kept.dtype.type(stddev) + kept.dtype.type(mean)
    return ops.convert_to_tensor(values)


def dropout(inputs, rate, noise_shape=None, seed=None):
    """`inputs` with a share of its elements set to 0, the others divided by what is left.

    Parameters
    ----------
    inputs : Tensor
    rate : float
        Share of zeros, in [0, 1].
    noise_shape : tuple, optional
        Shape of the zeros' pattern, with 1 for axes along which it repeats and None for sizes as
        in `inputs`.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If `rate` is out of range, or the pattern does not fit.

    References
    ----------
    Srivastava et al., "Dropout: A simple way to prevent neural networks from overfitting",
    JMLR 15 (2014).
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"`rate` must be in [0, 1]. Received: rate={rate}")
    inputs = ops.convert_to_tensor(inputs)
    if rate == 1:
        return ops.multiply(inputs, 0.0)
    state = draw_seed(seed)
    if noise_shape is None:
        return _core.dropout(inputs, state, rate)
    noise = _core.uniform(state, noise_sizes(noise_shape, inputs.shape), dtype=inputs.dtype)
    kept = ops.cast(ops.greater_equal(noise, rate), inputs.dtype)
    return ops.multiply(inputs, ops.multiply(kept, 1.0 / (1.0 - rate)))


def noise_sizes(noise_shape, shape):
    """Sizes of a pattern that repeats over `shape`: `noise_shape` with None filled in.

    Raises
    ------
    ValueError
        If the pattern does not fit.
    """
    fits = len(noise_shape) == len(shape)
    if not fits or any(b not in (None, 1, a) for a, b in zip(shape, noise_shape, strict=True)):
        raise ValueError(
            f"Each size of `noise_shape` must be 1, None or that of the inputs, {shape}. "
            f"Received: noise_shape={tuple(noise_shape)}"
        )
    return [a if b is None else b for a, b in zip(shape, noise_shape, strict=True)]
