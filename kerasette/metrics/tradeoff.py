"""The best value of one share at thresholds where another is large enough."""

from kerasette import ops
from kerasette.checks import is_number, is_whole
from kerasette.metrics.metric import Metric
from kerasette.metrics.thresholds import Thresholds, count_at_thresholds, even_steps

COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def share(hits, others):
    """``hits / (hits + others)``, 0 where both are."""
    return ops.divide_no_nan(hits, ops.add(hits, others))


class _AtConstraint(Metric):
    """What these metrics share: counts at many thresholds, and the search among them."""

    _direction = "up"
    # Names of the argument, and of the methods that give the bounded share and the result.
    _argument = _bounded = _best = None

    def __init__(self, bound, num_thresholds, class_id, name, dtype):
        argument = self._argument
        if not is_number(bound) or not 0 <= bound <= 1:
            raise ValueError(
                f"Argument `{argument}` must be in the range [0, 1]. Received: {argument}={bound!r}"
            )
        if not is_whole(num_thresholds) or num_thresholds <= 0:
            raise ValueError(
                "Argument `num_thresholds` must be an integer > 0. Received: "
                f"num_thresholds={num_thresholds!r}"
            )
        super().__init__(dtype, name)
        self.value = bound
        setattr(self, argument, bound)
        self.num_thresholds = num_thresholds
        self.class_id = class_id
        if num_thresholds == 1:
            self._cuts = Thresholds([0.5])
        else:
            self._cuts = Thresholds(even_steps(num_thresholds), are_even=True)
        for count in COUNTS:
            setattr(self, count, self.add_variable((num_thresholds,), "zeros", name=count))

    @property
    def thresholds(self):
        """The thresholds, a list of floats."""
        return self._cuts.values.tolist()

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true : Tensor or array
            0 is negative, anything else positive.
        y_pred : Tensor or array of the same shape
            In [0, 1].
        sample_weight : Tensor, array or number, optional
        """
        count_at_thresholds(
            {count: getattr(self, count) for count in COUNTS},
            y_true,
            y_pred,
            self._cuts,
            class_id=self.class_id,
            sample_weight=sample_weight,
        )

    def _recall(self):
        return share(self.true_positives, self.false_negatives)

    def _precision(self):
        return share(self.true_positives, self.false_positives)

    def _specificity(self):
        return share(self.true_negatives, self.false_positives)

    def result(self):
        """The largest value where the other is as asked for; 0 if it nowhere is."""
        bounded, best = getattr(self, self._bounded)(), getattr(self, self._best)()
        return ops.max(ops.where(ops.greater_equal(bounded, self.value), best, 0.0))

    def get_config(self):
        """The arguments that make such a metric."""
        return {
            **super().get_config(),
            "class_id": self.class_id,
            "num_thresholds": self.num_thresholds,
            self._argument: self.value,
        }


class SensitivityAtSpecificity(_AtConstraint):
    """The largest share of positives that are found, at thresholds with a given specificity.

    Sensitivity is ``tp / (tp + fn)``, specificity ``tn / (tn + fp)``.

    Parameters
    ----------
    specificity : float
        In [0, 1]; the least that counts.
    num_thresholds : int
        Evenly spaced from 0 to 1.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If `specificity` is not in [0, 1], or `num_thresholds` is not positive.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.SensitivityAtSpecificity(0.5)
    >>> float(metric([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
    0.5
    """

    _argument, _bounded, _best = "specificity", "_specificity", "_recall"

    def __init__(self, specificity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


class SpecificityAtSensitivity(_AtConstraint):
    """The largest share of negatives that are left out, at thresholds with a given sensitivity.

    Sensitivity is ``tp / (tp + fn)``, specificity ``tn / (tn + fp)``.

    Parameters
    ----------
    sensitivity : float
        In [0, 1]; the least that counts.
    num_thresholds : int
        Evenly spaced from 0 to 1.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If `sensitivity` is not in [0, 1], or `num_thresholds` is not positive.

    Examples
    --------
    >>> import kerasette
    >>> metric = kerasette.metrics.SpecificityAtSensitivity(0.5)
    >>> round(float(metric([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])), 4)
    0.6667
    """

    _argument, _bounded, _best = "sensitivity", "_recall", "_specificity"

    def __init__(self, sensitivity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


class PrecisionAtRecall(_AtConstraint):
    """The largest precision at thresholds with a given recall.

    Parameters
    ----------
    recall : float
        In [0, 1]; the least that counts.
    num_thresholds : int
        Evenly spaced from 0 to 1.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If `recall` is not in [0, 1], or `num_thresholds` is not positive.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.PrecisionAtRecall(0.5)([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
    0.5
    """

    _argument, _bounded, _best = "recall", "_recall", "_precision"

    def __init__(self, recall, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(recall, num_thresholds, class_id, name, dtype)


class RecallAtPrecision(_AtConstraint):
    """The largest recall at thresholds with a given precision.

    Parameters
    ----------
    precision : float
        In [0, 1]; the least that counts.
    num_thresholds : int
        Evenly spaced from 0 to 1.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If `precision` is not in [0, 1], or `num_thresholds` is not positive.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.RecallAtPrecision(0.8)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]))
    0.5
    """

    _argument, _bounded, _best = "precision", "_precision", "_recall"

    def __init__(self, precision, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(precision, num_thresholds, class_id, name, dtype)
