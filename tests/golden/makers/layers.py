"""Ten training steps of a small network around each layer; and what masks do to merging layers."""

import keras
import numpy as np

from .networks import build_object, draw_weights, fresh_session
from .store import write_arrays, write_json
from .training import draw_inputs, gradients

BATCH_SIZES = [4] * 9 + [2]
WIDTH = 4
OUTPUTS = 2

# name: (shape of a sample, layer). The network is Dense, the layer, Flatten and Dense; but for
# Masking, which comes first, and has two Dense layers and a loss that heeds the mask behind it.
CASES = {
    "activation": ([3], ["Activation", {"activation": "sigmoid"}]),
    "activity_regularization": ([3], ["ActivityRegularization", {"l1": 0.1, "l2": 0.2}]),
    "elu": ([3], ["ELU", {"alpha": 0.5}]),
    "flatten_channels_first": ([2, 3], ["Flatten", {"data_format": "channels_first"}]),
    "identity": ([3], ["Identity", {}]),
    "lambda": ([3], ["Lambda", {"function": "tanh"}]),
    "leaky_relu": ([3], ["LeakyReLU", {}]),
    "masking": ([2, 3], ["Masking", {"mask_value": 0.25}]),
    "normalization": (
        [3],
        ["Normalization", {"mean": [0.0, 1.0, 2.0, 3.0], "variance": [1.0, 4.0, 0.25, 9.0]}],
    ),
    "normalization_inverted": (
        [3],
        ["Normalization", {"axis": None, "mean": 1.0, "variance": 4.0, "invert": True}],
    ),
    "permute": ([2, 3], ["Permute", {"dims": [2, 1]}]),
    "prelu": ([3], ["PReLU", {}]),
    "prelu_shared": (
        [2, 3],
        [
            "PReLU",
            {"alpha_regularizer": "l2", "alpha_constraint": "non_neg", "shared_axes": [1]},
        ],
    ),
    "relu": ([3], ["ReLU", {}]),
    "relu_changed": ([3], ["ReLU", {"max_value": 0.75, "negative_slope": 0.1, "threshold": 0.25}]),
    "repeat_vector": ([3], ["RepeatVector", {"n": 3}]),
    "rescaling": ([3], ["Rescaling", {"scale": 0.5, "offset": -1.0}]),
    "reshape": ([2, 3], ["Reshape", {"target_shape": [-1, 2]}]),
    "softmax": ([3], ["Softmax", {}]),
    "softmax_over_two_axes": ([2, 3], ["Softmax", {"axis": [1, 2]}]),
    "unit_normalization": ([3], ["UnitNormalization", {}]),
    "add": ([3], ["Add", {}]),
    "average": ([3], ["Average", {}]),
    "concatenate": ([2, 3], ["Concatenate", {"axis": 1}]),
    "dot": ([2, 3], ["Dot", {"axes": 1}]),
    "dot_normalized": ([2, 3], ["Dot", {"axes": [2, 1], "normalize": True}]),
    "maximum": ([3], ["Maximum", {}]),
    "minimum": ([3], ["Minimum", {}]),
    "multiply": ([3], ["Multiply", {}]),
    "subtract": ([3], ["Subtract", {}]),
}
MERGING = "Add Average Concatenate Dot Maximum Minimum Multiply Subtract".split()


def make():
    """Write `layers.npz`, and `layers.json` which describes it."""
    arrays = draw_data()
    cases = []
    for seed, (name, (shape, layer)) in enumerate(CASES.items()):
        arrays |= train(name, shape, layer, arrays, np.random.default_rng(seed))
        cases.append({"name": name, "input_shape": shape, "layer": layer})
    write_arrays("layers", arrays)
    write_json(
        "layers",
        {
            "batch_sizes": BATCH_SIZES,
            "width": WIDTH,
            "outputs": OUTPUTS,
            "merging": MERGING,
            "cases": cases,
            "masked": [merge_masked(kind) for kind in MERGING if kind != "Dot"],
        },
    )


