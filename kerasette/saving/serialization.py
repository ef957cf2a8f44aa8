"""From objects to plain dicts."""

import inspect
import warnings

import numpy as np

from kerasette._core.tensor import Tensor
from kerasette._core.variable import Variable
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.saving.lambdas import dump_code, is_lambda
from kerasette.saving.public_names import public_name
from kerasette.saving.registration import get_registered_name
from kerasette.saving.sharing import record_written


def serialize_keras_object(obj):
    """What stands for a value in a config.

    Parameters
    ----------
    obj : object
        None, a string, number, list, tuple or dict is itself, or holds what stands for its
        members. Arrays, tensors, bytes, slices and ``...`` are dicts with a ``class_name`` such as
        ``"__numpy__"``; functions and objects with ``get_config`` are dicts with a ``module``,
        ``class_name``, ``config`` and ``registered_name``.

    Returns
    -------
    object
        What JSON can hold, and `deserialize_keras_object` reads.

    Raises
    ------
    TypeError
        If it has no ``get_config``, or that returns no dict.
    ValueError
        For an array of anything but numbers.

    Notes
    -----
    The dict is the one that Keras writes: its modules are called ``keras``, and Keras reads it.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.saving.serialize_keras_object((1, slice(2)))[1]["class_name"]
    '__slice__'
    >>> described = kerasette.saving.serialize_keras_object(kerasette.losses.Huber(2.0))
    >>> described["module"], described["class_name"], described["config"]["delta"]
    ('keras.losses', 'Huber', 2.0)
    """
    if obj is None or (isinstance(obj, (str, int, float)) and not isinstance(obj, np.generic)):
        return obj
    if isinstance(obj, (list, tuple)):
        items = [serialize_keras_object(item) for item in obj]
        return tuple(items) if isinstance(obj, tuple) else items
    if isinstance(obj, dict):
        return serialize_dict(obj)
    special = _special_value(obj)
    if special is not None:
        return special[0]
    if is_lambda(obj):
        return _serialized_lambda(obj)
    return _serialized_object(obj)


def serialize_dict(values):
    """A dict of what stands for the values of a dict."""
    return {key: serialize_keras_object(value) for key, value in values.items()}


def _special_value(value):
    """What stands for a value that is no object of Keras's, in a tuple; None if it is one."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return (value.item(),)
    if isinstance(value, np.ndarray):
        return (_wrapped("__numpy__", _array_config(value)),)
    if isinstance(value, Tensor) and not isinstance(value, Variable):
        return (_wrapped("__tensor__", _array_config(value.numpy())),)
    if isinstance(value, KerasTensor):
        return (serialize_symbolic(value, value._keras_history),)
    if isinstance(value, bytes):
        return (_wrapped("__bytes__", {"value": value.decode("utf-8")}),)
    if isinstance(value, slice):
        parts = {"start": value.start, "stop": value.stop, "step": value.step}
        return (_wrapped("__slice__", serialize_dict(parts)),)
    if value is Ellipsis:
        return (_wrapped("__ellipsis__", {}),)
    return None


def serialize_symbolic(tensor, history):
    """The dict that stands for a symbolic tensor.

    Parameters
    ----------
    tensor : KerasTensor
    history : tuple of (Operation, int, int), or None
        Where it comes from: by which call of what, as which output.
    """
    place = None if history is None else [history[0].name, *history[1:]]
    config = {"shape": tensor.shape, "dtype": tensor.dtype, "keras_history": place}
    return _wrapped("__keras_tensor__", config)


def _wrapped(class_name, config):
    return {"class_name": class_name, "config": config}


def _array_config(array):
    if array.dtype.kind not in "biuf":
        raise ValueError(f"Invalid dtype: {array.dtype.name}. Arrays in configs hold numbers.")
    return {"value": array.tolist(), "dtype": array.dtype.name}


def _serialized_lambda(function):
    warnings.warn(
        "The object being serialized includes a `lambda`. This is unsafe. To read it again, "
        "`safe_mode=False` has to be passed to the loading function. Please take a function with "
        f"a name instead. This is the `lambda`: {function.__code__}",
        stacklevel=3,
    )
    return _wrapped("__lambda__", {"value": dump_code(function)})


def _serialized_object(value):
    cls = type(value)
    if is_function(value):
        # As Keras writes them, wherever they are from.
        public, inner = ("builtins", "function", "function"), get_registered_name(value)
    else:
        public, inner = public_name(cls), _inner_config(value)
    # A class of the main program is found by its registered name alone.
    own_module = None if cls.__module__ == "__main__" else cls.__module__
    module, class_name, registered_name = public or (
        own_module,
        cls.__name__,
        get_registered_name(cls),
    )
    config = {
        "module": module,
        "class_name": class_name,
        "config": inner,
        "registered_name": registered_name,
    }
    for name in ("build_config", "compile_config"):
        described = getattr(value, f"get_{name}", lambda: None)()
        if described is not None:
            config[name] = serialize_dict(described)
    record_written(value, config)
    return config


def is_function(value):
    """Whether a value is a function, of Python or compiled, and not a method of an object."""
    return inspect.isfunction(value) or type(value).__name__ == "cython_function_or_method"


def _inner_config(value):
    if hasattr(value, "get_config"):
        config = value.get_config()
        if not isinstance(config, dict):
            raise TypeError(
                f"The `get_config()` method of {value} should return a dict. It returned: {config}"
            )
        return serialize_dict(config)
    if hasattr(value, "__name__"):
        return get_registered_name(value)
    raise TypeError(
        f"Cannot serialize object {value} of type {type(value)}. To be serializable, a class must "
        "implement the `get_config()` method."
    )
