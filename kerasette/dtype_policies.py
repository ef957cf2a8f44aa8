"""The dtypes that layers compute in, and how they are named."""

from kerasette._core.dtypes import standardize_dtype
from kerasette.dtype_policy import DTypePolicy, dtype_policy
from kerasette.lazy import getattr_of
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object

__all__ = ["DTypePolicy", "deserialize", "get", "serialize"]

__getattr__ = getattr_of(__name__)

# The second is the name of the first in files of early versions of Keras.
_KNOWN = {"DTypePolicy": DTypePolicy, "FloatDTypePolicy": DTypePolicy}


def get(identifier):
    """The policy that `identifier` means.

    Parameters
    ----------
    identifier : str, dict, DTypePolicy, NumPy dtype or None
        A name, a config, or the policy itself. None is that of `kerasette.config.dtype_policy`.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.dtype_policies.get("float64")
    <DTypePolicy "float64">
    """
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, dict):
        identifier = deserialize(identifier)
    if isinstance(identifier, DTypePolicy):
        return identifier
    try:
        name = identifier if isinstance(identifier, str) else standardize_dtype(identifier)
    except (TypeError, ValueError):
        raise ValueError(
            "Cannot interpret `dtype` argument. Expected a string or an instance of DTypePolicy. "
            f"Received: dtype={identifier}"
        ) from None
    return DTypePolicy(name)


def policy_name(dtype):
    """Name of the policy that came as a name, a NumPy dtype, a config, a policy or None.

    Raises
    ------
    ValueError
        If it is none of these, or not supported.
    """
    return get(dtype).name


def serialize(dtype_policy):
    """The dict that stands for a policy in a config."""
    return serialize_keras_object(dtype_policy)


def deserialize(config, custom_objects=None):
    """The policy that `serialize` has described.

    Parameters
    ----------
    config : dict
    custom_objects : dict of str to class, optional
        Policies besides ours, by name.

    Raises
    ------
    TypeError, ValueError
        If it describes none that is known.
    """
    policy = deserialize_keras_object(config, custom_objects, module_objects=_KNOWN)
    if not isinstance(policy, DTypePolicy):
        raise ValueError(f"Cannot interpret a config as that of a DTypePolicy: {config}")
    return policy
