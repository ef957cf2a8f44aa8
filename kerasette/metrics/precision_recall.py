"""Precision and recall."""

from kerasette import ops
from kerasette.metrics.confusion import AtThresholds
from kerasette.metrics.thresholds import NEGATIVE, count_at_thresholds


class _Share(AtThresholds):
    """True positives divided by true positives and misses of one kind."""

    _direction = "up"

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        default = 0.5 if top_k is None else NEGATIVE
        super().__init__(thresholds, default, name, dtype)
        self.top_k = top_k
        self.class_id = class_id

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true : Tensor or array
            0 is negative, anything else positive.
        y_pred : Tensor or array of the same shape
        sample_weight : Tensor, array or number, optional
        """
        count_at_thresholds(
            self._counters(), y_true, y_pred, self._cuts, self.top_k, self.class_id, sample_weight
        )

    def result(self):
        """The share so far, 0 before any; a vector for several thresholds."""
        hits, misses = self._counters().values()
        return self._number_or_list(ops.divide_no_nan(hits, ops.add(hits, misses)))

    def get_config(self):
        """The arguments that make such a metric."""
        return {**super().get_config(), "top_k": self.top_k, "class_id": self.class_id}


class Precision(_Share):
    """Share of the positive predictions that are right.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; predictions above are positive. 0.5 by default, and none with `top_k`. With a
        list the result is a vector.
    top_k : int, optional
        Only the k largest predictions of each sample can be positive.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.metrics.Precision()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
    0.6667
    """

    _counted = ("true_positives", "false_positives")


class Recall(_Share):
    """Share of the positive targets that are found.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; predictions above are positive. 0.5 by default, and none with `top_k`. With a
        list the result is a vector.
    top_k : int, optional
        Only the k largest predictions of each sample can be positive.
    class_id : int, optional
        The only class that is counted: a place of the last axis.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.metrics.Recall()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
    0.6667
    """

    _counted = ("true_positives", "false_negatives")
