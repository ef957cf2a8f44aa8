"""Convolutions: calls, gradients, three steps of training, configs, errors, and small networks."""

import sys

import keras
import numpy as np
import torch

from .configs import describe_all
from .errors import answered
from .networks import build_object, fresh_session
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
import convolution_networks
from convolution_cases import cases, drawn, drawn_weights, flat, trained

CONFIGS = [
    ["Conv1D", {"filters": 3, "kernel_size": 2}],
    ["Conv2D", {"filters": 3, "kernel_size": [2, 3]}],
    ["Conv3D", {"filters": 3, "kernel_size": 2, "name": "mine", "dtype": "float64"}],
    [
        "Conv2D",
        {
            "filters": 4,
            "kernel_size": 3,
            "strides": [2, 1],
            "padding": "SAME",
            "data_format": "channels_first",
            "groups": 2,
            "activation": "relu",
            "use_bias": False,
            "kernel_initializer": "he_normal",
            "bias_initializer": "ones",
            "kernel_regularizer": "l2",
            "bias_regularizer": "l1",
            "activity_regularizer": "l2",
            "kernel_constraint": "non_neg",
            "bias_constraint": "unit_norm",
            "trainable": False,
        },
    ],
    ["Conv1D", {"filters": 3, "kernel_size": 2, "padding": "causal", "dilation_rate": 4}],
    ["Conv1DTranspose", {"filters": 3, "kernel_size": 2}],
    ["Conv2DTranspose", {"filters": 3, "kernel_size": 2, "activation": "tanh"}],
    ["Conv2DTranspose", {"filters": 3, "kernel_size": 2, "strides": 2, "output_padding": 1}],
    ["Conv3DTranspose", {"filters": 3, "kernel_size": [1, 2, 3], "kernel_regularizer": "l2"}],
    ["DepthwiseConv1D", {"kernel_size": 2}],
    ["DepthwiseConv2D", {"kernel_size": 2}],
    [
        "DepthwiseConv2D",
        {
            "kernel_size": 2,
            "strides": 3,
            "depth_multiplier": 2,
            "dilation_rate": 2,
            "depthwise_initializer": "he_uniform",
            "depthwise_regularizer": "l1",
            "depthwise_constraint": "non_neg",
            "activity_regularizer": "l2",
        },
    ],
    ["SeparableConv1D", {"filters": 3, "kernel_size": 2}],
    ["SeparableConv2D", {"filters": 3, "kernel_size": 2}],
    [
        "SeparableConv2D",
        {
            "filters": 3,
            "kernel_size": 2,
            "depth_multiplier": 2,
            "depthwise_initializer": "he_uniform",
            "pointwise_initializer": "ones",
            "depthwise_regularizer": "l1",
            "pointwise_regularizer": "l2",
            "depthwise_constraint": "non_neg",
            "pointwise_constraint": "unit_norm",
            "bias_constraint": "non_neg",
            "activity_regularizer": "l2",
        },
    ],
]

