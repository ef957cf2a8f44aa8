"""Values and gradients of the activations, at kinks too, and what becomes of their names."""

import keras
import numpy as np
import torch

from .store import write_arrays, write_json

CASES = [
    ["celu", {}],
    ["celu", {"alpha": 0.5}],
    ["elu", {}],
    ["elu", {"alpha": 0.3}],
    ["exponential", {}],
    ["gelu", {}],
    ["gelu", {"approximate": True}],
    ["glu", {}],
    ["glu", {"axis": 0}],
    ["hard_shrink", {}],
    ["hard_shrink", {"threshold": 1.0}],
    ["hard_sigmoid", {}],
    ["hard_silu", {}],
    ["hard_tanh", {}],
    ["leaky_relu", {}],
    ["leaky_relu", {"negative_slope": 0.5}],
    ["linear", {}],
    ["log_sigmoid", {}],
    ["log_softmax", {}],
    ["log_softmax", {"axis": 0}],
    ["mish", {}],
    ["relu", {}],
    ["relu", {"max_value": 6}],
    ["relu", {"max_value": 3.0}],
    ["relu", {"threshold": 1.0}],
    ["relu", {"negative_slope": 0.25}],
    ["relu", {"negative_slope": 0.25, "max_value": 3.0}],
    ["relu", {"negative_slope": 0.25, "threshold": 1.0, "max_value": 3.0}],
    ["relu", {"negative_slope": 0.25, "threshold": -1.0}],
    ["relu", {"threshold": -1.0, "max_value": 6}],
    ["relu6", {}],
    ["selu", {}],
    ["sigmoid", {}],
    ["silu", {}],
    ["soft_shrink", {}],
    ["soft_shrink", {"threshold": 1.0}],
    ["softmax", {}],
    ["softmax", {"axis": 0}],
    ["softplus", {}],
    ["softsign", {}],
    ["sparse_plus", {}],
    ["sparse_sigmoid", {}],
    ["squareplus", {}],
    ["squareplus", {"b": 0.5}],
    ["tanh", {}],
    ["tanh_shrink", {}],
    ["threshold", {"threshold": 0.5, "default_value": -2.0}],
]
KINKS = [-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0]
NAMES = ["gelu", "hard_swish", "mish", "swish"]


def make():
    """Write `activations.json` and `activations.npz`."""
    rng = np.random.default_rng(5)
    x = rng.normal(scale=3.0, size=(8, 6)).astype("float32")
    x.ravel()[: len(KINKS)] = KINKS
    weights = rng.normal(size=x.shape).astype("float32")
    arrays = {"x": x, "weights": weights}
    for number, (name, arguments) in enumerate(CASES):
        arrays[f"y_{number}"], arrays[f"gradient_{number}"] = run(name, arguments, x, weights)
    write_arrays("activations", arrays)
    names = {name: keras.activations.serialize(keras.activations.get(name)) for name in NAMES}
    write_json("activations", {"cases": CASES, "serialized": names})


def run(name, arguments, x, weights):
    """Compute an activation, and the gradient of its weighted sum."""
    tensor = torch.tensor(x, requires_grad=True)
    y = getattr(keras.activations, name)(tensor, **arguments)
    # `glu` has half as many outputs.
    beside = torch.tensor(weights).flatten()[: y.numel()].reshape(y.shape)
    (y * beside).sum().backward()
    return y.detach().numpy(), tensor.grad.numpy()
