"""The names under which configs find classes and functions of the user."""

import inspect
import threading

_objects = {}
_names = {}


class _Scope(threading.local):
    """The custom objects of the innermost `CustomObjectScope` of this thread."""

    def __init__(self):
        self.objects = {}


_scope = _Scope()


class CustomObjectScope:
    """Within it, configs may name these classes and functions.

    An inner scope takes the place of an outer one.

    Parameters
    ----------
    custom_objects : dict of str to class or function, or None

    Examples
    --------
    >>> import kerasette
    >>> class Twice(kerasette.layers.Layer):
    ...     def call(self, inputs):
    ...         return 2 * inputs
    >>> config = kerasette.layers.serialize(Twice(name="twice"))
    >>> with kerasette.saving.custom_object_scope({"Twice": Twice}):
    ...     kerasette.layers.deserialize(config)
    <Twice name=twice, built=False>
    """

    def __init__(self, custom_objects):
        self.custom_objects = custom_objects or {}
        self._outer = []

    def __enter__(self):
        self._outer.append(_scope.objects)
        _scope.objects = dict(self.custom_objects)
        return self

    def __exit__(self, *exception):
        _scope.objects = self._outer.pop()


custom_object_scope = CustomObjectScope


def get_custom_objects():
    """The dict of all registered objects by name: itself, and not a copy.

    What is in a `CustomObjectScope` does not stand in it.
    """
    return _objects


def register_keras_serializable(package="Custom", name=None):
    """A decorator that lets configs name a class or function as ``"package>name"``.

    Parameters
    ----------
    package : str
    name : str, optional
        The object's own by default.

    Raises
    ------
    ValueError
        When it decorates a class without ``get_config``.

    Examples
    --------
    >>> import kerasette
    >>> @kerasette.saving.register_keras_serializable("shop")
    ... def halved(x):
    ...     return x / 2
    >>> kerasette.saving.get_registered_name(halved)
    'shop>halved'
    >>> del kerasette.saving.get_custom_objects()["shop>halved"]
    """

    def register(value):
        if inspect.isclass(value) and not hasattr(value, "get_config"):
            raise ValueError(
                "Cannot register a class that does not have a get_config() method. "
                f"Received: {value}"
            )
        registered_name = f"{package}>{value.__name__ if name is None else name}"
        _objects[registered_name] = value
        _names[value] = registered_name
        return value

    return register


def get_registered_name(obj):
    """The name that a class or function was registered under, else its own ``__name__``."""
    # Not obj.__name__ as a default: a registered object need not have one.
    return _names[obj] if obj in _names else obj.__name__  # noqa: SIM401


def get_registered_object(name, custom_objects=None, module_objects=None):
    """The class or function of a name; None if there is none.

    Parameters
    ----------
    name : str
        Looked up in the `CustomObjectScope`, among what is registered, and then in these:
    custom_objects, module_objects : dict, optional
    """
    for objects in (_scope.objects, _objects, custom_objects, module_objects):
        if objects and name in objects:
            return objects[name]
    return None


def with_registered(custom_objects):
    """All that a config may name: `custom_objects`, those of the scope, and the registered."""
    return {**(custom_objects or {}), **_scope.objects, **_objects}