ERROR_SETUP = """\
layers = keras.layers
image = np.ones((2, 5, 6, 4), "float32")
steps = np.ones((2, 5, 4), "float32")
"""
ERRORS = {
    # Arguments
    "filters_zero": "layers.Conv2D(0, 3)",
    "filters_negative": "layers.Conv1D(-2, 3)",
    "filters_text": "layers.Conv2D('a', 3)",
    "filters_fraction": "layers.Conv2D(2.5, 3)",
    "no_kernel_size": "layers.Conv2D(3)",
    "kernel_zero": "layers.Conv2D(3, 0)",
    "kernel_three": "layers.Conv2D(3, (3, 3, 3))",
    "kernel_text": "layers.Conv2D(3, 'ab')",
    "kernel_none": "layers.Conv2D(3, None)",
    "kernel_of_text": "layers.Conv2D(3, (3, 'a'))",
    "strides_zero": "layers.Conv2D(3, 3, strides=0)",
    "strides_negative": "layers.Conv2D(3, 3, strides=(1, -1))",
    "strides_one_of_two": "layers.Conv2D(3, 3, strides=(1,))",
    "dilation_zero": "layers.Conv2D(3, 3, dilation_rate=0)",
    "dilation_of_two": "layers.Conv1D(3, 3, dilation_rate=(1, 2))",
    "strides_and_dilation": "layers.Conv2D(3, 3, strides=2, dilation_rate=2)",
    "strides_and_dilation_apart": "layers.Conv2D(3, 3, strides=(2, 1), dilation_rate=(1, 2))",
    "padding_unknown": "layers.Conv2D(3, 3, padding='full')",
    "padding_causal_2d": "layers.Conv2D(3, 3, padding='causal')",
    "padding_unknown_1d": "layers.Conv1D(3, 3, padding='full')",
    "groups_zero": "layers.Conv2D(4, 3, groups=0)",
    "groups_negative": "layers.Conv2D(4, 3, groups=-2)",
    "groups_of_filters": "layers.Conv2D(4, 3, groups=3)",
    "format_unknown": "layers.Conv2D(3, 3, data_format='last')",
    "activation_unknown": "layers.Conv2D(3, 3, activation='rely')",
    "initializer_unknown": "layers.Conv2D(3, 3, kernel_initializer='glorot')",
    "regularizer_unknown": "layers.Conv2D(3, 3, kernel_regularizer='l3')",
    "constraint_unknown": "layers.Conv2D(3, 3, bias_constraint='small')",
    "unknown_argument": "layers.Conv2D(3, 3, kernel=4)",
    "rank_argument": "layers.Conv2D(3, 3, rank=4)",
    "transpose_filters_zero": "layers.Conv2DTranspose(0, 3)",
    "transpose_groups": "layers.Conv2DTranspose(4, 3, groups=2)",
    "transpose_kernel_zero": "layers.Conv2DTranspose(4, (0, 1))",
    "transpose_causal": "layers.Conv1DTranspose(4, 3, padding='causal')",
    "transpose_output_padding": "layers.Conv2DTranspose(4, 3, strides=2, output_padding=2)",
    "transpose_output_padding_alone": "layers.Conv2DTranspose(4, 3, output_padding=1)",
    "transpose_output_padding_negative": "layers.Conv2DTranspose(4, 3, output_padding=-1)",
    "transpose_output_padding_two": "layers.Conv1DTranspose(4, 3, 2, output_padding=(1, 1))",
    "transpose_strides_and_dilation": "layers.Conv3DTranspose(4, 3, strides=2, dilation_rate=2)",
    "depth_zero": "layers.DepthwiseConv2D(3, depth_multiplier=0)",
    "depth_negative": "layers.SeparableConv2D(3, 3, depth_multiplier=-1)",
    "depthwise_causal": "layers.DepthwiseConv1D(3, padding='causal')",
    "depthwise_groups": "layers.DepthwiseConv2D(3, groups=2)",
    "separable_filters_zero": "layers.SeparableConv1D(0, 3)",
    "separable_strides_zero": "layers.SeparableConv1D(3, 3, strides=0)",
    # Inputs
    "kernel_before_build": "layers.Conv2D(3, 3).kernel",
    "rank_three": "layers.Conv2D(3, 3)(steps)",
    "rank_five": "layers.Conv2D(3, 3)(image[None])",
    "rank_four_in_1d": "layers.Conv1D(3, 3)(image)",
    "rank_four_in_3d": "layers.Conv3D(3, 3)(image)",
    "rank_three_transposed": "layers.Conv2DTranspose(3, 3)(steps)",
    "rank_five_depthwise": "layers.DepthwiseConv2D(3)(image[None])",
    "rank_three_separable": "layers.SeparableConv2D(3, 3)(steps)",
    "channels_not_of_groups": "layers.Conv2D(3, 3, groups=3)(image)",
    "channels_first_not_of_groups": (
        "layers.Conv2D(6, 3, groups=3, data_format='channels_first')(image)"
    ),
    "kernel_too_large": "layers.Conv2D(3, 6)(image)",
    "kernel_too_wide": "layers.Conv2D(3, (1, 7))(image)",
    "kernel_too_far": "layers.Conv1D(3, 3, dilation_rate=3)(steps)",
    "depthwise_too_large": "layers.DepthwiseConv2D(6)(image)",
    "separable_too_large": "layers.SeparableConv1D(2, 6)(steps)",
    "too_large_of_shape": "layers.Conv2D(3, 6).compute_output_shape((None, 5, 6, 4))",
    "rank_of_shape": "layers.Conv2D(3, 3).compute_output_shape((None, 5, 4))",
    "other_channels": "a = layers.Conv2D(3, 3); a(image); a(image[..., :3])",
    "other_channels_first": (
        "a = layers.Conv2D(3, 3, data_format='channels_first'); a(image); a(image[:, :3])"
    ),
    "other_channels_transposed": "a = layers.Conv2DTranspose(3, 3); a(image); a(image[..., :3])",
    "other_channels_depthwise": "a = layers.DepthwiseConv2D(3); a(image); a(image[..., :3])",
    "other_channels_symbolic": (
        "a = layers.Conv2D(3, 3); a(image); a(keras.Input((None, None, 3)))"
    ),
    "later_too_small": "a = layers.Conv2D(3, 3); a(image); a(image[:, :2])",
    "later_of_rank_five": "a = layers.Conv2D(3, 3); a(image); a(image[None])",
    "unknown_channels": "layers.Conv2D(3, 3).build((None, 5, 6, None))",
    "unknown_channels_transposed": "layers.Conv2DTranspose(3, 3).build((None, 5, 6, None))",
    "unknown_channels_symbolic": "layers.Conv2D(3, 3)(keras.Input((5, 6, None)))",
    "unknown_channels_depthwise": "layers.DepthwiseConv2D(3)(keras.Input((5, 6, None)))",
    "set_weights": "a = layers.Conv2D(3, 3); a(image); a.set_weights(a.get_weights()[:1])",
    "text_input": "layers.Conv2D(3, 3)('image')",
}


