"""The dtype argument of layers, losses and metrics, and its form in configs.

Computation and variables have one dtype; mixed precision, whose gain is on accelerators, is not
offered.
"""

from kerasette._core.dtypes import floatx, standardize_dtype

_KNOWN = ("float32", "float64", "int32", "int64", "bool")


def policy_name(dtype):
    """Name of the dtype that came as a name, a NumPy dtype, a serialized policy or None.

    Raises
    ------
    ValueError
        If tensors do not have such a dtype.
    """
    if dtype is None:
        return floatx()
    given = dtype
    if isinstance(dtype, dict):
        given = dtype.get("config", {}).get("name")
    try:
        return standardize_dtype(given)
    except ValueError:
        raise ValueError(
            f"Cannot convert {given!r} to a mixed precision DTypePolicy, or to any other. "
            f"Expected one of {_KNOWN}. Received: dtype={dtype!r}"
        ) from None


def serialize_policy(name):
    """The dict that stands for a dtype in the config of a layer."""
    return {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": name},
        "registered_name": None,
    }
