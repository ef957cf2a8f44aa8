"""Arrays of strings, which are no tensors."""

import numpy as np

from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor


def refuse_tensors(value, name):
    """Raises for tensors: a layer of strings is no part of a model.

    Raises
    ------
    TypeError
        With what to do.
    """
    if isinstance(value, (Tensor, KerasTensor)):
        raise TypeError(
            f"{name} takes strings, which are no tensors: call it on the data before the model. "
            f"Received: {value}"
        )


def strings_of(data, name, encoding="utf-8"):
    """Data as an array of str objects.

    Raises
    ------
    TypeError
        If it holds anything but strings.
    """
    refuse_tensors(data, name)
    # Of a list, numbers among strings stay numbers.
    array = np.asarray(data) if hasattr(data, "__array__") else np.array(data, object)
    if array.size and array.dtype.kind not in "OSUT":
        raise TypeError(f"{name} takes strings. Received: dtype {array.dtype}")
    flat = [_decoded(value, name, encoding) for value in array.reshape(-1).tolist()]
    found = np.empty(len(flat), object)
    found[:] = flat
    return found.reshape(array.shape)


def _decoded(value, name, encoding):
    if isinstance(value, bytes):
        return value.decode(encoding)
    if not isinstance(value, str):
        raise TypeError(f"{name} takes strings. Received: {value!r} of type {type(value)}")
    return value
