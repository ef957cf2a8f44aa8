"""What a number is, for arguments that users pass: asked before it is compared with bounds."""

import numbers
import operator

import numpy as np


def is_number(value):
    """Whether a value is one real number, Python's or NumPy's.

    >>> import numpy as np
    >>> is_number(0.5), is_number(np.float32(0.5)), is_number("0.5"), is_number(None)
    (True, True, False, False)
    """
    return isinstance(value, numbers.Real)


def is_real(value):
    """Whether a value is one real number, Python's or NumPy's, and no bool.

    >>> import numpy as np
    >>> is_real(0.5), is_real(np.int64(3)), is_real(True), is_real("0.5")
    (True, True, False, False)
    """
    return is_number(value) and not isinstance(value, bool)


def is_whole(value):
    """Whether a value is one integer, Python's or NumPy's, and no bool.

    >>> import numpy as np
    >>> is_whole(3), is_whole(np.int64(3)), is_whole(3.0), is_whole(np.array([1, 2]))
    (True, True, False, False)
    """
    if isinstance(value, bool):
        return False
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


def plain_scalar(value):
    """A NumPy scalar as Python's, with which configs are written; anything else as it is.

    >>> import numpy as np
    >>> plain_scalar(np.float32(0.5)), plain_scalar(np.int64(3)), plain_scalar("adam")
    (0.5, 3, 'adam')
    """
    return value.item() if isinstance(value, np.generic) else value


def check_number(name, value):
    """Raises unless a value is one real number.

    Raises
    ------
    ValueError
        With its name and value.
    """
    if not is_number(value):
        raise ValueError(
            f"`{name}` must be a number. Received: {name}={value!r} "
            f"(of type {type(value).__name__})."
        )


def check_numbers(name, value):
    """Raises unless a value is a real number, or an array or list of them.

    Raises
    ------
    ValueError
        With its name and value.
    """
    if np.asarray(value).dtype.kind not in "biuf":
        raise ValueError(
            f"`{name}` must be a number, or an array or list of numbers. Received: "
            f"{name}={value!r} (of type {type(value).__name__})."
        )


def check_axes(axis):
    """Raises unless an axis is an integer, or a list or tuple of one or more.

    Raises
    ------
    ValueError
        With its value.
    """
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    if not axes or not all(map(is_whole, axes)):
        raise ValueError(
            f"`axis` must be an integer, or a list or tuple of one or more. Received: axis={axis!r}"
        )


def check_size(name, value):
    """Raises unless a size is a positive integer.

    Raises
    ------
    ValueError
        With its name and value.
    """
    if not is_whole(value) or value <= 0:
        raise ValueError(
            f"`{name}` must be a positive integer. Received: {name}={value!r} "
            f"(of type {type(value).__name__})."
        )
