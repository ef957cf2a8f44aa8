"""Initializers: configs, the distributions they ask for, and moments of what they draw."""

from itertools import product
from unittest import mock

import numpy as np
from keras.src.backend import random
from keras.src.initializers.random_initializers import compute_fans

from .networks import build_object
from .store import write_json

SHAPES = [(20, 30), (3, 3, 4, 8), (7,), (5, 2, 3)]
DISTRIBUTIONS = ["uniform", "normal", "truncated_normal"]
SAMPLE_SIZE = 10_000

CONSTANTS = [
    ["Zeros", {}],
    ["Ones", {}],
    ["Constant", {}],
    ["Constant", {"value": 0.25}],
    ["Identity", {}],
]
ORTHOGONAL = [["Orthogonal", {}], ["Orthogonal", {"gain": 2.0}]]
FIXED = [
    ["RandomUniform", {}],
    ["RandomUniform", {"minval": -1.0, "maxval": 2.0}],
    ["RandomNormal", {}],
    ["RandomNormal", {"mean": 1.0, "stddev": 2.0}],
    ["TruncatedNormal", {}],
    ["TruncatedNormal", {"mean": 1.0, "stddev": 2.0}],
]
SCALED = [
    [family + distribution, {}]
    for family, distribution in product(["Glorot", "He", "Lecun"], ["Uniform", "Normal"])
]
WRONG_SHAPES = [["Orthogonal", [3]], ["Identity", [3]], ["Identity", [2, 3, 4]]]
VARIANCE_SCALING = [
    ["VarianceScaling", {"scale": 2.0, "mode": mode, "distribution": distribution}]
    for mode, distribution in product(
        ["fan_in", "fan_out", "fan_avg"], ["uniform", "truncated_normal", "untruncated_normal"]
    )
]


def make():
    """Write `initializers.json`."""
    random_ones = [*FIXED, *SCALED, ["VarianceScaling", {}], *VARIANCE_SCALING]
    write_json(
        "initializers",
        {
            "fans": [describe_fans(shape) for shape in SHAPES],
            "constants": [describe_constant(spec) for spec in CONSTANTS],
            "orthogonal": [describe_orthogonal(spec) for spec in ORTHOGONAL],
            "errors": [describe_error(*wrong) for wrong in WRONG_SHAPES],
            "random": [describe_random(spec) for spec in random_ones],
        },
    )


def describe_fans(shape):
    """Describe what Keras counts as inputs and outputs of a weight."""
    fan_in, fan_out = compute_fans(shape)
    return {"shape": shape, "fan_in": fan_in, "fan_out": fan_out}


def describe_constant(spec):
    """Describe an initializer that gives the same value everywhere."""
    initializer = build_object("initializers", spec)
    return {
        "initializer": spec,
        "config": initializer.get_config(),
        "values": initializer((2, 3)).numpy(),
    }


def describe_orthogonal(spec):
    """Describe an orthogonal initializer by its config; the rest is known from its name."""
    return {"initializer": spec, "config": build_object("initializers", spec).get_config()}


def describe_error(class_name, shape):
    """Describe what Keras says to a shape."""
    try:
        build_object("initializers", [class_name, {}])(shape)
    except ValueError as error:
        return {"initializer": [class_name, {}], "shape": shape, "message": str(error)}
    raise AssertionError(f"{class_name} takes {shape}")


def describe_random(spec):
    """Describe a random initializer on all shapes."""
    return {
        "initializer": spec,
        "config": build_object("initializers", spec).get_config(),
        "draws": [describe_draw(spec, shape) for shape in SHAPES],
    }


def describe_draw(spec, shape):
    """Describe what an initializer asks for and what it gets for one shape."""
    return {"shape": shape, **requested(spec, shape), "sample": moments(sample(spec, shape))}


def requested(spec, shape):
    """Catch the call of the random generator: its parameters are the scale as Keras computes it."""
    catchers = dict.fromkeys(DISTRIBUTIONS, mock.DEFAULT)
    with mock.patch.multiple(random, **catchers) as caught:
        build_object("initializers", spec)(shape)
    [(distribution, call)] = [
        (name, catcher.call_args) for name, catcher in caught.items() if catcher.called
    ]
    parameters = {
        name: value for name, value in call.kwargs.items() if name not in ("shape", "dtype", "seed")
    }
    return {"distribution": distribution, "parameters": parameters}


def sample(spec, shape):
    """Draw the shape with one seed after the other until the sample is large."""
    class_name, arguments = spec
    draws = -(-SAMPLE_SIZE // int(np.prod(shape)))
    values = [
        build_object("initializers", [class_name, arguments | {"seed": seed}])(shape).numpy()
        for seed in range(draws)
    ]
    return np.stack(values).astype("float64")


def moments(values):
    """Summarize a sample."""
    return {
        "count": values.size,
        "mean": values.mean(),
        "stddev": values.std(),
        "min": values.min(),
        "max": values.max(),
    }
