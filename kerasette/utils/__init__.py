"""Helpers around models."""

from kerasette.utils.numerical import normalize, to_categorical
from kerasette.utils.rng import set_random_seed
from kerasette.utils.session import clear_session

__all__ = ["clear_session", "normalize", "set_random_seed", "to_categorical"]
