"""Objects that stand in a config more than once."""

import threading


class _State(threading.local):
    """What the scope that this thread is in has seen.

    Attributes
    ----------
    written : dict or None
        By the id of an object: itself, and the config that it was first written as.
    read : dict or None
        By a shared id: the object that was read first.
    """

    written = None
    read = None


_state = _State()


class ObjectSharingScope:
    """Within it, an object that is written twice, or read twice, stays one object.

    A scope within a scope is the same one.
    """

    def __enter__(self):
        self._is_outermost = _state.read is None
        if self._is_outermost:
            _state.written, _state.read = {}, {}

    def __exit__(self, *exception):
        if self._is_outermost:
            _state.written = _state.read = None


def record_written(value, config):
    """Marks `config`, and the first one of the same object, with an id that they share."""
    if _state.written is None:
        return
    # The object is kept, so that no other one gets its id.
    _, first = _state.written.setdefault(id(value), (value, config))
    if first is not config:
        first["shared_object_id"] = config["shared_object_id"] = id(value)


def record_read(value, config):
    """Keeps an object for configs that come later with the same id."""
    if "shared_object_id" in config:
        _state.read[config["shared_object_id"]] = value


def shared_object(config):
    """The object that an earlier config with the same id was read as, or None."""
    return _state.read.get(config.get("shared_object_id"))
