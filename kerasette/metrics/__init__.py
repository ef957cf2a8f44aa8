"""Metrics."""

from kerasette.lazy import Names, exports
from kerasette.lookup import lookup
from kerasette.losses import kind_by_shapes
from kerasette.metrics.metric import Metric
from kerasette.metrics.reduction import MeanMetricWrapper
from kerasette.naming import in_both_spellings, object_name
from kerasette.saving.serialization import serialize_keras_object

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    accuracy=(
        "Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy "
        "binary_accuracy categorical_accuracy sparse_categorical_accuracy"
    ),
    auc="AUC",
    confusion="FalseNegatives FalsePositives TrueNegatives TruePositives",
    f_score="F1Score FBetaScore",
    iou="BinaryIoU IoU MeanIoU",
    margins="CategoricalHinge Hinge SquaredHinge",
    metric="Metric",
    one_hot_iou="OneHotIoU OneHotMeanIoU",
    perplexity="Perplexity",
    precision_recall="Precision Recall",
    probabilistic=(
        "BinaryCrossentropy CategoricalCrossentropy KLDivergence Poisson "
        "SparseCategoricalCrossentropy"
    ),
    r2="R2Score",
    reduction="Mean MeanMetricWrapper Sum",
    regression=(
        "CosineSimilarity LogCoshError MeanAbsoluteError MeanAbsolutePercentageError "
        "MeanSquaredError MeanSquaredLogarithmicError RootMeanSquaredError"
    ),
    top_k=(
        "SparseTopKCategoricalAccuracy TopKCategoricalAccuracy "
        "sparse_top_k_categorical_accuracy top_k_categorical_accuracy"
    ),
    tradeoff=(
        "PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity"
    ),
    kerasette__losses=(
        "binary_crossentropy binary_focal_crossentropy categorical_crossentropy "
        "categorical_focal_crossentropy categorical_hinge hinge huber kl_divergence log_cosh "
        "mean_absolute_error mean_absolute_percentage_error mean_squared_error "
        "mean_squared_logarithmic_error poisson sparse_categorical_crossentropy squared_hinge"
    ),
)

# What `compile` needs besides, as `resolve`, is not public.
__all__ = [*_EXPORTS, "deserialize", "get", "serialize"]

_CLASSES = [name for name in _EXPORTS if name[0].isupper()]
_ALIASES = {
    "bce": "BinaryCrossentropy",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "mse": "MeanSquaredError",
    "msle": "MeanSquaredLogarithmicError",
}
_KNOWN = Names(
    __name__,
    {
        **in_both_spellings({name: name for name in _CLASSES}),
        **_ALIASES,
        **{alias.upper(): name for alias, name in _ALIASES.items()},
    },
)
# Known by name to configs of `MeanMetricWrapper`, besides losses; strings mean classes.
_FUNCTIONS = Names(__name__, {name: name for name in _EXPORTS if name.endswith("_accuracy")})
_ACCURACIES = Names(
    __name__,
    {
        "binary": "BinaryAccuracy",
        "sparse_categorical": "SparseCategoricalAccuracy",
        "categorical": "CategoricalAccuracy",
    },
)


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
    return serialize_keras_object(metric)


def deserialize(config, custom_objects=None):
    """The metric that `serialize` has described.

    Parameters
    ----------
    config : dict, str or None
    custom_objects : dict of str to class or function, optional
        Metrics besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For a name that is not known.
    """
    return None if config is None else lookup(config, _KNOWN, "metric", custom_objects)
