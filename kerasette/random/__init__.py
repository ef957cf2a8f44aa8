"""Random tensors.

What is drawn depends on a seed and on nothing else: an integer gives the same numbers at every
call; a `SeedGenerator` moves on with each draw; None stands for a generator of the process, which
`kerasette.utils.set_random_seed` resets.
"""

from typing import TYPE_CHECKING

from kerasette.lazy import exports
from kerasette.random.draws import (
    categorical,
    dropout,
    normal,
    randint,
    shuffle,
    truncated_normal,
    uniform,
)
from kerasette.random.seeds import SeedGenerator

__getattr__, __dir__, _RARE = exports(__name__, distributions="beta binomial gamma")

if TYPE_CHECKING:
    from kerasette.random.distributions import beta, binomial, gamma

__all__ = [
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "dropout",
    "gamma",
    "normal",
    "randint",
    "shuffle",
    "truncated_normal",
    "uniform",
]
