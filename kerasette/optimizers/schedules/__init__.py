"""Learning rates that depend on the number of steps."""

from kerasette.lazy import Names, exports
from kerasette.lookup import lookup
from kerasette.saving.serialization import serialize_keras_object

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    cosine="CosineDecay CosineDecayRestarts",
    decays="ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay",
    learning_rate_schedule="LearningRateSchedule",
)

__all__ = [*_EXPORTS, "deserialize", "serialize"]

_KNOWN = Names(__name__, {name: name for name in _EXPORTS if name != "LearningRateSchedule"})


def serialize(learning_rate_schedule):
    """The dict that stands for a schedule in a config."""
    return serialize_keras_object(learning_rate_schedule)


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
    return lookup(config, _KNOWN, "decay", custom_objects)
