"""Intersection over union for targets with a number for each class."""

from kerasette.metrics.iou import IoU, MeanIoU


class OneHotIoU(IoU):
    """`IoU` for targets with a number for each class, of which the largest counts.

    Parameters
    ----------
    num_classes : int
    target_class_ids : list or tuple of int
        The classes of the average.
    name : str, optional
    dtype : str, optional
        Of the counts; int32 by default.
    ignore_class : int, optional
        Targets with this number are left out.
    sparse_y_pred : bool
        Whether predictions are class numbers.
    axis : int
        The axis of the classes.

    Raises
    ------
    ValueError
        If a target class is not among the classes.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.OneHotIoU(num_classes=2, target_class_ids=[0])
    >>> round(float(metric([[1, 0], [0, 1]], [[0.8, 0.2], [0.6, 0.4]])), 4)
    0.5
    """

    _listed = ("num_classes", "target_class_ids", "ignore_class", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes,
        target_class_ids,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_pred=False,
        axis=-1,
    ):
        super().__init__(
            num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis
        )


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` for targets with a number for each class, of which the largest counts.

    Parameters
    ----------
    num_classes : int
    name : str, optional
    dtype : str, optional
        Of the counts; int32 by default.
    ignore_class : int, optional
        Targets with this number are left out.
    sparse_y_pred : bool
        Whether predictions are class numbers.
    axis : int
        The axis of the classes.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.OneHotMeanIoU(num_classes=2)
    >>> round(float(metric([[1, 0], [0, 1]], [[0.8, 0.2], [0.6, 0.4]])), 4)
    0.25
    """

    _listed = ("num_classes", "ignore_class", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_pred=False,
        axis=-1,
    ):
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
