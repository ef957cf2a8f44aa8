"""Names that objects get when the user gives none: ``dense``, ``dense_1``, ..."""

import re
import threading
from functools import lru_cache

from kerasette._core import variable

_counts = {}
_lock = threading.Lock()

# Before a capital that starts a word, and between a small letter and a capital.
_WORD_STARTS = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=1000)
def to_snake_case(name):
    """Spelling of a class name in small letters.

    >>> to_snake_case("MaxPooling2D"), to_snake_case("SimpleRNN"), to_snake_case("ReLU")
    ('max_pooling2d', 'simple_rnn', 're_lu')
    """
    return _WORD_STARTS.sub("_", re.sub(r"\W+", "", name)).lower()


def in_both_spellings(members):
    """A dict by names of classes, with their spellings in small letters too.

    >>> in_both_spellings({"MaxNorm": 1})
    {'MaxNorm': 1, 'max_norm': 1}
    """
    return {**members, **{to_snake_case(name): member for name, member in members.items()}}


def auto_name(class_name):
    """A name that no other object has got from here: the class's, with a counter."""
    stem = to_snake_case(class_name)
    with _lock:
        count = _counts.get(stem, 0)
        _counts[stem] = count + 1
    return f"{stem}_{count}" if count else stem


def get_uid(prefix=""):
    """How often this prefix has been asked for, this time included; the numbers behind names.

    Parameters
    ----------
    prefix : str

    >>> first = get_uid("example")
    >>> get_uid("example") - first
    1
    """
    with _lock:
        _counts[prefix] = _counts.get(prefix, 0) + 1
        return _counts[prefix]


def object_name(value):
    """What an object is called: its ``name``, or its own or its class's in snake case.

    >>> object_name(to_snake_case), object_name(lambda x: x), object_name(3)
    ('to_snake_case', 'lambda', 'int')
    """
    name = getattr(value, "name", None)
    return name or to_snake_case(getattr(value, "__name__", None) or type(value).__name__)


def reset():
    """Starts all counters again."""
    with _lock:
        _counts.clear()


def checked_name(name, class_name):
    """`name`, or one made from the class.

    Raises
    ------
    ValueError
        If it is not a string, or contains a ``/``, which separates the parts of a path.
    """
    if name is None:
        return auto_name(class_name)
    if not isinstance(name, str) or "/" in name:
        raise ValueError(
            "Argument `name` must be a string and cannot contain character `/`. "
            f"Received: name={name} (of type {type(name)})"
        )
    return name


variable.set_names(auto_name)
