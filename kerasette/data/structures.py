"""Structures of arrays: several inputs, targets or weights at once."""

from collections import OrderedDict

import numpy as np

from kerasette import tree
from kerasette._core.tensor import checked_array
from kerasette.data.array_likes import as_array, holds_rows
from kerasette.data.sparse import is_sparse


def as_samples(value, name, needs_array=True):
    """`value` as an array whose first axis counts samples, or as a structure of such arrays.

    Lists, tuples and dicts are structures, unless they hold nothing but numbers. None within a
    structure stays; unless `needs_array`, all in it may be None.

    Raises
    ------
    ValueError
        If it is None, something in it holds no real numbers, or is a single number.
    """
    if type(value) is np.ndarray and value.ndim:
        return checked_array(value, f"`{name}`")
    if value is None:
        raise ValueError(f"`{name}` is None, and expected is an array of samples.")
    if not is_structure(value):
        return with_samples(value, f"`{name}`")
    found = mapped_with_names(value, name)
    arrays = tree.flatten(found)
    if not arrays or (needs_array and all(array is None for array in arrays)):
        raise ValueError(f"`{name}` cannot be converted to arrays: there is none in {value!r}.")
    return found


def mapped_with_names(value, name):
    """The structure with each array-like converted; in errors each has its place as its name."""
    if value is None:
        return None
    if not is_structure(value):
        return with_samples(value, f"`{name}`")
    if isinstance(value, dict):
        found = {key: mapped_with_names(v, f"{name}[{key!r}]") for key, v in value.items()}
        # Nothing but an order counts for models; a defaultdict would make up missing inputs.
        return OrderedDict(found) if isinstance(value, OrderedDict) else found
    found = [mapped_with_names(v, f"{name}[{i}]") for i, v in enumerate(value)]
    return type(value)(*found) if hasattr(value, "_fields") else type(value)(found)


def with_samples(value, what):
    """One array, checked to have an axis of samples."""
    array = as_array(value, what)
    if array.ndim == 0:
        raise ValueError(
            f"{what} must have an axis of samples. Received a single number: {value!r}"
        )
    return array


def is_structure(value):
    """Whether a value is a list, tuple or dict of arrays, and not a list of numbers."""
    if isinstance(value, dict):
        # One kind of sparse matrices is a dict, too.
        return not is_sparse(value)
    return isinstance(value, (list, tuple)) and bool(value) and _begins_with_array(value[0])


def _begins_with_array(value):
    """Whether a value is an array or dict or None, or the first in it is, at any depth."""
    if isinstance(value, (list, tuple)):
        # By calls, which end with a RecursionError if a list holds itself.
        return bool(value) and _begins_with_array(value[0])
    return value is None or isinstance(value, dict) or holds_rows(value)


NAMES = ("x", "y", "sample_weight")


def arrays_by_name(data):
    """x, y and weights as a dict of structures of arrays, without what is None.

    Parameters
    ----------
    data : (x, y, sample_weight)
        All but x may be None, and so may all that a structure of weights holds: then nothing is
        weighted.

    Raises
    ------
    ValueError
        If one of them holds something that is no array of samples.
    """
    x, y, sample_weight = data
    arrays = {"x": as_samples(x, "x")}
    if y is not None:
        arrays["y"] = as_samples(y, "y")
    if sample_weight is not None:
        arrays["sample_weight"] = as_samples(sample_weight, "sample_weight", needs_array=False)
    return arrays


def count_samples(x):
    """Number of samples of a structure of arrays."""
    if not tree.is_nested(x):
        return len(x)
    return next(len(array) for array in tree.flatten(x) if array is not None)


def named_arrays(data):
    """Name of its part, and array, for each array in a dict of structures."""
    return [
        (name, array)
        for name, structure in data.items()
        for array in tree.flatten(structure)
        if array is not None
    ]


def check_same_length(data):
    """Raises unless all arrays have the same number of samples.

    Parameters
    ----------
    data : dict of str to structure of ndarray
    """
    arrays = named_arrays(data)
    if len({len(array) for _, array in arrays}) > 1:
        sizes = {name: [] for name, _ in arrays}
        for name, array in arrays:
            sizes[name].append(str(len(array)))
        lines = "\n".join(f"'{name}' sizes: {', '.join(found)}" for name, found in sizes.items())
        raise ValueError(
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
            f"samples.\n{lines}"
        )


class Layout:
    """How the arrays of several structures stand one after the other in a flat list.

    Parameters
    ----------
    data : dict of str to structure
        ``x``, ``y`` and ``sample_weight``, as many of them as there are.
    """

    __slots__ = ("forms", "key", "names")

    def __init__(self, data):
        self.names = tuple(data)
        self.forms = None
        self.key = self.names
        if any(map(tree.is_nested, data.values())):
            self.forms = [tree.map_structure(mark, structure) for structure in data.values()]
            self.key = (self.names, repr(self.forms))

    def flatten(self, data):
        """The values in structures of this form."""
        if self.forms is None:
            return list(data.values())
        return [value for value in tree.flatten(list(data.values())) if value is not None]

    def pack(self, values):
        """The structures by name, of other values."""
        if self.forms is None:
            return dict(zip(self.names, values, strict=True))
        values = iter(values)
        packed = [
            tree.map_structure(lambda _: next(values), form, none_is_leaf=False)
            for form in self.forms
        ]
        return dict(zip(self.names, packed, strict=True))

    def describe(self):
        """In words, for errors."""
        forms = self.forms or [ARRAY] * len(self.names)
        return ", ".join(f"{name}: {form}" for name, form in zip(self.names, forms, strict=True))


class _Array:
    """Stands for an array in a structure."""

    def __repr__(self):
        return "array"


ARRAY = _Array()


def mark(value):
    """What stands for a value in the form of a structure."""
    return None if value is None else ARRAY
