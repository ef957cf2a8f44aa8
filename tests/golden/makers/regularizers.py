"""Penalties of regularizers with their gradients, weights that constraints allow, and configs."""

import keras
import numpy as np
import torch

from .networks import build_object
from .store import write_json

REGULARIZERS = [
    ["L1", {}],
    ["L1", {"l1": 0.3}],
    ["L1", {"l1": None}],
    ["L2", {}],
    ["L2", {"l2": 2}],
    ["L1L2", {}],
    ["L1L2", {"l1": 0.1}],
    ["L1L2", {"l2": 0.2}],
    ["L1L2", {"l1": 0.1, "l2": 0.2}],
    ["OrthogonalRegularizer", {}],
    ["OrthogonalRegularizer", {"factor": 1, "mode": "columns"}],
]
CONSTRAINTS = [
    ["Constraint", {}],
    ["MaxNorm", {}],
    ["MaxNorm", {"max_value": 0.5, "axis": [0, 1]}],
    ["NonNeg", {}],
    ["UnitNorm", {}],
    ["UnitNorm", {"axis": -1}],
    ["MinMaxNorm", {}],
    ["MinMaxNorm", {"min_value": 1.5, "max_value": 2.5, "rate": 0.25, "axis": 1}],
]
WRONG = [
    ["regularizers", "L1", {"l1": -0.1}],
    ["regularizers", "L2", {"l2": "a"}],
    ["regularizers", "L2", {"l2": float("inf")}],
    ["regularizers", "L1L2", {"l2": float("nan")}],
    ["regularizers", "OrthogonalRegularizer", {"factor": -1.0}],
    ["regularizers", "OrthogonalRegularizer", {"mode": "diagonal"}],
]


def make():
    """Write `regularizers.json`."""
    rng = np.random.default_rng(11)
    weight = rng.normal(size=(4, 3)).astype("float32")
    kernel = rng.normal(size=(3, 4, 2)).astype("float32")
    kernel[:, 0] = 0
    write_json(
        "regularizers",
        {
            "weight": weight,
            "kernel": kernel,
            "regularizers": [describe_regularizer(spec, weight) for spec in REGULARIZERS],
            "constraints": [describe_constraint(spec, kernel) for spec in CONSTRAINTS],
            "errors": [describe_error(*wrong) for wrong in WRONG],
        },
    )


def describe_regularizer(spec, weight):
    """Describe a penalty and its gradient."""
    regularizer = build_object("regularizers", spec)
    variable = keras.Variable(weight)
    penalty = regularizer(variable)
    if penalty.requires_grad:
        penalty.backward()
        gradient = variable.value.grad
    else:
        gradient = torch.zeros(weight.shape)
    return {
        "object": spec,
        "serialized": keras.regularizers.serialize(regularizer),
        "penalty": penalty.detach().numpy(),
        "gradient": gradient.numpy(),
    }


def describe_constraint(spec, kernel):
    """Describe the weight that a constraint makes of a weight."""
    constraint = build_object("constraints", spec)
    return {
        "object": spec,
        "serialized": keras.constraints.serialize(constraint),
        "constrained": keras.ops.convert_to_numpy(constraint(kernel)),
    }


def describe_error(module, class_name, arguments):
    """Describe what Keras says to wrong arguments."""
    try:
        build_object(module, [class_name, arguments])
    except ValueError as error:
        return {
            "module": module,
            "class_name": class_name,
            "arguments": arguments,
            "message": str(error),
        }
    raise AssertionError(f"{class_name} takes {arguments}")
