"""Keras's high-level API over a compiled CPU core.

Examples
--------
>>> import kerasette, numpy as np
>>> model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
>>> model.compile(optimizer="sgd", loss="mse")
>>> history = model.fit(np.eye(2), np.ones(2), epochs=2, verbose=0)
>>> len(history.history["loss"])
2
"""

from typing import TYPE_CHECKING

from kerasette._core.tape import GradientTape
from kerasette._core.tensor import Tensor
from kerasette._core.variable import Variable

from kerasette import (  # isort: skip
    activations,
    callbacks,
    config,
    constraints,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    random,
    regularizers,
    saving,
    tree,
    utils,
)
from kerasette.dtype_policies import DTypePolicy
from kerasette.graph.function import Function
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.initializers import Initializer
from kerasette.layers import Input, InputSpec, Layer
from kerasette.lazy import exports
from kerasette.losses import Loss
from kerasette.metrics import Metric
from kerasette.optimizers import Optimizer
from kerasette.regularizers import Regularizer

# Models are loaded when one is made: layers and ops do without them.
_load, __dir__, _MODELS = exports(__name__, models="Model Sequential")

if TYPE_CHECKING:
    from kerasette.models import Model, Sequential

__version__ = "0.1.0"

__all__ = [
    "DTypePolicy",
    "Function",
    "GradientTape",
    "Initializer",
    "Input",
    "InputSpec",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "Tensor",
    "Variable",
    "activations",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "datasets",
    "dtype_policies",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizers",
    "plot",
    "preprocessing",
    "random",
    "regularizers",
    "saving",
    "testing",
    "text",
    "tree",
    "utils",
    "version",
    "wrappers",
]


def version():
    """The version, as `__version__`.

    >>> import kerasette
    >>> kerasette.version() == kerasette.__version__
    True
    """
    return __version__


_ON_USE = frozenset(
    {
        "backend",
        "datasets",
        "mixed_precision",
        "models",
        "plot",
        "preprocessing",
        "testing",
        "text",
        "wrappers",
    }
)


def __getattr__(name):
    # Not free, and not needed by all programs: loaded when first used.
    if name in _ON_USE:
        import importlib

        return importlib.import_module(f"kerasette.{name}")
    return _load(name)
