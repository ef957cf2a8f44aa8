"""Losses."""

from kerasette.lazy import Names, exports
from kerasette.lookup import lookup
from kerasette.losses.loss import Loss, LossFunctionWrapper
from kerasette.naming import object_name
from kerasette.saving.serialization import serialize_keras_object

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    divergence="KLDivergence Poisson kl_divergence poisson",
    focal=(
        "BinaryFocalCrossentropy CategoricalFocalCrossentropy binary_focal_crossentropy "
        "categorical_focal_crossentropy"
    ),
    loss="Loss",
    margins="CategoricalHinge Hinge SquaredHinge categorical_hinge hinge squared_hinge",
    probabilistic=(
        "BinaryCrossentropy CategoricalCrossentropy binary_crossentropy categorical_crossentropy"
    ),
    reduction="squeeze_or_expand_to_same_rank",
    regression=(
        "MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError "
        "MeanSquaredLogarithmicError mean_absolute_error mean_absolute_percentage_error "
        "mean_squared_error mean_squared_logarithmic_error"
    ),
    robust="Huber LogCosh huber log_cosh",
    segmentation="Dice Tversky dice tversky",
    similarity="CosineSimilarity cosine_similarity",
    sparse_crossentropy="SparseCategoricalCrossentropy sparse_categorical_crossentropy",
)

# What `compile` and metrics need besides, as `get_loss`, is not public.
__all__ = [*_EXPORTS, "deserialize", "get", "serialize"]

_ALIASES = {
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
_KNOWN = Names(
    __name__,
    {
        **{name: name for name in _EXPORTS if name != "squeeze_or_expand_to_same_rank"},
        **_ALIASES,
        **{alias.upper(): name for alias, name in _ALIASES.items()},
    },
)


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
    if found is _KNOWN["sparse_categorical_crossentropy"]:
        # The class leaves class numbers the integers that they are.
        return _KNOWN["SparseCategoricalCrossentropy"](name=name)
    return LossFunctionWrapper(found, name=name)


def is_own(loss):
    """Whether a function, or the class of an object, is one of the losses here."""
    return _KNOWN.has(type(loss)) or _KNOWN.has(loss)


def serialize(loss):
    """The dict that stands for a loss in a config."""
    return serialize_keras_object(loss)


def deserialize(name, custom_objects=None):
    """The loss that `serialize` has described.

    Parameters
    ----------
    name : dict, str or None
    custom_objects : dict of str to class or function, optional
        Losses besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        For a name that is not known.
    """
    return None if name is None else lookup(name, _KNOWN, "loss", custom_objects)
