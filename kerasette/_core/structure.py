"""The version of the structure: what tells recordings that they are out of date."""

import itertools

_version = 0
_versions = itertools.count(1)


def structure_version():
    """A number that changes with every event after which older recordings must not run again."""
    return _version


def bump_structure_version():
    """Called when an attribute of a layer, loss, optimizer or model is set, or memory moves."""
    global _version
    # Not the one before and one more: two threads may come here at a time.
    _version = next(_versions)
