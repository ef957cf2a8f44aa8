"""Compare the public names of kerasette with those of an installed Keras.

    KERAS_BACKEND=torch PYTHONPATH=. python tools/compare_with_keras.py [--tier 2]

It goes through the names of `keras_names.toml`: whether kerasette has each of them in every place
where Keras has it, with the same parameters in the same order, of the same kind and with the same
defaults; and whether classes have the same public methods and attributes. Names of tier 2 may be
absent without ``--tier 2``; where they are there, they must agree.

It fails for every difference that the file does not excuse, and for every excuse of nothing.
"""

import argparse
import sys
import tomllib
import warnings
from fnmatch import fnmatchcase
from pathlib import Path

from signatures import NOTHING, describe, differences, find, public_names

TABLE = tomllib.loads(Path(__file__).with_name("keras_names.toml").read_text(encoding="utf-8"))


def tiers():
    """The tier of each name, bases before the classes made from them."""
    named = {}
    for tier in (1, 2):
        for path, names in TABLE[f"tier{tier}"].items():
            for name in names.split():
                named[f"{path}.{name}".lstrip(".")] = tier
    return named


# ---- what Keras has -----------------------------------------------------------


def describe_keras(keras):
    """What Keras promises: for each name its `tier`, other `places`, and a description.

    Members of a class that are as in its `base` are left out. Those that are no methods stand
    together, as `{"settable": "name another"}`.
    """
    found, classes = {}, {}
    for name, tier in tiers().items():
        value = find(keras, name)
        assert value is not NOTHING, f"Keras has no {name}"
        entry = {"tier": tier, **describe(value, instance(keras, name))}
        others = [place for place in places(keras, value) if place != name]
        if others:
            entry["places"] = others
        base = next((classes[b] for b in getattr(value, "__mro__", ())[1:] if b in classes), None)
        if base:
            entry["base"] = base
            inherited = members(found, base)
            own = entry["members"].items()
            entry["members"] = {key: member for key, member in own if member != inherited.get(key)}
        if isinstance(value, type):
            classes[value] = name
            entry["members"] = packed(entry["members"])
        found[name] = entry
    for path in TABLE["also"]["modules"]:
        for name in public_names(keras, path):
            value = find(keras, name)
            if callable(value) and not isinstance(value, type) and name not in found:
                found[name] = {"tier": 3, **describe(value)}
    return found


def members(found, name):
    """All members of a class, with those of its bases."""
    entry = found[name]
    inherited = members(found, entry["base"]) if "base" in entry else {}
    return {**inherited, **unpacked(entry.get("members", {}))}


def packed(members):
    """Members with all of a kind that has no parameters in one text."""
    found = {name: member for name, member in members.items() if isinstance(member, list)}
    for name, kind in members.items():
        if isinstance(kind, str):
            found[kind] = f"{found.get(kind, '')} {name}".lstrip()
    return found


def unpacked(members):
    """Members by name again."""
    found = {name: member for name, member in members.items() if isinstance(member, list)}
    for kind, names in members.items():
        if isinstance(names, str):
            found.update(dict.fromkeys(names.split(), kind))
    return found


def places(library, value):
    """All names under which a library has a thing."""
    names = [name for path in TABLE["modules"] for name in public_names(library, path)]
    return sorted(name for name in names if find(library, name) is value)


def instance(library, name):
    """An instance of a class, to see what attributes it has; NOTHING for a function."""
    value = find(library, name)
    arguments = TABLE["examples"].get(name, "()")
    if library.__name__ == "kerasette":
        arguments = TABLE["examples_here"].get(name, arguments)
    if not isinstance(value, type) or arguments == "none":
        return NOTHING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(f"made{arguments}", {"made": value, "library": library})


# ---- what is different here ---------------------------------------------------


def compare(theirs, kerasette):
    """All differences, in words, by a key such as "Layer.add_weight(name)".

    Parameters
    ----------
    theirs : dict
        What `describe_keras` has found.
    """
    found = {}
    for name in theirs:
        for key, words in compare_one(theirs, name, kerasette):
            if not is_inherited(theirs, found, name, key, words):
                found[name + key] = words
    return found


def compare_one(theirs, name, kerasette):
    value = find(kerasette, name)
    if value is NOTHING:
        yield "", "is missing"
        return
    for place in theirs[name].get("places", ()):
        if find(kerasette, place) is not value:
            yield f"@{place}", "is missing, or another thing"
    entry = {**theirs[name], "members": members(theirs, name)}
    yield from differences(entry, describe(value, instance(kerasette, name)))


def is_inherited(theirs, found, name, key, words):
    """Whether a difference was found in a base class already."""
    while key.startswith(".") and "base" in theirs[name]:
        name = theirs[name]["base"]
        if found.get(name + key) == words:
            return True
    return False


def unexcused(found, theirs, tier):
    """What remains of the differences: those that nothing excuses, and excuses of nothing."""
    # Only names of the tier must be there; what is there must agree.
    remaining = {
        key: words for key, words in found.items() if theirs.get(key, {"tier": 0})["tier"] <= tier
    }
    for excuse in TABLE["excused"]:
        for pattern in excuse["differences"].split():
            covered = [key for key in found if fnmatchcase(key, pattern)]
            if not covered:
                remaining[pattern] = "is excused, and there is no such difference (any more)"
            for key in covered:
                remaining.pop(key, None)
    return remaining


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tier", type=int, choices=(1, 2), default=1)
    tier = parser.parse_args().tier
    import keras

    import kerasette

    theirs = describe_keras(keras)
    remaining = unexcused(compare(theirs, kerasette), theirs, tier)
    for key, words in remaining.items():
        print(f"{key} {words}")
    compared = [entry for entry in theirs.values() if entry["tier"] <= tier]
    print(f"{len(compared)} names of Keras {keras.__version__}, {len(remaining)} differences")
    return 1 if remaining else 0


if __name__ == "__main__":
    sys.exit(main())
