"""EinsumDense, GroupNormalization, Discretization and Pipeline: calls, gradients, configs."""

import keras
import numpy as np
import torch

from .configs import describe_all
from .networks import build_object, fresh_session, numbered
from .store import shortest, write_arrays, write_json
from .training import draw_inputs

EINSUM = "EinsumDense"
# Layer and shape of a batch.
CASES = {
    "einsum_plain": ([EINSUM, {"equation": "ab,bc->ac", "output_shape": 3}], [4, 2]),
    "einsum_bias": (
        [EINSUM, {"equation": "abc,cd->abd", "output_shape": [3, 2], "bias_axes": "d"}],
        [2, 3, 4],
    ),
    "einsum_bias_first": (
        [EINSUM, {"equation": "abc,cde->abde", "output_shape": [3, 2, 5], "bias_axes": "be"}],
        [2, 3, 4],
    ),
    "einsum_left": (
        [
            EINSUM,
            {
                "equation": "...x,xy->...y",
                "output_shape": 2,
                "bias_axes": "y",
                "activation": "tanh",
            },
        ],
        [2, 3, 4],
    ),
    "einsum_right": (
        [EINSUM, {"equation": "ab...,bc->ac...", "output_shape": 2, "bias_axes": "c"}],
        [2, 3, 4],
    ),
    "einsum_heads": (
        [EINSUM, {"equation": "aecd,abcd->acbe", "output_shape": [3, 5, 2]}],
        [2, 2, 3, 4],
    ),
    "group": (["GroupNormalization", {"groups": 2}], [3, 8]),
    "group_axis": (["GroupNormalization", {"groups": 3, "axis": 1, "epsilon": 0.1}], [2, 6, 2]),
    "group_instance": (["GroupNormalization", {"groups": -1, "axis": -2}], [2, 3, 4, 2]),
    "group_no_beta": (["GroupNormalization", {"groups": 1, "center": False}], [2, 2, 4]),
    "group_no_gamma": (["GroupNormalization", {"groups": 2, "scale": False}], [2, 2, 4]),
}
CONFIGS = [
    [EINSUM, {"equation": "ab,bc->ac", "output_shape": 3}],
    [
        EINSUM,
        {
            "equation": "...b,bc->...c",
            "output_shape": [None, 3],
            "activation": "relu",
            "bias_axes": "c",
            "kernel_initializer": "he_normal",
            "bias_regularizer": "l2",
            "kernel_constraint": "non_neg",
            "activity_regularizer": "l1",
            "name": "mine",
        },
    ],
    ["GroupNormalization", {}],
    [
        "GroupNormalization",
        {"groups": 4, "axis": 1, "epsilon": 0.5, "scale": False, "beta_regularizer": "l2"},
    ],
    ["Discretization", {"bin_boundaries": [0.5, 2.0]}],
    ["Discretization", {"num_bins": 3, "epsilon": 0.1, "output_mode": "count", "name": "mine"}],
]
ERRORS = {
    "form": [EINSUM, {"equation": "ab->ac", "output_shape": 3}],
    "shared": [EINSUM, {"equation": "abc,cd->abd", "output_shape": [2, 3]}],
    "output": [EINSUM, {"equation": "abc,cd->abe", "output_shape": [3, 3]}],
    "weight": [EINSUM, {"equation": "abc,de->abd", "output_shape": [3, 3]}],
    "bias": [EINSUM, {"equation": "abc,cd->abd", "output_shape": [3, 3], "bias_axes": "x"}],
    "groups_zero": ["GroupNormalization", {"groups": 0}],
    "groups_many": ["GroupNormalization", {"groups": 8}],
    "groups_rest": ["GroupNormalization", {"groups": 3}],
    "bins_both": ["Discretization", {"bin_boundaries": [1.0], "num_bins": 2}],
    "bins_none": ["Discretization", {}],
    "bins_negative": ["Discretization", {"num_bins": -1}],
    "bins_sparse": ["Discretization", {"num_bins": 2, "sparse": True}],
    "bins_unknown": ["Discretization", {"num_bins": 2}],
}


