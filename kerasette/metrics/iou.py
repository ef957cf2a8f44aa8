"""Intersection over union of classes."""

import warnings

import numpy as np

from kerasette import ops
from kerasette.checks import check_size
from kerasette.config import epsilon
from kerasette.metrics.metric import Metric


class IoU(Metric):
    """Intersection over union of places of a class and those predicted, averaged over classes.

    ``tp / (tp + fp + fn)`` of each class; classes that never come are left out.

    Parameters
    ----------
    num_classes : int
    target_class_ids : list or tuple of int
        The classes of the average.
    name : str, optional
    dtype : str, optional
        Of the counts; int32 by default.
    ignore_class : int, optional
        Targets with this number, which need not be a class, are left out.
    sparse_y_true, sparse_y_pred : bool
        Whether targets and predictions are class numbers, rather than a number for each class of
        which the largest counts.
    axis : int
        The axis of the classes, where they are not sparse.

    Raises
    ------
    ValueError
        If a target class is not among the classes.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.IoU(num_classes=2, target_class_ids=[0])
    >>> round(float(metric([0, 0, 1, 1], [0, 1, 0, 1])), 4)
    0.3333
    """

    _direction = "up"

    def __init__(
        self,
        num_classes,
        target_class_ids,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        super().__init__(dtype or "int32", name)
        check_size("num_classes", num_classes)
        if max(target_class_ids) >= num_classes:
            raise ValueError(
                f"Target class id {max(target_class_ids)} is out of range, which is "
                f"[0, {num_classes})."
            )
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        shape = (num_classes, num_classes)
        self.total_cm = self.add_variable(shape, "zeros", name="total_confusion_matrix")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch; class numbers that are out of range are left out.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of one shape
        sample_weight : Tensor, array or number, optional
            A number, or one for each place.

        Raises
        ------
        ValueError
            If there are not as many targets as predictions.
        """
        labels = self._class_numbers(y_true, self.sparse_y_true)
        predicted = self._class_numbers(y_pred, self.sparse_y_pred)
        if labels.shape != predicted.shape:
            raise ValueError(
                f"{labels.size} targets and {predicted.size} predictions are incompatible: "
                "there must be as many class numbers of both."
            )
        weights = self._weights(sample_weight, labels)
        if self.ignore_class is not None:
            weights = ops.where(ops.equal(labels, self.ignore_class), 0, weights)
        # Rows of zeros for what is out of range. In float64 sums of integers are exact.
        rows, columns = (
            ops.one_hot(numbers, self.num_classes, dtype="float64")
            for numbers in (labels, predicted)
        )
        rows = ops.multiply(rows, ops.expand_dims(ops.cast(weights, "float64"), 1))
        counts = ops.matmul(ops.transpose(rows), columns)
        self.total_cm.assign(ops.add(self.total_cm, ops.cast(counts, self._dtype)))

    def _class_numbers(self, y, is_sparse):
        y = ops.convert_to_tensor(y) if is_sparse else ops.argmax(y, self.axis)
        return ops.reshape(ops.cast(y, "int32"), (y.size,))

    def _weights(self, sample_weight, labels):
        if sample_weight is None:
            sample_weight = 1
        elif "float" in str(getattr(sample_weight, "dtype", "")) and "int" in self._dtype:
            warnings.warn(
                "You are passing weight as `float`, but dtype is `int`. The weights are "
                "truncated. Use integer weights, or dtype='float32' for the metric.",
                stacklevel=3,
            )
        weights = ops.convert_to_tensor(sample_weight, self._dtype)
        if len(weights.shape) > 1:
            weights = ops.reshape(weights, (weights.size,))
        return ops.broadcast_to(weights, labels.shape)

    def result(self):
        """The mean over the target classes so far; 0 before any."""
        counts = ops.cast(self.total_cm, "float64")
        hits = ops.sum(ops.multiply(counts, np.eye(self.num_classes)), axis=0)
        union = ops.subtract(ops.add(ops.sum(counts, axis=0), ops.sum(counts, axis=1)), hits)
        ids = np.array(self.target_class_ids) % self.num_classes
        hits, union = (ops.cast(ops.take(x, ids, axis=0), "float32") for x in (hits, union))
        is_seen = ops.greater(union, 1e-9)
        shares = ops.where(is_seen, ops.divide(hits, ops.add(union, epsilon())), 0.0)
        n_seen = ops.cast(ops.sum(is_seen), "float32")
        return ops.divide(ops.sum(shares), ops.add(n_seen, epsilon()))

    # What the config lists besides name and dtype.
    _listed = (
        "num_classes",
        "target_class_ids",
        "ignore_class",
        "sparse_y_true",
        "sparse_y_pred",
        "axis",
    )

    def get_config(self):
        """The arguments that make such a metric."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._listed}}


class BinaryIoU(IoU):
    """Intersection over union for predictions that are cut at a threshold into two classes.

    Parameters
    ----------
    target_class_ids : list or tuple of int
        The classes of the average, of 0 and 1.
    threshold : float
        Predictions that are not below it are of class 1.
    name : str, optional
    dtype : str, optional
        Of the counts; int32 by default.

    Raises
    ------
    ValueError
        If a target class is neither 0 nor 1.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.BinaryIoU(threshold=0.3)
    >>> round(float(metric([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])), 4)
    0.3333
    """

    _listed = ("target_class_ids", "threshold")

    def __init__(self, target_class_ids=(0, 1), threshold=0.5, name=None, dtype=None):
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of one shape
        sample_weight : Tensor, array or number, optional
            A number, or one for each place.
        """
        y_pred = ops.convert_to_tensor(y_pred, "float32")
        super().update_state(y_true, ops.greater_equal(y_pred, self.threshold), sample_weight)


class MeanIoU(IoU):
    """Intersection over union of places of a class and those predicted, averaged over all classes.

    Parameters
    ----------
    num_classes : int
    name : str, optional
    dtype : str, optional
        Of the counts; int32 by default.
    ignore_class : int, optional
        Targets with this number, which need not be a class, are left out.
    sparse_y_true, sparse_y_pred : bool
        Whether targets and predictions are class numbers, rather than a number for each class of
        which the largest counts.
    axis : int
        The axis of the classes, where they are not sparse.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.MeanIoU(num_classes=2)
    >>> round(float(metric([0, 0, 1, 1], [0, 1, 0, 1])), 4)
    0.3333
    """

    _listed = ("num_classes", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        check_size("num_classes", num_classes)
        classes = range(num_classes)
        super().__init__(
            num_classes, classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis
        )
