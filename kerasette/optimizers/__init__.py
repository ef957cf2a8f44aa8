"""Optimizers, by class or by name."""

from kerasette.optimizers.adam import Adam
from kerasette.optimizers.base import Optimizer
from kerasette.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer", "deserialize", "get", "serialize"]

CLASSES = (SGD, Adam)


def get(identifier):
    """An optimizer from a name, a config or an optimizer.

    Raises
    ------
    ValueError
        If it is none of these, or a name that is not known; the message lists the known ones.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        for optimizer in CLASSES:
            if identifier.lower() == optimizer.__name__.lower():
                return optimizer()
    known = ", ".join(repr(optimizer.__name__.lower()) for optimizer in CLASSES)
    raise ValueError(
        f"Could not interpret optimizer identifier: {identifier!r}. Known optimizers are {known}."
    )


def serialize(optimizer):
    """A dict from which `deserialize` makes an equal optimizer."""
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def deserialize(config):
    """The optimizer of a `serialize`."""
    for optimizer in CLASSES:
        if str(config.get("class_name", "")).lower() == optimizer.__name__.lower():
            return optimizer.from_config(config.get("config", {}))
    return get(config.get("class_name"))
