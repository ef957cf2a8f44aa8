"""One row for each public layer: what the contract tests need to know of it.

Keras's part of the contract (`golden/contract.json`) is made from the same rows.
"""

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import naive_convolution as naive
import naive_pooling
import numpy as np
from numpy_recurrent import layer_values


@dataclass
class Inner:
    """A layer among the arguments of another; made anew each time, in its library and dtype."""

    name: str
    arguments: dict

    def make(self, library, dtype):
        """The layer."""
        arguments = {**self.arguments, "dtype": dtype}
        return getattr(library.layers, self.name)(**made(arguments, library))


def made(arguments, library):
    """Arguments, with the layers among them."""

    def one(value):
        if isinstance(value, list):
            return [one(item) for item in value]
        is_layer = isinstance(value, Inner)
        return value.make(library, arguments.get("dtype")) if is_layer else value

    return {name: one(value) for name, value in arguments.items()}


@dataclass
class Row:
    """A layer, and what is expected of it.

    Attributes
    ----------
    arguments : dict
        With `Inner` for layers, also in lists.
    input_shape : tuple, or list of tuples for several inputs
    output_shape : tuple
    values : callable, optional
        Inputs, weights -> output, without training, in NumPy. None where another file has it.
    trainable, non_trainable, generators, losses : int
        How many there are.
    supports_masking : bool
    mask_shape : tuple, optional
        Of a mask that the inputs carry; all but the last axis by default.
    output_mask_shape : tuple, optional
        Where it is another one than the inputs', or is there without one.
    n_classes : int
        Inputs are class numbers below this; 0: real numbers.
    is_of_keras : bool
        Whether Keras has such a layer.
    name : str
        Of the class, if it is not the key of the row.
    """

    arguments: dict
    input_shape: Any
    output_shape: tuple
    values: Any = None
    trainable: int = 0
    non_trainable: int = 0
    generators: int = 0
    losses: int = 0
    supports_masking: bool = True
    mask_shape: tuple | None = None
    output_mask_shape: Any = "same"
    n_classes: int = 0
    is_of_keras: bool = True
    name: str = field(default="")

    def make(self, library=None, **more):
        """The layer, of kerasette or of another library."""
        if library is None:
            import kerasette as library
        return getattr(library.layers, self.name)(**made({**self.arguments, **more}, library))

    def inputs(self, dtype="float32", batch=None):
        """Inputs of a dtype, and of another batch size if one is given."""
        rng = np.random.default_rng(0)

        def draw(shape):
            shape = shape if batch is None else (batch, *shape[1:])
            if self.n_classes:
                return rng.integers(0, self.n_classes, shape)
            return rng.normal(size=shape).astype(dtype)

        return self.each(draw)

    def each(self, function):
        """`function` of the shape of each input."""
        is_list = isinstance(self.input_shape, list)
        return [function(s) for s in self.input_shape] if is_list else function(self.input_shape)

    def masks(self):
        """A mask for each input."""
        rng = np.random.default_rng(2)
        return self.each(lambda shape: rng.random(self.mask_shape or shape[:-1]) < 0.5)


def identity(x, weights):
    return x


def halved(x):
    return x / 2


def merge(function):
    return lambda xs, weights: reduce(function, xs)


def softmax(x, axis=-1):
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def unit(x, axis=-1):
    return x / np.sqrt((x**2).sum(axis, keepdims=True))


def standard(x, axes, epsilon=0.001):
    deviation = np.sqrt(x.var(axes, keepdims=True) + epsilon)
    return (x - x.mean(axes, keepdims=True)) / deviation


def relu(x, weights):
    return np.minimum(np.where(x > 0.25, x, 0.125 * (x - 0.25)), 0.75)


def counts(x, weights):
    return np.stack([(x == i).sum(1) for i in range(4)], axis=1)


def zoomed(x, weights):
    places = np.arange(4) / 2 + 0.75
    matrix = np.maximum(1 - abs(places[:, None] - np.arange(4)), 0)
    return np.einsum("ri,sj,bijc->brsc", matrix, matrix, x)


def with_contrast(x, weights):
    mean = x.mean((1, 2), keepdims=True)
    return (x - mean) * 1.5 + mean


