"""Learning rates that depend on the number of steps."""

from kerasette.lookup import lookup, serialize_object
from kerasette.optimizers.schedules.cosine import CosineDecay, CosineDecayRestarts
from kerasette.optimizers.schedules.decays import (
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from kerasette.optimizers.schedules.learning_rate_schedule import LearningRateSchedule

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]

_KNOWN = {
    cls.__name__: cls
    for cls in (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        PiecewiseConstantDecay,
        PolynomialDecay,
    )
}


def serialize(learning_rate_schedule):
    """The dict that stands for a schedule in a config."""
    cls = type(learning_rate_schedule)
    known = _KNOWN.get(cls.__name__) is cls
    module = "keras.optimizers.schedules" if known else cls.__module__
    return serialize_object(learning_rate_schedule, module)


def deserialize(config, custom_objects=None):
    """The schedule that `serialize` has described.

    Parameters
    ----------
    config : dict
    custom_objects : dict, optional
        Classes of one's own, by name.

    Raises
    ------
    ValueError
        If it describes none that is known.
    """
    return lookup(config, {**_KNOWN, **(custom_objects or {})}, "decay")
