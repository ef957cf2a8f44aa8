"""Pooling, padding, cropping, upsampling: calls, gradients, three steps, configs, errors."""

import sys

import keras
import torch

from .configs import describe_all
from .errors import answered
from .networks import build_object, fresh_session
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
from convolution_cases import drawn, flat
from pooling_cases import cases, trained

CONFIGS = [
    ["MaxPooling1D", {}],
    ["MaxPooling2D", {}],
    ["MaxPooling3D", {}],
    ["MaxPooling2D", {"pool_size": [2, 3], "strides": 1, "padding": "SAME", "name": "mine"}],
    ["MaxPool1D", {"data_format": "channels_first", "dtype": "float64", "trainable": False}],
    ["MaxPool2D", {}],
    ["MaxPool3D", {}],
    ["AveragePooling1D", {"pool_size": 2}],
    ["AveragePooling2D", {"pool_size": 3, "strides": [1, 2], "padding": "same"}],
    ["AveragePooling3D", {"pool_size": [1, 2, 3]}],
    ["AvgPool1D", {"pool_size": 2}],
    ["AvgPool2D", {"pool_size": 2}],
    ["AvgPool3D", {"pool_size": 2}],
    ["GlobalMaxPooling1D", {}],
    ["GlobalMaxPooling2D", {"keepdims": True, "data_format": "channels_first"}],
    ["GlobalMaxPooling3D", {}],
    ["GlobalMaxPool1D", {}],
    ["GlobalMaxPool2D", {}],
    ["GlobalMaxPool3D", {}],
    ["GlobalAveragePooling1D", {"keepdims": True}],
    ["GlobalAveragePooling2D", {}],
    ["GlobalAveragePooling3D", {"name": "mine"}],
    ["GlobalAvgPool1D", {}],
    ["GlobalAvgPool2D", {}],
    ["GlobalAvgPool3D", {}],
    ["ZeroPadding1D", {}],
    ["ZeroPadding1D", {"padding": [1, 2], "data_format": "channels_first"}],
    ["ZeroPadding2D", {}],
    ["ZeroPadding2D", {"padding": [1, [0, 2]]}],
    ["ZeroPadding3D", {}],
    ["ZeroPadding3D", {"padding": 2, "dtype": "float64"}],
    ["Cropping1D", {}],
    ["Cropping1D", {"cropping": 2}],
    ["Cropping2D", {}],
    ["Cropping2D", {"cropping": [1, [0, 2]], "data_format": "channels_first"}],
    ["Cropping3D", {}],
    ["Cropping3D", {"cropping": 2}],
    ["UpSampling1D", {}],
    ["UpSampling1D", {"size": 3}],
    ["UpSampling2D", {}],
    ["UpSampling2D", {"size": [1, 3], "interpolation": "Bilinear"}],
    ["UpSampling3D", {}],
    ["UpSampling3D", {"size": [1, 2, 3], "data_format": "channels_first"}],
    ["SpatialDropout3D", {"rate": 0.5, "seed": 3}],
    ["SpatialDropout3D", {"rate": 0.5, "data_format": "channels_first", "dtype": "float64"}],
]

