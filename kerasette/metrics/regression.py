"""How far numbers are from their targets, as means over all samples seen."""

from kerasette import losses, ops
from kerasette.losses.reduction import operands
from kerasette.losses.similarity import cosine
from kerasette.metrics.reduction import FunctionMetric, Mean


class MeanSquaredError(FunctionMetric):
    """Mean squared difference of targets and predictions.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.MeanSquaredError()([[0.0, 2.0]], [[1.0, 2.0]]))
    0.5
    """

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(losses.mean_squared_error, name, dtype)


class RootMeanSquaredError(Mean):
    """Root of the mean squared difference of targets and predictions.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.RootMeanSquaredError()([[0.0, 2.0]], [[2.0, 4.0]]))
    2.0
    """

    _direction = "down"

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds the squared differences.

        Parameters
        ----------
        y_true, y_pred : Tensor or array of shape (samples, ...)
        sample_weight : Tensor, array or number, optional
        """
        y_true, y_pred = operands(y_true, ops.convert_to_tensor(y_pred, self._dtype))
        super().update_state(ops.square(ops.subtract(y_pred, y_true)), sample_weight)

    def result(self):
        """The root of the mean so far."""
        return ops.sqrt(super().result())


class MeanAbsoluteError(FunctionMetric):
    """Mean size of the difference of targets and predictions.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.MeanAbsoluteError()([[0.0, 2.0]], [[3.0, 2.0]]))
    1.5
    """

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(losses.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(FunctionMetric):
    """Mean size of the difference, in percent of the target.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.MeanAbsolutePercentageError()([[4.0, 2.0]], [[3.0, 2.0]]))
    12.5
    """

    def __init__(self, name="mean_absolute_percentage_error", dtype=None):
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(FunctionMetric):
    """Mean squared difference of the logarithms of targets and predictions.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


def cosine_similarity(y_true, y_pred, axis=-1):
    """The cosine of the angle between `y_true` and `y_pred`: 1 for the same direction."""
    return cosine(y_true, y_pred, axis)


class CosineSimilarity(FunctionMetric):
    """Mean cosine of the angle between targets and predictions: minus the loss of this name.

    Parameters
    ----------
    name : str
    dtype : str, optional
    axis : int or tuple of int
        Along which vectors lie.

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.CosineSimilarity()([[0.0, 2.0]], [[0.0, 1.0]]))
    1.0
    """

    _direction = "up"
    _unlisted = (("axis", -1),)

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(cosine_similarity, name, dtype, axis=axis)


class LogCoshError(FunctionMetric):
    """Mean logarithm of the hyperbolic cosine of the difference.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> round(float(kerasette.metrics.LogCoshError()([[0.0]], [[1.0]])), 4)
    0.4338
    """

    def __init__(self, name="logcosh", dtype=None):
        super().__init__(losses.log_cosh, name, dtype)
