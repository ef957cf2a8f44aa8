"""From plain dicts to objects."""

import inspect

import numpy as np

from kerasette import ops
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.safe_mode import SafeModeScope, in_safe_mode
from kerasette.saving.lambdas import check_is_trusted, load_code
from kerasette.saving.public_names import find, find_function
from kerasette.saving.registration import (
    CustomObjectScope,
    get_registered_object,
    with_registered,
)
from kerasette.saving.sharing import ObjectSharingScope, record_read, shared_object


def deserialize_keras_object(config, custom_objects=None, safe_mode=True, *, module_objects=None):
    """The value that `serialize_keras_object`, or Keras, has described.

    Parameters
    ----------
    config : object
        Lists and tuples become lists.
    custom_objects : dict of str to class or function, optional
        What `config` may name besides what is registered and what kerasette has.
    safe_mode : bool
        Whether code of lambdas is refused.
    module_objects : mapping of str to class or function, optional
        Where classes and functions that are not custom objects are looked up, whatever their
        module. What is in none of them is returned as it is.

    Raises
    ------
    TypeError
        If a class or function is not found, or is not described as one.
    ValueError
        If there is code and `safe_mode` is on; for a name that Keras has and kerasette does not.

    Notes
    -----
    Objects that were one (with a ``shared_object_id``) are one again.

    Examples
    --------
    >>> import kerasette
    >>> config = {"module": "keras.losses", "class_name": "Huber", "config": {"delta": 2.0}}
    >>> kerasette.saving.deserialize_keras_object(config).delta
    2.0
    """
    known_safe_mode = in_safe_mode()
    safe_mode = safe_mode if known_safe_mode is None else known_safe_mode
    custom_objects = with_registered(custom_objects)
    with ObjectSharingScope(), SafeModeScope(safe_mode), CustomObjectScope(custom_objects):
        if module_objects is not None and not _is_custom(config, custom_objects):
            return _member(config, module_objects)
        return _value(config, custom_objects)


def _value(config, custom_objects):
    """The value of a config, within the scopes that have been entered for the outermost."""
    if isinstance(config, str):
        # Functions stand for themselves in old files.
        return custom_objects.get(config, config)
    if config is None or isinstance(config, (int, float)):
        return config
    if isinstance(config, (list, tuple)):
        return [_value(item, custom_objects) for item in config]
    if not isinstance(config, dict):
        raise TypeError(f"Could not parse config: {config}")
    if "class_name" not in config or "config" not in config:
        return {key: _value(item, custom_objects) for key, item in config.items()}
    class_name = config["class_name"]
    if class_name in _SPECIAL:
        return _SPECIAL[class_name](config["config"])
    if class_name == "function":
        return _function(config, custom_objects)
    return _object(config, custom_objects)


# ---- values with a class name of their own ------------------------------------------


def _array(config):
    return np.array(config["value"], config["dtype"])


def _tensor(config):
    return ops.convert_to_tensor(config["value"], config["dtype"])


def _symbolic(config):
    tensor = KerasTensor(config["shape"], config["dtype"])
    tensor._written_history = config["keras_history"]
    return tensor


def _lambda(config):
    check_is_trusted(in_safe_mode(), "Python lambda")
    return load_code(*config["value"])


def _slice(config):
    return slice(*(deserialize_keras_object(config[key]) for key in ("start", "stop", "step")))


_SPECIAL = {
    "__keras_tensor__": _symbolic,
    "__bytes__": lambda config: config["value"].encode("utf-8"),
    "__ellipsis__": lambda config: ...,
    "__lambda__": _lambda,
    "__numpy__": _array,
    "__slice__": _slice,
    "__tensor__": _tensor,
}


# ---- classes and functions ----------------------------------------------------------


def _is_custom(config, custom_objects):
    if isinstance(config, str):
        return config in custom_objects
    if not isinstance(config, dict):
        return False
    names = [config.get("class_name"), config.get("registered_name"), config.get("config")]
    return any(isinstance(name, str) and name in custom_objects for name in names)


