"""A policy, and the one that layers get when they are given none.

Computation and variables have one dtype; mixed precision, whose gain is on accelerators, is not
offered.
"""

from kerasette._core.dtypes import NUMPY_DTYPES
from kerasette.default_dtype import dtype_of_thread, floatx

_NAMES = tuple(dtype.name for dtype in NUMPY_DTYPES)
_global_policy = None


class DTypePolicy:
    """The dtype of a layer's weights and computation.

    Parameters
    ----------
    name : {"float32", "float64", "int32", "int64", "bool"}, optional
        By default that of `kerasette.config.dtype_policy`.

    Raises
    ------
    ValueError
        For any other name: ``"mixed_float16"`` and the like are not supported.
    TypeError
        If it is no string.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.dtype_policies.DTypePolicy("float64").compute_dtype
    'float64'
    """

    def __init__(self, name=None):
        name = dtype_policy().name if name is None else name
        if not isinstance(name, str):
            raise TypeError(
                f"'name' must be a string, such as 'float32'. Received: name={name} (of type "
                f"{type(name)})"
            )
        if name not in _NAMES:
            raise ValueError(
                f"Cannot convert '{name}' to a mixed precision DTypePolicy, or to any other. "
                f"Valid policies are {_NAMES}: kerasette computes in the dtype of the variables."
            )
        self._name = name

    @property
    def name(self):
        """Name of the policy."""
        return self._name

    # The dtype of weights, and of what is computed from them.
    compute_dtype = variable_dtype = name

    @property
    def quantization_mode(self):
        """None: nothing is quantized."""
        return None

    def get_config(self):
        """The arguments that make such a policy."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """The policy that `get_config` has described."""
        return cls(**config)

    def __repr__(self):
        return f'<{type(self).__name__} "{self.name}">'

    def __eq__(self, other):
        return type(other) is type(self) and other.name == self.name

    def __hash__(self):
        return hash((type(self), self.name))


def dtype_policy():
    """The policy of layers that are given none: that of ``floatx()``, until another one is set.

    >>> dtype_policy()
    <DTypePolicy "float32">
    """
    is_own = _global_policy is None or dtype_of_thread() is not None
    return DTypePolicy(floatx()) if is_own else _global_policy


def set_dtype_policy(policy):
    """Sets the policy of layers that are given none, from now on.

    Parameters
    ----------
    policy : str or DTypePolicy

    Raises
    ------
    ValueError
        If it is neither, or not supported.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.config.set_dtype_policy("float64")
    >>> kerasette.layers.Dense(1).dtype
    'float64'
    >>> kerasette.config.set_dtype_policy("float32")
    """
    global _global_policy
    if isinstance(policy, str):
        policy = DTypePolicy(policy)
    if not isinstance(policy, DTypePolicy):
        raise ValueError(
            "Invalid `policy` argument. Expected the string name of a policy (such as 'float64') "
            f"or a `DTypePolicy` instance. Received: policy={policy} (of type {type(policy)})"
        )
    _global_policy = policy


def reset_dtype_policy():
    """Lets ``floatx()`` decide again."""
    global _global_policy
    _global_policy = None
