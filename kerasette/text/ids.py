"""Arrays of numbers of tokens, checked."""

import numpy as np


def id_array(name, ids, n_axes):
    """`ids` as an array of integers with so many axes; int32 if they fit.

    Raises
    ------
    ValueError
        If they are none.
    """
    array = np.asarray(ids)
    if array.size == 0 and not isinstance(ids, np.ndarray):
        array = array.astype("int32")
    if array.ndim != n_axes or array.dtype.kind not in "iu":
        raise ValueError(
            f"`{name}` must be integers in an array of {n_axes} "
            f"{'axis' if n_axes == 1 else 'axes'}. Received: shape {array.shape}, dtype "
            f"{array.dtype}"
        )
    if array.dtype == "uint64" and array.size and array.max() >= 2**63:
        raise ValueError(f"`{name}` must be integers of 64 bits. Received: {array.max()}")
    is_small = array.size == 0 or np.abs(array, dtype="float64").max() < 2**31
    return array.astype("int32" if is_small else "int64", copy=False)
