"""Losses."""

from kerasette.lookup import lookup, serialize_function, serialize_object
from kerasette.losses.loss import Loss, LossFunctionWrapper, squeeze_or_expand_to_same_rank
from kerasette.losses.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from kerasette.losses.regression import MeanSquaredError, mean_squared_error

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "deserialize",
    "get",
    "get_loss",
    "kind_by_shapes",
    "mean_squared_error",
    "serialize",
    "sparse_categorical_crossentropy",
    "squeeze_or_expand_to_same_rank",
]

_CLASSES = (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
_FUNCTIONS = (
    binary_crossentropy,
    categorical_crossentropy,
    mean_squared_error,
    sparse_categorical_crossentropy,
)
_KNOWN = {
    **{known.__name__: known for known in _CLASSES + _FUNCTIONS},
    "bce": binary_crossentropy,
    "BCE": binary_crossentropy,
    "mse": mean_squared_error,
    "MSE": mean_squared_error,
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
    name = identifier if isinstance(identifier, str) else getattr(found, "__name__", None)
    if found is sparse_categorical_crossentropy:
        # The class leaves class numbers the integers that they are.
        return SparseCategoricalCrossentropy(name=name)
    return LossFunctionWrapper(found, name=name)


def serialize(loss):
    """The dict that stands for a loss in a config."""
    if isinstance(loss, Loss):
        module = "keras.losses" if type(loss) in _CLASSES else type(loss).__module__
        return serialize_object(loss, module)
    return serialize_function(loss)


def deserialize(config):
    """The loss that `serialize` has described."""
    return get(config)
