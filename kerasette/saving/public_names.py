"""Where Keras has the classes and functions that are in this library, and the other way round.

Configs name a class by the package that users import it from (``"keras.layers"``), so that the
files below may move. No list is needed: the packages here are called as Keras's.
"""

import inspect
from functools import cache
from importlib import import_module
from itertools import pairwise

from kerasette import ops
from kerasette.graph.keras_names import module_name
from kerasette.graph.operation import FunctionOperation, operation_class

# What configs may name. Functions that read files or run code are in other packages.
_PACKAGES = frozenset({
    "activations", "constraints", "dtype_policies", "initializers", "layers", "losses", "metrics",
    "models", "ops", "optimizers", "optimizers.schedules", "random", "regularizers", "text",
})  # fmt: skip
_OTHER_PACKAGES = frozenset({
    "applications", "backend", "callbacks", "config", "datasets", "preprocessing", "saving",
    "utils",
})  # fmt: skip
# Classes that Keras writes with the module "keras", and where they are.
_AT_THE_ROOT = {
    "DTypePolicy": "dtype_policies",
    "Initializer": "initializers",
    "InputSpec": "layers",
    "Layer": "layers",
    "Loss": "losses",
    "Metric": "metrics",
    "Model": "models",
    "Optimizer": "optimizers",
    "Regularizer": "regularizers",
    "Sequential": "models",
}
# Classes that are not public in Keras either: its module, and ours.
_INTERNAL = {
    "Functional": ("keras.src.models.functional", "kerasette.models.functional"),
    "LossFunctionWrapper": ("keras.src.losses.losses", "kerasette.losses.loss"),
}
# Packages in which a function that is known by nothing but its name is looked for, in this order.
_OF_FUNCTIONS = (
    "activations", "losses", "metrics", "initializers", "regularizers", "constraints", "optimizers",
)  # fmt: skip


def public_name(cls):
    """Module and name of a class in configs, and its registered name; None if it is not ours.

    >>> from kerasette import layers
    >>> public_name(layers.Dense), public_name(layers.Layer)
    (('keras.layers', 'Dense', None), ('keras', 'Layer', None))
    """
    root, *below = cls.__module__.split(".")
    name = cls.__name__
    if root != "kerasette" or not below:
        return None
    if issubclass(cls, FunctionOperation):
        return module_name(name), name, name
    if _INTERNAL.get(name, ("", ""))[1] == cls.__module__:
        return _INTERNAL[name][0], name, name
    for module in ("keras", f"keras.{'.'.join(below[:2])}", f"keras.{below[0]}"):
        if _found(module, name) is cls:
            return module, name, None
    return None


def find(module, name, kind):
    """The class or function that configs name by a module of Keras and its own name.

    Parameters
    ----------
    module : str
        ``"keras"``, or below it.
    name : str
    kind : {"class", "function"}
        For the message.

    Raises
    ------
    ValueError
        If there is no such name, or it is nothing that models are made of.
    TypeError
        If there is no such module.
    """
    found = _found(module, name)
    if found is not None:
        return found
    package = module.split(".")[1] if "." in module else ""
    if package in _OTHER_PACKAGES or (package in ("", "models") and kind == "function"):
        raise ValueError(
            f"Cannot deserialize `{module}.{name}` because it is not a modeling function. Configs "
            "of models hold layers, losses, metrics, optimizers and the like, and registered "
            "objects; nothing else is looked up in them."
        )
    if package in ("", "src") or package in _PACKAGES:
        raise ValueError(f"Could not deserialize '{module}.{name}': kerasette has no such name.")
    raise TypeError(
        f"Could not deserialize {kind} '{name}' because its parent module {module} cannot be "
        "imported."
    )


def find_function(name):
    """The function of ours that configs call by its name alone; None if there is none."""
    for package in _OF_FUNCTIONS:
        found = _found(f"keras.{package}", name)
        if found is not None:
            return found
    return None


def _found(module, name):
    # Versions of Keras differ in where these are.
    if name in _INTERNAL and module.split(".")[0] == "keras":
        return getattr(import_module(_INTERNAL[name][1]), name)
    if module.startswith("keras.src.ops."):
        return _operations().get(name)
    path = module.removeprefix("keras").removeprefix(".") or _AT_THE_ROOT.get(name, "")
    for package in _packages_of(path):
        home = import_module(f"kerasette.{package}")
        found = getattr(home, name) if name in home.__all__ else None
        if found is not None and (package != "models" or inspect.isclass(found)):
            return found
    return None


@cache
def _operations():
    """The classes of functions of ours as nodes of graphs, by name."""
    functions = (getattr(getattr(ops, name), "__wrapped__", None) for name in ops.__all__)
    classes = [operation_class(function) for function in functions if function is not None]
    return {cls.__name__: cls for cls in classes}


def _packages_of(path):
    """The packages that a path below Keras may mean, the first being the likeliest."""
    if not path.startswith("src."):
        return [path] if path in _PACKAGES else []
    # Where Keras keeps a class of the package, as "src.backend.torch.optimizers.torch_adam".
    parts = path.split(".")
    pairs = [".".join(pair) for pair in pairwise(parts)]
    return [part for part in pairs + parts if part in _PACKAGES]
