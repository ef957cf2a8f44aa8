"""Objects whose attributes decide what a training step does.

A recorded step is valid as long as nobody changes such an object, so every change of an attribute
raises the version that recordings are compared with.
"""

import copy

from kerasette._core.structure import bump_structure_version

_MISSING = object()


class Tracked:
    """Base of layers, losses, metrics, regularizers and all else that steps call.

    Setting an attribute invalidates recordings.
    """

    # Names of attributes that are not searched for variables, layers and metrics.
    _untracked = frozenset()

    def __setattr__(self, name, value):
        # A property decides for itself: a learning rate, say, is a value that recordings read.
        is_property = isinstance(getattr(type(self), name, None), property)
        if not is_property and self.__dict__.get(name, _MISSING) is not value:
            bump_structure_version()
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        bump_structure_version()
        object.__delattr__(self, name)

    def _owned(self, kind):
        """The objects of class `kind` among the attributes, in lists and in dicts, each once."""
        found = {}
        # Most attributes are neither: passed over at a glance.
        wanted = (kind, list, tuple, dict)
        # Of a copy: another thread may be building the layer.
        for name, value in self.__dict__.copy().items():
            if isinstance(value, wanted) and name not in self._untracked:
                _collect(value, kind, found)
        return list(found.values())


class CopiedWhole:
    """What `copy.copy` copies as `copy.deepcopy` does, as in Keras.

    Layers, models, optimizers and metrics: two of them over the same variables would train and
    count for one another.
    """

    def __copy__(self):
        return copy.deepcopy(self)


class Measure(CopiedWhole, Tracked):
    """Base of metrics: what layers, which know nothing of them, find among their attributes."""


def _collect(value, kind, found):
    if isinstance(value, kind):
        found[id(value)] = value
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, kind, found)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, kind, found)