def _member(config, members):
    """What a name, or a config of whatever module, means among `members`."""
    if isinstance(config, dict):
        if "class_name" not in config:
            raise ValueError(f"Unknown `config` as a `dict`, config={config}")
        name = config["class_name"]
        if name == "function":
            name = config.get("config")
        elif config.get("module", "") is None:
            raise TypeError(
                f"Cannot deserialize object of type `{name}`. If `{name}` is a custom class, "
                "please register it using the `@kerasette.saving.register_keras_serializable()` "
                "decorator."
            )
    else:
        name, config = config, {}
    if not isinstance(name, str) or name not in members:
        return name
    found = members[name]
    return _instance(found, config) if inspect.isclass(found) else found


def _function(config, custom_objects):
    name, module = config["config"], config.get("module")
    if not isinstance(name, str):
        raise TypeError(
            "Expected 'config' to be a non-null str for a function classname, instead got "
            f"{type(name)}. Full config: {config}"
        )
    found = get_registered_object(name, custom_objects)
    if found is not None:
        return found
    if module == "builtins":
        found = find_function(name)
        if found is None and ">" not in name:
            # Keras up to 3.6 has written functions without the package they are registered in.
            ends = (item for key, item in custom_objects.items() if key.endswith(f">{name}"))
            return _checked(next(ends, None), "function", name, config)
        return _ours(found, "function", name, config)
    found = find(module, name, "function") if _is_of_keras(module) else None
    return _ours(found, "function", name, config)


def _object(config, custom_objects):
    inner = config["config"]
    name, module = config["class_name"], config.get("module")
    if inner is not None and not isinstance(inner, dict):
        raise TypeError(
            f"Expected 'config' to be a dict for {name}, instead got {type(inner)}. Full config: "
            f"{config}"
        )
    shared = shared_object(config)
    if shared is not None:
        return shared
    found = get_registered_object(config.get("registered_name", name), custom_objects)
    if found is None:
        found = find(module, name, "class") if _is_of_keras(module) else None
        found = _ours(found, "class", name, config)
    if not inspect.isclass(found):
        return found
    value = _instance(found, config)
    record_read(value, config)
    return value


def _is_of_keras(module):
    return module is not None and module.split(".")[0] == "keras"


def _ours(found, kind, name, config):
    """`found`, which is ours, so that its config has no registered name but its own."""
    found = _checked(found, kind, name, config)
    registered_name = config.get("registered_name")
    if registered_name not in (None, "", name, config["class_name"]):
        raise ValueError(
            f"`registered_name={registered_name!r}` was provided in the config, but "
            f"'{config.get('module')}.{name}' resolved to a Keras built-in and does not use "
            f"registered names. Remove it. Full object config: {config}"
        )
    return found


def _checked(found, kind, name, config):
    if found is None:
        raise TypeError(
            f"Could not locate {kind} '{name}'. Make sure custom classes and functions are "
            "decorated with `@kerasette.saving.register_keras_serializable()`, and imported before "
            f"they are loaded, or are in `custom_objects`. Full object config: {config}"
        )
    return found


def _instance(cls, config):
    """An object of a class as `config` says: made, built and compiled."""
    if not hasattr(cls, "from_config"):
        raise TypeError(
            f"Unable to reconstruct an instance of '{cls.__name__}' because the class is missing "
            f"a `from_config()` method. Full object config: {config}"
        )
    try:
        # A copy: a `from_config` often takes things out of it.
        value = cls.from_config(dict(config.get("config") or {}))
    except TypeError as error:
        raise TypeError(
            f"{cls} could not be deserialized properly. Please ensure that components that are "
            "Python object instances (layers, models, etc.) returned by `get_config()` are "
            "explicitly deserialized in the model's `from_config()` method."
            f"\n\nconfig={config}.\n\nException encountered: {error}"
        ) from error
    if config.get("build_config") and not value.built:
        # Models tell that they are not built by what they return.
        value.built = value.build_from_config(config["build_config"]) is not False
    if config.get("compile_config"):
        value.compile_from_config(config["compile_config"])
    return value
