"""No argument of a layer is accepted and ignored: changing it changes what the layer does."""

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ
from layer_rows import ROWS, Inner

import kerasette
from kerasette import layers, ops


def double(x, factor=2.0, mask=None):
    return factor * x if mask is None else x


MASK = np.array([True, False, True])
NOISE = {"rate": 0.25, "noise_shape": (None, 1), "seed": 2}

KERNEL_AND_BIAS = {
    "activation": "sigmoid",
    "use_bias": False,
    "kernel_initializer": "zeros",
    "bias_initializer": "ones",
    "kernel_regularizer": "l2",
    "bias_regularizer": ("l2", {"bias_initializer": "ones"}),
    "activity_regularizer": "l1",
    "kernel_constraint": "non_neg",
    "bias_constraint": "non_neg",
}
DEPTHWISE = {name.replace("kernel", "depthwise"): v for name, v in KERNEL_AND_BIAS.items()}
POINTWISE = {
    "pointwise_initializer": "zeros",
    "pointwise_regularizer": "l2",
    "pointwise_constraint": "non_neg",
}
FIRST = "channels_first"
WINDOW = {"kernel_size": 1, "strides": 3, "padding": "valid", "data_format": FIRST}

CONSTANT = {"fill_mode": "constant"}
OUT = {"height_factor": (0.5, 0.5)}
FILLED = {
    "fill_mode": "constant",
    "interpolation": "nearest",
    "fill_value": (1.0, CONSTANT),
    "data_format": "channels_first",
}
# Other values than those of the layer's row; with a dict of further arguments, if it needs any.
CHANGES = {
    "Activation": {"activation": "sigmoid"},
    "ActivityRegularization": {"l1": 0.5, "l2": 0.5},
    "Add": {},
    "AlphaDropout": NOISE,
    "Average": {},
    "AveragePooling1D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "valid",
        "data_format": "channels_first",
    },
    "AveragePooling2D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "same",
        "data_format": "channels_first",
    },
    "AveragePooling3D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "same",
        "data_format": "channels_first",
    },
    "Bidirectional": {
        "layer": Inner("LSTM", {"units": 3, "return_sequences": True}),
        "merge_mode": "sum",
        "weights": [np.ones(shape) for shape in [(2, 16), (4, 16), (16,)] * 2],
        "backward_layer": Inner(
            "LSTM", {"units": 3, "return_sequences": True, "go_backwards": True}
        ),
    },
    "CategoryEncoding": {"num_tokens": 5, "output_mode": "one_hot", "sparse": True},
    "CenterCrop": {"height": 3, "width": 3, "data_format": "channels_first"},
    "ChannelPooling": {"reduction": "max", "pool_size": 4, "data_format": "channels_first"},
    "Concatenate": {"axis": -1},
    "Conv1D": {
        "filters": 6,
        **WINDOW,
        "strides": (2, {"dilation_rate": 1}),
        "dilation_rate": 1,
        "groups": 2,
        **KERNEL_AND_BIAS,
    },
    "Conv1DTranspose": {
        "filters": 6,
        **WINDOW,
        "padding": "same",
        "output_padding": 1,
        "dilation_rate": (2, {"strides": 1}),
        **KERNEL_AND_BIAS,
    },
    "Conv2D": {
        "filters": 6,
        **WINDOW,
        "data_format": (FIRST, {"groups": 1}),
        "dilation_rate": (2, {"strides": 1}),
        "groups": 1,
        **KERNEL_AND_BIAS,
    },
    "Conv2DTranspose": {
        "filters": 6,
        **WINDOW,
        "output_padding": 0,
        "dilation_rate": (2, {"strides": 1, "output_padding": None}),
        **KERNEL_AND_BIAS,
    },
    "Conv3D": {
        "filters": 6,
        **WINDOW,
        "padding": "same",
        "dilation_rate": (2, {"padding": "same"}),
        "groups": (2, {"filters": 4}),
        **KERNEL_AND_BIAS,
    },
    "Conv3DTranspose": {
        "filters": 6,
        **WINDOW,
        "strides": (2, {"dilation_rate": 1}),
        "padding": "same",
        "output_padding": (1, {"dilation_rate": 1, "strides": 2}),
        "dilation_rate": 1,
        **KERNEL_AND_BIAS,
    },
    "Cropping1D": {"cropping": 0},
    "Cropping2D": {"cropping": 0, "data_format": "channels_first"},
    "Cropping3D": {"cropping": 0, "data_format": "channels_first"},
    "Dense": {
        "units": 4,
        "activation": "tanh",
        "use_bias": False,
        "kernel_initializer": "zeros",
        "bias_initializer": "ones",
        "kernel_regularizer": "l2",
        "bias_regularizer": ("l2", {"bias_initializer": "ones"}),
        "activity_regularizer": "l1",
        "kernel_constraint": "non_neg",
        "bias_constraint": "non_neg",
        "lora_rank": 2,
        "lora_alpha": 2,
        "quantization_config": "int8",
    },
    "DepthwiseConv1D": {
        **WINDOW,
        "padding": "same",
        "depth_multiplier": 1,
        "dilation_rate": 2,
        **DEPTHWISE,
    },
    "DepthwiseConv2D": {
        **WINDOW,
        "depth_multiplier": 2,
        "dilation_rate": 2,
        **DEPTHWISE,
        "activation": "relu",
    },
    "Dot": {"axes": 1, "normalize": False},
    "Dropout": NOISE,
    "ELU": {"alpha": 2.0},
    "EinsumDense": {
        "equation": "abc,dc->abd",
        "output_shape": (2, 6),
        "activation": "tanh",
        "bias_axes": "d",
        "kernel_initializer": "zeros",
        "bias_initializer": "ones",
        "kernel_regularizer": "l2",
        "bias_regularizer": ("l2", {"bias_initializer": "ones"}),
        "kernel_constraint": "non_neg",
        "bias_constraint": "non_neg",
        "lora_rank": 2,
        "lora_alpha": 2,
        "gptq_unpacked_column_size": 2,
        "quantization_config": "int8",
    },
    "Flatten": {"data_format": "channels_first"},
    "GaussianDropout": {"rate": 0.25, "seed": 2},
    "GaussianNoise": {"stddev": 0.25, "seed": 2},
    "GlobalAveragePooling1D": {"data_format": "channels_first", "keepdims": True},
    "GlobalAveragePooling2D": {"data_format": "channels_first", "keepdims": False},
    "GlobalAveragePooling3D": {"data_format": "channels_last", "keepdims": True},
    "GlobalMaxPooling1D": {"data_format": "channels_first", "keepdims": True},
    "GlobalMaxPooling2D": {"data_format": "channels_first", "keepdims": True},
    "GlobalMaxPooling3D": {"data_format": "channels_first", "keepdims": True},
    "GroupNormalization": {
        "groups": 4,
        "axis": (1, {"groups": 1}),
        "epsilon": 0.5,
        "center": False,
        "scale": False,
        "beta_initializer": "ones",
        "gamma_initializer": "zeros",
        "beta_regularizer": ("l2", {"beta_initializer": "ones"}),
        "gamma_regularizer": "l2",
        "beta_constraint": "non_neg",
        "gamma_constraint": "unit_norm",
    },
    "Identity": {},
    "Lambda": {
        "function": ops.exp,
        "output_shape": (7,),
        "mask": MASK,
        "arguments": ({"factor": 3.0}, {"function": double}),
    },
    "LeakyReLU": {"negative_slope": 0.5},
    "Masking": {"mask_value": 0.0},
    "MaxPooling1D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "valid",
        "data_format": "channels_first",
    },
    "MaxPooling2D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "same",
        "data_format": "channels_first",
    },
    "MaxPooling3D": {
        "pool_size": 1,
        "strides": 1,
        "padding": "same",
        "data_format": "channels_first",
    },
    "Maximum": {},
    "Minimum": {},
    "Multiply": {},
    "Normalization": {
        "axis": (None, {"mean": None, "variance": None}),
        "mean": [1.0, 1.0, 1.0, 1.0],
        "variance": [1.0, 1.0, 1.0, 1.0],
        "invert": True,
    },
    "PReLU": {
        "alpha_initializer": "ones",
        "alpha_regularizer": "l2",
        "alpha_constraint": "non_neg",
        "shared_axes": [2],
    },
    "Permute": {"dims": (1, 2)},
    "RandomBrightness": {
        "factor": 0.1,
        "value_range": (0, 1),
        "seed": (2, {"factor": 0.2}),
    },
    "RandomContrast": {
        "factor": 0.1,
        "value_range": (0, 1),
        "seed": (2, {"factor": 0.2}),
    },
    "RandomCrop": {
        "height": 3,
        "width": 3,
        "seed": (2, {"height": 1, "width": 1}),
        "data_format": "channels_first",
    },
    "RandomFlip": {"mode": "vertical", "seed": 2, "data_format": "channels_first"},
    "RandomRotation": {"factor": (0.2, 0.2), "seed": (2, {"factor": 0.2}), **FILLED},
    "RandomTranslation": {
        "height_factor": (0.5, 0.5),
        "width_factor": (0.5, 0.5),
        "seed": (2, {"height_factor": 0.2}),
        **FILLED,
        "interpolation": ("nearest", {"height_factor": (0.1, 0.1)}),
    },
    "RandomZoom": {
        "height_factor": (0.5, 0.5),
        "width_factor": (0.5, 0.5),
        "seed": (2, {"height_factor": 0.2}),
        **FILLED,
        "fill_mode": ("wrap", OUT),
        "fill_value": (1.0, {**OUT, **CONSTANT}),
    },
    "ReLU": {"max_value": None, "negative_slope": 0.5, "threshold": 0.0},
    "RepeatVector": {"n": 3},
    "Rescaling": {"scale": 2.0, "offset": 0.5},
    "Reshape": {"target_shape": (8,)},
    "Resizing": {
        "height": 3,
        "width": 3,
        "interpolation": "nearest",
        "crop_to_aspect_ratio": (True, {"height": 4, "width": 1}),
        "pad_to_aspect_ratio": (True, {"width": 1}),
        "fill_mode": "reflect",
        "fill_value": (1.0, {"pad_to_aspect_ratio": True, "width": 1}),
        "antialias": True,
        "data_format": "channels_first",
    },
    "SeparableConv1D": {
        "filters": 6,
        **WINDOW,
        "padding": "same",
        "dilation_rate": 2,
        "depth_multiplier": 1,
        **DEPTHWISE,
        **POINTWISE,
    },
    "SeparableConv2D": {
        "filters": 6,
        **WINDOW,
        "dilation_rate": 2,
        "depth_multiplier": 2,
        **DEPTHWISE,
        **POINTWISE,
    },
    "Softmax": {"axis": -1},
    "SpatialDropout1D": {"rate": 0.25, "seed": 2},
    "SpatialDropout2D": {"rate": 0.25, "data_format": "channels_first", "seed": 2},
    "SpatialDropout3D": {"rate": 0.25, "data_format": "channels_first", "seed": 2},
    "Subtract": {},
    "TimeDistributed": {"layer": Inner("Dense", {"units": 5, "activation": "relu"})},
    "UnitNormalization": {"axis": -1},
    "UpSampling1D": {"size": 3},
    "UpSampling2D": {"size": 3, "data_format": "channels_first", "interpolation": "bilinear"},
    "UpSampling3D": {"size": 3, "data_format": "channels_first"},
    "ZeroPadding1D": {"padding": 3, "data_format": "channels_first"},
    "ZeroPadding2D": {"padding": 3, "data_format": "channels_first"},
    "ZeroPadding3D": {"padding": 3, "data_format": "channels_first"},
}
COVERED = {f"layers.{name}": row for name, row in CHANGES.items()}
# Tested in files of their own.
ELSEWHERE = {
    *("BatchNormalization", "Discretization", "Embedding", "EmbeddingBag", "GRU", "LSTM"),
    *("LayerNormalization", "SimpleRNN"),
}


