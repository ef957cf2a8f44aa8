"""Elements in order."""

from kerasette._core import ops as core
from kerasette._core.ops import cast, equal, expand_dims, greater, less, reshape, sum
from kerasette.ops.arrangement import from_last, to_last
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.elementwise import logical_and
from kerasette.ops.selection import along_last


def argsort(x, axis=-1):
    """Places (int32) of the elements in rising order along `axis`, or of the flattened x.

    Equals stay as they stand; nan comes last.

    >>> import kerasette
    >>> kerasette.ops.argsort([30, 10, 20]).numpy().tolist()
    [1, 2, 0]
    """
    x, axis = _one_axis(x, axis)
    last = to_last(x, axis)
    return from_last(core.order(last, last.shape[-1], False), axis)


def argpartition(x, kth, axis=-1):
    """Places (int32) such that none before place `kth` is larger, and none behind it smaller.

    They are those of `argsort`, of which that is true for each place.

    Parameters
    ----------
    x : Tensor
    kth : int
    axis : int, optional
        The last by default; None stands for the flattened tensor.

    Raises
    ------
    ValueError
        If there is no such place.

    Examples
    --------
    >>> import kerasette
    >>> int(kerasette.ops.argpartition([30, 10, 20], 0)[0])
    1
    """
    x, axis = _one_axis(x, axis)
    if not -x.shape[axis] <= kth < x.shape[axis]:
        raise ValueError(f"There is no place kth={kth} along an axis of size {x.shape[axis]}.")
    return argsort(x, axis)


def sort(x, axis=-1):
    """The elements in rising order along `axis`, or of the flattened x if it is None.

    >>> import kerasette
    >>> kerasette.ops.sort([30, 10, 20]).numpy().tolist()
    [10, 20, 30]
    """
    x, axis = _one_axis(x, axis)
    last = to_last(x, axis)
    return from_last(along_last(last, core.order(last, last.shape[-1], False)), axis)


def top_k(x, k, sorted=True):
    """The k largest along the last axis, the largest first, and their places (int32).

    Parameters
    ----------
    x : Tensor of one axis or more
    k : int
    sorted : bool
        False allows another order; they are in order all the same.

    Returns
    -------
    tuple of two Tensors of shape x.shape[:-1] + (k,)
        Of equals, the first in x comes first.

    Raises
    ------
    ValueError
        If there are not so many.

    Examples
    --------
    >>> import kerasette
    >>> values, places = kerasette.ops.top_k([1.0, 7.0, 3.0], k=2)
    >>> values.numpy().tolist(), places.numpy().tolist()
    ([7.0, 3.0], [1, 2])
    """
    x, _ = _one_axis(x, -1)
    if not 0 <= k <= x.shape[-1]:
        raise ValueError(f"top_k() needs k={k} elements on the last axis. The shape is {x.shape}.")
    order = core.order(x, int(k), True)
    return along_last(x, order), order


def in_top_k(targets, predictions, k):
    """Whether fewer than k of a row are larger than its target; bool.

    Parameters
    ----------
    targets : Tensor of integers of shape (rows,)
        Column numbers.
    predictions : Tensor of shape (rows, columns)
    k : int

    Raises
    ------
    ValueError
        If the shapes do not fit, a target is out of range, or there are not k columns.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.in_top_k([0, 1], [[0.1, 0.9], [0.2, 0.8]], k=1).numpy().tolist()
    [False, True]
    """
    targets, predictions = convert_to_tensor(targets), convert_to_tensor(predictions)
    if len(predictions.shape) != 2 or targets.shape != predictions.shape[:1]:
        raise ValueError(
            "in_top_k() takes targets of shape (rows,) and predictions of shape (rows, columns). "
            f"Received: targets.shape={targets.shape}, predictions.shape={predictions.shape}"
        )
    if not 0 < k <= predictions.shape[1]:
        raise ValueError(f"There are no k={k} columns. Received shape {predictions.shape}.")
    chosen = core.pick(predictions, targets)
    larger = sum(cast(greater(predictions, expand_dims(chosen, -1)), "int32"), -1)
    return logical_and(less(larger, k), equal(chosen, chosen))


def _one_axis(x, axis):
    x = convert_to_tensor(x)
    if axis is None:
        return reshape(x, (x.size,)), 0
    (axis,) = places((axis,), len(x.shape))
    return x, axis
