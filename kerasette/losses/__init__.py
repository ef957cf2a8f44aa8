"""Losses."""

from kerasette.lookup import lookup, serialize_function, serialize_object
from kerasette.losses.divergence import (
    KLDivergence,
    Poisson,
    kl_divergence,
    poisson,
)
from kerasette.losses.focal import (
    BinaryFocalCrossentropy,
    CategoricalFocalCrossentropy,
    binary_focal_crossentropy,
    categorical_focal_crossentropy,
)
from kerasette.losses.loss import (
    Loss,
    LossFunctionWrapper,
)
from kerasette.losses.margins import (
    CategoricalHinge,
    Hinge,
    SquaredHinge,
    categorical_hinge,
    hinge,
    squared_hinge,
)
from kerasette.losses.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from kerasette.losses.reduction import squeeze_or_expand_to_same_rank
from kerasette.losses.regression import (
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from kerasette.losses.robust import (
    Huber,
    LogCosh,
    huber,
    log_cosh,
)
from kerasette.losses.segmentation import (
    Dice,
    Tversky,
    dice,
    tversky,
)
from kerasette.losses.similarity import (
    CosineSimilarity,
    cosine_similarity,
)
from kerasette.naming import object_name

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Dice",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "Tversky",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "cosine_similarity",
    "deserialize",
    "dice",
    "get",
    "get_loss",
    "hinge",
    "huber",
    "is_own",
    "kind_by_shapes",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "squeeze_or_expand_to_same_rank",
    "tversky",
]

_CLASSES = tuple(globals()[name] for name in __all__ if name[0].isupper())
_FUNCTIONS = (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    cosine_similarity,
    dice,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
    tversky,
)
_ALIASES = {
    "bce": binary_crossentropy,
    "kld": kl_divergence,
    "mae": mean_absolute_error,
    "mape": mean_absolute_percentage_error,
    "mse": mean_squared_error,
    "msle": mean_squared_logarithmic_error,
}
_KNOWN = {
    **{known.__name__: known for known in _CLASSES + _FUNCTIONS},
    **_ALIASES,
    **{alias.upper(): known for alias, known in _ALIASES.items()},
}


def get(identifier):
    """The loss that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, callable, class or None
        The name of a function (``"mse"``) or a class (``"MeanSquaredError"``), a config, or what
        is returned as it is. None stays None.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.losses.get("mse").__name__
    'mean_squared_error'
    """
    return None if identifier is None else lookup(identifier, _KNOWN, "loss")


def kind_by_shapes(y_true_shape, y_pred_shape):
    """What targets and predictions of such shapes are for: the choice behind "accuracy" and "ce".

    Returns
    -------
    {"binary", "sparse_categorical", "categorical"}
        Binary for one output; sparse for targets of a lower rank, or with a last size of 1
        against more outputs.
    """
    n_outputs = y_pred_shape[-1] if y_pred_shape else 1
    if n_outputs == 1:
        return "binary"
    is_column = bool(y_true_shape) and y_true_shape[-1] == 1
    if len(y_true_shape) < len(y_pred_shape) or is_column:
        return "sparse_categorical"
    return "categorical"


def get_loss(identifier, y_true_shape=None, y_pred_shape=None):
    """The `Loss` object that ``compile(loss=identifier)`` means; None stays None.

    Functions are wrapped. ``"crossentropy"`` and ``"ce"`` need the shapes of targets and
    predictions.

    Raises
    ------
    ValueError
        For a name that is not known.
    """
    if identifier is None or isinstance(identifier, Loss):
        return identifier
    if str(identifier).lower() in ("crossentropy", "ce") and y_pred_shape is not None:
        kind = kind_by_shapes(y_true_shape, y_pred_shape)
        found = _KNOWN[f"{kind}_crossentropy"]
    else:
        found = get(identifier)
    if isinstance(found, Loss):
        return found
    name = identifier if isinstance(identifier, str) else object_name(found)
    if found is sparse_categorical_crossentropy:
        # The class leaves class numbers the integers that they are.
        return SparseCategoricalCrossentropy(name=name)
    return LossFunctionWrapper(found, name=name)


def is_own(loss):
    """Whether a function, or the class of an object, is one of the losses here."""
    return type(loss) in _CLASSES or any(loss is function for function in _FUNCTIONS)


def serialize(loss):
    """The dict that stands for a loss in a config."""
    if isinstance(loss, Loss):
        module = "keras.losses" if type(loss) in _CLASSES else type(loss).__module__
        return serialize_object(loss, module)
    return serialize_function(loss)


def deserialize(name, custom_objects=None):
    """The loss that `serialize` has described.

    Parameters
    ----------
    name : dict or str
    custom_objects : dict of str to class or function, optional
        Losses besides ours, by name.

    Raises
    ------
    ValueError
        For a name that is not known.
    """
    return lookup(name, {**_KNOWN, **(custom_objects or {})}, "loss")
