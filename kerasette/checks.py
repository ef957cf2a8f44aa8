"""What a number is, for arguments that users pass: asked before it is compared with bounds."""

import numbers
import operator


def is_number(value):
    """Whether a value is one real number, Python's or NumPy's.

    >>> import numpy as np
    >>> is_number(0.5), is_number(np.float32(0.5)), is_number("0.5"), is_number(None)
    (True, True, False, False)
    """
    return isinstance(value, numbers.Real)


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
