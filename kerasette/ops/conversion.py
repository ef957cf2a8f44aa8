"""To tensors and from them, and what is known of a tensor without its values."""

import numpy as np

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import cast, ones_like, sum
from kerasette._core.tensor import Tensor, checked_array, holds_tensors
from kerasette._core.tensor import convert as tensor_from
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.graph.operation import symbolic


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """x as a tensor. Tensors stay as they are, arrays keep their dtype.

    Parameters
    ----------
    x : Tensor, array, number, or list of numbers or tensors
        Numbers and lists of them get ``floatx()``, or int32, or bool.
    dtype : str, optional
    sparse, ragged : bool, optional
        Of kinds of tensors that there are not: False or None.

    Raises
    ------
    ValueError
        If it is not made of real numbers, or is to be sparse or ragged.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.convert_to_tensor([[1, 2.5]]).shape
    (1, 2)
    """
    if sparse or ragged:
        check_is_dense(sparse, ragged)
    if isinstance(x, KerasTensor):
        return x if dtype in (None, x.dtype) else symbolic(cast)(x, dtype)
    if isinstance(x, Tensor):
        return x if dtype is None else cast(x, dtype)
    if holds_tensors(x):
        return convert_to_tensor(tensor_from(x), dtype)
    if dtype is not None:
        # One constant of the right dtype, and no node that casts it.
        x = checked_array(x).astype(standardize_dtype(dtype), copy=False)
    return tensor_from(x)


def check_is_dense(sparse, ragged=False):
    """Raises if a sparse or ragged tensor is asked for.

    Raises
    ------
    ValueError
        Which of the two it is.
    """
    for kind, is_asked_for in (("sparse", sparse), ("ragged", ragged)):
        if is_asked_for:
            raise ValueError(f"Unsupported value `{kind}=True`: there are no {kind} tensors.")


def convert_to_numpy(x):
    """A copy of x as a NumPy array."""
    return x.numpy() if isinstance(x, Tensor) else np.array(x)


def is_tensor(x):
    """Whether x is a tensor or a variable."""
    return isinstance(x, Tensor)


def shape(x):
    """Shape of x, a tuple of ints; of a symbolic tensor, with None for free sizes."""
    return x.shape if isinstance(x, (Tensor, KerasTensor)) else np.shape(x)


def ndim(x):
    """Number of axes of x."""
    return len(shape(x))


def size(x):
    """Number of elements of x: an int; of a symbolic tensor, a symbolic int32."""
    if isinstance(x, KerasTensor):
        return symbolic(sum)(symbolic(ones_like)(x, "int32"))
    return x.size if isinstance(x, Tensor) else np.size(x)


def dtype(x):
    """Name of the dtype of a tensor or array."""
    return standardize_dtype(x.dtype)
