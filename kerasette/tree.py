"""Structures: values in lists, tuples and dicts, in any nesting.

As `keras.tree`. Dicts are gone through in the order of their sorted keys (an `OrderedDict` in its
own), so that equal structures give equal lists. None is a value.
"""

import copy
from collections import OrderedDict

from kerasette.lazy import getattr_of

__getattr__ = getattr_of(__name__)


def is_nested(structure):
    """Whether a value is a list, tuple or dict.

    >>> is_nested([1]), is_nested("ab"), is_nested(None)
    (True, False, False)
    """
    return isinstance(structure, (list, tuple, dict))


def flatten(structure):
    """The values in a structure, one after the other.

    >>> flatten({"b": [1, 2], "a": 3})
    [3, 1, 2]
    """
    if not is_nested(structure):
        return [structure]
    found = []
    _flatten_into(found, structure)
    return found


def _flatten_into(found, structure):
    for _, item in _items(structure):
        if is_nested(item):
            _flatten_into(found, item)
        else:
            found.append(item)


def flatten_with_path(structure):
    """Pairs of the keys and indices that lead to a value, as a tuple, and the value.

    >>> flatten_with_path({"a": [5, 6]})
    [(('a', 0), 5), (('a', 1), 6)]
    """
    if not is_nested(structure):
        return [((), structure)]
    return [
        ((key, *path), value)
        for key, item in _items(structure)
        for path, value in flatten_with_path(item)
    ]


def map_structure(func, *structures, none_is_leaf=True):
    """The structure of what a function returns for each value, or the values at each place.

    Parameters
    ----------
    func : callable
        Of as many arguments as there are structures.
    *structures : structure
        Of the same form.
    none_is_leaf : bool
        Whether `func` is called for None; otherwise None stays.

    Raises
    ------
    ValueError
        If there is none, or their forms differ.
    """
    if not callable(func):
        raise TypeError(f"`func` must be callable. Received: func={func}")
    if not structures:
        raise ValueError("Must provide at least one structure.")
    first, *others = structures
    if not others:
        return _mapped_one(func, first, none_is_leaf)
    for other in others:
        assert_same_structure(first, other)
    return _mapped(func, structures, none_is_leaf)


def _mapped_one(func, structure, none_is_leaf):
    if isinstance(structure, (list, tuple, dict)):
        items = {key: _mapped_one(func, item, none_is_leaf) for key, item in _items(structure)}
        return _like(structure, items)
    if structure is None and not none_is_leaf:
        return None
    return func(structure)


def _mapped(func, structures, none_is_leaf):
    first = structures[0]
    if is_nested(first):
        inner = [dict(_items(structure)) for structure in structures]
        return _like(
            first, {key: _mapped(func, [d[key] for d in inner], none_is_leaf) for key in inner[0]}
        )
    if first is None and not none_is_leaf:
        return None
    return func(*structures)


def map_shape_structure(func, structure):
    """The same for a structure of shapes: tuples or lists of sizes and Nones are values.

    >>> map_shape_structure(len, {"a": (None, 3), "b": [2]})
    {'a': 2, 'b': 1}
    """
    if is_shape(structure):
        return func(tuple(structure))
    if is_nested(structure):
        return _like(
            structure, {key: map_shape_structure(func, item) for key, item in _items(structure)}
        )
    raise ValueError(f"Cannot map function to unknown object {structure}")


def is_shape(value):
    """Whether a value is a tuple or list of nothing but sizes and Nones."""
    return isinstance(value, (list, tuple)) and all(
        size is None or hasattr(size, "__index__") for size in value
    )


def pack_sequence_as(structure, flat_sequence):
    """A structure of the same form, of other values; dicts in the order of their sorted keys.

    >>> pack_sequence_as({"b": 0, "a": (0,)}, [1, 2])
    {'a': (1,), 'b': 2}

    Raises
    ------
    TypeError
        If the values are no sequence.
    ValueError
        If there are more or fewer values.
    """
    if not isinstance(flat_sequence, (list, tuple)):
        raise TypeError(f"flat_sequence must be a sequence. Received: {type(flat_sequence)}")
    n_values = len(flatten(structure))
    if n_values != len(flat_sequence):
        raise ValueError(
            "Incorrect number of leaves provided by `flat_sequence` for `structure`: expected "
            f"{n_values}, got {len(flat_sequence)}."
        )
    values = iter(flat_sequence)
    return _packed(structure, values)


def _packed(structure, values):
    if not is_nested(structure):
        return next(values)
    items = {key: _packed(item, values) for key, item in _items(structure)}
    return items if type(structure) is dict else _like(structure, items)


def assert_same_structure(a, b):
    """Raises unless two structures have the same form.

    Raises
    ------
    ValueError
        With the place where they differ.
    """
    _compare(a, b, ())


def _compare(a, b, path):
    where = f"at path {list(path)}" if path else "at the top"
    if not is_nested(a) and not is_nested(b):
        return
    if not is_nested(a) or not is_nested(b) or _kind(a) is not _kind(b):
        raise ValueError(
            f"`a` and `b` don't have the same structure: {where}, one is a {type(a).__name__}, "
            f"the other a {type(b).__name__}."
        )
    items_a, items_b = dict(_items(a)), dict(_items(b))
    if set(items_a) != set(items_b):
        raise ValueError(
            f"`a` and `b` don't have the same structure: {where}, one has the entries "
            f"{list(items_a)}, the other {list(items_b)}."
        )
    for key, item in items_a.items():
        _compare(item, items_b[key], (*path, key))


def lists_to_tuples(structure):
    """The structure with a tuple for each list."""
    if not is_nested(structure):
        return structure
    items = {key: lists_to_tuples(item) for key, item in _items(structure)}
    return tuple(items.values()) if isinstance(structure, list) else _like(structure, items)


def _kind(structure):
    """What must be equal of two structures: dicts of all kinds count as one."""
    return dict if isinstance(structure, dict) else type(structure)


def _items(structure):
    """Keys or indices, and what stands there."""
    if isinstance(structure, OrderedDict):
        return structure.items()
    if isinstance(structure, dict):
        try:
            return [(key, structure[key]) for key in sorted(structure)]
        except TypeError:
            # Keys that cannot be compared.
            return structure.items()
    return enumerate(structure)


def _like(structure, items):
    """A list, tuple, named tuple or dict like `structure`, with other items, by key or index."""
    if isinstance(structure, dict):
        # In the order that the user wrote.
        ordered = {key: items[key] for key in structure}
        if type(structure) is dict:
            return ordered
        # A copy has what others have besides, as a defaultdict its factory.
        filled = copy.copy(structure)
        filled.update(ordered)
        return filled
    if hasattr(structure, "_fields"):
        return type(structure)(*items.values())
    return type(structure)(items.values())
