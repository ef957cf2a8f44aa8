"""Optimizers, by class or by name."""

from kerasette.lazy import Names, exports
from kerasette.lookup import serialize_object
from kerasette.optimizers import schedules
from kerasette.optimizers.base import Optimizer

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    adadelta="Adadelta",
    adagrad="Adagrad",
    adam="Adam",
    adamax="Adamax",
    adamw="AdamW",
    base="Optimizer",
    ftrl="Ftrl",
    lion="Lion",
    loss_scale_optimizer="LossScaleOptimizer",
    nadam="Nadam",
    rmsprop="RMSprop",
    sgd="SGD",
)

__all__ = [*_EXPORTS, "deserialize", "get", "schedules", "serialize"]

_KNOWN = Names(__name__, {name.lower(): name for name in _EXPORTS if name != "Optimizer"})


def get(identifier):
    """The optimizer that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, Optimizer, class or None
        A name in any spelling of large and small letters, a config, or the optimizer itself.
        None stays None.

    Raises
    ------
    ValueError
        If it is none of these, or a name that is not known; the message lists the known ones.

    Examples
    --------
    >>> import kerasette
    >>> type(kerasette.optimizers.get("rmsprop")).__name__
    'RMSprop'
    """
    if identifier is None or isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, str):
        identifier = {"class_name": identifier}
    if isinstance(identifier, dict):
        return deserialize(identifier)
    raise ValueError(_unknown(identifier))


def serialize(optimizer):
    """The dict that stands for an optimizer in a config."""
    return serialize_object(optimizer, "keras.optimizers", _KNOWN.has(type(optimizer)))


def deserialize(config, custom_objects=None):
    """The optimizer that `serialize` has described.

    Parameters
    ----------
    config : dict
    custom_objects : dict, optional
        Optimizers, schedules and functions of one's own, by name.

    Raises
    ------
    ValueError
        If it describes none that is known.
    """
    name = str(config.get("class_name"))
    found = (custom_objects or {}).get(name, _KNOWN.get(name.lower()))
    if found is None:
        raise ValueError(_unknown(config if "config" in config else name))
    arguments = config.get("config", {})
    if custom_objects:
        return found.from_config(arguments, custom_objects=custom_objects)
    return found.from_config(arguments)


def _unknown(identifier):
    return (
        f"Could not interpret optimizer identifier: {identifier}. "
        f"Known optimizers are {', '.join(map(repr, sorted(_KNOWN)))}."
    )
