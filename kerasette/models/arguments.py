"""Checks of the arguments of fit, evaluate and predict."""


def checked_batch_size(batch_size):
    """`batch_size`, 32 by default.

    Raises
    ------
    ValueError
        If it is not a positive integer.
    """
    return 32 if batch_size is None else checked_count(batch_size, "batch_size")


def checked_count(value, name):
    """A positive integer, from the argument `name`."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < 1:
        raise ValueError(f"`{name}` must be a positive integer. Received: {name}={value!r}")
    return value.__index__()


def checked_verbose(verbose):
    """0, 1 or 2."""
    verbose = 1 if verbose == "auto" else verbose
    if verbose not in (0, 1, 2):
        raise ValueError(f"`verbose` must be 'auto', 0, 1 or 2. Received: verbose={verbose!r}")
    return int(verbose)


def checked_shuffle(shuffle):
    """True, False or "batch"."""
    if shuffle not in (True, False, "batch"):
        raise ValueError(f"`shuffle` must be a bool or 'batch'. Received: {shuffle!r}")
    return shuffle
