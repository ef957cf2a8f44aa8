"""What happens around a layer's ``call``: its arguments, and what calls inherit from each other."""

import inspect
import threading

import numpy as np

from kerasette import ops
from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor

REAL = ("float32", "float64")
# Each wins over those before it where tensors come together.
_BY_PRECEDENCE = ("bool", "int32", "int64", *REAL)
_TENSORS = (Tensor, KerasTensor)
_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class CallContext(threading.local):
    """The calls and builds that this thread is in.

    Attributes
    ----------
    path : tuple of str
        Names of the layers around; the paths of variables begin with them.
    training : bool or None
        What the outermost call was given, for the layers in it.
    depth : int
        Number of calls that this thread is in.
    watcher : callable or None
        What is told of each call of a layer: the layer, and its outputs.
    """

    path = ()
    training = None
    depth = 0
    watcher = None


context = CallContext()


class CallSignature:
    """What a class's ``call`` accepts; found once a class."""

    def __init__(self, call):
        self.signature = inspect.signature(call)
        # Without self.
        parameters = list(self.signature.parameters.values())[1:]
        self.first = parameters[0].name if parameters else None
        self.names = [parameter.name for parameter in parameters]
        self.required = [
            p.name for p in parameters if p.kind in _BY_POSITION and p.default is p.empty
        ]
        # Whether arguments by position need no more than names: most calls are such.
        self.is_plain = all(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters)
        self.has_training = "training" in self.names
        default = self.signature.parameters["training"].default if self.has_training else None
        self.training_default = None if default is inspect.Parameter.empty else default
        self.mask_names = [name for name in self.names if name == "mask" or name.endswith("_mask")]

    def bound(self, layer, args, kwargs):
        """Arguments by name.

        Raises
        ------
        TypeError
            If one is missing or not known.
        """
        if self.is_plain and not kwargs and len(self.required) <= len(args) <= len(self.names):
            return dict(zip(self.names, args))
        arguments = self.signature.bind(layer, *args, **kwargs).arguments
        return {name: arguments[name] for name in self.names if name in arguments}

    def missing_masks(self, arguments):
        """The masks that tensors carry, for parameters for masks that were not given.

        ``mask`` belongs to the only tensor argument; of several, ``name_mask`` belongs to
        ``name``.

        Parameters
        ----------
        arguments : dict
            By name, as `bound` returns them.
        """
        tensors = {
            name: value
            for name, value in arguments.items()
            if name not in self.mask_names and first_tensor(value) is not None
        }
        if len(tensors) == 1:
            pairs = [("mask", value) for value in tensors.values()]
        else:
            pairs = [(f"{name}_mask", value) for name, value in tensors.items()]
        return {
            name: masks_of(value)
            for name, value in pairs
            if name in self.mask_names and arguments.get(name) is None
        }


def training_of(call, given):
    """Whether a call of a layer is one in training: as given, or as the call around it."""
    if given is None:
        given = context.training
    return call.training_default if given is None else given


def as_inputs(value, dtype):
    """Arrays become tensors, and real ones get `dtype`; in lists, tuples and dicts too."""
    if isinstance(value, Tensor):
        if dtype is not None and value.dtype != dtype and value.dtype in REAL:
            mask = value._keras_mask
            value = ops.cast(value, dtype)
            value._keras_mask = mask
        return value
    if isinstance(value, (list, tuple)):
        items = [as_inputs(item, dtype) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: as_inputs(item, dtype) for key, item in value.items()}
    if isinstance(value, KerasTensor):
        return value
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        return ops.convert_to_tensor(array, dtype if array.dtype.kind == "f" else None)
    return value


def dtype_after_cast(value, dtype):
    """Dtype of what comes of the tensors in a structure together, after `as_inputs`."""
    dtypes = [tensor.dtype for tensor in tensors_of(value)]
    dtypes = [dtype if dtype and found in REAL else found for found in dtypes]
    return max(dtypes, key=_BY_PRECEDENCE.index)


def check_positional(value):
    """Raises unless `value` holds tensors only (or nothing).

    Raises
    ------
    ValueError
        With the value that is none.
    """
    if isinstance(value, _TENSORS) or value is None:
        return
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            check_positional(item)
        return
    raise ValueError(
        "Only input tensors may be passed as positional arguments. The following argument value "
        f"should be passed as a keyword argument: {value} (of type {type(value)})"
    )


def first_tensor(value):
    """The first tensor in a structure, or None."""
    if isinstance(value, _TENSORS):
        return value
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return None
    return next((t for t in map(first_tensor, value) if t is not None), None)


def tensors_of(value):
    """The tensors in a structure, one after the other."""
    if isinstance(value, _TENSORS):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return []
    return [tensor for item in value for tensor in tensors_of(item)]


def masks_of(value):
    """The mask that a tensor carries, or None; of a structure, the same structure of them."""
    if isinstance(value, _TENSORS):
        return value._keras_mask
    if isinstance(value, dict):
        return {key: masks_of(item) for key, item in value.items()}
    return [masks_of(item) for item in value] if isinstance(value, (list, tuple)) else None


def shapes_of(value):
    """Shape of a tensor, or the list, tuple or dict of the shapes of tensors."""
    if isinstance(value, dict):
        return {key: shapes_of(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shapes_of(item) for item in value]
    return getattr(value, "shape", None)


def plain_arguments(layer, args, kwargs, base):
    """The arguments that a layer was made with, by name, defaults included; `base` left out.

    Raises
    ------
    NotImplementedError
        If they are not numbers, strings, and lists and dicts of them.
    """
    signature = inspect.signature(type(layer).__init__)
    bound = signature.bind(layer, *args, **kwargs)
    bound.apply_defaults()
    named = {}
    for name, value in list(bound.arguments.items())[1:]:
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            named.update(value)
        elif kind is not inspect.Parameter.VAR_POSITIONAL:
            named[name] = value
    named = {name: value for name, value in named.items() if name not in base}
    if not _is_plain(named):
        raise NotImplementedError(
            f"{type(layer).__name__} was made with arguments that are not plain numbers, strings, "
            "lists or dicts, so it must override `get_config()` to be serializable."
        )
    return named


def _is_plain(value):
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (str, int, float))
