"""Ranges of random numbers, given as a number or as two."""


def checked_factor(factor, least, most):
    """Two bounds in order; a number stands for itself on both sides of 0, as far as they go.

    Raises
    ------
    ValueError
        If it is neither a number in [least, most] nor two of which the range has some.
    """
    is_pair = isinstance(factor, (tuple, list))
    if is_pair and len(factor) == 2 and factor[0] <= most and factor[1] >= least:
        return tuple(sorted(factor))
    if not is_pair and isinstance(factor, (int, float)) and least <= factor <= most:
        return max(-abs(factor), least), abs(factor)
    raise ValueError(
        "The `factor` argument should be a number (or a list of two numbers) in the range "
        f"[{least}, {most}]. Received: factor={factor}"
    )


def factor_bounds(factor, name, words, is_allowed):
    """Two bounds in order; a number stands for itself on both sides of 0.

    Parameters
    ----------
    factor : float or (float, float)
    name : str
        Of the argument.
    words : str
        What an error says first.
    is_allowed : callable
        Of a number: whether it is in range.

    Raises
    ------
    ValueError
        If it is neither, or out of range.
    """
    is_pair = isinstance(factor, (tuple, list))
    if len(factor) != 2 if is_pair else not isinstance(factor, (int, float)):
        raise ValueError(f"{words}Received: {name}={factor}")
    for number in factor if is_pair else [factor]:
        if not is_allowed(number):
            raise ValueError(f"{words}Received: input_number={number}")
    return tuple(sorted(factor)) if is_pair else (-abs(factor), abs(factor))
