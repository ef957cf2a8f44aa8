"""Means of precision and recall."""

from kerasette import ops
from kerasette.config import epsilon
from kerasette.metrics.metric import Metric

AVERAGES = (None, "micro", "macro", "weighted")
COUNTS = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")


class FBetaScore(Metric):
    """The weighted harmonic mean of precision and recall, of each class or of all.

    ``(1 + beta**2) * precision * recall / (beta**2 * precision + recall)``

    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        A score for each class; one from the counts of all; the mean of the scores; or their mean
        weighted by how often each class comes.
    beta : float
        Positive; how much more recall weighs than precision.
    threshold : float, optional
        In (0, 1]; predictions above are positive. By default the largest of each sample is.
    name : str
    dtype : str, optional

    Raises
    ------
    ValueError
        If an argument is not one of these; if targets or predictions are not matrices.

    References
    ----------
    van Rijsbergen, Information retrieval, 1979.

    Examples
    --------
    >>> import kerasette
    >>> score = kerasette.metrics.FBetaScore(beta=2.0, threshold=0.5)
    >>> y_true, y_pred = [[1, 1], [1, 0], [1, 1]], [[0.2, 0.6], [0.6, 0.8], [0.6, 0.8]]
    >>> score(y_true, y_pred).numpy().round(4).tolist()
    [0.714..., 0.909...]
    """

    _direction = "up"

    def __init__(self, average=None, beta=1.0, threshold=None, name="fbeta_score", dtype=None):
        super().__init__(dtype, name)
        _check_arguments(average, beta, threshold)
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self._built = False

    def _build(self, y_true_shape, y_pred_shape):
        """Makes the counters."""
        check_matrices(type(self).__name__, y_true_shape, y_pred_shape)
        shape = () if self.average == "micro" else (y_pred_shape[-1],)
        for count in COUNTS:
            setattr(self, count, self.add_variable(shape, "zeros", name=count))
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts a batch.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of shape (samples, classes)
        sample_weight : Tensor, array or number, optional
            One for each sample.
        """
        y_true = ops.convert_to_tensor(y_true, self._dtype)
        y_pred = ops.convert_to_tensor(y_pred, self._dtype)
        if not self._built:
            self._build(y_true.shape, y_pred.shape)
        y_pred = ops.cast(self._decisions(y_pred), self._dtype)
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, self._dtype)
            if len(sample_weight.shape) == 1:
                sample_weight = ops.expand_dims(sample_weight, 1)
        counted = (
            ops.multiply(y_pred, y_true),
            ops.multiply(y_pred, ops.subtract(1.0, y_true)),
            ops.multiply(ops.subtract(1.0, y_pred), y_true),
            y_true,
        )
        axis = None if self.average == "micro" else 0
        for name, count in zip(COUNTS, counted):
            if sample_weight is not None:
                count = ops.multiply(count, sample_weight)
            variable = getattr(self, name)
            variable.assign(ops.add(variable, ops.sum(count, axis=axis)))

    def _decisions(self, y_pred):
        if self.threshold is not None:
            return ops.greater(y_pred, self.threshold)
        is_largest = ops.greater_equal(y_pred, ops.max(y_pred, axis=-1, keepdims=True))
        # As in Keras: nothing is positive where all predictions are 0.
        return ops.logical_and(is_largest, ops.greater(ops.absolute(y_pred), 1e-9))

    def result(self):
        """The score so far; a vector if there is no `average`.

        Raises
        ------
        ValueError
            Before the first batch, which tells how many classes there are.
        """
        check_has_data(self)
        hits = self.true_positives
        precision, recall = (
            ops.divide(hits, ops.add(ops.add(hits, misses), epsilon()))
            for misses in (self.false_positives, self.false_negatives)
        )
        square = self.beta**2
        total = ops.add(ops.add(ops.multiply(precision, square), recall), epsilon())
        scores = ops.multiply(ops.divide(ops.multiply(precision, recall), total), 1.0 + square)
        if self.average == "weighted":
            weights = self.intermediate_weights
            weights = ops.divide(weights, ops.add(ops.sum(weights), epsilon()))
            return ops.sum(ops.multiply(scores, weights))
        return scores if self.average is None else ops.mean(scores)

    def get_config(self):
        """The arguments that make such a metric."""
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall, of each class or of all.

    ``2 * precision * recall / (precision + recall)``

    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        A score for each class; one from the counts of all; the mean of the scores; or their mean
        weighted by how often each class comes.
    threshold : float, optional
        In (0, 1]; predictions above are positive. By default the largest of each sample is.
    name : str
    dtype : str, optional

    Raises
    ------
    ValueError
        If an argument is not one of these; if targets or predictions are not matrices.

    Examples
    --------
    >>> import kerasette
    >>> score = kerasette.metrics.F1Score(average="micro")
    >>> round(float(score([[0, 1], [1, 0]], [[0.3, 0.7], [0.4, 0.6]])), 4)
    0.5
    """

    def __init__(self, average=None, threshold=None, name="f1_score", dtype=None):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self):
        """The arguments that make such a metric."""
        config = super().get_config()
        del config["beta"]
        return config


def _check_arguments(average, beta, threshold):
    if average not in AVERAGES:
        raise ValueError(
            f"Invalid `average` argument value. Expected one of: {AVERAGES}. "
            f"Received: average={average}"
        )
    _check_float("beta", beta)
    if beta <= 0:
        raise ValueError(f"Invalid `beta` argument value. It should be > 0. Received: beta={beta}")
    if threshold is None:
        return
    _check_float("threshold", threshold)
    if threshold > 1 or threshold <= 0:
        raise ValueError(
            "Invalid `threshold` argument value. It should verify 0 < threshold <= 1. "
            f"Received: threshold={threshold}"
        )


def _check_float(argument, value):
    if not isinstance(value, float):
        raise ValueError(
            f"Invalid `{argument}` argument value. It should be a Python float. "
            f"Received: {argument}={value} of type '{type(value)}'"
        )


def check_matrices(name, y_true_shape, y_pred_shape):
    """Raises a ValueError if targets or predictions are not of shape (samples, outputs)."""
    if len(y_pred_shape) != 2 or len(y_true_shape) != 2:
        raise ValueError(
            f"{name} expects 2D inputs with shape (batch_size, output_dim). Received input "
            f"shapes: y_pred.shape={y_pred_shape} and y_true.shape={y_true_shape}."
        )


def check_has_data(metric):
    """Raises a ValueError if a metric has seen no batch, whose shape its state needs."""
    if not metric._built:
        raise ValueError(
            f"{type(metric).__name__} has no result yet: its state takes its shape from the "
            "first batch, and `update_state()` has not been called."
        )
