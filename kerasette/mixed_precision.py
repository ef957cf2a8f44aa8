"""Dtype policies under the names that scripts for accelerators use.

Only policies of one dtype are accepted, "float32" and "float64"; the mixed ones raise.
"""

from kerasette.dtype_policy import DTypePolicy, dtype_policy, set_dtype_policy
from kerasette.optimizers import LossScaleOptimizer

__all__ = [
    "DTypePolicy",
    "LossScaleOptimizer",
    "Policy",
    "dtype_policy",
    "global_policy",
    "set_dtype_policy",
    "set_global_policy",
]

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy
