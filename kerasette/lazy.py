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
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = homes[name].replace("__", ".")
        home = home if home.startswith("kerasette.") else f"{package}.{home}"
        value = getattr(import_module(home), name)
        value = value if change is None else change(name, value)
        setattr(sys.modules[package], name, value)
        return value

    def names():
        return sorted({*vars(sys.modules[package]), *homes})

    return load, names, sorted(homes)


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
