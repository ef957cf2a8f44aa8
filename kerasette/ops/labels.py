"""Class numbers and what is made of them."""

from kerasette._core import ops as core
from kerasette.ops.arrangement import moveaxis


def one_hot(x, num_classes, axis=-1, dtype=None):
    """1 at the place that x names along a new `axis`, else 0; only 0 for x out of range.

    Parameters
    ----------
    x : Tensor or array of integers, of any shape
    num_classes : int
        Size of the new axis.
    axis : int
    dtype : str, optional
        ``floatx()`` by default.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.one_hot([0, 2], 3).numpy().tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    rows = core.one_hot(x, num_classes, dtype)
    return rows if axis in (-1, len(rows.shape) - 1) else moveaxis(rows, -1, axis)