def make():
    """Write `more_layers.json`, which describes the cases, and `more_layers.npz`."""
    arrays, cases = {}, []
    for seed, (name, (layer, shape)) in enumerate(CASES.items()):
        rng = np.random.default_rng(seed)
        found = run(build_object("layers", layer), shape, rng)
        arrays |= {f"{name}/{key}": value for key, value in found.items()}
        cases.append({"name": name, "layer": layer})
    write_arrays("more_layers", arrays)
    write_json(
        "more_layers",
        {
            "cases": cases,
            "configs": describe_all("layers", CONFIGS),
            "errors": [{"layer": layer, **error_of(layer)} for layer in ERRORS.values()],
            "fans": fans(),
            "bins": bins(),
            "adapted": adapted(),
            "pipeline": pipeline(),
        },
    )


def run(layer, shape, rng):
    """Call a layer, and return its weights, input, output and gradients."""
    layer.build(tuple(shape))
    layer.set_weights([1 + draw_inputs(1, w.shape, rng)[0] for w in layer.weights])
    x = 1 + 2 * draw_inputs(shape[0], shape[1:], rng)
    tensor = keras.ops.convert_to_tensor(x).requires_grad_()
    y = layer(tensor)
    seed = draw_inputs(y.shape[0], y.shape[1:], rng)
    total = (y * keras.ops.convert_to_tensor(seed)).sum()
    weights = [weight.value for weight in layer.trainable_weights]
    *by_weights, by_input = torch.autograd.grad(total, [*weights, tensor])
    found = {"y": y, "dx": by_input} | numbered("dw", by_weights)
    found = {key: value.detach().numpy() for key, value in found.items()}
    return found | numbered("w", layer.get_weights()) | {"x": x, "seed": seed}


def error_of(layer):
    """What a layer raises when it is made, built or called."""
    fresh_session()
    try:
        build_object("layers", layer)(np.ones((2, 3, 4), "float32"))
    except Exception as error:
        return {"type": type(error).__name__, "message": str(error)}
    return {"type": None, "message": None}


def fans():
    """The spread of Glorot's kernels, which depends on what the equation calls inputs."""
    found = []
    for equation, output, shape in [
        ("abc,cde->abde", [5, 20, 30], [2, 5, 40]),
        ("abcd,cde->abe", [5, 60], [2, 5, 20, 30]),
    ]:
        keras.utils.set_random_seed(1)
        layer = keras.layers.EinsumDense(equation, output)
        layer.build(tuple(shape))
        largest = float(abs(layer.get_weights()[0]).max())
        found.append({"equation": equation, "output": output, "shape": shape, "most": largest})
    return found


VALUES = [[-1.0, 0.5, 7.0], [0.25, 2.0, 0.0]]


def bins():
    """Outputs of Discretization in its modes."""
    found = []
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for values in (VALUES, VALUES[0], [[1.0], [3.0]]):
            layer = keras.layers.Discretization([0.0, 0.5, 2.0], output_mode=mode)
            y = layer(np.array(values, "float32"))
            found.append(
                {"mode": mode, "values": values, "dtype": str(y.dtype)[6:], "y": np.array(y)}
            )
    return found


def adapted():
    """Boundaries that Discretization finds, in one batch and in several."""
    found = []
    for n_bins, epsilon, sizes, steps in [
        (4, 0.01, [50], None), (4, 0.1, [50], None), (3, 0.01, [30, 20, 250], None),
        (5, 0.05, [100, 300], None), (3, 0.01, [30, 20, 250], 2), (10, 0.01, [5], None),
    ]:  # fmt: skip
        rng = np.random.default_rng(len(found))
        batches = [np.round(rng.normal(size=n), 3).astype("float32") for n in sizes]
        layer = keras.layers.Discretization(num_bins=n_bins, epsilon=epsilon)
        # What `adapt` does, which asks for TensorFlow.
        for batch in batches[:steps]:
            layer.update_state(batch)
        layer.finalize_state()
        found.append(
            {
                "arguments": {"num_bins": n_bins, "epsilon": epsilon},
                "steps": steps,
                "batches": [shortest(batch) for batch in batches],
                "boundaries": layer.bin_boundaries,
            }
        )
    return found


def pipeline():
    """The config of a Pipeline, and what it does with a mask."""
    fresh_session()
    layer = keras.layers.Pipeline([keras.layers.Masking(), keras.layers.Dropout(0.5)])
    return {"config": layer.get_config()}
