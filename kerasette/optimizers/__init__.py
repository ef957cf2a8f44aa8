"""Optimizers, by class or by name."""

from kerasette.lazy import Names, exports
from kerasette.optimizers import schedules
from kerasette.optimizers.base import Optimizer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object

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
    config = {"class_name": identifier, "config": {}} if isinstance(identifier, str) else identifier
    return _deserialized(config, None, identifier)


def serialize(optimizer):
    """The dict that stands for an optimizer in a config."""
    return serialize_keras_object(optimizer)


def deserialize(config, custom_objects=None):
    """The optimizer that `serialize` has described.

    Parameters
    ----------
    config : dict
    custom_objects : dict, optional
        Optimizers, schedules and functions of one's own, by name.

    Raises
    ------
    TypeError, ValueError
        If it describes none that is known.
    """
    return _deserialized(config, custom_objects, config)


def _deserialized(config, custom_objects, identifier):
    found = None
    if isinstance(config, dict):
        name = str(config.get("class_name"))
        if name.lower() in _KNOWN and name not in (custom_objects or {}):
            config = {**config, "class_name": name.lower()}
        found = deserialize_keras_object(config, custom_objects, module_objects=_KNOWN)
    if not isinstance(found, Optimizer):
        raise ValueError(
            f"Could not interpret optimizer identifier: {identifier}. "
            f"Known optimizers are {', '.join(map(repr, sorted(_KNOWN)))}."
        )
    return found
