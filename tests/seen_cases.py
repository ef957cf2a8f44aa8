"""What cases for Keras and kerasette alike show, as a vector of numbers and a dict of the rest."""

import numpy as np


def observed(keras, name, case):
    """What a case shows, in a session of its own: a flat dict of arrays, texts and None.

    Parameters
    ----------
    keras : module
        The library.
    name : str
        What paths begin with.
    case : callable
        Gives dicts and lists of arrays, numbers, texts and None for a library.
    """
    keras.utils.clear_session()
    return dict(_flat(case(keras), name))


def packed(found):
    """All numbers as one vector, and the rest; for numbers their kind and shape.

    Returns
    -------
    (ndarray of float32, dict)
    """
    arrays = {path: value for path, value in found.items() if isinstance(value, np.ndarray)}
    parts = [value.ravel().astype("float32") for value in arrays.values()]
    numbers = np.concatenate([np.zeros(0, "float32"), *parts])
    shapes = {path: {value.dtype.kind: list(value.shape)} for path, value in arrays.items()}
    return numbers, {**found, **shapes}


def unpacked(numbers, described):
    """What `packed` has taken apart."""
    found, first = {}, 0
    for path, value in described.items():
        if isinstance(value, dict):
            ((kind, shape),) = value.items()
            end = first + int(np.prod(shape))
            found[path] = numbers[first:end].reshape(shape).astype(kind)
            first = end
        else:
            found[path] = value
    return found


def _flat(value, path):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}/{key}")
    elif _holds_more(value):
        for i, item in enumerate(value):
            yield from _flat(item, f"{path}/{i}")
    elif isinstance(value, str) or value is None or _is_text(value):
        yield path, value
    else:
        yield path, np.asarray(value)


def _holds_more(value):
    is_list = isinstance(value, (list, tuple))
    return is_list and any(v is None or isinstance(v, (dict, np.ndarray)) for v in value)


def _is_text(value):
    return isinstance(value, (list, tuple)) and all(isinstance(v, (str, list)) for v in value)
