"""What Keras has in a module of this name: settings, dtypes, a fresh start."""

from kerasette._core.dtypes import standardize_dtype
from kerasette.config import (
    backend,
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
)
from kerasette.graph.keras_tensor import is_keras_tensor
from kerasette.naming import get_uid
from kerasette.utils import clear_session

__all__ = [
    "backend",
    "clear_session",
    "epsilon",
    "floatx",
    "get_uid",
    "image_data_format",
    "is_float_dtype",
    "is_int_dtype",
    "is_keras_tensor",
    "result_type",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "standardize_dtype",
]

# Each wins over those before it. Numbers of Python are weak: one makes tensors no larger.
PROMOTION = ("bool", int, "int32", "int64", float, "float32", "float64")


def is_float_dtype(dtype):
    """Whether a dtype is that of real numbers.

    >>> is_float_dtype("float32"), is_float_dtype("int32")
    (True, False)
    """
    return standardize_dtype(dtype).startswith("float")


def is_int_dtype(dtype):
    """Whether a dtype is that of whole numbers; bool is not.

    >>> is_int_dtype("int64"), is_int_dtype("bool")
    (True, False)
    """
    return standardize_dtype(dtype).startswith("int")


def result_type(*dtypes):
    """The dtype of a sum of tensors of some dtypes.

    Parameters
    ----------
    *dtypes : str, numpy.dtype, None, int or float
        None is ``floatx()``; ``int`` and ``float`` stand for numbers of Python.

    >>> result_type("int64", "float32"), result_type("int32", float), result_type("int64", int)
    ('float32', 'float32', 'int64')
    """
    known = [dtype if dtype in (int, float) else standardize_dtype(dtype) for dtype in dtypes]
    largest = max(known, key=PROMOTION.index, default=float)
    return standardize_dtype(largest)
