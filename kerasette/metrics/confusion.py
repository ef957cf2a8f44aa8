"""Hits and misses at thresholds."""

from kerasette.metrics.metric import Metric
from kerasette.metrics.thresholds import (
    Thresholds,
    checked_thresholds,
    count_at_thresholds,
)


class AtThresholds(Metric):
    """What metrics share that count hits or misses at thresholds of the user's choice."""

    _counted = ()

    def __init__(self, thresholds, default, name, dtype):
        super().__init__(dtype, name)
        self.init_thresholds = thresholds
        self._cuts = Thresholds(checked_thresholds(thresholds, default))
        for counted in self._counted:
            shape = (len(self.thresholds),)
            setattr(self, counted, self.add_variable(shape, "zeros", name=counted))

    @property
    def thresholds(self):
        """The thresholds, a list of numbers."""
        return self._cuts.values.tolist()

    def _counters(self):
        return {counted: getattr(self, counted) for counted in self._counted}

    def _number_or_list(self, values):
        return values[0] if len(self.thresholds) == 1 else values

    def get_config(self):
        """The arguments that make such a metric."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class _Count(AtThresholds):
    """The number of one kind of hits or misses."""

    _kind = None
    _counted = ("accumulator",)

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(thresholds, 0.5, name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true : Tensor or array
            0 is negative, anything else positive.
        y_pred : Tensor or array of the same shape
        sample_weight : Tensor, array or number, optional
        """
        counters = {self._kind: self.accumulator}
        count_at_thresholds(counters, y_true, y_pred, self._cuts, sample_weight=sample_weight)

    def result(self):
        """The weighted number so far; a vector for several thresholds."""
        return self._number_or_list(self.accumulator.value)


class TruePositives(_Count):
    """The number of predictions above a threshold that should be.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; 0.5 by default. With a list the result is a vector.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.TruePositives()([0, 1, 1, 1], [1, 0, 1, 1]))
    2.0
    """

    _kind = "true_positives"


class TrueNegatives(_Count):
    """The number of predictions not above a threshold that should not be.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; 0.5 by default. With a list the result is a vector.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.TrueNegatives()([0, 1, 0, 0], [1, 1, 0, 0]))
    2.0
    """

    _kind = "true_negatives"


class FalsePositives(_Count):
    """The number of predictions above a threshold that should not be.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; 0.5 by default. With a list the result is a vector.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.FalsePositives()([0, 1, 0, 0], [0, 0, 1, 1]))
    2.0
    """

    _kind = "false_positives"


class FalseNegatives(_Count):
    """The number of predictions not above a threshold that should be.

    Parameters
    ----------
    thresholds : float or list of float, optional
        In [0, 1]; 0.5 by default. With a list the result is a vector.
    name : str, optional
    dtype : str, optional

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.FalseNegatives()([0, 1, 1, 1], [0, 1, 0, 0]))
    2.0
    """

    _kind = "false_negatives"