ERROR_SETUP = """\
layers, ops = keras.layers, keras.ops
image = np.ones((2, 5, 6, 4), "float32")
steps = np.ones((2, 5, 4), "float32")
"""
ERRORS = {
    "pool_zero": "layers.MaxPooling2D(0)",
    "pool_negative": "layers.AveragePooling1D(-1)",
    "pool_three": "layers.MaxPooling2D((2, 2, 2))",
    "pool_text": "layers.MaxPooling2D('ab')",
    "pool_none": "layers.AveragePooling2D(None)",
    "pool_missing": "layers.AveragePooling2D()",
    "pool_fraction": "layers.MaxPooling2D(2.5)",
    "pool_of_text": "layers.MaxPooling2D((2, 'a'))",
    "pool_fraction_of_two": "layers.MaxPooling2D((2, 2.5))(image)",
    "strides_zero": "layers.MaxPooling2D(2, strides=0)(image)",
    "strides_negative": "layers.MaxPooling2D(2, strides=-1)",
    "strides_three": "layers.MaxPooling2D(2, strides=(1, 1, 1))",
    "padding_unknown": "layers.MaxPooling2D(padding='causal')(keras.Input((5, 6, 4)))",
    "padding_number": "layers.MaxPooling2D(padding=1)(image)",
    "format_unknown": "layers.MaxPooling2D(data_format='last')",
    "unknown_argument": "layers.MaxPooling2D(size=2)",
    "rank_three": "layers.MaxPooling2D()(steps)",
    "rank_five": "layers.AveragePooling2D(2)(image[None])",
    "rank_four_in_1d": "layers.MaxPooling1D()(image)",
    "rank_four_in_3d": "layers.AveragePooling3D(2)(image)",
    "window_too_large": "layers.MaxPooling2D(6)(image)",
    "window_too_large_symbolic": "layers.MaxPooling2D(6)(keras.Input((5, 6, 4)))",
    "window_too_wide": "layers.AveragePooling2D((1, 7))(image)",
    "window_too_large_first": (
        "layers.MaxPooling2D(5, data_format='channels_first')(keras.Input((5, 6, 4)))"
    ),
    "window_too_large_of_shape": "layers.MaxPooling2D(6).compute_output_shape((None, 5, 6, 4))",
    "op_rank_two": "ops.max_pool(steps[0], 2)",
    "op_rank_six": "ops.average_pool(image[None, None], 2)",
    "op_window_too_large": "ops.max_pool(image, 6)",
    "op_window_too_large_symbolic": "ops.max_pool(keras.KerasTensor((2, 5, 6, 4)), 6)",
    "op_pool_zero": "ops.average_pool(image, 0)",
    "op_strides_zero": "ops.max_pool(image, 2, 0)",
    "op_pool_three": "ops.max_pool(image, (2, 2, 2))",
    "op_format": "ops.max_pool(image, 2, data_format='last')",
    "global_rank": "layers.GlobalMaxPooling2D()(steps)",
    "global_rank_1d": "layers.GlobalAveragePooling1D()(image)",
    "global_rank_3d": "layers.GlobalAveragePooling3D()(image)",
    "global_format": "layers.GlobalAveragePooling2D(data_format='last')",
    "zero_padding_negative": "layers.ZeroPadding2D((-1, 2))",
    "zero_padding_negative_1d": "layers.ZeroPadding1D(-1)",
    "zero_padding_three": "layers.ZeroPadding2D((1, 2, 3))",
    "zero_padding_two_of_3d": "layers.ZeroPadding3D((1, 2))",
    "zero_padding_pair": "layers.ZeroPadding2D((1, (1, 2, 3)))",
    "zero_padding_none": "layers.ZeroPadding2D(None)",
    "zero_padding_none_3d": "layers.ZeroPadding3D(None)",
    "zero_padding_none_1d": "layers.ZeroPadding1D(None)",
    "zero_padding_rank": "layers.ZeroPadding2D()(steps)",
    "zero_padding_format": "layers.ZeroPadding3D(data_format='last')",
    "cropping_negative": "layers.Cropping2D(-1)",
    "cropping_negative_1d": "layers.Cropping1D(-1)",
    "cropping_negative_pair": "layers.Cropping2D((1, -2))",
    "cropping_three": "layers.Cropping2D((1, 2, 3))",
    "cropping_two_of_3d": "layers.Cropping3D((1, 2))",
    "cropping_none": "layers.Cropping2D(None)",
    "cropping_all": "layers.Cropping2D((1, 3))(image)",
    "cropping_all_symbolic": "layers.Cropping2D((1, 3))(keras.Input((5, 6, 4)))",
    "cropping_all_1d": "layers.Cropping1D((2, 3))(steps)",
    "cropping_all_3d": "layers.Cropping3D()(image[None])",
    "cropping_rank": "layers.Cropping2D()(steps)",
    "up_sampling_zero": "layers.UpSampling2D(0)",
    "up_sampling_zero_1d": "layers.UpSampling1D(0)",
    "up_sampling_fraction": "layers.UpSampling1D(2.5)",
    "up_sampling_true": "layers.UpSampling1D(True)",
    "up_sampling_pair": "layers.UpSampling1D((2, 2))",
    "up_sampling_three": "layers.UpSampling2D((2, 2, 2))",
    "up_sampling_interpolation": "layers.UpSampling2D(interpolation='linear')(image)",
    "up_sampling_rank": "layers.UpSampling3D()(image)",
    "dropout_rank": "layers.SpatialDropout3D(0.5)(image)",
    "dropout_rate": "layers.SpatialDropout3D(1.5)",
    "dropout_format": "layers.SpatialDropout3D(0.5, data_format='last')",
}


def make():
    """Write `pooling.json`, which describes the cases, and `pooling.npz`."""
    lengths, found = {}, {"called": [], "losses": [], "trained": []}
    for number, (name, layer, shape, mask) in enumerate(cases()):
        values = called(build_object("layers", layer), shape, mask)
        fresh_session()
        losses, weights = trained(keras, build_object("layers", layer), shape, number)
        lengths[name] = [len(values), len(weights)]
        for key, numbers in zip(found, (values, losses, weights), strict=True):
            found[key].append(numbers)
    write_arrays("pooling", {key: flat(arrays) for key, arrays in found.items()})
    write_json(
        "pooling",
        {
            "lengths": lengths,
            "configs": describe_all("layers", CONFIGS),
            "error_setup": ERROR_SETUP,
            "errors": answered(ERRORS, ERROR_SETUP),
        },
    )


def called(layer, shape, mask):
    """The output and the gradient of a call, one after the other."""
    x = keras.ops.convert_to_tensor(drawn(shape, 1)).requires_grad_()
    y = layer(x) if mask is None else layer(x, mask=keras.ops.convert_to_tensor(mask))
    total = (y * keras.ops.convert_to_tensor(drawn(tuple(y.shape), 3))).sum()
    (gradient,) = torch.autograd.grad(total, [x])
    return flat([y.detach().numpy(), gradient.numpy()])
