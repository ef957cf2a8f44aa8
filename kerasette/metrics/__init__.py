"""Metrics."""

from kerasette import losses
from kerasette.lookup import lookup, serialize_function, serialize_object
from kerasette.losses import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    hinge,
    huber,
    kind_by_shapes,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from kerasette.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from kerasette.metrics.auc import (
    AUC,
)
from kerasette.metrics.confusion import (
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
)
from kerasette.metrics.f_score import (
    F1Score,
    FBetaScore,
)
from kerasette.metrics.iou import (
    BinaryIoU,
    IoU,
    MeanIoU,
    OneHotIoU,
    OneHotMeanIoU,
)
from kerasette.metrics.margins import (
    CategoricalHinge,
    Hinge,
    SquaredHinge,
)
from kerasette.metrics.metric import (
    Metric,
)
from kerasette.metrics.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
)
from kerasette.metrics.r2 import (
    R2Score,
)
from kerasette.metrics.reduction import (
    Mean,
    MeanMetricWrapper,
    Sum,
)
from kerasette.metrics.regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from kerasette.metrics.top_k import (
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from kerasette.metrics.tradeoff import (
    PrecisionAtRecall,
    RecallAtPrecision,
    SensitivityAtSpecificity,
    SpecificityAtSensitivity,
)
from kerasette.naming import object_name, to_snake_case

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "BinaryIoU",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "Hinge",
    "IoU",
    "KLDivergence",
    "LogCoshError",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "OneHotIoU",
    "OneHotMeanIoU",
    "Poisson",
    "Precision",
    "PrecisionAtRecall",
    "R2Score",
    "Recall",
    "RecallAtPrecision",
    "RootMeanSquaredError",
    "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SpecificityAtSensitivity",
    "SquaredHinge",
    "Sum",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "binary_accuracy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "depends_on_shapes",
    "deserialize",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "resolve",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
    "squared_hinge",
    "top_k_categorical_accuracy",
]

_CLASSES = tuple(globals()[name] for name in __all__ if name[0].isupper())
# Known by name to configs of `MeanMetricWrapper`, besides losses; strings mean classes.
_FUNCTIONS = (
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
_ALIASES = {
    "bce": BinaryCrossentropy,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
}
_KNOWN = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
    **_ALIASES,
    **{alias.upper(): cls for alias, cls in _ALIASES.items()},
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
        found = MeanMetricWrapper(found, name=object_name(found))
    if isinstance(identifier, str):
        found.name = identifier
    if not found._built:
        # Before the first step, so that what makes variables is not recorded.
        found._build(y_true_shape, y_pred_shape)
    return found


def serialize(metric):
    """The dict that stands for a metric in a config."""
    if isinstance(metric, Metric):
        module = "keras.metrics" if type(metric) in _CLASSES else type(metric).__module__
        return serialize_object(metric, module)
    return serialize_function(metric)


def deserialize(config, custom_objects=None):
    """The metric that `serialize` has described.

    Parameters
    ----------
    config : dict or str
    custom_objects : dict of str to class or function, optional
        Metrics besides ours, by name.

    Raises
    ------
    ValueError
        For a name that is not known.
    """
    return lookup(config, {**_KNOWN, **(custom_objects or {})}, "metric")


def function_of(config):
    """The function, or the loss, that stands in the config of a `MeanMetricWrapper`."""
    own = {function.__name__: function for function in _FUNCTIONS}
    name = config.get("config")
    return own[name] if isinstance(name, str) and name in own else losses.deserialize(config)
