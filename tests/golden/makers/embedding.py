"""Embedding: outputs, masks and gradients, and training with several optimizers."""

import keras
import numpy as np
import torch

from .configs import describe_all
from .networks import build_object, draw_weights, numbered
from .store import write_arrays, write_json
from .training import draw_inputs

ROWS, WIDTH, LENGTH = 11, 3, 4
STEPS = 10

OPTIMIZERS = {
    "sgd": ["SGD", {"learning_rate": 0.5}],
    "momentum": ["SGD", {"learning_rate": 0.2, "momentum": 0.9}],
    "adam": ["Adam", {"learning_rate": 0.01}],
}
# What an optimizer, a table and a network may add to that.
VARIANTS = {
    "clipped": [["Adam", {"learning_rate": 0.01, "clipnorm": 0.05}], {}],
    "clipped together": [["SGD", {"learning_rate": 0.5, "global_clipnorm": 0.1}], {}],
    "constrained": [["Adam", {"learning_rate": 0.01}], {"embeddings_constraint": "non_neg"}],
    "regularized": [["Adam", {"learning_rate": 0.01}], {"embeddings_regularizer": "l2"}],
    "rmsprop": [["RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}], {}],
    "decayed": [["AdamW", {"learning_rate": 0.01, "weight_decay": 0.1}], {}],
    "gathered": [["Adam", {"learning_rate": 0.01, "gradient_accumulation_steps": 2}], {}],
    "twice": [["Adam", {"learning_rate": 0.01}], {}],
    "pooled": [["Adam", {"learning_rate": 0.01}], {}],
    "pooled with gaps": [["Adam", {"learning_rate": 0.01}], {"mask_zero": True}],
}
CONFIGS = [
    ["Embedding", {"input_dim": 5, "output_dim": 2}],
    [
        "Embedding",
        {
            "input_dim": 5,
            "output_dim": 2,
            "embeddings_initializer": "ones",
            "embeddings_regularizer": "l2",
            "embeddings_constraint": "non_neg",
            "activity_regularizer": "l1",
            "mask_zero": True,
            "dtype": "float64",
            "name": "table",
        },
    ],
]


def make():
    """Write `embedding.json` and `embedding.npz`."""
    rng = np.random.default_rng(0)
    arrays = one_call(rng)
    for name, optimizer in OPTIMIZERS.items():
        arrays |= {f"{name}/{key}": value for key, value in train(optimizer, rng).items()}
    rng = np.random.default_rng(1)
    for name, (optimizer, arguments) in VARIANTS.items():
        found = train(optimizer, rng, variant_of(keras, name, arguments))
        arrays |= {f"{name}/{key}": value for key, value in found.items()}
    write_arrays("embedding", arrays)
    configs = describe_all("layers", CONFIGS)
    described = {"optimizers": OPTIMIZERS, "variants": VARIANTS, "configs": configs}
    write_json("embedding", described)


def one_call(rng):
    """Call a layer with `mask_zero`, and differentiate by its table."""
    layer = keras.layers.Embedding(ROWS, WIDTH, mask_zero=True)
    layer.build()
    layer.set_weights([draw_inputs(ROWS, [WIDTH], rng)])
    x = rng.integers(0, ROWS, (5, LENGTH))
    seed = draw_inputs(5, [LENGTH, WIDTH], rng)
    y = layer(keras.ops.convert_to_tensor(x))
    (by_table,) = torch.autograd.grad(
        (y * keras.ops.convert_to_tensor(seed)).sum(), [layer.embeddings.value]
    )
    tensors = {"y": y, "mask": y._keras_mask, "gradient": by_table}
    arrays = {key: value.detach().numpy() for key, value in tensors.items()}
    return arrays | {"table": layer.get_weights()[0], "x": x, "seed": seed}


def variant_of(keras, name, arguments):
    """A network with a table that is read once, twice, or pooled."""
    table = keras.layers.Embedding(ROWS, WIDTH, **arguments)
    inputs = keras.Input((LENGTH,), dtype="int64")
    if name.startswith("pooled"):
        hidden = keras.layers.GlobalAveragePooling1D()(table(inputs))
    elif name == "twice":
        halves = [table(inputs[:, :2]), table(inputs[:, 2:])]
        hidden = keras.layers.Flatten()(keras.layers.Multiply()(halves))
    else:
        hidden = keras.layers.Flatten()(table(inputs))
    return keras.Model(inputs, keras.layers.Dense(2)(hidden))


def train(optimizer, rng, model=None):
    """Train a table and a dense layer on batches with few and repeated rows."""
    model = model or keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int64"),
            keras.layers.Embedding(ROWS, WIDTH),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    model.set_weights(draw_weights(model, rng))
    model.compile(build_object("optimizers", optimizer), "mse")
    inputs = [rng.integers(0, ROWS, (3, LENGTH)) for _ in range(STEPS)]
    targets = [draw_inputs(3, [2], rng) for _ in range(STEPS)]
    arrays = numbered("x", inputs) | numbered("y", targets) | numbered("w0", model.get_weights())
    losses = [model.train_on_batch(x, y) for x, y in zip(inputs, targets, strict=True)]
    return arrays | numbered("w", model.get_weights()) | {"losses": np.array(losses, "float32")}
