"""Layers with convolutions, and the numbers that they are called on, for tests and golden files."""

import numpy as np

# Shape of the inputs with the channels last, and what every case of the class has.
CLASSES = {
    "Conv1D": ((2, 7, 2), {"filters": 3, "kernel_size": 3}),
    "Conv2D": ((2, 5, 6, 2), {"filters": 3, "kernel_size": (2, 3)}),
    "Conv3D": ((1, 4, 3, 5, 2), {"filters": 2, "kernel_size": 2}),
    "Conv1DTranspose": ((2, 4, 2), {"filters": 3, "kernel_size": 3}),
    "Conv2DTranspose": ((2, 3, 4, 2), {"filters": 2, "kernel_size": (2, 3)}),
    "Conv3DTranspose": ((1, 2, 3, 2, 2), {"filters": 2, "kernel_size": 2}),
    "DepthwiseConv1D": ((2, 7, 3), {"kernel_size": 3}),
    "DepthwiseConv2D": ((2, 4, 5, 3), {"kernel_size": (2, 3)}),
    "SeparableConv1D": ((2, 7, 3), {"filters": 2, "kernel_size": 3}),
    "SeparableConv2D": ((2, 4, 5, 3), {"filters": 2, "kernel_size": (2, 3)}),
}
FIRST = {"data_format": "channels_first"}
SAME, CAUSAL = {"padding": "same"}, {"padding": "causal"}
STRIDED, DILATED = {"strides": 2}, {"dilation_rate": 2}
PENALIZED = {"kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l2"}
HELD = {"kernel_constraint": "non_neg", "bias_constraint": "unit_norm"}
DEEP_PENALIZED = {"depthwise_regularizer": "l2", "bias_regularizer": "l1"}
DEEP_HELD = {"depthwise_constraint": "non_neg", "bias_constraint": "unit_norm"}

# What is other than in the class's row; with "input_shape", if that is.
VARIANTS = {
    "Conv1D": [
        {}, SAME, CAUSAL, STRIDED, DILATED, {**SAME, **STRIDED}, {**CAUSAL, **STRIDED},
        {**CAUSAL, **DILATED}, {**SAME, **DILATED}, {**FIRST, **CAUSAL}, {"use_bias": False},
        {"padding": "SAME", "kernel_size": 4}, {"kernel_size": 1}, {"activation": "softmax"},
        {**SAME, "kernel_size": 9, "strides": 3}, {"groups": 2, "filters": 4, **CAUSAL},
        {**FIRST, "activation": "softmax"}, {**SAME, "input_shape": (1, 1, 1), "filters": 1},
        {"padding": "causal", "input_shape": (3, 2, 5), "kernel_size": 5},
    ],
    "Conv2D": [
        {}, SAME, STRIDED, DILATED, FIRST, {**SAME, **STRIDED}, {**SAME, **DILATED},
        {"strides": (1, 3), "padding": "same"}, {"dilation_rate": (1, 2)}, {"kernel_size": 1},
        {"kernel_size": 1, **STRIDED}, {"activation": "relu"}, {"activation": "tanh"},
        {"activation": "sigmoid"}, {"activation": "relu", **FIRST, **SAME}, {"use_bias": False},
        {"groups": 2, "filters": 4}, {"groups": 2, "filters": 2, **FIRST, **STRIDED}, PENALIZED,
        HELD, {"kernel_size": (5, 6)}, {"kernel_size": (7, 4), **SAME}, {**SAME, "strides": 4},
        {"input_shape": (1, 7, 7, 1), "kernel_size": 3, "activation": "relu", **SAME},
        {"input_shape": (3, 1, 1, 3), "kernel_size": 3, **SAME},
        {"input_shape": (2, 3, 3, 6), "groups": 3, "filters": 3, "kernel_size": 3, **SAME},
        {"input_shape": (1, 9, 2, 2), "strides": (3, 1), "kernel_size": (4, 2)},
    ],
    "Conv3D": [
        {}, SAME, STRIDED, DILATED, FIRST, {**SAME, "strides": (1, 2, 3)}, {"use_bias": False},
        {"kernel_size": (1, 3, 2), "activation": "relu"}, {"groups": 2, **SAME, "kernel_size": 3},
        {"dilation_rate": (3, 2, 1), **SAME},
    ],
    "Conv1DTranspose": [
        {}, SAME, STRIDED, {**SAME, **STRIDED}, DILATED, {**SAME, **DILATED}, FIRST,
        {**STRIDED, "output_padding": 1}, {**SAME, **STRIDED, "output_padding": 0},
        {**SAME, **STRIDED, "output_padding": 1, **FIRST}, {"kernel_size": 1, "strides": 3},
        {"kernel_size": 2, "strides": 4, **SAME}, {"kernel_size": 6, "strides": 3, **SAME},
        {"use_bias": False, "activation": "relu"}, {"input_shape": (1, 1, 1), "filters": 1},
    ],
    "Conv2DTranspose": [
        {}, SAME, STRIDED, {**SAME, **STRIDED}, DILATED, {**SAME, **STRIDED, **FIRST},
        {"strides": (2, 3), "output_padding": (1, 2)}, {"activation": "tanh", **SAME, **STRIDED},
        {"strides": (1, 2), "output_padding": (0, 0), **SAME}, {"use_bias": False}, PENALIZED,
        HELD, {"dilation_rate": (2, 1), **SAME}, {"kernel_size": 1}, {"activation": "sigmoid"},
        {"kernel_size": 4, **STRIDED, **SAME, "activation": "relu"},
    ],
    "Conv3DTranspose": [
        {}, {**SAME, **STRIDED}, FIRST, {"strides": (1, 2, 3), "output_padding": (0, 1, 1)},
        {**DILATED, **SAME}, {"activation": "relu", "use_bias": False},
    ],
    "DepthwiseConv1D": [
        {}, SAME, STRIDED, DILATED, {"depth_multiplier": 2, **SAME}, {"use_bias": False},
        {**FIRST, "activation": "relu"}, {**STRIDED, **DILATED, **SAME},
    ],
    "DepthwiseConv2D": [
        {}, SAME, STRIDED, DILATED, FIRST, {"depth_multiplier": 2},
        {"depth_multiplier": 3, **SAME, **STRIDED, **FIRST}, {"use_bias": False},
        {"activation": "relu", "kernel_size": 3, **SAME}, {**STRIDED, **DILATED, **SAME},
        {**DEEP_PENALIZED, "activity_regularizer": "l2"}, DEEP_HELD, {"activation": "sigmoid"},
        {"strides": (2, 1)}, {"dilation_rate": (1, 2), **SAME, "kernel_size": (3, 2)},
    ],
    "SeparableConv1D": [
        {}, {**SAME, **STRIDED}, DILATED, {"depth_multiplier": 2, **FIRST}, {"use_bias": False},
        {"activation": "relu", **SAME},
    ],
    "SeparableConv2D": [
        {}, SAME, STRIDED, DILATED, FIRST, {"depth_multiplier": 2, **SAME, "activation": "tanh"},
        {"use_bias": False}, {**STRIDED, **DILATED, **SAME},
        {**DEEP_PENALIZED, "pointwise_regularizer": "l1", "activity_regularizer": "l2"},
        {**DEEP_HELD, "pointwise_constraint": "max_norm"}, {"activation": "softmax"},
        {"kernel_size": 1, "strides": (2, 1)},
    ],
}  # fmt: skip


