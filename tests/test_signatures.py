"""Names, places, parameters and members are Keras's, but for what is excused with a reason."""

import compare_with_keras
import pytest
import signatures
from agreement import golden_json

import kerasette

KERAS = golden_json("signatures.json")


def test_what_keras_promises_is_kept():
    found = compare_with_keras.compare(KERAS, kerasette)
    remaining = compare_with_keras.unexcused(found, KERAS, tier=1)
    assert not remaining, "\n" + "\n".join(f"{key} {words}" for key, words in remaining.items())


def test_the_golden_file_has_all_names():
    tiers = compare_with_keras.tiers()
    assert {name: entry["tier"] for name, entry in KERAS.items() if entry["tier"] < 3} == tiers
    assert 100 < list(tiers.values()).count(1) < len(tiers)


def one(x, axis=-1, *, name=None):
    """A function to compare with."""


@pytest.mark.parametrize(
    ("other", "place"),
    [
        (lambda x, axis=-1, *, name=None: None, None),
        (lambda x, axis=0, *, name=None: None, "(axis)"),
        (lambda x, *, axis=-1, name=None: None, "(axis)"),
        (lambda x, axis=-1: None, "(name)"),
        (lambda x, axis=-1, *, name=None, more=1: None, "(more)"),
        (lambda axis, x, *, name=None: None, "(axis) (order)"),
        (lambda x, axis=-1, *, name=None, **kwargs: None, "(**kwargs)"),
    ],
)
def test_differences_of_parameters_are_found(other, place):
    found = signatures.differences(signatures.describe(one), signatures.describe(other))
    assert " ".join(key for key, _ in found) == (place or "")


class Theirs:
    __module__ = "keras.of_a_test"

    def __init__(self, units=1):
        self.units = units

    def method(self, x):
        """A method of both."""

    @property
    def rate(self):
        """Can be assigned."""

    @rate.setter
    def rate(self, value):
        pass


class Ours:
    __module__ = "kerasette.of_a_test"

    def method(self, y):
        """A method of both."""

    rate = property(lambda self: 1)


def test_differences_of_classes_are_found():
    theirs = signatures.describe(Theirs, Theirs())
    found = dict(signatures.differences(theirs, signatures.describe(Ours, Ours())))
    assert set(found) == {"(units)", ".units", ".rate", ".method(x)", ".method(y)"}
    assert found[".rate"] == "cannot be assigned"
    assert not list(signatures.differences(theirs, theirs))


def test_what_has_another_place_or_no_excuse_is_found(monkeypatch):
    keras = {"nothing": {"tier": 2, "parameters": []}, "Layer": KERAS["Layer"]}
    monkeypatch.setitem(compare_with_keras.TABLE, "excused", [])
    keras["Layer"] = {**KERAS["Layer"], "places": ["losses.Layer"]}
    found = compare_with_keras.compare(keras, kerasette)
    assert found["nothing"] == "is missing"
    assert found["Layer@losses.Layer"] == "is missing, or another thing"
    assert "nothing" not in compare_with_keras.unexcused(found, keras, tier=1)
    assert "nothing" in compare_with_keras.unexcused(found, keras, tier=2)
    excused = {"reason": "a test", "differences": "noth* Layer.nothing"}
    monkeypatch.setitem(compare_with_keras.TABLE, "excused", [excused])
    remaining = compare_with_keras.unexcused(found, keras, tier=2)
    assert "nothing" not in remaining
    assert "no such difference" in remaining["Layer.nothing"]