def observed(name, arguments):
    """Everything that a layer shows; or the error that it raises."""
    kerasette.utils.set_random_seed(1)
    row = ROWS[name]
    try:
        layer = row.make(**arguments)
        inputs = row.inputs()
        if name == "Masking":
            inputs[0, 0] = 0.0
        output = layer(inputs, training=True)
    except ValueError as error:
        return str(error)
    mask = output._keras_mask
    return [
        output.numpy(),
        layer.compute_output_shape(row.input_shape),
        [float(loss) for loss in layer.losses],
        "none" if mask is None else mask.numpy(),
        [weight.numpy() for weight in layer.weights],
        [w.constraint(w).numpy() for w in layer.weights if w.constraint is not None],
    ]


def test_every_layer_is_in_the_table():
    assert set(CHANGES) | ELSEWHERE == {row.name for row in ROWS.values()}


@pytest.mark.parametrize("name", CHANGES)
def test_every_argument_has_an_effect(name):
    changes = CHANGES[name]
    assert_every_parameter_has_a_row(getattr(layers, name), changes)
    for argument, value in changes.items():
        value, others = value if isinstance(value, tuple) and with_others(value) else (value, {})
        found = observed(name, {**others, argument: value})
        expected = observed(name, {k: v for k, v in others.items() if k != argument})
        assert type(found) is not type(expected) or differ(found, expected), argument


def with_others(value):
    return len(value) == 2 and isinstance(value[1], dict)


def test_sparse_output_is_refused():
    with pytest.raises(ValueError, match="Sparse tensors are not supported"):
        layers.CategoryEncoding(3, sparse=True)


def test_the_old_name_of_a_slope_warns():
    with pytest.warns(UserWarning, match="`alpha` is deprecated"):
        layer = layers.LeakyReLU(alpha=0.5)
    assert layer.negative_slope == 0.5


@pytest.mark.parametrize("name", CHANGES)
def test_unknown_arguments_raise(name):
    with pytest.raises((TypeError, ValueError), match="nonsense"):
        ROWS[name].make(nonsense=1)
