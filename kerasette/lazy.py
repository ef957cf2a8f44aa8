"""Packages whose modules are loaded when something in them is first used.

A program uses a few of the layers, losses and metrics that there are; loading them all would make
up more than half of the time that ``import kerasette`` takes.
"""

import sys
from collections.abc import Mapping
from importlib import import_module


def exports(package, change=None, /, **modules):
    """What a package defines so that its names load their modules (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    change : callable, optional
        Of a name and what the module has under it: what the package shows.
    **modules : str
        For each module, the names that the package exports from it, separated by spaces. A module
        is one of the package, or, with ``__`` for dots, of another one.

    Returns
    -------
    (function, function, list of str)
        The package's ``__getattr__``, its ``__dir__``, and the names.
    """
    homes = {name: module for module, names in modules.items() for name in names.split()}

    def load(name):
        if name not in homes:
            raise no_attribute(package, name)
        home = homes[name].replace("__", ".")
        home = home if home.startswith("kerasette.") else f"{package}.{home}"
        value = getattr(import_module(home), name)
        value = value if change is None else change(name, value)
        setattr(sys.modules[package], name, value)
        return value

    return load, dir_of(package), sorted(homes)


def dir_of(module):
    """The ``__dir__`` of a module, which shows what is public, and Python's own names.

    Parameters
    ----------
    module : str
        Its ``__name__``.
    """

    def names():
        members = vars(sys.modules[module])
        return sorted({*members["__all__"], *(name for name in members if name.startswith("__"))})

    return names


def getattr_of(module):
    """The ``__getattr__`` of a module that loads nothing: it says what Keras has there.

    Parameters
    ----------
    module : str
        Its ``__name__``.
    """

    def load(name):
        raise no_attribute(module, name)

    return load


def no_attribute(module, name):
    """The error of a name that a module does not have.

    >>> print(no_attribute("kerasette.layers", "Dennse"))
    module 'kerasette.layers' has no attribute 'Dennse'
    >>> print(no_attribute("kerasette.callbacks", "ModelCheckpoint"))
    Keras has callbacks.ModelCheckpoint; kerasette does not (docs/differences-from-keras.md in...
    """
    if not name.startswith("_"):  # imports ask for `__path__`
        from kerasette.absent import absence, is_absent

        path = module.partition(".")[2]
        if is_absent(path, name):
            return absence(f"{path}.{name}".lstrip("."))
    return AttributeError(f"module {module!r} has no attribute {name!r}")


class Names(Mapping):
    """Members of a package by the strings that users write for them, each loaded when asked for.

    Parameters
    ----------
    package : str
    members : dict of str to str
        Name of the member for each string.
    """

    def __init__(self, package, members):
        self.package = package
        self.members = members

    def __getitem__(self, string):
        return getattr(sys.modules[self.package], self.members[string])

    def has(self, value):
        """Whether `value` is one of the members."""
        name = getattr(value, "__name__", None)
        return name in self.members.values() and getattr(sys.modules[self.package], name) is value

    def __iter__(self):
        return iter(self.members)

    def __len__(self):
        return len(self.members)