def cases():
    """(name, [class, arguments], input shape) of each."""
    for kind, variants in VARIANTS.items():
        for number, variant in enumerate(variants):
            shape, arguments = CLASSES[kind]
            arguments = {**arguments, **variant}
            shape = arguments.pop("input_shape", shape)
            if arguments.get("data_format") == "channels_first":
                shape = (shape[0], shape[-1], *shape[1:-1])
            yield f"{kind}_{number}", [kind, arguments], shape


def drawn(shape, seed):
    """Eighths between -1 and 1: sums of products of a few of them have no rounding errors."""
    return np.random.default_rng(seed).integers(-8, 9, shape).astype("float32") / 8


def drawn_weights(layer):
    """As many numbers as a layer or model has."""
    return [drawn(tuple(w.shape), 10 + i) for i, w in enumerate(layer.weights)]


def flat(arrays):
    """All numbers of arrays, one array after the other."""
    return np.concatenate([np.ravel(a) for a in arrays])


OPTIMIZERS = [
    ["SGD", {"learning_rate": 0.05, "momentum": 0.5}],
    ["Adam", {"learning_rate": 0.01}],
]


def trained(library, layer, shape, number):
    """Losses of three steps of a network with the layer, and all weights after them.

    Parameters
    ----------
    library : module
        Keras or kerasette.
    layer : Layer
        A new one.
    shape : tuple
        Of the layer's inputs.
    number : int
        Of the case; one optimizer after the other is used.
    """
    model = library.Sequential([library.Input(shape[1:]), layer, library.layers.Dense(2)])
    model.set_weights(drawn_weights(model))
    name, arguments = OPTIMIZERS[number % len(OPTIMIZERS)]
    model.compile(getattr(library.optimizers, name)(**arguments), "mse")
    x = drawn(shape, 1)
    y = drawn((shape[0], *model.output_shape[1:]), 2)
    losses = [float(np.asarray(model.train_on_batch(x, y))) for _ in range(3)]
    return np.array(losses, "float32"), flat(model.get_weights())
