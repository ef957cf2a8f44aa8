"""Sequences of different lengths as one array."""

from typing import Any

import numpy as np

from kerasette.checks import is_whole


def pad_sequences(
    sequences, maxlen=None, dtype: Any = "int32", padding="pre", truncating="pre", value=0.0
):  # fmt: skip
    """Sequences brought to one length by leaving out, or by filling up.

    Parameters
    ----------
    sequences : list of sequences
        Of numbers, or of arrays of one shape.
    maxlen : int, optional
        The length; by default that of the longest.
    dtype : str or type
        Of the result; ``object`` for strings of different lengths.
    padding : {"pre", "post"}
        Whether `value` is put before or after those that are shorter.
    truncating : {"pre", "post"}
        Whether the beginning or the end is left out of those that are longer.
    value : float or str

    Returns
    -------
    ndarray of shape (len(sequences), maxlen, ...)

    Raises
    ------
    ValueError
        If they are no sequences, their parts have different shapes, `maxlen` is no length, a side
        is another one, or the dtype cannot hold `value` or what is in a sequence.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
    array([[0, 1],
           [2, 3],
           [5, 6]], dtype=int32)
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for name, side in (("Truncating", truncating), ("Padding", padding)):
        if side not in ("pre", "post"):
            raise ValueError(f'{name} type "{side}" not understood')
    lengths = [_length(sequence) for sequence in sequences]
    if maxlen is not None and (not is_whole(maxlen) or maxlen < 0):
        raise ValueError(
            f"`maxlen` must be None or an integer of at least 0. Received: maxlen={maxlen!r}"
        )
    _check_value(value, dtype)
    shape = next((np.shape(s)[1:] for s, n in zip(sequences, lengths) if n), ())
    if maxlen is None:
        maxlen = max(lengths, default=0)
    padded = np.full((len(lengths), maxlen, *shape), value, dtype)
    for place, (sequence, length) in enumerate(zip(sequences, lengths)):
        count = min(length, maxlen)
        if not count:
            continue
        part = sequence[length - count :] if truncating == "pre" else sequence[:count]
        # A string is a sequence of characters.
        part = list(part) if isinstance(part, str) else part
        part = _converted(part, dtype, f"the sequence at position {place}")
        if part.shape[1:] != shape:
            raise ValueError(
                f"Shape of sample {part.shape[1:]} of sequence at position {place} is different "
                f"from expected shape {shape}"
            )
        padded[place, slice(maxlen - count, None) if padding == "pre" else slice(count)] = part
    return padded


def _length(sequence):
    try:
        return len(sequence)
    except TypeError as error:
        raise ValueError(
            f"`sequences` must be a list of iterables. Found non-iterable: {sequence}"
        ) from error


def _check_value(value, dtype):
    holds_text = dtype is object or np.dtype(dtype).kind in "OSU"
    if (isinstance(value, str) or value is None) and not holds_text:
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )
    _converted(value, dtype, "`value`")


def _converted(values, dtype, name):
    """An array of a dtype that has room for the values."""
    try:
        if np.dtype(dtype).kind not in "iu":
            return np.asarray(values, dtype)
        numbers = np.asarray(values)
        if numbers.dtype.kind not in "iuf" or _has_room(dtype, numbers):
            return numbers.astype(dtype, copy=False)
        reason = "out of range"
    except (OverflowError, TypeError, ValueError) as error:
        reason = error
    raise ValueError(f"`dtype` {dtype} cannot hold {name} ({reason}): {str(values)[:80]}")


def _has_room(dtype, numbers):
    """Whether numbers, none of which is NaN, are within a dtype of integers."""
    limits = np.iinfo(dtype)
    return not numbers.size or (limits.min <= numbers.min() and numbers.max() <= limits.max)
