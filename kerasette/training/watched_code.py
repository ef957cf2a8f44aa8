"""What code of a user reads, so that its recordings stay valid until some of it changes.

A recorded step holds what the code did when it ran. For code that is a function of tensors, of
numbers and of our own objects, that changes only if one of them does: a global name, a variable of
an enclosing function, an entry of a list. Attributes of layers and the like say themselves when
they change. Anything else that a function may look at (a file, an object of another class) cannot
be watched wholly, and such code is recorded again in every epoch. Code that draws numbers or looks
at the clock may do something else at each step, and is not recorded at all.
"""

import builtins
from collections import deque
from functools import partial
from types import FunctionType, MethodType, ModuleType

import numpy as np

from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.tracking import Tracked
from kerasette.training.byte_code import assigns_globals, global_chains, imports, inner_codes
from kerasette.training.watched_kinds import (
    ENTRIES,
    PURE,
    VARYING_MODULES,
    is_constant,
    is_harmless,
    is_namespace,
    is_of_package,
    is_ours,
    is_plain,
    is_pure_in,
    is_pure_of_numpy,
    is_users,
    operators_of,
    varies_by_itself,
)
from kerasette.training.watched_values import WatchedValues, items_of

# Arrays up to this size are compared; larger ones cannot be watched.
_MAX_BYTES = 1 << 20
_MAX_ITEMS = 1000
# Where code leads to more values than this, it is followed no further.
_MAX_SEEN = 5000


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
    is_steady : bool
        Whether the code reads nothing that is something else at each step: random numbers that
        are not ours, the clock, iterators.
    """

    def __init__(self, roots):
        self.is_closed = True
        self.is_steady = True
        self._watched = WatchedValues()
        self._seen = {}
        # Names of attributes in the code: those of all objects may be meant.
        self._attributes = set(ENTRIES)
        # Objects and modules whose attributes the code may read, with the names looked up there.
        self._owners = []
        for root in roots:
            self._look_at(root)
        self._look_up_attributes()
        if not self._attributes.isdisjoint(self._unwatched_names()):
            self.is_closed = False

    def has_changed(self):
        """Whether something is not as it was; True if that cannot be known."""
        return not self.is_closed or self.has_moved()

    def has_moved(self):
        """Whether something of what can be watched is not as it was."""
        return self._watched.have_moved()

    # ---- looking through -----------------------------------------------------------

    def _look_at(self, value):
        """Notes what is to be watched of a value that the code may read."""
        if id(value) in self._seen or isinstance(value, (Tensor, KerasTensor)):
            return
        if is_constant(value):
            return
        if len(self._seen) == _MAX_SEEN:
            self.is_closed = False
            return
        self._seen[id(value)] = value
        if varies_by_itself(value):
            self.is_closed = self.is_steady = False
        elif is_pure_of_numpy(value):
            return
        elif isinstance(value, FunctionType):
            self._look_at_function(value)
        elif isinstance(value, MethodType):
            self._look_at(value.__self__)
            self._look_at(value.__func__)
        elif isinstance(value, partial):
            for part in (value.func, value.args, value.keywords):
                self._look_at(part)
        elif isinstance(value, Tracked):
            self._look_at_object(value)
        else:
            self._look_at_other(value)

    def _look_at_other(self, value):
        is_container = isinstance(value, (list, tuple, dict, set, frozenset, deque))
        is_array = isinstance(value, np.ndarray) and value.dtype != object
        if is_container:
            self._look_at_items(value)
        elif is_array and value.nbytes <= _MAX_BYTES:
            self._watched.add_array(value)
        elif is_namespace(value):
            self._look_at(vars(value))
        elif not is_harmless(value) and not is_plain(value):
            self.is_closed = False
        # Lists and numbers may be of a user's class, too.
        if isinstance(value, ModuleType) or is_users(value):
            self._owners.append((value, set()))

    def _look_at_items(self, container):
        items = items_of(container)
        if len(items) > _MAX_ITEMS:
            self.is_closed = False
            return
        if not isinstance(container, (tuple, frozenset)):
            self._watched.add_items(container)
        for item in items:
            self._look_at(item)

    def _look_at_object(self, value):
        """An object of ours, or of a class derived from ours: its attributes and methods."""
        self._owners.append((value, set()))
        for name, attribute in list(vars(value).items()):
            # What begins so in objects of ours does not change without saying so.
            is_private = name.startswith("_") and is_ours(value)
            is_apart = is_private or name in _names_apart(value) or name.endswith("initializer")
            # What varies by itself matters if code reads it, by its name.
            if not is_apart and not varies_by_itself(attribute):
                self._look_at(attribute)

    # ---- functions -----------------------------------------------------------------

    def _look_at_function(self, function):
        if is_of_package(function.__globals__.get("__name__", "")):
            return
        self._watched.add_function(function)
        for cell in function.__closure__ or ():
            self._look_at(self._watched.add_cell(cell))
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        for value in (*defaults, *vars(function).values()):
            self._look_at(value)
        self._look_at_code(function.__code__, function.__globals__)

    def _look_at_code(self, code, namespace):
        # Names of globals are among them, which does no harm.
        self._attributes.update(code.co_names)
        if imports(code):
            self.is_closed = False
            self.is_steady = self.is_steady and VARYING_MODULES.isdisjoint(code.co_names)
        if assigns_globals(code):
            self.is_closed = False
        for name, *attributes in global_chains(code):
            value = namespace.get(name)
            if isinstance(value, ModuleType):
                self._watched.add_name(namespace, name)
                self._look_into_module(value, attributes)
            else:
                self._watch(namespace, name)
            if name not in namespace and hasattr(builtins, name):
                self.is_closed = self.is_closed and name in PURE
        for inner in inner_codes(code):
            self._look_at_code(inner, namespace)

    def _look_into_module(self, module, attributes):
        """A module of which code reads an attribute, and maybe an attribute of that."""
        if not attributes or varies_by_itself(module):
            self._look_at(module)
            return
        name, *others = attributes
        self.is_closed = self.is_closed and (is_harmless(module) or is_pure_in(module, name))
        value = vars(module).get(name)
        if is_users(module):
            self._watched.add_name(vars(module), name)
        if isinstance(value, ModuleType):
            self._look_into_module(value, others)
        elif is_users(module):
            self._look_at(value)
        elif varies_by_itself(value):
            self.is_steady = False

    # ---- attributes ----------------------------------------------------------------

    def _look_up_attributes(self):
        """What the code means by names of attributes, in all objects that it may read."""
        is_finished = False
        while not is_finished:
            is_finished = True
            for value, done in list(self._owners):
                names = self._attributes - done
                if not done:
                    names |= operators_of(value)
                done |= names
                is_finished = is_finished and not names
                self._look_up(value, names)

    def _unwatched_names(self):
        """Names of attributes that may change without notice, if code of a user reads them."""
        progress = (getattr(value, "_progress_attributes", ()) for value, _ in self._owners)
        return {"__dict__"}.union(*progress)

    def _look_up(self, value, names):
        if isinstance(value, ModuleType):
            for name in names & vars(value).keys():
                self._look_up_in_module(value, name)
        elif isinstance(value, type):
            self._look_up_in_class(value, names)
        else:
            found = self._look_up_in_class(type(value), names)
            if not is_ours(value):
                self._watched.add_class(value)
                self._look_up_in_object(value, names - _names_apart(value), found)

    def _look_up_in_module(self, module, name):
        if is_users(module):
            self._watch(vars(module), name)
        elif varies_by_itself(vars(module)[name]):
            self.is_steady = False

    def _look_up_in_object(self, value, names, inherited):
        own = getattr(value, "__dict__", {})
        names = names & own.keys()
        if not isinstance(value, Tracked):
            # What the class has may be set in the object later, and is then no more looked up.
            names |= inherited
        for name in names:
            self._watch(own, name)

    def _look_up_in_class(self, cls, names):
        """Watches names in a class and its bases; returns those that are there."""
        if is_users(type(cls)):
            # A class of classes has a say.
            self.is_closed = False
        found = set()
        for name in names:
            bases = [base for base in cls.__mro__ if name in vars(base)]
            if bases:
                found.add(name)
                self._look_up_in_bases(cls.__mro__, name, bases[0])
        return found

    def _look_up_in_bases(self, bases, name, first):
        # Before the first that has it, it may be defined later; `super()` leads to those after it.
        is_before = True
        for base in bases:
            is_before = is_before and base is not first
            is_followed = base is not object and not is_of_package(base.__module__)
            if is_followed and (is_before or name in vars(base)):
                self._watch(vars(base), name)

    def _watch(self, space, name):
        is_there, value = self._watched.add_name(space, name)
        if isinstance(value, property):
            value = value.fget
        elif isinstance(value, (staticmethod, classmethod)):
            value = value.__func__
        if is_there:
            self._look_at(value)


def _names_apart(value):
    """Names of attributes that our steps do not depend on, or that say when they change."""
    if not isinstance(value, Tracked):
        return frozenset()
    return type(value)._untracked | getattr(value, "_progress_attributes", frozenset())
