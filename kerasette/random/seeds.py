"""What decides the numbers of a draw."""

import numpy as np

from kerasette import ops
from kerasette._core import ops as _core
from kerasette._core.structure import bump_structure_version
from kerasette._core.variable import Variable
from kerasette.naming import checked_name
from kerasette.random.sources import python_random, sources_in_use


def make_default_seed():
    """A seed from Python's generator, so that ``random.seed`` decides it; see `python_random`."""
    return python_random().randint(1, 10**9)


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


def restart(generator):
    """Starts a `SeedGenerator` that was given no seed anew, with another one."""
    if generator._initial_seed is None:
        generator.state.assign(_state_of(make_default_seed()))


_global_generator = None


def global_seed_generator():
    """The generator that draws use when they are given no seed; made when first needed."""
    global _global_generator
    sources = sources_in_use()
    if sources is not None:
        if sources.generator is None:
            sources.generator = SeedGenerator(name="global_seed_generator")
        return sources.generator
    if _global_generator is None:
        _global_generator = SeedGenerator(name="global_seed_generator")
    return _global_generator


def reset_global_seed_generator():
    """Lets the next draw without a seed start a new generator."""
    global _global_generator
    sources = sources_in_use()
    if sources is not None and sources.generator is not None:
        sources.generator = None
        bump_structure_version()
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


def draw_seeds(seed):
    """The states that `seed` stands for, one after the other: for draws that need several."""
    if is_integer(seed):
        state = draw_seed(seed)
        while True:
            yield state
            state = _core.advance(state)
    while True:
        yield draw_seed(seed)