def draw_data():
    """Draw inputs of both ranks and targets, the same for all cases."""
    rng = np.random.default_rng(100)
    size = sum(BATCH_SIZES)
    sequences = draw_inputs(size, [2, 3], rng)
    # Time steps that Masking leaves out.
    sequences[rng.random((size, 2)) < 0.3] = 0.25
    return {
        "x1": draw_inputs(size, [3], rng),
        "x2": sequences,
        "y1": draw_inputs(size, [OUTPUTS], rng),
        "y2": draw_inputs(size, [2, OUTPUTS], rng),
    }


class Branches(keras.layers.Layer):
    """Two Dense layers beside each other, and a layer that merges their outputs."""

    def __init__(self, merge):
        super().__init__()
        # Equal widths but for `Dot`, which sums over the features of one alone.
        is_mixed = isinstance(merge, keras.layers.Dot) and merge.axes != 1
        self.left = keras.layers.Dense(2 if is_mixed else WIDTH)
        self.right = keras.layers.Dense(WIDTH)
        self.merge = merge

    def call(self, inputs):
        return self.merge([self.left(inputs), self.right(inputs)])


def build(shape, layer):
    """Build the network around a layer."""
    fresh_session()
    kind, arguments = layer
    if kind == "Lambda":
        layer = [kind, {"function": keras.activations.get(arguments["function"])}]
    built = build_object("layers", layer)
    if kind == "Masking":
        dense = [keras.layers.Dense(WIDTH), keras.layers.Dense(OUTPUTS)]
        return keras.Sequential([keras.Input(shape), built, *dense])
    first = [Branches(built)] if kind in MERGING else [keras.layers.Dense(WIDTH), built]
    last = [keras.layers.Flatten(), keras.layers.Dense(OUTPUTS)]
    return keras.Sequential([keras.Input(shape), *first, *last])


def train(name, shape, layer, data, rng):
    """Train the network around a layer for ten steps, and return all arrays to keep."""
    model = build(shape, layer)
    model.set_weights(draw_weights(model, rng))
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    x, y = data[f"x{len(shape)}"], data[f"y{len(model.output_shape) - 1}"]
    first = slice(0, BATCH_SIZES[0])
    start, output = model.get_weights(), model.predict(x[first], verbose=0)
    found = gradients(model, x[first], y[first])
    by_weights = [found[f"gradient_{i}"] for i in range(len(model.trainable_weights))]
    losses, at = [], 0
    for size in BATCH_SIZES:
        losses.append(model.train_on_batch(x[at : at + size], y[at : at + size]))
        at += size
    arrays = {
        "start": flat(start),
        "output": output,
        "gradients": flat(by_weights),
        "gradient_x": found["gradient_x"],
        "losses": np.array(losses, "float32"),
        "end": flat(model.get_weights()),
    }
    return {f"{name}_{kind}": array for kind, array in arrays.items()}


def flat(arrays):
    """Join arrays to one vector."""
    return np.concatenate([array.ravel() for array in arrays])


def merge_masked(kind):
    """Merge two sequences with masks: both masked, or the first alone."""
    fresh_session()
    rng = np.random.default_rng(1)
    xs = [np.round(4 * rng.normal(size=(2, 4, 2))) / 4 for _ in range(2)]
    masks = [rng.random((2, 4)) < 0.5 for _ in range(2)]
    answers = []
    for present in ([True, True], [True, False]):
        tensors = []
        for x, mask, is_masked in zip(xs, masks, present, strict=True):
            tensor = keras.ops.convert_to_tensor(x.astype("float32"))
            if is_masked:
                tensor._keras_mask = keras.ops.convert_to_tensor(mask)
            tensors.append(tensor)
        output = build_object("layers", [kind, {}])(tensors)
        mask = getattr(output, "_keras_mask", None)
        answers.append(
            {
                "present": present,
                "output": keras.ops.convert_to_numpy(output),
                "mask": None if mask is None else keras.ops.convert_to_numpy(mask),
            }
        )
    return {"kind": kind, "inputs": xs, "masks": masks, "answers": answers}
