"""Data frames as arrays, by pandas's own methods or by the protocol that all of them share."""

import ctypes

import numpy as np

# The kinds of numbers of the data frame interchange protocol, as NumPy names them.
KINDS = {0: "i", 1: "u", 2: "f", 20: "b"}
# How the protocol says that numbers may be missing: not at all, as NaN, or by a mask.
NOT_NULLABLE, AS_NAN = 0, 1


def from_pandas(value, what):
    """A DataFrame as an array of shape (rows, columns); a Series has one column, as in Keras.

    Raises
    ------
    ValueError
        If a column holds anything but numbers, and says which.
    """
    frame = value if value.ndim == 2 else value.to_frame(value.name or 0)
    kinds = [getattr(dtype, "numpy_dtype", dtype) for dtype in frame.dtypes]
    for name, kind, dtype in zip(frame.columns, kinds, frame.dtypes):
        if not isinstance(kind, np.dtype) or kind.kind not in "fiub":
            raise no_numbers(what, name, dtype)
    if all(isinstance(dtype, np.dtype) for dtype in frame.dtypes):
        return frame.to_numpy(np.result_type(*kinds) if kinds else None)
    # A column whose numbers may be missing: NaN says that one is.
    may_lack = bool(frame.isna().to_numpy().any())
    dtype = np.result_type(*kinds, *[np.float32] * may_lack)
    return frame.to_numpy(dtype, **({"na_value": np.nan} if may_lack else {}))


def from_dataframe(frame, what):
    """An array of shape (rows, columns) of what ``__dataframe__()`` has returned.

    Raises
    ------
    ValueError
        If a column holds anything but numbers, or lacks some, and says which.
    """
    pieces = []
    for chunk in frame.get_chunks():
        columns = [column_array(chunk, name, what) for name in chunk.column_names()]
        pieces.append(np.stack(columns, axis=1))
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def column_array(chunk, name, what):
    """A copy of one column as an array."""
    column = chunk.get_column_by_name(name)
    kind, bits, _, order = column.dtype
    if int(kind) not in KINDS or order == ">":
        raise no_numbers(what, name, column.dtype)
    missing, _ = column.describe_null
    if int(missing) not in (NOT_NULLABLE, AS_NAN) and column.null_count:
        raise ValueError(
            f"{what} cannot be converted to a tensor: column {name!r} lacks {column.null_count} "
            "of its values. Fill them in."
        )
    buffer, _ = column.get_buffers()["data"]
    raw = np.frombuffer(ctypes.string_at(buffer.ptr, buffer.bufsize), "u1")
    first, last = column.offset, column.offset + column.size()
    if KINDS[int(kind)] == "b" and bits == 1:
        return np.unpackbits(raw, bitorder="little")[first:last].astype(bool)
    return raw.view(f"{KINDS[int(kind)]}{bits // 8}")[first:last]


def no_numbers(what, name, dtype):
    """The error for a column that is none of numbers."""
    return ValueError(
        f"{what} cannot be converted to a tensor: column {name!r} has dtype {dtype}, and "
        "expected are real numbers. Encode it first, or leave it out."
    )