def conv(x, w, strides=1, pairs=(0, 0), dilation=1, groups=1):
    """A convolution with the same numbers for all axes, or a tuple of them for each."""
    n = x.ndim - 2
    strides, dilation = (np.full(n, value) for value in (strides, dilation))
    return naive.conv(x, w, strides, np.broadcast_to(pairs, (n, 2)), dilation, groups)


def conv_transpose(x, w, output_shape, strides=1, pads=0, dilation=1):
    n = x.ndim - 2
    strides, pads, dilation = (np.full(n, value) for value in (strides, pads, dilation))
    return naive.conv_transpose(x, w, strides, pads, dilation, output_shape)


def depthwise(x, w, **arguments):
    *sizes, channels, multiplier = w.shape
    w = w.reshape(*sizes, 1, channels * multiplier)
    return conv(x, w, groups=channels, **arguments)


def pool(kind, pool_size, strides, padding="valid"):
    return lambda x, w: naive_pooling.pooled(kind, x, None, pool_size, strides, padding)[0]


def both_ways(kind, x, w):
    return np.concatenate(
        [layer_values(kind, x, w[:3]), layer_values(kind, x[:, ::-1], w[3:])[:, ::-1]], -1
    )


TWO = [(3, 4), (3, 4)]
# Images that are not drawn by lot, but for those that are flipped.
IMAGES = {"input_shape": (3, 4, 4, 2), "supports_masking": False}
SAME = {**IMAGES, "output_shape": (3, 4, 4, 2), "generators": 1}
CUT = {**IMAGES, "output_shape": (3, 2, 2, 2)}
QUARTERS = {"height_factor": [0.25, 0.25], "width_factor": [0.25, 0.25], "fill_mode": "wrap"}
HALF = {"height_factor": [-0.5, -0.5]}
MERGED = {"input_shape": [(3, 2, 4), (3, 2, 4)], "output_shape": (3, 2, 4)}

