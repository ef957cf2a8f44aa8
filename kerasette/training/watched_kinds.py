"""Kinds of values that code of a user may read: what can be watched, and what cannot."""

import sys
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace

import numpy as np

from kerasette.tracking import Tracked

# Built-in functions whose result depends on their arguments alone, and that change nothing.
PURE = frozenset(
    """
    abs all any bool dict divmod enumerate filter float frozenset int isinstance issubclass len
    list map max min object pow property range reversed round set slice sorted staticmethod str
    sum super tuple type zip NotImplementedError TypeError ValueError AssertionError print
    """.split()
)
_PURE_MODULES = frozenset({"math", "operator"})
# NumPy computes from arguments alone, but for what reads files, or memory as it is.
_PURE_MODULES_OF_NUMPY = frozenset({"numpy", "numpy.linalg", "numpy.fft"})
_IMPURE_OF_NUMPY = frozenset(
    """
    empty empty_like fromfile fromregex genfromtxt load loadtxt memmap nditer vectorize
    get_printoptions geterr getbufsize
    """.split()
)
# What these give is something else each time.
VARYING_MODULES = frozenset({"datetime", "numpy.random", "random", "secrets", "time", "uuid"})
_CONSTANTS = (int, float, complex, bool, str, bytes, type(None), type(Ellipsis), slice, np.generic)

# Methods that steps call, of whatever kind of object.
ENTRIES = frozenset(
    """
    call __call__ compute_mask update_state result reset_state train_step test_step predict_step
    compute_loss compute_metrics update_step apply apply_gradients scale_loss
    __getattr__ __getattribute__
    """.split()
)
# Special methods that no expression calls.
_UNCALLED = frozenset(
    """
    __init__ __new__ __init_subclass__ __class_getitem__ __set_name__ __repr__ __str__ __del__
    __reduce__ __reduce_ex__ __getstate__ __setstate__ __copy__ __deepcopy__ __dir__ __sizeof__
    """.split()
)


def is_constant(value):
    """Whether a value cannot change, and has no attributes or methods of a user."""
    return isinstance(value, _CONSTANTS) and not is_users(value)


def varies_by_itself(value):
    """Whether what a value gives is something else each time: random numbers, clocks, iterators."""
    if isinstance(value, ModuleType):
        return _is_varying(value.__name__)
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        return owner is not None and varies_by_itself(owner)
    if isinstance(value, type):
        return _is_varying(value.__module__)
    if isinstance(value, (FunctionType, Tracked)):
        return False
    return hasattr(type(value), "__next__") or _is_varying(type(value).__module__)


def _is_varying(module):
    return module in VARYING_MODULES or module.startswith("numpy.random.")


def is_harmless(value):
    """Whether what a value gives depends on nothing that may change."""
    if isinstance(value, ModuleType):
        return is_of_package(value.__name__) or value.__name__ in _PURE_MODULES
    if isinstance(value, type):
        return (
            is_of_package(value.__module__)
            or issubclass(value, Tracked)
            or (value.__module__ == "builtins" and value.__name__ in PURE)
        )
    if isinstance(value, BuiltinFunctionType):
        return value.__module__ in _PURE_MODULES or (
            value.__module__ == "builtins" and value.__name__ in PURE
        )
    return is_ours(value)


def is_pure_in(module, name):
    """Whether what NumPy has by that name in a module depends on its arguments alone."""
    return module.__name__ in _PURE_MODULES_OF_NUMPY and name not in _IMPURE_OF_NUMPY


def is_pure_of_numpy(value):
    """Whether a value is a function or class of NumPy's own of which that is true."""
    module = sys.modules.get(getattr(value, "__module__", None))
    name = getattr(value, "__name__", None)
    # A function that `frompyfunc` made says that it is NumPy's, too.
    return module is not None and is_pure_in(module, name) and vars(module).get(name) is value


def is_namespace(value):
    """Whether a value is a bare holder of attributes: Python's own, or options of a program."""
    cls = type(value)
    return cls is SimpleNamespace or (cls.__module__, cls.__name__) == ("argparse", "Namespace")


def is_plain(value):
    """Whether an object of a user holds all that it holds in its dict, by names that code tells."""
    cls = type(value)
    return is_users(value) and type(cls) is type and all(map(_adds_names_only, cls.__mro__))


def _adds_names_only(cls):
    return cls is object or (is_users(cls) and "__slots__" not in vars(cls))


def is_ours(value):
    """Whether a value is of a class, or a function, of this package."""
    if isinstance(value, FunctionType):
        # Not __module__: decorators copy that from what they wrap.
        return is_of_package(value.__globals__.get("__name__", ""))
    return is_of_package(getattr(value, "__module__", None) or type(value).__module__)


def is_of_package(name):
    """Whether a module is one of this package."""
    return name.split(".")[0] == "kerasette"


def is_users(value):
    """Whether a value is a module or class of a user, or of such a class."""
    if isinstance(value, ModuleType):
        return _is_of_user(value.__name__)
    cls = value if isinstance(value, type) else type(value)
    return any(_is_of_user(base.__module__) for base in cls.__mro__)


def _is_of_user(name):
    """Whether a module is neither of this package, nor of Python, nor of an installed library."""
    top = name.split(".")[0]
    if top.startswith("_cython_"):
        # Where Cython has the classes of compiled functions, as ours are.
        return False
    if top in ("builtins", "kerasette", "numpy") or top in sys.stdlib_module_names:
        return top == "__main__"
    path = getattr(sys.modules.get(name), "__file__", None) or ""
    return "site-packages" not in path and "dist-packages" not in path


def operators_of(value):
    """Names of special methods that a user has defined for a value: expressions may call them."""
    cls = value if isinstance(value, type) else type(value)
    return {
        name
        for base in cls.__mro__
        if base is not object and not is_of_package(base.__module__)
        for name, member in vars(base).items()
        if name.startswith("__") and isinstance(member, FunctionType) and name not in _UNCALLED
    }
