"""The coefficient of determination."""

import warnings
from typing import Any

from kerasette import ops
from kerasette.losses.reduction import squeeze_or_expand_to_same_rank
from kerasette.metrics.f_score import check_has_data, check_matrices
from kerasette.metrics.metric import Metric

AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """By how much predictions are better than the mean of the targets: 1 if they are right.

    ``1 - sum((y_true - y_pred) ** 2) / sum((y_true - mean(y_true)) ** 2)``

    Parameters
    ----------
    class_aggregation : {None, "uniform_average", "variance_weighted_average"}
        A score for each output, their mean, or their mean weighted by the outputs' variances.
    num_regressors : int
        Number of features, for the adjusted score ``1 - (1 - r2) * (n - 1) / (n - p - 1)`` with
        n samples; 0 for the score as it is.
    name : str
    dtype : str, optional

    Raises
    ------
    ValueError
        If an argument is not one of these; if targets or predictions are not matrices.

    Examples
    --------
    >>> import kerasette
    >>> score = kerasette.metrics.R2Score()
    >>> round(float(score([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]])), 4)
    0.5714
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: Any = "uniform_average",
        num_regressors=0,
        name="r2_score",
        dtype=None,
    ):
        super().__init__(dtype, name)
        if class_aggregation not in AGGREGATIONS:
            raise ValueError(
                "Invalid value for argument `class_aggregation`. Expected one of "
                f"{AGGREGATIONS}. Received: class_aggregation={class_aggregation}"
            )
        if num_regressors < 0:
            raise ValueError(
                "Invalid value for argument `num_regressors`. Expected a value >= 0. "
                f"Received: num_regressors={num_regressors}"
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable((), "zeros", name="num_samples")
        self._built = False

    def _build(self, y_true_shape, y_pred_shape):
        """Makes the sums."""
        if len(y_true_shape) == 1 and y_pred_shape[1:] == (1,):
            # What `update_state` will make of such targets.
            y_true_shape = y_pred_shape
        check_matrices(type(self).__name__, y_true_shape, y_pred_shape)
        shape = (y_pred_shape[-1],)
        self.squared_sum = self.add_variable(shape, "zeros", name="squared_sum")
        self.sum = self.add_variable(shape, "zeros", name="sum")
        self.total_mse = self.add_variable(shape, "zeros", name="residual")
        self.count = self.add_variable(shape, "zeros", name="count")
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of shape (samples, outputs)
        sample_weight : Tensor, array or number, optional
            One for each sample, or for each of its outputs.
        """
        y_true = ops.convert_to_tensor(y_true, self._dtype)
        y_pred = ops.convert_to_tensor(y_pred, self._dtype)
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        if not self._built:
            self._build(y_true.shape, y_pred.shape)
        weights = 1.0 if sample_weight is None else sample_weight
        weights = ops.convert_to_tensor(weights, self._dtype)
        if len(weights.shape) == 1:
            weights = ops.expand_dims(weights, 1)
        weights = ops.broadcast_to(weights, y_true.shape)
        weighted = ops.multiply(y_true, weights)
        errors = ops.square(ops.subtract(y_true, y_pred))
        for variable, terms in (
            (self.sum, weighted),
            (self.squared_sum, ops.multiply(y_true, weighted)),
            (self.total_mse, ops.multiply(errors, weights)),
            (self.count, weights),
        ):
            variable.assign(ops.add(variable, ops.sum(terms, axis=0)))
        self.num_samples.assign(ops.add(self.num_samples, float(y_true.size)))

    def result(self):
        """The score so far; a vector if there is no `class_aggregation`.

        Raises
        ------
        ValueError
            Before the first batch, which tells how many outputs there are.
        """
        check_has_data(self)
        mean = ops.divide(self.sum, self.count)
        total = ops.subtract(self.squared_sum, ops.multiply(self.sum, mean))
        scores = ops.subtract(1.0, ops.divide(self.total_mse, total))
        # As in Keras: 0 for an output that does not vary.
        is_infinite = ops.equal(ops.absolute(scores), float("inf"))
        scores = ops.where(is_infinite, 0.0, scores)
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = ops.divide(ops.sum(ops.multiply(total, scores)), ops.sum(total))
        return self._adjusted(scores) if self.num_regressors else scores

    def _adjusted(self, scores):
        n_samples = float(self.num_samples)
        left = n_samples - self.num_regressors - 1
        if left <= 0:
            what = (
                "More independent predictors than datapoints in adjusted R2 score."
                if left < 0
                else "Division by zero in Adjusted R2 score."
            )
            warnings.warn(f"{what} Falling back to standard R2 score.", stacklevel=3)
            return scores
        return ops.subtract(1.0, ops.multiply(ops.subtract(1.0, scores), (n_samples - 1) / left))

    def get_config(self):
        """The arguments that make such a metric."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