ROWS = {
    "Activation": Row({"activation": "tanh"}, (3, 4), (3, 4), lambda x, w: np.tanh(x)),
    "ActivityRegularization": Row({"l1": 0.1, "l2": 0.2}, (3, 4), (3, 4), identity, losses=1),
    "Add": Row({}, **MERGED, values=merge(np.add)),
    "AlphaDropout": Row({"rate": 0.5, "seed": 1}, (3, 4), (3, 4), identity, generators=1),
    "Average": Row({}, **MERGED, values=lambda xs, w: sum(xs) / len(xs)),
    "AveragePooling1D": Row(
        {"pool_size": 3, "strides": 2, "padding": "same"},
        (3, 5, 2),
        (3, 3, 2),
        pool("mean", (3,), (2,), "same"),
        supports_masking=False,
    ),
    "AveragePooling2D": Row(
        {"pool_size": 2},
        (3, 5, 4, 2),
        (3, 2, 2, 2),
        pool("mean", (2, 2), (2, 2)),
        supports_masking=False,
    ),
    "AveragePooling3D": Row(
        {"pool_size": (1, 2, 3)},
        (3, 2, 5, 4, 2),
        (3, 2, 2, 1, 2),
        pool("mean", (1, 2, 3), (1, 2, 3)),
        supports_masking=False,
    ),
    "BatchNormalization": Row(
        {"axis": 1},
        (3, 4, 2),
        (3, 4, 2),
        lambda x, w: x / np.sqrt(1.001),
        trainable=2,
        non_trainable=2,
    ),
    "Bidirectional": Row(
        {"layer": Inner("LSTM", {"units": 4, "return_sequences": True, "name": "inner"})},
        (3, 5, 2),
        (3, 5, 8),
        lambda x, w: both_ways("LSTM", x, w),
        trainable=6,
        generators=2,
    ),
    "CategoryEncoding": Row(
        {"num_tokens": 4, "output_mode": "count"},
        (3, 2),
        (3, 4),
        counts,
        n_classes=4,
        supports_masking=False,
    ),
    "CenterCrop": Row({"height": 2, "width": 2}, **CUT, values=lambda x, w: x[:, 1:3, 1:3]),
    "ChannelPooling": Row(
        {"reduction": "mean", "pool_size": 2},
        (3, 2, 4),
        (3, 2, 2),
        lambda x, w: x.reshape(3, 2, 2, 2).mean(-1),
        supports_masking=False,
        is_of_keras=False,
    ),
    "Concatenate": Row(
        {"axis": 1},
        [(3, 2, 4), (3, 5, 4)],
        (3, 7, 4),
        lambda xs, w: np.concatenate(xs, 1),
        output_mask_shape=(3, 7),
    ),
    "Conv1D": Row(
        {"filters": 4, "kernel_size": 2, "padding": "causal", "dilation_rate": 2},
        (3, 5, 2),
        (3, 5, 4),
        lambda x, w: conv(x, w[0], pairs=(2, 0), dilation=2) + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "Conv1DTranspose": Row(
        {"filters": 4, "kernel_size": 3, "strides": 2, "activation": "tanh"},
        (3, 4, 2),
        (3, 9, 4),
        lambda x, w: np.tanh(conv_transpose(x, w[0], (9,), strides=2) + w[1]),
        trainable=2,
        supports_masking=False,
    ),
    "Conv2D": Row(
        {
            "filters": 4,
            "kernel_size": (3, 2),
            "strides": (1, 2),
            "padding": "same",
            "groups": 2,
            "activation": "relu",
        },
        (3, 4, 5, 2),
        (3, 4, 3, 4),
        lambda x, w: np.maximum(conv(x, w[0], (1, 2), ((1, 1), (0, 1)), groups=2) + w[1], 0),
        trainable=2,
        supports_masking=False,
    ),
    "Conv2DTranspose": Row(
        {
            "filters": 4,
            "kernel_size": 3,
            "strides": (1, 2),
            "padding": "same",
            "output_padding": (0, 1),
        },
        (3, 4, 3, 2),
        (3, 4, 6, 4),
        lambda x, w: conv_transpose(x, w[0], (4, 6), (1, 2), (1, 0)) + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "Conv3D": Row(
        {"filters": 3, "kernel_size": 2},
        (3, 3, 2, 4, 2),
        (3, 2, 1, 3, 3),
        lambda x, w: conv(x, w[0]) + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "Conv3DTranspose": Row(
        {"filters": 3, "kernel_size": 2, "dilation_rate": (1, 2, 1)},
        (3, 3, 2, 2, 2),
        (3, 4, 4, 3, 3),
        lambda x, w: conv_transpose(x, w[0], (4, 4, 3), dilation=(1, 2, 1)) + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "Cropping1D": Row(
        {"cropping": (1, 2)},
        (3, 5, 2),
        (3, 2, 2),
        lambda x, w: x[:, 1:3],
        supports_masking=False,
    ),
    "Cropping2D": Row(
        {"cropping": (1, (0, 2))},
        (3, 4, 5, 2),
        (3, 2, 3, 2),
        lambda x, w: x[:, 1:3, :3],
        supports_masking=False,
    ),
    "Cropping3D": Row(
        {},
        (3, 3, 4, 5, 2),
        (3, 1, 2, 3, 2),
        lambda x, w: x[:, 1:2, 1:3, 1:4],
        supports_masking=False,
    ),
    "Dense": Row(
        {"units": 5, "activation": "softmax"},
        (3, 4),
        (3, 5),
        lambda x, w: softmax(x @ w[0] + w[1]),
        trainable=2,
    ),
    "DepthwiseConv1D": Row(
        {"kernel_size": 3, "strides": 2, "depth_multiplier": 2},
        (3, 6, 2),
        (3, 2, 4),
        lambda x, w: depthwise(x, w[0], strides=2) + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "DepthwiseConv2D": Row(
        {"kernel_size": 3, "padding": "same", "activation": "sigmoid"},
        (3, 4, 5, 2),
        (3, 4, 5, 2),
        lambda x, w: 1 / (1 + np.exp(-depthwise(x, w[0], pairs=(1, 1)) - w[1])),
        trainable=2,
        supports_masking=False,
    ),
    "Discretization": Row(
        {"bin_boundaries": [0.5, 2.0], "output_mode": "count"},
        (3, 2),
        (3, 3),
        lambda x, w: np.stack([(np.digitize(x, [0.5, 2.0]) == i).sum(1) for i in range(3)], 1),
        n_classes=4,
        supports_masking=False,
    ),
    "Dot": Row(
        {"axes": (1, 2), "normalize": True},
        [(3, 2, 4), (3, 5, 2)],
        (3, 4, 5),
        lambda xs, w: np.einsum("nia,nbi->nab", unit(xs[0], 1), unit(xs[1], 2)),
        output_mask_shape=None,
    ),
    "Dropout": Row({"rate": 0.5, "seed": 1}, (3, 4), (3, 4), identity, generators=1),
    "ELU": Row({"alpha": 0.5}, (3, 4), (3, 4), lambda x, w: np.where(x > 0, x, 0.5 * np.expm1(x))),
    "EinsumDense": Row(
        {"equation": "abc,cd->abd", "output_shape": (2, 5), "bias_axes": "bd"},
        (3, 2, 4),
        (3, 2, 5),
        lambda x, w: x @ w[0] + w[1],
        trainable=2,
        supports_masking=False,
    ),
    "Embedding": Row(
        {"input_dim": 4, "output_dim": 3},
        (3, 4),
        (3, 4, 3),
        lambda x, w: w[0][x],
        trainable=1,
        n_classes=4,
        supports_masking=False,
    ),
    "EmbeddingBag": Row(
        {"input_dim": 4, "output_dim": 3, "mode": "sum"},
        (3, 4),
        (3, 3),
        lambda x, w: w[0][x].sum(1),
        trainable=1,
        n_classes=4,
        mask_shape=(3, 4),
        output_mask_shape=None,
        is_of_keras=False,
    ),
    "Flatten": Row(
        {}, (3, 4, 2), (3, 8), lambda x, w: x.reshape(len(x), -1), supports_masking=False
    ),
    "GRU": Row(
        {"units": 4, "return_sequences": True, "recurrent_activation": "relu"},
        (3, 5, 2),
        (3, 5, 4),
        lambda x, w: layer_values("GRU", x, w, recurrent_activation="relu"),
        trainable=3,
        generators=1,
    ),
    "GaussianDropout": Row({"rate": 0.5, "seed": 1}, (3, 4), (3, 4), identity, generators=1),
    "GaussianNoise": Row({"stddev": 0.5, "seed": 1}, (3, 4), (3, 4), identity, generators=1),
    "GlobalAveragePooling1D": Row(
        {}, (3, 4, 2), (3, 2), lambda x, w: x.mean(1), output_mask_shape=None
    ),
    "GlobalAveragePooling2D": Row(
        {"keepdims": True},
        (3, 4, 5, 2),
        (3, 1, 1, 2),
        lambda x, w: x.mean((1, 2), keepdims=True),
        supports_masking=False,
    ),
    "GlobalAveragePooling3D": Row(
        {"data_format": "channels_first"},
        (3, 2, 2, 3, 4),
        (3, 2),
        lambda x, w: x.mean((2, 3, 4)),
        supports_masking=False,
    ),
    "GlobalMaxPooling1D": Row({}, (3, 4, 2), (3, 2), lambda x, w: x.max(1), supports_masking=False),
    "GlobalMaxPooling2D": Row(
        {}, (3, 4, 5, 2), (3, 2), lambda x, w: x.max((1, 2)), supports_masking=False
    ),
    "GlobalMaxPooling3D": Row(
        {}, (3, 2, 3, 4, 2), (3, 2), lambda x, w: x.max((1, 2, 3)), supports_masking=False
    ),
    "GroupNormalization": Row(
        {"groups": 2},
        (3, 2, 4),
        (3, 2, 4),
        lambda x, w: standard(x.reshape(3, 2, 2, 2), (1, 3)).reshape(3, 2, 4) * w[0] + w[1],
        trainable=2,
    ),
    "Identity": Row({}, (3, 4), (3, 4), identity),
    "Lambda": Row(
        {"function": halved},
        (3, 4),
        (3, 4),
        lambda x, w: x / 2,
        supports_masking=False,
    ),
    "LSTM": Row(
        {"units": 4, "dropout": 0.25, "recurrent_dropout": 0.5, "seed": 1},
        (3, 5, 2),
        (3, 4),
        lambda x, w: layer_values("LSTM", x, w)[:, -1],
        trainable=3,
        generators=1,
        output_mask_shape=None,
    ),
    "LayerNormalization": Row(
        {},
        (3, 4, 2),
        (3, 4, 2),
        lambda x, w: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 0.001),
        trainable=2,
    ),
    "LeakyReLU": Row(
        {"negative_slope": 0.125}, (3, 4), (3, 4), lambda x, w: np.maximum(x, 0.125 * x)
    ),
    "Masking": Row({"mask_value": 2.0}, (3, 2, 4), (3, 2, 4), identity, output_mask_shape=(3, 2)),
    "MaxPooling1D": Row(
        {"pool_size": 3, "strides": 2, "padding": "same"},
        (3, 6, 2),
        (3, 3, 2),
        pool("max", (3,), (2,), "same"),
        supports_masking=False,
    ),
    "MaxPooling2D": Row(
        {}, (3, 5, 4, 2), (3, 2, 2, 2), pool("max", (2, 2), (2, 2)), supports_masking=False
    ),
    "MaxPooling3D": Row(
        {"strides": (1, 2, 2)},
        (3, 3, 2, 4, 2),
        (3, 2, 1, 2, 2),
        pool("max", (2, 2, 2), (1, 2, 2)),
        supports_masking=False,
    ),
    "Maximum": Row({}, **MERGED, values=merge(np.maximum)),
    "Minimum": Row({}, **MERGED, values=merge(np.minimum)),
    "Multiply": Row({}, **MERGED, values=merge(np.multiply)),
    "Normalization": Row(
        {"mean": [0.0, 1.0, 2.0, 3.0], "variance": [1.0, 4.0, 9.0, 16.0]},
        (3, 4),
        (3, 4),
        lambda x, w: (x - np.arange(4)) / np.arange(1, 5),
    ),
    "PReLU": Row(
        {"alpha_initializer": "glorot_uniform", "shared_axes": 1},
        (3, 2, 4),
        (3, 2, 4),
        lambda x, w: np.where(x > 0, x, w[0] * x),
        trainable=1,
    ),
    "Permute": Row(
        {"dims": (2, 1)},
        (3, 4, 2),
        (3, 2, 4),
        lambda x, w: np.transpose(x, (0, 2, 1)),
        supports_masking=False,
    ),
    "RandomBrightness": Row(
        {"factor": (0.25, 0.25), "value_range": [-10, 10], "seed": 1},
        **SAME,
        values=lambda x, w: x + 5,
    ),
    "RandomContrast": Row(
        {"factor": (-0.5, 0.5), "value_range": [-10, 10], "seed": 1}, **SAME, values=with_contrast
    ),
    "RandomCrop": Row({"height": 4, "width": 4, "seed": 1}, **SAME, values=identity),
    "RandomFlip": Row({"seed": 3}, **SAME),
    "RandomRotation": Row({"factor": (0.1, 0.1), "seed": 1}, **SAME),
    "RandomTranslation": Row(
        {**QUARTERS, "seed": 1}, **SAME, values=lambda x, w: np.roll(x, (1, 1), (1, 2))
    ),
    "RandomZoom": Row({**HALF, "seed": 1}, **SAME, values=zoomed),
    "ReLU": Row(
        {"max_value": 0.75, "negative_slope": 0.125, "threshold": 0.25}, (3, 4), (3, 4), relu
    ),
    "RepeatVector": Row(
        {"n": 2},
        (3, 4),
        (3, 2, 4),
        lambda x, w: np.stack([x, x], axis=1),
        supports_masking=False,
    ),
    "Rescaling": Row(
        {"scale": 0.5, "offset": [1.0, 2.0, 3.0, 4.0]},
        (3, 4),
        (3, 4),
        lambda x, w: x / 2 + np.arange(1, 5),
    ),
    "Reshape": Row(
        {"target_shape": (2, -1)},
        (3, 4, 2),
        (3, 2, 4),
        lambda x, w: x.reshape(len(x), 2, 4),
        supports_masking=False,
    ),
    "Resizing": Row(
        {"height": 2, "width": 2},
        **CUT,
        values=lambda x, w: x.reshape(len(x), 2, 2, 2, 2, 2).mean((2, 4)),
    ),
    "SeparableConv1D": Row(
        {"filters": 4, "kernel_size": 3, "depth_multiplier": 2},
        (3, 5, 2),
        (3, 3, 4),
        lambda x, w: conv(depthwise(x, w[0]), w[1]) + w[2],
        trainable=3,
        supports_masking=False,
    ),
    "SeparableConv2D": Row(
        {"filters": 4, "kernel_size": 3, "padding": "same", "activation": "tanh"},
        (3, 4, 5, 2),
        (3, 4, 5, 4),
        lambda x, w: np.tanh(conv(depthwise(x, w[0], pairs=(1, 1)), w[1]) + w[2]),
        trainable=3,
        supports_masking=False,
    ),
    "SimpleRNN": Row(
        {"units": 4, "return_sequences": True, "go_backwards": True},
        (3, 5, 2),
        (3, 5, 4),
        lambda x, w: layer_values("SimpleRNN", x, w, go_backwards=True),
        trainable=3,
        generators=1,
    ),
    "Softmax": Row(
        {"axis": [1, 2]},
        (3, 2, 4),
        (3, 2, 4),
        lambda x, w: softmax(x, (1, 2)),
        mask_shape=(3, 1, 4),
    ),
    "SpatialDropout1D": Row({"rate": 0.5, "seed": 1}, (3, 2, 4), (3, 2, 4), identity, generators=1),
    "SpatialDropout2D": Row(
        {"rate": 0.5, "seed": 1}, (3, 2, 2, 4), (3, 2, 2, 4), identity, generators=1
    ),
    "SpatialDropout3D": Row(
        {"rate": 0.5, "seed": 1}, (3, 2, 2, 2, 4), (3, 2, 2, 2, 4), identity, generators=1
    ),
    "Subtract": Row({}, **MERGED, values=merge(np.subtract)),
    "TimeDistributed": Row(
        {"layer": Inner("Dense", {"units": 5, "activation": "tanh", "name": "inner"})},
        (3, 2, 4),
        (3, 2, 5),
        lambda x, w: np.tanh(x @ w[0] + w[1]),
        trainable=2,
        mask_shape=(3, 2),
    ),
    "UnitNormalization": Row({"axis": (1, 2)}, (3, 2, 4), (3, 2, 4), lambda x, w: unit(x, (1, 2))),
    "UpSampling1D": Row(
        {}, (3, 4, 2), (3, 8, 2), lambda x, w: x.repeat(2, 1), supports_masking=False
    ),
    "UpSampling2D": Row(
        {"size": (1, 3)},
        (3, 2, 3, 2),
        (3, 2, 9, 2),
        lambda x, w: x.repeat(3, 2),
        supports_masking=False,
    ),
    "UpSampling3D": Row(
        {"size": (1, 2, 1)},
        (3, 2, 3, 2, 2),
        (3, 2, 6, 2, 2),
        lambda x, w: x.repeat(2, 2),
        supports_masking=False,
    ),
    "ZeroPadding1D": Row(
        {"padding": (1, 2)},
        (3, 4, 2),
        (3, 7, 2),
        lambda x, w: np.pad(x, ((0, 0), (1, 2), (0, 0))),
        supports_masking=False,
    ),
    "ZeroPadding2D": Row(
        {"padding": (1, (0, 2))},
        (3, 2, 3, 2),
        (3, 4, 5, 2),
        lambda x, w: np.pad(x, ((0, 0), (1, 1), (0, 2), (0, 0))),
        supports_masking=False,
    ),
    "ZeroPadding3D": Row(
        {},
        (3, 1, 2, 3, 2),
        (3, 3, 4, 5, 2),
        lambda x, w: np.pad(x, ((0, 0), (1, 1), (1, 1), (1, 1), (0, 0))),
        supports_masking=False,
    ),
}
for name, row in ROWS.items():
    row.name = row.name or name
