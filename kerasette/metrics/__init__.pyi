from kerasette.losses.divergence import kl_divergence as kl_divergence
from kerasette.losses.divergence import poisson as poisson
from kerasette.losses.focal import (
    binary_focal_crossentropy as binary_focal_crossentropy,
)
from kerasette.losses.focal import (
    categorical_focal_crossentropy as categorical_focal_crossentropy,
)
from kerasette.losses.margins import (
    categorical_hinge as categorical_hinge,
)
from kerasette.losses.margins import (
    hinge as hinge,
)
from kerasette.losses.margins import (
    squared_hinge as squared_hinge,
)
from kerasette.losses.probabilistic import (
    binary_crossentropy as binary_crossentropy,
)
from kerasette.losses.probabilistic import (
    categorical_crossentropy as categorical_crossentropy,
)
from kerasette.losses.regression import (
    mean_absolute_error as mean_absolute_error,
)
from kerasette.losses.regression import (
    mean_absolute_percentage_error as mean_absolute_percentage_error,
)
from kerasette.losses.regression import (
    mean_squared_error as mean_squared_error,
)
from kerasette.losses.regression import (
    mean_squared_logarithmic_error as mean_squared_logarithmic_error,
)
from kerasette.losses.robust import huber as huber
from kerasette.losses.robust import log_cosh as log_cosh
from kerasette.losses.sparse_crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from kerasette.metrics.accuracy import (
    Accuracy as Accuracy,
)
from kerasette.metrics.accuracy import (
    BinaryAccuracy as BinaryAccuracy,
)
from kerasette.metrics.accuracy import (
    CategoricalAccuracy as CategoricalAccuracy,
)
from kerasette.metrics.accuracy import (
    SparseCategoricalAccuracy as SparseCategoricalAccuracy,
)
from kerasette.metrics.accuracy import (
    binary_accuracy as binary_accuracy,
)
from kerasette.metrics.accuracy import (
    categorical_accuracy as categorical_accuracy,
)
from kerasette.metrics.accuracy import (
    sparse_categorical_accuracy as sparse_categorical_accuracy,
)
from kerasette.metrics.auc import AUC as AUC
from kerasette.metrics.confusion import (
    FalseNegatives as FalseNegatives,
)
from kerasette.metrics.confusion import (
    FalsePositives as FalsePositives,
)
from kerasette.metrics.confusion import (
    TrueNegatives as TrueNegatives,
)
from kerasette.metrics.confusion import (
    TruePositives as TruePositives,
)
from kerasette.metrics.f_score import F1Score as F1Score
from kerasette.metrics.f_score import FBetaScore as FBetaScore
from kerasette.metrics.iou import (
    BinaryIoU as BinaryIoU,
)
from kerasette.metrics.iou import (
    IoU as IoU,
)
from kerasette.metrics.iou import (
    MeanIoU as MeanIoU,
)
from kerasette.metrics.margins import (
    CategoricalHinge as CategoricalHinge,
)
from kerasette.metrics.margins import (
    Hinge as Hinge,
)
from kerasette.metrics.margins import (
    SquaredHinge as SquaredHinge,
)
from kerasette.metrics.metric import Metric as Metric
from kerasette.metrics.one_hot_iou import (
    OneHotIoU as OneHotIoU,
)
from kerasette.metrics.one_hot_iou import (
    OneHotMeanIoU as OneHotMeanIoU,
)
from kerasette.metrics.perplexity import (
    Perplexity as Perplexity,
)
from kerasette.metrics.precision_recall import (
    Precision as Precision,
)
from kerasette.metrics.precision_recall import (
    Recall as Recall,
)
from kerasette.metrics.probabilistic import (
    BinaryCrossentropy as BinaryCrossentropy,
)
from kerasette.metrics.probabilistic import (
    CategoricalCrossentropy as CategoricalCrossentropy,
)
from kerasette.metrics.probabilistic import (
    KLDivergence as KLDivergence,
)
from kerasette.metrics.probabilistic import (
    Poisson as Poisson,
)
from kerasette.metrics.probabilistic import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from kerasette.metrics.r2 import R2Score as R2Score
from kerasette.metrics.reduction import (
    Mean as Mean,
)
from kerasette.metrics.reduction import (
    MeanMetricWrapper as MeanMetricWrapper,
)
from kerasette.metrics.reduction import (
    Sum as Sum,
)
from kerasette.metrics.regression import (
    CosineSimilarity as CosineSimilarity,
)
from kerasette.metrics.regression import (
    LogCoshError as LogCoshError,
)
from kerasette.metrics.regression import (
    MeanAbsoluteError as MeanAbsoluteError,
)
from kerasette.metrics.regression import (
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
)
from kerasette.metrics.regression import (
    MeanSquaredError as MeanSquaredError,
)
from kerasette.metrics.regression import (
    MeanSquaredLogarithmicError as MeanSquaredLogarithmicError,
)
from kerasette.metrics.regression import (
    RootMeanSquaredError as RootMeanSquaredError,
)
from kerasette.metrics.top_k import (
    SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy,
)
from kerasette.metrics.top_k import (
    TopKCategoricalAccuracy as TopKCategoricalAccuracy,
)
from kerasette.metrics.top_k import (
    sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy,
)
from kerasette.metrics.top_k import (
    top_k_categorical_accuracy as top_k_categorical_accuracy,
)
from kerasette.metrics.tradeoff import (
    PrecisionAtRecall as PrecisionAtRecall,
)
from kerasette.metrics.tradeoff import (
    RecallAtPrecision as RecallAtPrecision,
)
from kerasette.metrics.tradeoff import (
    SensitivityAtSpecificity as SensitivityAtSpecificity,
)
from kerasette.metrics.tradeoff import (
    SpecificityAtSensitivity as SpecificityAtSensitivity,
)

def get(identifier): ...
def serialize(metric): ...
def deserialize(config, custom_objects=None): ...
