"""Areas under curves."""

from collections.abc import Iterable

from kerasette import ops
from kerasette.checks import is_number, is_whole
from kerasette.config import epsilon
from kerasette.metrics.metric import Metric
from kerasette.metrics.thresholds import (
    Thresholds,
    are_evenly_spaced,
    count_at_thresholds,
    even_steps,
)
from kerasette.metrics.tradeoff import COUNTS, share

CURVES = ("PR", "ROC", "PRGAIN")
METHODS = ("interpolation", "majoring", "minoring")


class AUC(Metric):
    """Area under a curve that thresholds draw: an approximation by a Riemann sum.

    Parameters
    ----------
    num_thresholds : int
        Evenly spaced from 0 to 1; the more, the better the approximation. At least 2.
    curve : {"ROC", "PR", "PRGAIN"}
        Share of the positives found over that of the negatives taken for positives; precision
        over recall; or their gains over always predicting 1.
    summation_method : {"interpolation", "minoring", "majoring"}
        What stands between two points of the curve: a straight line (for "PR" the interpolation
        of Davis and Goadrich), the smaller or the larger of the two heights.
    name : str, optional
    dtype : str, optional
    thresholds : list of float, optional
        Thresholds in [0, 1] in the place of `num_thresholds`; ends are added on both sides.
    multi_label : bool
        Whether the area is computed for each column of the predictions, and averaged.
    num_labels : int, optional
        Number of columns, with `multi_label`; that of the first batch by default.
    label_weights : list of float, optional
        Weight of each column: in the average with `multi_label`, and of its entries without.
    from_logits : bool
        Whether predictions are still to go through a sigmoid.

    Raises
    ------
    ValueError
        If an argument is not one of these.

    References
    ----------
    Davis and Goadrich, The relationship between Precision-Recall and ROC curves, 2006.
    Flach and Kull, Precision-Recall-Gain curves: PR analysis done right, 2015.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.AUC(num_thresholds=3)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]))
    0.75
    """

    _direction = "up"

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        num_labels=None,
        label_weights=None,
        from_logits=False,
    ):
        self.curve = _chosen(curve, CURVES, "AUC curve")
        self.summation_method = _chosen(summation_method, METHODS, "AUC summation method")
        self._are_given = thresholds is not None
        inner, are_even = _inner_thresholds(num_thresholds, thresholds)
        self.num_thresholds = len(inner) + 2
        self._cuts = Thresholds([-epsilon(), *inner, 1.0 + epsilon()], are_even)
        super().__init__(dtype, name)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else [float(w) for w in label_weights]
        self.from_logits = from_logits
        self._built = False
        if num_labels and not multi_label:
            raise ValueError("`num_labels` is needed only when `multi_label` is True.")
        if num_labels or not multi_label:
            self._build(None, (None, num_labels))

    @property
    def thresholds(self):
        """The thresholds with both ends, a list of floats."""
        return self._cuts.values.tolist()

    def _build(self, y_true_shape, y_pred_shape):
        """Makes the counters."""
        shape = (self.num_thresholds,)
        if self.multi_label:
            if len(y_pred_shape) != 2:
                raise ValueError(
                    "`y_pred` must have rank 2 when `multi_label=True`. Found rank "
                    f"{len(y_pred_shape)}. Full shape received for `y_pred`: {y_pred_shape}"
                )
            shape += (y_pred_shape[1],)
        for count in COUNTS:
            setattr(self, count, self.add_variable(shape, "zeros", name=count))
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true : Tensor or array
            0 is negative, anything else positive.
        y_pred : Tensor or array of the same shape
            In [0, 1]; any numbers if they are logits.
        sample_weight : Tensor, array or number, optional
        """
        y_pred = ops.convert_to_tensor(y_pred)
        if not self._built:
            self._build(None, y_pred.shape)
        count_at_thresholds(
            {count: getattr(self, count) for count in COUNTS},
            y_true,
            ops.sigmoid(y_pred) if self.from_logits else y_pred,
            self._cuts,
            sample_weight=sample_weight,
            multi_label=self.multi_label,
            label_weights=None if self.multi_label else self._weights(),
        )

    def _weights(self):
        if self.label_weights is None:
            return None
        return ops.convert_to_tensor(self.label_weights, self._dtype)

    def result(self):
        """The area so far, 0 before any."""
        if not self._built:
            return ops.zeros((), self._dtype)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self.interpolate_pr_auc()
        x, y = getattr(self, f"_{self.curve.lower()}")()
        return self._total(ops.multiply(ops.subtract(x[:-1], x[1:]), self._heights(y)))

    def interpolate_pr_auc(self):
        """The area under the curve of precision and recall, whatever `curve` says.

        References
        ----------
        Davis and Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006.
        """
        return self._total(self._precision_recall_areas())

    def _total(self, areas):
        """The sum of the areas between thresholds, and the mean of that over the labels."""
        areas = ops.sum(areas, axis=0)
        weights = self._weights()
        if not self.multi_label:
            return areas
        if weights is None:
            return ops.mean(areas)
        return ops.divide_no_nan(ops.sum(ops.multiply(areas, weights)), ops.sum(weights))

    def _heights(self, y):
        if self.summation_method == "interpolation":
            return ops.multiply(ops.add(y[:-1], y[1:]), 0.5)
        choose = ops.minimum if self.summation_method == "minoring" else ops.maximum
        return choose(y[:-1], y[1:])

    def _roc(self):
        x = share(self.false_positives, self.true_negatives)
        return x, share(self.true_positives, self.false_negatives)

    def _pr(self):
        x = share(self.true_positives, self.false_negatives)
        return x, share(self.true_positives, self.false_positives)

    def _prgain(self):
        """1 - (positives / negatives) * misses / hits, for recall and for precision."""
        hits = self.true_positives
        positives = ops.add(hits, self.false_negatives)
        ratio = ops.divide_no_nan(positives, ops.add(self.true_negatives, self.false_positives))
        x, y = (
            ops.subtract(1.0, ops.multiply(ratio, ops.divide_no_nan(misses, hits)))
            for misses in (self.false_negatives, self.false_positives)
        )
        nothing = ops.equal(hits, 0)
        return ops.maximum(ops.where(nothing, 0.0, x), 0.0), ops.where(nothing, 1.0, y)

    def _precision_recall_areas(self):
        """Areas between neighbours where true positives grow in a line with all positives.

        With p positives in all, tp = intercept + slope * p, and precision tp / p, whose integral
        over tp is slope * (dtp + intercept * log(p_before / p_after)).
        """
        hits = self.true_positives
        positives = ops.add(hits, self.false_positives)
        before, after = positives[:-1], positives[1:]
        gained = ops.subtract(hits[:-1], hits[1:])
        slope = ops.divide_no_nan(gained, ops.maximum(ops.subtract(before, after), 0.0))
        intercept = ops.subtract(hits[1:], ops.multiply(slope, after))
        both = ops.logical_and(ops.greater(before, 0), ops.greater(after, 0))
        ratio = ops.where(both, ops.divide_no_nan(before, ops.maximum(after, 0.0)), 1.0)
        area = ops.multiply(slope, ops.add(gained, ops.multiply(intercept, ops.log(ratio))))
        relevant = ops.add(hits[1:], self.false_negatives[1:])
        return ops.divide_no_nan(area, ops.maximum(relevant, 0.0))

    def get_config(self):
        """The arguments that make such a metric."""
        config = {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }
        if self._are_given:
            config["thresholds"] = self.thresholds[1:-1]
        return config


def _chosen(value, known, what):
    """The one of `known` that `value` spells, in either case."""
    for name in known:
        if value in (name, name.lower(), name.capitalize() if name.islower() else name):
            return name
    raise ValueError(f'Invalid {what} value: "{value}". Expected values are {list(known)}')


def _inner_thresholds(num_thresholds, thresholds):
    """The thresholds between the ends, and whether all are evenly spaced."""
    if thresholds is not None:
        if not isinstance(thresholds, Iterable) or not all(map(is_number, thresholds)):
            raise ValueError(
                f"Argument `thresholds` must be a list of numbers. Received: {thresholds!r}"
            )
        inner = sorted(thresholds)
        return inner, are_evenly_spaced([0.0, *inner, 1.0])
    if not is_whole(num_thresholds) or num_thresholds <= 1:
        raise ValueError(
            "Argument `num_thresholds` must be an integer > 1. "
            f"Received: num_thresholds={num_thresholds!r}"
        )
    return even_steps(num_thresholds)[1:-1], True
