"""Metrics."""

from kerasette.lookup import lookup, serialize_function, serialize_object
from kerasette.losses import kind_by_shapes
from kerasette.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from kerasette.metrics.from_losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from kerasette.metrics.metric import Metric
from kerasette.metrics.reduction import Mean, MeanMetricWrapper
from kerasette.naming import to_snake_case

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "Mean",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "binary_accuracy",
    "categorical_accuracy",
    "depends_on_shapes",
    "deserialize",
    "get",
    "resolve",
    "serialize",
    "sparse_categorical_accuracy",
]

_CLASSES = (
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    Mean,
    MeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
)
_KNOWN = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
    "bce": BinaryCrossentropy,
    "BCE": BinaryCrossentropy,
    "mse": MeanSquaredError,
    "MSE": MeanSquaredError,
}
_ACCURACIES = {
    "binary": BinaryAccuracy,
    "sparse_categorical": SparseCategoricalAccuracy,
    "categorical": CategoricalAccuracy,
}


def get(identifier):
    """The metric that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable, class or None
        A name in either spelling, a config, or what is returned as it is. None stays None.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.metrics.get("mse")
    <MeanSquaredError name=mean_squared_error>
    """
    return None if identifier is None else lookup(identifier, _KNOWN, "metric")


def depends_on_shapes(identifier):
    """Whether ``metrics=[identifier]`` means one thing or another, as shapes have it."""
    return isinstance(identifier, str) and identifier.lower() in ("accuracy", "acc")


def resolve(identifier, y_true_shape, y_pred_shape):
    """The `Metric` object that ``compile(metrics=[identifier])`` means.

    Parameters
    ----------
    identifier : str, dict, callable, class or Metric
        ``"accuracy"`` and ``"acc"`` are the binary, sparse categorical or categorical accuracy
        that fits the shapes. Functions are wrapped. A string becomes the name of the metric.
    y_true_shape, y_pred_shape : tuple of int
        Of targets and predictions, with the batch.

    Raises
    ------
    ValueError
        For a name that is not known, or None.
    """
    if identifier is None:
        raise ValueError("Expected a metric, received `None`.")
    if depends_on_shapes(identifier):
        return _ACCURACIES[kind_by_shapes(y_true_shape, y_pred_shape)](name=identifier)
    found = get(identifier)
    if not isinstance(found, Metric):
        found = MeanMetricWrapper(found, name=getattr(found, "__name__", None))
    if isinstance(identifier, str):
        found.name = identifier
    return found


def serialize(metric):
    """The dict that stands for a metric in a config."""
    if isinstance(metric, Metric):
        known = (*_CLASSES, MeanMetricWrapper)
        module = "keras.metrics" if type(metric) in known else type(metric).__module__
        return serialize_object(metric, module)
    return serialize_function(metric)


def deserialize(config):
    """The metric that `serialize` has described."""
    return get(config)
