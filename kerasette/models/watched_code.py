"""What code of a user reads, so that its recordings stay valid until some of it changes.

A recorded step holds what the code did when it ran. For code that is a function of tensors, of
numbers and of our own objects, that changes only if one of them does: a global name, a variable of
an enclosing function, an entry of a list. Attributes of layers and the like say themselves when
they change. Anything else that a function may look at (NumPy's random numbers, a file, an object
of another class) cannot be watched, and such code is recorded again in every epoch.
"""

import builtins
import opcode
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

import numpy as np

from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.tracking import Tracked

# Built-in functions whose result depends on their arguments alone, and that change nothing.
_PURE = frozenset(
    """
    abs all any bool dict divmod enumerate filter float frozenset int isinstance issubclass len
    list map max min object pow property range reversed round set slice sorted staticmethod str
    sum super tuple type zip NotImplementedError TypeError ValueError AssertionError print
    """.split()
)
_PURE_MODULES = frozenset({"math", "operator"})
_CONSTANTS = (int, float, complex, bool, str, bytes, type(None), type(Ellipsis), slice, np.generic)
_IMPORT = opcode.opmap["IMPORT_NAME"]
_STORES = {opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]}

# Methods that steps call, of whatever kind of object.
_ENTRIES = """
    call __call__ compute_mask update_state result reset_state train_step test_step predict_step
    compute_loss compute_metrics update_step apply apply_gradients scale_loss
    __getattr__ __getattribute__
""".split()

# Arrays up to this size are compared; larger ones cannot be watched.
_MAX_BYTES = 1 << 14
_MAX_ITEMS = 1000
_MISSING = object()


class WatchedCode:
    """Code of a user, and what it read when it was looked through.

    Parameters
    ----------
    roots : list
        Functions, and objects of classes, that are not ours.

    Attributes
    ----------
    is_closed : bool
        Whether all that the code may read can be watched.
    """

    def __init__(self, roots):
        self.is_closed = True
        # (namespace, name, value) of global names, (cell, value) of enclosing functions, and
        # (container, copy of its items).
        self._names = []
        self._cells = []
        self._items = []
        self._arrays = []
        self._seen = {}
        # Names of attributes in the code: methods of the objects may be meant.
        self._attributes = set(_ENTRIES)
        self._objects = []
        for root in roots:
            self._look_at(root)
        self._look_at_methods()

    def has_changed(self):
        """Whether something is not as it was; True if that cannot be known."""
        return not (
            self.is_closed
            and all(space.get(name, _MISSING) is value for space, name, value in self._names)
            and all(_contents(cell) is value for cell, value in self._cells)
            and all(_same_items(_items_of(box), items) for box, items in self._items)
            and all(array.tobytes() == data for array, data in self._arrays)
        )

    # ---- looking through -----------------------------------------------------------

    def _look_at(self, value):
        """Notes what is to be watched of a value that the code may read."""
        if isinstance(value, (*_CONSTANTS, Tensor, KerasTensor)) or id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if isinstance(value, FunctionType):
            self._look_at_function(value)
        elif isinstance(value, (list, tuple, dict, set, frozenset)):
            self._look_at_items(value)
        elif isinstance(value, MethodType):
            self._look_at(value.__self__)
            self._look_at(value.__func__)
        elif isinstance(value, partial):
            for part in (value.func, value.args, value.keywords):
                self._look_at(part)
        elif isinstance(value, Tracked):
            self._look_at_object(value)
        elif isinstance(value, np.ndarray) and value.nbytes <= _MAX_BYTES and value.dtype != object:
            self._arrays.append((value, value.tobytes()))
        elif not _is_harmless(value):
            self.is_closed = False

    def _look_at_items(self, container):
        items = _items_of(container)
        if len(items) > _MAX_ITEMS:
            self.is_closed = False
            return
        if not isinstance(container, (tuple, frozenset)):
            self._items.append((container, items))
        for item in items:
            self._look_at(item)

    def _look_at_object(self, value):
        """An object of ours, or of a class derived from ours: its attributes and methods."""
        self._objects.append(value)
        apart = type(value)._untracked | getattr(value, "_progress_attributes", frozenset())
        for name, attribute in vars(value).items():
            # What begins so in objects of ours does not change without saying so.
            is_private = name.startswith("_") and is_ours(value)
            if not (is_private or name in apart or name.endswith("initializer")):
                self._look_at(attribute)

    def _look_at_methods(self):
        """The methods of the objects that the code may call, and what those read."""
        done = set()
        while self.is_closed and (names := self._attributes - done or None):
            done |= names
            for value in list(self._objects):
                self._look_at_members(value, done)

    def _look_at_members(self, value, names):
        for cls in type(value).__mro__:
            if _is_our_module(cls.__module__) or cls is object:
                continue
            space = vars(cls)
            for name in names & space.keys():
                member = space[name]
                self._names.append((space, name, member))
                if isinstance(member, property):
                    member = member.fget
                elif isinstance(member, (staticmethod, classmethod)):
                    member = member.__func__
                self._look_at(member)

    def _look_at_function(self, function):
        if _is_our_module(function.__globals__.get("__name__", "")):
            return
        for cell in function.__closure__ or ():
            value = _contents(cell)
            self._cells.append((cell, value))
            self._look_at(value)
        for value in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self._look_at(value)
        self._look_at_code(function.__code__, function.__globals__)

    def _look_at_code(self, code, namespace):
        instructions = code.co_code[::2]
        if _IMPORT in instructions or not _STORES.isdisjoint(instructions):
            self.is_closed = False
            return
        for name in code.co_names:
            # Names of attributes are among them; to watch a global name in vain does no harm.
            self._attributes.add(name)
            if name in namespace:
                self._names.append((namespace, name, namespace[name]))
                self._look_at(namespace[name])
            elif hasattr(builtins, name):
                self._names.append((namespace, name, _MISSING))
                self.is_closed = self.is_closed and name in _PURE
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._look_at_code(constant, namespace)


def _is_harmless(value):
    """Whether what a value gives depends on nothing that may change."""
    if isinstance(value, ModuleType):
        return _is_our_module(value.__name__) or value.__name__ in _PURE_MODULES
    if isinstance(value, type):
        return (
            _is_our_module(value.__module__)
            or issubclass(value, Tracked)
            or (value.__module__ == "builtins" and value.__name__ in _PURE)
        )
    if isinstance(value, BuiltinFunctionType):
        return value.__module__ in _PURE_MODULES or (
            value.__module__ == "builtins" and value.__name__ in _PURE
        )
    return is_ours(value)


def is_ours(value):
    """Whether a value is of a class, or a function, of this package."""
    if isinstance(value, FunctionType):
        # Not __module__: decorators copy that from what they wrap.
        return _is_our_module(value.__globals__.get("__name__", ""))
    return _is_our_module(getattr(value, "__module__", None) or type(value).__module__)


def _is_our_module(name):
    return name.split(".")[0] == "kerasette"


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:
        # Not yet assigned.
        return _MISSING


def _items_of(container):
    if isinstance(container, dict):
        return [*container.keys(), *container.values()]
    return list(container)


def _same_items(items, known):
    return len(items) == len(known) and all(a is b for a, b in zip(items, known))
