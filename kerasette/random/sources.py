"""Where everything random comes from that was given no seed: weights, dropout, shuffles.

As a rule that is Python's and NumPy's global generators, from which Keras draws too, and one
generator of the process. `RandomSources` take their place for a while, in one thread.
"""

import itertools
import random
import threading
from contextlib import contextmanager

import numpy as np

_thread = threading.local()
_numbers = itertools.count(1)


class RandomSources:
    """Generators of one's own, in place of those that a whole process shares.

    Whoever draws from them gets the same numbers in any thread and in any process, whatever is
    drawn elsewhere; and leaves the global generators as they are. They can be pickled and copied,
    and go on where they were.

    Parameters
    ----------
    seed : int
        In [0, 2**32).

    Attributes
    ----------
    number : int
        Another one for each, also for a copy.

    Examples
    --------
    >>> import kerasette
    >>> sources = RandomSources(1)
    >>> with sources.in_use():
    ...     first = kerasette.random.normal((2,)).numpy()
    >>> with RandomSources(1).in_use():
    ...     second = kerasette.random.normal((2,)).numpy()
    >>> bool((first == second).all())
    True
    """

    def __init__(self, seed):
        self.number = next(_numbers)
        self.seed(seed)

    def seed(self, seed):
        """Starts all generators again.

        Parameters
        ----------
        seed : int
            In [0, 2**32).
        """
        # For default seeds of initializers and layers, and the order of batches.
        self.python = random.Random(seed)
        # For the order of samples.
        self.numpy = np.random.RandomState(seed)
        # A `SeedGenerator` for draws without a seed; made when first needed.
        self.generator = None

    @contextmanager
    def in_use(self):
        """Has this thread draw from here, until the end of the context."""
        before = sources_in_use()
        _thread.sources = self
        try:
            yield self
        finally:
            _thread.sources = before

    def position(self):
        """Where all generators are, for `go_back`."""
        own = None if self.generator is None else self.generator.state.numpy()
        return self.python.getstate(), self.numpy.get_state(), own

    def go_back(self, position):
        """Has all generators go on from where they were.

        Parameters
        ----------
        position : tuple
            As `position` has returned.
        """
        python, numpy, own = position
        self.python.setstate(python)
        self.numpy.set_state(numpy)
        if own is not None:
            self.generator.state.assign(own)
        elif self.generator is not None:
            # It is made anew; recordings that draw from this one are of another number.
            self.generator, self.number = None, next(_numbers)

    def __getstate__(self):
        state = self.__dict__.copy()
        del state["number"]
        if self.generator is not None:
            state["generator"] = self.generator.state.numpy()
        return state

    def __setstate__(self, state):
        from kerasette.random.seeds import SeedGenerator

        self.__dict__.update(state)
        self.number = next(_numbers)
        if self.generator is not None:
            self.generator = SeedGenerator(0)
            self.generator.state.assign(state["generator"])


def sources_in_use():
    """The `RandomSources` of this thread; None as a rule, for the process's."""
    return getattr(_thread, "sources", None)


def number_in_use():
    """Number of the `RandomSources` of this thread; 0 as a rule.

    A recording that draws without a seed does so from the generator that was in use.
    """
    sources = sources_in_use()
    return 0 if sources is None else sources.number


def python_random():
    """Python's ``random``, or what stands for it in this thread."""
    sources = sources_in_use()
    return random if sources is None else sources.python


def numpy_random():
    """NumPy's ``random``, as far as a `RandomState` has its functions, or what stands for it."""
    sources = sources_in_use()
    return np.random if sources is None else sources.numpy
