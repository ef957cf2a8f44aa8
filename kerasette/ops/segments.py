"""Elements combined by the numbers of their segments."""

import numpy as np

from kerasette._core.ops import cast, expand_dims, full, get_item, greater_equal, less, where
from kerasette.ops.conversion import convert_to_numpy, convert_to_tensor
from kerasette.ops.elementwise import logical_and
from kerasette.ops.scattering import scatter_update


def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """Sums of the rows of each segment; 0 for a segment without rows.

    Parameters
    ----------
    data : Tensor of shape (n, ...)
    segment_ids : Tensor of integers of shape (n,)
        The segment of each row. Rows whose number is not in [0, num_segments) are left out.
    num_segments : int, optional
        By default the largest number plus one. To find it the values are read, so that a step
        in which that is done is not replayed.
    sorted : bool
        Whether the numbers never fall; the result is the same.

    Returns
    -------
    Tensor of shape (num_segments, ...)

    Raises
    ------
    ValueError
        If there is not a number for each row.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.segment_sum([1.0, 2.0, 4.0], [0, 1, 0]).numpy().tolist()
    [5.0, 2.0]
    """
    return _combined(data, segment_ids, num_segments, "add")


def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    """Products of the rows of each segment, 1 for one without; arguments as for `segment_sum`."""
    return _combined(data, segment_ids, num_segments, "mul")


def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """Maxima of the rows of each segment; arguments as for `segment_sum`.

    A segment without rows has the least number of the dtype, minus infinity for floats.
    """
    return _combined(data, segment_ids, num_segments, "max")


def segment_min(data, segment_ids, num_segments=None, sorted=False):
    """Minima of the rows of each segment; arguments as for `segment_sum`.

    A segment without rows has the largest number of the dtype, infinity for floats.
    """
    return _combined(data, segment_ids, num_segments, "min")


def _combined(data, segment_ids, num_segments, how):
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    data = cast(data, "int32") if data.dtype == "bool" else data
    if ids.dtype not in ("int32", "int64"):
        raise TypeError(f"Numbers of segments are integers. Received: dtype {ids.dtype}")
    if len(ids.shape) != 1 or ids.shape != data.shape[:1]:
        raise ValueError(
            "`segment_ids` must have a number for each row of `data`. Received: "
            f"data.shape={data.shape}, segment_ids.shape={ids.shape}"
        )
    if num_segments is None:
        num_segments = int(convert_to_numpy(ids).max(initial=-1)) + 1
    # What belongs to no segment goes to one more, which is left out.
    is_inside = logical_and(greater_equal(ids, 0), less(ids, num_segments))
    ids = where(is_inside, ids, num_segments)
    start = _start(how, (num_segments + 1, *data.shape[1:]), data.dtype)
    total = scatter_update(start, expand_dims(ids, -1), data, how)
    return get_item(total, slice(num_segments))


def _start(how, shape, dtype):
    """What changes nothing when it is combined with another number."""
    if how in ("add", "mul"):
        return full(shape, int(how == "mul"), dtype)
    if dtype in ("float32", "float64"):
        return full(shape, -np.inf if how == "max" else np.inf, dtype)
    limits = np.iinfo(dtype)
    return full(shape, int(limits.min if how == "max" else limits.max), dtype)
