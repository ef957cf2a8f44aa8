"""The public ops of convolutions against Keras: values, gradients, symbolic calls, errors."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json
from changes import acts
from convolution_cases import drawn, flat
from convolution_op_cases import CASES, ERRORS, SETUP, name_of, shapes_of

import kerasette
from kerasette import GradientTape, KerasTensor, Variable, ops

GOLDEN = golden_json("convolution_ops.json")
ARRAYS = golden_arrays("convolution_ops.npz")
CALLED = np.split(ARRAYS["called"], np.cumsum(GOLDEN["lengths"])[:-1])
by_case = pytest.mark.parametrize("number", range(len(CASES)), ids=map(name_of, CASES))


@by_case
def test_outputs_and_gradients_are_those_of_keras(number):
    op, _, arguments = CASES[number]
    shapes = shapes_of(CASES[number])
    operands = [Variable(drawn(shape, seed)) for seed, shape in enumerate(shapes)]
    with GradientTape() as tape:
        y = getattr(ops, op)(*operands, **arguments)
        total = ops.sum(y * drawn(y.shape, 3))
    gradients = tape.gradient(total, operands)
    assert_agree(flat([tensor.numpy() for tensor in (y, *gradients)]), CALLED[number])


@by_case
def test_symbolic_shapes_are_those_of_keras(number):
    op, _, arguments = CASES[number]
    inputs, *kernels = shapes_of(CASES[number])
    channels = 1 if arguments.get("data_format") == "channels_first" else len(inputs) - 1
    free = [size if axis == channels else None for axis, size in enumerate(inputs)]
    kernels = [drawn(shape, 1) for shape in kernels]
    call = getattr(ops, op)
    expected = GOLDEN["symbolic"][number]
    for i, shape in enumerate(([None, *inputs[1:]], free)):
        y = call(KerasTensor(shape), *kernels, **arguments)
        assert y.dtype == "float32"
        if expected:
            assert list(y.shape) == expected[i]
    sizes = call(drawn(inputs, 0), *kernels, **arguments).shape
    assert all(known in (size, None) for known, size in zip(y.shape, sizes, strict=True))


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["name"])
def test_errors_are_those_of_keras(case):
    names = {"keras": kerasette, "np": np}
    exec(SETUP, names)
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    assert caught.type.__name__ == case["type"]
    assert ERRORS[case["name"]] in case["message"]
    assert ERRORS[case["name"]] in str(caught.value)


COVERED = {
    "ops.conv": {
        "inputs": drawn((2, 6, 6, 2), 7),
        "kernel": drawn((3, 3, 2, 4), 7),
        "strides": 2,
        "padding": "same",
        "data_format": "channels_first",
        "dilation_rate": 2,
    },
    "ops.depthwise_conv": {
        "inputs": drawn((2, 6, 6, 2), 7),
        "kernel": drawn((3, 3, 2, 4), 7),
        "strides": 2,
        "padding": "same",
        "data_format": "channels_first",
        "dilation_rate": 2,
    },
    "ops.separable_conv": {
        "inputs": drawn((2, 6, 6, 2), 7),
        "depthwise_kernel": drawn((3, 3, 2, 4), 7),
        "pointwise_kernel": drawn((1, 1, 8, 3), 7),
        "strides": 2,
        "padding": "same",
        "data_format": "channels_first",
        "dilation_rate": 2,
    },
    "ops.conv_transpose": {
        "inputs": drawn((2, 6, 6, 2), 7),
        "kernel": drawn((3, 3, 4, 2), 7),
        "strides": 2,
        "padding": "same",
        "output_padding": 1,
        "data_format": "channels_first",
        "dilation_rate": 2,
    },
}
OTHERS = {
    "inputs": drawn((2, 6, 6, 2), 1),
    "kernel": drawn((3, 3, 2, 4), 1),
    "depthwise_kernel": drawn((3, 3, 2, 4), 1),
    "pointwise_kernel": drawn((1, 1, 8, 3), 1),
}


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, key) for name, row in COVERED.items() for key in row]
)
def test_every_argument_acts(name, parameter):
    row = COVERED[name]
    others = {key: OTHERS[key] for key in row if key in OTHERS}
    if name == "ops.conv_transpose":
        others["kernel"] = drawn((3, 3, 4, 2), 1)
    assert acts(getattr(ops, name[4:]), parameter, row[parameter], others)


def test_the_layout_is_the_configured_one():
    x, kernel = drawn((2, 3, 6, 5), 1), drawn((2, 2, 3, 4), 2)
    expected = ops.conv(x, kernel, data_format="channels_first").numpy()
    kerasette.config.set_image_data_format("channels_first")
    try:
        found = ops.conv(x, kernel).numpy()
    finally:
        kerasette.config.set_image_data_format("channels_last")
    np.testing.assert_array_equal(found, expected)


def test_models_of_ops_have_configs():
    x = kerasette.Input((8, 8, 3))
    kernels = [drawn((3, 3, 3, 4), 1), drawn((2, 2, 4, 2), 2), drawn((1, 1, 8, 5), 3)]
    y = ops.conv(x, kernels[0], strides=2, padding="same")
    y = ops.separable_conv(y, kernels[1], kernels[2], dilation_rate=(2, 1))
    y = ops.conv_transpose(y, drawn((3, 3, 2, 5), 4), strides=(2, 1), output_padding=1)
    model = kerasette.Model(x, ops.depthwise_conv(y, drawn((1, 2, 2, 3), 5)))
    config = model.get_config()
    loaded = kerasette.Model.from_config(config)
    images = drawn((2, 8, 8, 3), 6)
    np.testing.assert_array_equal(loaded.predict(images), model.predict(images))
    found = [layer["class_name"] for layer in config["layers"]]
    assert found == ["InputLayer", "Conv", "SeparableConv", "ConvTranspose", "DepthwiseConv"]
    assert config["layers"][1]["config"]["strides"] == 2
