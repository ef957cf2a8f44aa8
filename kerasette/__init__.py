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

from kerasette._core.tape import GradientTape
from kerasette._core.tensor import Tensor
from kerasette._core.variable import Variable

from kerasette import (  # isort: skip
    activations,
    backend,
    callbacks,
    config,
    constraints,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    models,
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
from kerasette.losses import Loss
from kerasette.metrics import Metric
from kerasette.models import Model, Sequential
from kerasette.optimizers import Optimizer
from kerasette.regularizers import Regularizer

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
    "tree",
    "utils",
    "version",
]


def version():
    """The version, as `__version__`.

    >>> import kerasette
    >>> kerasette.version() == kerasette.__version__
    True
    """
    return __version__


def __getattr__(name):
    # Needed by few programs, and not free: loaded when first used.
    if name in ("datasets", "mixed_precision", "plot", "preprocessing", "testing"):
        import importlib

        return importlib.import_module(f"kerasette.{name}")
    raise AttributeError(f"module 'kerasette' has no attribute {name!r}")
