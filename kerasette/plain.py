"""Values of arguments as they stand in configs: numbers, strings, lists and dicts."""

import numpy as np

from kerasette import ops
from kerasette._core.tensor import Tensor


def to_plain(value):
    """`value` with arrays and tensors as the dicts that Keras writes for them.

    >>> to_plain((1, np.float64(0.5), np.ones(2)))[2]["class_name"]
    '__numpy__'
    """
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    if isinstance(value, (np.ndarray, Tensor)):
        array = np.asarray(value)
        kind = "__tensor__" if isinstance(value, Tensor) else "__numpy__"
        return {
            "class_name": kind,
            "config": {"value": array.tolist(), "dtype": array.dtype.name},
        }
    return value


def from_plain(value):
    """The value that `to_plain` has described."""
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in ("__numpy__", "__tensor__"):
        config = value["config"]
        array = np.array(config["value"], config["dtype"])
        return array if value["class_name"] == "__numpy__" else ops.convert_to_tensor(array)
    return {key: from_plain(item) for key, item in value.items()}
