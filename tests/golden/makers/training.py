"""Ten training steps of small networks: outputs, losses, gradients and weights on the way."""

from itertools import cycle, product

import keras
import numpy as np
import torch

from .networks import build_model, build_object, dense, draw_weights, numbered
from .store import write_arrays, write_json

BATCH_SIZES = [6] * 9 + [3]
STEPS_WITH_WEIGHTS = (1, 2, 10)
FEATURES = 10
CLASSES = 3

HIDDEN_ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax"]

# name: (activation of the last layer, kind of targets, loss)
HEADS = {
    "mse": ("linear", "real", ["MeanSquaredError", {}]),
    "bce": ("sigmoid", "binary", ["BinaryCrossentropy", {}]),
    "cce": ("softmax", "one_hot", ["CategoricalCrossentropy", {}]),
    "scce": ("softmax", "sparse", ["SparseCategoricalCrossentropy", {}]),
    "bce_logits": ("linear", "binary", ["BinaryCrossentropy", {"from_logits": True}]),
    "cce_logits": ("linear", "one_hot", ["CategoricalCrossentropy", {"from_logits": True}]),
    "scce_logits": ("linear", "sparse", ["SparseCategoricalCrossentropy", {"from_logits": True}]),
}

OPTIMIZERS = {
    "sgd": ["SGD", {}],
    "momentum": ["SGD", {"learning_rate": 0.1, "momentum": 0.9}],
    "nesterov": ["SGD", {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True}],
    "adam": ["Adam", {}],
    "adam_changed": [
        "Adam",
        {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-5},
    ],
}


def make():
    """Write `training_<name>.npz` for every case, and `training.json` which describes them."""
    cases = [*table_cases(), *special_cases()]
    for seed, case in enumerate(cases):
        write_arrays(f"training_{case['name']}", train(case, np.random.default_rng(seed)))
    write_json("training", {"batch_sizes": BATCH_SIZES, "cases": cases})


def table_cases():
    """List every hidden activation with every head.

    Five optimizers against seven heads in step give each of their pairings exactly once.
    """
    pairings = product(HIDDEN_ACTIVATIONS, HEADS)
    for (hidden, head), optimizer, use_bias in zip(
        pairings, cycle(OPTIMIZERS), cycle([True, False])
    ):
        activation, targets, loss = HEADS[head]
        bias = "bias" if use_bias else "nobias"
        yield {
            "name": f"{hidden}_{head}_{optimizer}_{bias}",
            "input_shape": [FEATURES],
            "layers": [
                dense(8, hidden, use_bias),
                dense(6, hidden, use_bias),
                dense(CLASSES, activation, use_bias),
            ],
            "targets": targets,
            "loss": loss,
            "optimizer": OPTIMIZERS[optimizer],
        }


def special_cases():
    """List networks that the table leaves out."""
    return [
        {
            "name": "one_layer",
            "input_shape": [FEATURES],
            "layers": [dense(CLASSES, "softmax")],
            "targets": "sparse",
            "loss": ["SparseCategoricalCrossentropy", {}],
            "optimizer": OPTIMIZERS["sgd"],
        },
        {
            "name": "one_output_flat_targets",
            "input_shape": [FEATURES],
            "layers": [dense(8, "relu"), dense(1, "sigmoid")],
            "targets": "binary_flat",
            "loss": ["BinaryCrossentropy", {}],
            "optimizer": OPTIMIZERS["adam"],
        },
        {
            "name": "smoothed_labels",
            "input_shape": [FEATURES],
            "layers": [dense(8, "tanh"), dense(CLASSES, "softmax")],
            "targets": "one_hot",
            "loss": ["CategoricalCrossentropy", {"label_smoothing": 0.1}],
            "optimizer": OPTIMIZERS["momentum"],
        },
        {
            "name": "flatten_and_activations",
            "input_shape": [2, 5],
            "layers": [
                ["Flatten", {}],
                dense(8, None),
                ["Activation", {"activation": "relu"}],
                dense(6, "tanh", use_bias=False),
                dense(CLASSES, None),
                ["Activation", {"activation": "softmax"}],
            ],
            "targets": "one_hot",
            "loss": ["CategoricalCrossentropy", {}],
            "optimizer": OPTIMIZERS["adam"],
        },
        {
            "name": "dense_on_rank_three",
            "input_shape": [2, 5],
            "layers": [dense(6, "sigmoid"), ["Flatten", {}], dense(CLASSES, "linear")],
            "targets": "real",
            "loss": ["MeanSquaredError", {}],
            "optimizer": OPTIMIZERS["nesterov"],
        },
    ]


def train(case, rng):
    """Train the network of a case for ten steps, and return all arrays to keep."""
    model = build_model(case["input_shape"], case["layers"])
    model.set_weights(draw_weights(model, rng))
    model.compile(
        optimizer=build_object("optimizers", case["optimizer"]),
        loss=build_object("losses", case["loss"]),
    )
    inputs = [draw_inputs(size, case["input_shape"], rng) for size in BATCH_SIZES]
    targets = [draw_targets(size, case["targets"], rng) for size in BATCH_SIZES]
    arrays = numbered("x", inputs) | numbered("y", targets) | numbered("w0", model.get_weights())
    arrays["output_before"] = model.predict(inputs[0], verbose=0)
    arrays |= gradients(model, inputs[0], targets[0])
    losses = []
    for step, (x, y) in enumerate(zip(inputs, targets, strict=True), start=1):
        losses.append(model.train_on_batch(x, y))
        if step in STEPS_WITH_WEIGHTS:
            arrays |= numbered(f"w{step}", model.get_weights())
    arrays["loss_steps"] = np.array(losses, "float32")
    arrays["output_after"] = model.predict(inputs[0], verbose=0)
    return arrays


def gradients(model, x, y):
    """Differentiate the loss of one batch by all weights and by the input."""
    x = keras.ops.convert_to_tensor(x).requires_grad_()
    y_pred = model(x, training=True)
    loss = model.compute_loss(x=x, y=keras.ops.convert_to_tensor(y), y_pred=y_pred)
    tensors = [weight.value for weight in model.trainable_weights]
    *by_weights, by_input = torch.autograd.grad(loss, [*tensors, x])
    named = numbered("gradient", [gradient.numpy() for gradient in by_weights])
    return named | {"gradient_x": by_input.numpy(), "loss_before": loss.detach().numpy()}


def draw_inputs(size, shape, rng):
    """Draw one batch of inputs, in steps of 1/64 so that they compress well."""
    return (np.round(64 * rng.normal(size=(size, *shape))) / 64).astype("float32")


def draw_targets(size, kind, rng):
    """Draw one batch of targets; classes are int64 as in most data sets, all else is float32."""
    if kind == "real":
        return rng.normal(size=(size, CLASSES)).astype("float32")
    if kind == "binary":
        return rng.integers(0, 2, (size, CLASSES)).astype("float32")
    if kind == "binary_flat":
        return rng.integers(0, 2, size).astype("float32")
    classes = rng.integers(0, CLASSES, size)
    return classes if kind == "sparse" else np.eye(CLASSES, dtype="float32")[classes]
