"""Structures, against what Keras's `keras.tree` documents."""

from collections import OrderedDict, defaultdict, namedtuple

import pytest
from changes import assert_every_parameter_has_a_row

from kerasette import tree

Point = namedtuple("Point", "x y")

# (structure, its values, its paths).
STRUCTURES = {
    "value": (5, [5], [()]),
    "none": (None, [None], [()]),
    "list": ([1, [2, 3]], [1, 2, 3], [(0,), (1, 0), (1, 1)]),
    "tuple": ((1, ()), [1], [(0,)]),
    "dict": ({"b": 1, "a": (2, 3)}, [2, 3, 1], [("a", 0), ("a", 1), ("b",)]),
    "ordered dict": (OrderedDict(b=1, a=2), [1, 2], [("b",), ("a",)]),
    "keys of two kinds": ({"b": 1, 2: 3}, [1, 3], [("b",), (2,)]),
    "defaultdict": (defaultdict(list, a=[2], b=1), [2, 1], [("a", 0), ("b",)]),
    "named tuple": (Point(1, [2]), [1, 2], [(0,), (1, 0)]),
    "empty": ({}, [], []),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_values_and_paths(name):
    structure, values, paths = STRUCTURES[name]
    assert tree.flatten(structure) == values
    assert tree.flatten_with_path(structure) == list(zip(paths, values, strict=True))


@pytest.mark.parametrize("name", STRUCTURES)
def test_there_and_back(name):
    structure, values, paths = STRUCTURES[name]
    packed = tree.pack_sequence_as(structure, values)
    assert packed == structure
    assert type(packed) is type(structure)
    if isinstance(structure, dict):
        # As in Keras: sorted, but an ordered dict as it is.
        assert list(packed) == [path[0] for path in dict.fromkeys(p[:1] for p in paths)]


def test_a_mapped_dict_keeps_its_order():
    assert list(tree.map_structure(str, {"b": 1, "a": 2})) == ["b", "a"]


def test_a_defaultdict_keeps_its_factory():
    # As in Keras 3.15.1.
    counts = defaultdict(int, b=[1], a=2)
    packed = tree.pack_sequence_as(counts, [5, 6])
    assert packed == {"a": 5, "b": [6]}
    for made in (tree.map_structure(str, counts), tree.lists_to_tuples(counts), packed):
        assert made.default_factory is int
    assert counts == {"b": [1], "a": 2}


def test_map_takes_values_of_the_same_place_from_several():
    a, b = {"x": [1, 2], "y": 3}, {"y": 30, "x": [10, 20]}
    assert tree.map_structure(lambda m, n: m + n, a, b) == {"x": [11, 22], "y": 33}
    assert tree.map_structure(str, [None, 1]) == ["None", "1"]
    assert tree.map_structure(str, [None, 1], none_is_leaf=False) == [None, "1"]


def test_map_of_shapes():
    shapes = {"a": (None, 3), "b": [(2,), [4, None]], "c": ()}
    assert tree.map_shape_structure(len, shapes) == {"a": 2, "b": [1, 2], "c": 0}


def test_lists_become_tuples():
    assert tree.lists_to_tuples([1, {"a": [2]}, (3, [])]) == (1, {"a": (2,)}, (3, ()))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tree.map_structure(3, [1]), TypeError, "must be callable"),
        (lambda: tree.map_structure(str), ValueError, "at least one structure"),
        (lambda: tree.map_structure(str, [1], (1,)), ValueError, "don't have the same structure"),
        (lambda: tree.map_structure(str, [1], [1, 2]), ValueError, r"entries \[0\]"),
        (lambda: tree.pack_sequence_as([1, 2], 3), TypeError, "must be a sequence"),
        (lambda: tree.pack_sequence_as([1, 2], [3]), ValueError, "expected 2, got 1"),
        (lambda: tree.map_shape_structure(len, {"a": "b"}), ValueError, "Cannot map"),
        (lambda: tree.assert_same_structure({"a": 1}, {"b": 1}), ValueError, r"\['a'\].*\['b'\]"),
        (lambda: tree.assert_same_structure([1, [2]], [1, 2]), ValueError, r"path \[1\]"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_structures_of_the_same_form():
    tree.assert_same_structure([1, {"a": 2}], ["x", {"a": None}])
    tree.assert_same_structure(OrderedDict(b=1, a=2), {"a": 1, "b": 2})


def test_every_parameter_is_shown_above():
    assert_every_parameter_has_a_row(
        tree.map_structure, {"func": 1, "structures": 1, "none_is_leaf": 1}
    )
    assert_every_parameter_has_a_row(tree.pack_sequence_as, {"structure": 1, "flat_sequence": 1})
