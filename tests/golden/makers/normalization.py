"""Batch and layer normalization: outputs, gradients, and moving averages over ten steps."""

import keras
import numpy as np
import torch

from .configs import describe_all
from .networks import build_object, numbered
from .store import write_arrays, write_json
from .training import draw_inputs

STEPS = 10

# Layer, shape of a batch, and whether there is a mask.
CASES = {
    "batch": (["BatchNormalization", {}], [6, 3], False),
    "batch_options": (["BatchNormalization", {"momentum": 0.8, "epsilon": 0.1}], [6, 3], False),
    "batch_no_beta": (["BatchNormalization", {"center": False, "momentum": 0.9}], [4, 2], False),
    "batch_no_gamma": (["BatchNormalization", {"scale": False, "momentum": 0.9}], [4, 2], False),
    "batch_rank_3": (["BatchNormalization", {"momentum": 0.7}], [3, 4, 2], False),
    "batch_axis_1": (["BatchNormalization", {"axis": 1, "momentum": 0.7}], [3, 4, 2], False),
    "batch_rank_4": (["BatchNormalization", {"axis": 1}], [2, 3, 2, 3], False),
    "batch_rank_5": (["BatchNormalization", {"axis": -2}], [2, 2, 1, 2, 3], False),
    "batch_masked": (["BatchNormalization", {"momentum": 0.7}], [4, 5, 2], True),
    "batch_masked_axis_1": (["BatchNormalization", {"axis": 1}], [4, 3, 2], True),
    "layer": (["LayerNormalization", {}], [4, 5], False),
    "layer_epsilon": (["LayerNormalization", {"epsilon": 0.5}], [4, 5], False),
    "layer_no_beta": (["LayerNormalization", {"center": False}], [3, 4], False),
    "layer_no_gamma": (["LayerNormalization", {"scale": False}], [3, 4], False),
    "layer_two_axes": (["LayerNormalization", {"axis": [1, 2]}], [2, 4, 3], False),
    "layer_axes_apart": (["LayerNormalization", {"axis": [3, 1]}], [2, 4, 2, 3], False),
    "layer_rms": (["LayerNormalization", {"rms_scaling": True}], [3, 4], False),
    "layer_rms_axis_1": (
        ["LayerNormalization", {"rms_scaling": True, "axis": 1}],
        [3, 4, 2],
        False,
    ),
    # Images and volumes.
    "batch_image": (["BatchNormalization", {"momentum": 0.8}], [2, 3, 4, 3], False),
    "batch_volume": (["BatchNormalization", {"epsilon": 0.01}], [2, 2, 3, 2, 2], False),
    "batch_volume_first": (["BatchNormalization", {"axis": 1}], [2, 3, 2, 2, 2], False),
}
BATCH_OPTIONS = {
    "axis": 1,
    "momentum": 0.5,
    "epsilon": 1,
    "center": False,
    "moving_mean_initializer": "ones",
    "moving_variance_initializer": "zeros",
    "gamma_regularizer": "l2",
    "beta_constraint": "non_neg",
    "trainable": False,
}
LAYER_OPTIONS = {
    "axis": [1, 2],
    "epsilon": 1e-5,
    "scale": False,
    "beta_initializer": "ones",
    "beta_regularizer": "l1",
    "gamma_constraint": "unit_norm",
    "name": "mine",
}
CONFIGS = [
    ["BatchNormalization", {}],
    ["BatchNormalization", BATCH_OPTIONS],
    ["LayerNormalization", {}],
    ["LayerNormalization", LAYER_OPTIONS],
    ["LayerNormalization", {"rms_scaling": True}],
]


def make():
    """Write `normalization.json`, which describes the cases, and `normalization.npz`."""
    arrays, described = {}, []
    for seed, (name, (layer, shape, masked)) in enumerate(CASES.items()):
        rng = np.random.default_rng(seed)
        found = run(build_object("layers", layer), shape, masked, rng)
        arrays |= {f"{name}/{key}": value for key, value in found.items()}
        described.append({"name": name, "layer": layer})
    configs = describe_all("layers", CONFIGS)
    write_json("normalization", {"steps": STEPS, "cases": described, "configs": configs})
    write_arrays("normalization", arrays)


def run(layer, shape, masked, rng):
    """Call a layer in training and in inference, and return all arrays to keep."""
    layer.build(tuple(shape))
    layer.set_weights([1 + draw_inputs(1, w.shape, rng)[0] ** 2 for w in layer.weights])
    is_batch = type(layer).__name__ == "BatchNormalization"
    inputs = [
        1 + 2 * draw_inputs(shape[0], shape[1:], rng) for _ in range(STEPS if is_batch else 1)
    ]
    masks = [rng.random(shape[:-1]) < 0.6 for _ in inputs] if masked else [None] * len(inputs)
    seed = draw_inputs(shape[0], shape[1:], rng)
    arrays = numbered("w", layer.get_weights()) | numbered("x", inputs) | {"seed": seed}
    if masked:
        arrays |= numbered("mask", masks)
    arrays |= described_call(layer, "before", inputs[0], None, seed, False)
    if not is_batch:
        return arrays
    for step, (x, mask) in enumerate(zip(inputs, masks, strict=True), start=1):
        found = described_call(layer, f"step{step}", x, mask, seed, True)
        arrays |= found if step == 1 else {}
        if step in (1, STEPS):
            arrays[f"moving_mean_{step}"] = layer.moving_mean.numpy()
            arrays[f"moving_variance_{step}"] = layer.moving_variance.numpy()
    return arrays | described_call(layer, "after", inputs[0], None, seed, False)


def described_call(layer, name, x, mask, seed, training):
    """Return the output of a call, and the gradients of its product with `seed`."""
    x = keras.ops.convert_to_tensor(x).requires_grad_()
    arguments = {"training": training} if type(layer).__name__ == "BatchNormalization" else {}
    if mask is not None:
        arguments["mask"] = keras.ops.convert_to_tensor(mask)
    y = layer(x, **arguments)
    tensors = [weight.value for weight in layer.trainable_weights]
    total = (y * keras.ops.convert_to_tensor(seed)).sum()
    *by_weights, by_input = torch.autograd.grad(total, [*tensors, x])
    arrays = {f"{name}_y": y, f"{name}_dx": by_input} | numbered(f"{name}_dw", by_weights)
    return {key: value.detach().numpy() for key, value in arrays.items()}