def make():
    """Write `convolutions.json`, which describes the cases, and `convolutions.npz`."""
    lengths, found = {}, {"called": [], "losses": [], "trained": []}
    for number, (name, layer, shape) in enumerate(cases()):
        values = called(build_object("layers", layer), shape)
        fresh_session()
        losses, weights = trained(keras, build_object("layers", layer), shape, number)
        lengths[name] = [len(values), len(weights)]
        for key, numbers in zip(found, (values, losses, weights), strict=True):
            found[key].append(numbers)
    # One array for all cases is a third smaller than one for each.
    arrays = {key: flat(arrays) for key, arrays in found.items()}
    for name in convolution_networks.NETWORKS:
        fresh_session()
        answers = convolution_networks.trained(keras, name)
        arrays |= {f"{name}/{key}": answer for key, answer in answers.items()}
    write_arrays("convolutions", arrays)
    write_json(
        "convolutions",
        {
            "lengths": lengths,
            "configs": describe_all("layers", CONFIGS),
            "error_setup": ERROR_SETUP,
            "errors": answered(ERRORS, ERROR_SETUP),
        },
    )


def called(layer, shape):
    """The output and the gradients of a call, one after the other."""
    layer.build(shape)
    layer.set_weights(drawn_weights(layer))
    x = keras.ops.convert_to_tensor(drawn(shape, 1)).requires_grad_()
    y = layer(x)
    total = (y * keras.ops.convert_to_tensor(drawn(tuple(y.shape), 3))).sum()
    weights = [weight.value for weight in layer.trainable_weights]
    found = torch.autograd.grad(total, [x, *weights])
    return flat([y.detach().numpy(), *(np.asarray(gradient) for gradient in found)])
