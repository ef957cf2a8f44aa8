from kerasette.losses.divergence import (
    KLDivergence as KLDivergence,
)
from kerasette.losses.divergence import (
    Poisson as Poisson,
)
from kerasette.losses.divergence import (
    kl_divergence as kl_divergence,
)
from kerasette.losses.divergence import (
    poisson as poisson,
)
from kerasette.losses.focal import (
    BinaryFocalCrossentropy as BinaryFocalCrossentropy,
)
from kerasette.losses.focal import (
    CategoricalFocalCrossentropy as CategoricalFocalCrossentropy,
)
from kerasette.losses.focal import (
    binary_focal_crossentropy as binary_focal_crossentropy,
)
from kerasette.losses.focal import (
    categorical_focal_crossentropy as categorical_focal_crossentropy,
)
from kerasette.losses.loss import Loss as Loss
from kerasette.losses.margins import (
    CategoricalHinge as CategoricalHinge,
)
from kerasette.losses.margins import (
    Hinge as Hinge,
)
from kerasette.losses.margins import (
    SquaredHinge as SquaredHinge,
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
    BinaryCrossentropy as BinaryCrossentropy,
)
from kerasette.losses.probabilistic import (
    CategoricalCrossentropy as CategoricalCrossentropy,
)
from kerasette.losses.probabilistic import (
    binary_crossentropy as binary_crossentropy,
)
from kerasette.losses.probabilistic import (
    categorical_crossentropy as categorical_crossentropy,
)
from kerasette.losses.reduction import (
    squeeze_or_expand_to_same_rank as squeeze_or_expand_to_same_rank,
)
from kerasette.losses.regression import (
    MeanAbsoluteError as MeanAbsoluteError,
)
from kerasette.losses.regression import (
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
)
from kerasette.losses.regression import (
    MeanSquaredError as MeanSquaredError,
)
from kerasette.losses.regression import (
    MeanSquaredLogarithmicError as MeanSquaredLogarithmicError,
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
from kerasette.losses.robust import (
    Huber as Huber,
)
from kerasette.losses.robust import (
    LogCosh as LogCosh,
)
from kerasette.losses.robust import (
    huber as huber,
)
from kerasette.losses.robust import (
    log_cosh as log_cosh,
)
from kerasette.losses.segmentation import (
    Dice as Dice,
)
from kerasette.losses.segmentation import (
    Tversky as Tversky,
)
from kerasette.losses.segmentation import (
    dice as dice,
)
from kerasette.losses.segmentation import (
    tversky as tversky,
)
from kerasette.losses.similarity import (
    CosineSimilarity as CosineSimilarity,
)
from kerasette.losses.similarity import (
    cosine_similarity as cosine_similarity,
)
from kerasette.losses.sparse_crossentropy import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from kerasette.losses.sparse_crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)

def get(identifier): ...
def serialize(loss): ...
def deserialize(name, custom_objects=None): ...
