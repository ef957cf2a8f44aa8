"""What a user may write in place of an object: a name, a config, a class, the object itself."""

import inspect
from collections import ChainMap


def lookup(identifier, known, kind, custom_objects=None):
    """The object that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable or class
        A key of `known`; a dict with ``"class_name"`` and ``"config"``; or what is returned as it
        is, classes after calling them.
    known : mapping of str to class or function
    kind : str
        For the message.
    custom_objects : dict of str to class or function, optional
        What comes before `known`.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if custom_objects:
        known = ChainMap(custom_objects, known)
    found = identifier
    if isinstance(identifier, str):
        found = known.get(identifier)
    elif isinstance(identifier, dict):
        found = _from_config(identifier, known)
    if not callable(found):
        raise ValueError(
            f"Could not interpret {kind} identifier: {identifier}. "
            f"Known are: {', '.join(sorted(known))}."
        )
    return found() if inspect.isclass(found) else found


def _from_config(serialized, known):
    class_name = serialized.get("class_name")
    config = serialized.get("config", {})
    if class_name == "function":
        return known.get(config) if isinstance(config, str) else None
    found = known.get(class_name)
    if inspect.isclass(found):
        return found.from_config(config)
    return found


def serialize_object(value, module, is_ours=True):
    """The dict that stands for an object in a config: its public module, class and config.

    One whose class is not ours gets the module where the class is.
    """
    module = module if is_ours else type(value).__module__
    return {
        "module": module,
        "class_name": type(value).__name__,
        "config": value.get_config(),
        "registered_name": None,
    }


def serialize_function(function, registered_name="function"):
    """The dict that stands for a function in a config."""
    return {
        "module": "builtins",
        "class_name": "function",
        "config": function.__name__,
        "registered_name": registered_name,
    }
