"""In which dtype a model is trained."""

import numpy as np

from kerasette.optimizers.arguments import floating


def checked_dtype(dtype):
    """Name of a dtype to train in; None stays None.

    Raises
    ------
    ValueError
        If it is not float32 or float64.
    """
    if dtype is None:
        return None
    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = None
    if name not in ("float32", "float64"):
        raise ValueError(
            "The 'dtype' parameter must be None or one of {'float32', 'float64'}. "
            f"Got {dtype!r} instead."
        )
    return name


def dtype_of(model):
    """The dtype that a model is trained in: that of its weights, if it has any."""
    dtypes = [weight.dtype for weight in floating(model.trainable_weights)]
    return dtypes[0] if dtypes else model.dtype


def check_dtype(model, dtype):
    """Raises ValueError unless a model is trained in `dtype`; None is any."""
    if dtype is not None and dtype_of(model) != dtype:
        raise ValueError(
            f"dtype={dtype!r}, but the model {model.name!r} computes in {dtype_of(model)}: its "
            "layers have dtypes of their own. Leave it at None, or give a function that makes "
            "the model, and no dtypes in it."
        )
