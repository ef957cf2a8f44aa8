"""Calls of the ops of convolutions, for tests and golden files."""

import itertools

# Shapes of the operands, by name, the inputs with the channels last.
OPERANDS = {
    "line": [(2, 7, 3), (3, 3, 4)],
    "picture": [(2, 6, 5, 4), (3, 2, 4, 6)],
    "groups": [(2, 5, 5, 6), (2, 3, 2, 9)],
    "point": [(2, 5, 4, 3), (1, 1, 3, 5)],
    "even": [(1, 6, 6, 2), (4, 4, 2, 3)],
    "large": [(1, 9, 8, 1), (7, 5, 1, 2)],
    "volume": [(1, 4, 5, 3, 2), (2, 3, 1, 2, 3)],
    "depthwise_line": [(2, 7, 3), (3, 3, 2)],
    "depthwise": [(2, 6, 5, 4), (2, 3, 4, 2)],
    "separable_line": [(2, 7, 3), (3, 3, 2), (1, 6, 4)],
    "separable": [(2, 6, 5, 2), (2, 3, 2, 3), (1, 1, 6, 4)],
    "turned_line": [(2, 4, 3), (3, 2, 3)],
    "turned": [(2, 4, 3, 3), (3, 2, 4, 3)],
    "turned_even": [(1, 3, 4, 2), (4, 4, 3, 2)],
    "turned_volume": [(1, 2, 3, 2, 2), (2, 3, 1, 3, 2)],
}
FIRST, SAME = {"data_format": "channels_first"}, {"padding": "same"}
MANY = [
    {},
    SAME,
    {"strides": 2},
    {"strides": 2, **SAME},
    {"strides": 3, **SAME},
    {"dilation_rate": 2, **SAME},
    FIRST,
    {"strides": 2, **FIRST, **SAME},
]
TRANSPOSED = [
    *({"padding": padding, "strides": s} for padding in ("valid", "same") for s in (1, 2, 3, 5)),
    *({"padding": padding, "dilation_rate": 2} for padding in ("valid", "same")),
    *(
        {"padding": padding, "strides": 3, "output_padding": extra}
        for padding in ("valid", "same")
        for extra in (0, 1, 2)
    ),
    {"strides": 2, "dilation_rate": 2, **SAME},
    {"strides": 2, **FIRST, **SAME},
    {"output_padding": 3},
]
# Name of the op, of the operands, and the other arguments.
CASES = [
    *itertools.product(["conv"], ["line", "picture"], MANY),
    *itertools.product(["conv"], ["groups", "point", "even", "large", "volume"], MANY[:5]),
    ("conv", "picture", {"strides": (1, 2), **SAME}),
    ("conv", "picture", {"dilation_rate": (2, 3)}),
    ("conv", "picture", {"padding": "SAME", "dilation_rate": (2, 1), "strides": 1}),
    ("conv", "volume", {"strides": (1, 2, 3), **FIRST}),
    *itertools.product(["depthwise_conv"], ["depthwise_line", "depthwise"], MANY),
    *itertools.product(["separable_conv"], ["separable_line", "separable"], MANY),
    *itertools.product(["conv_transpose"], ["turned_line", "turned", "turned_even"], TRANSPOSED),
    ("conv_transpose", "turned", {"strides": (3, 1), "output_padding": (2, 0)}),
    ("conv_transpose", "turned_volume", {"strides": (1, 2, 3), **SAME}),
]


def shapes_of(case):
    """Shapes of the operands, the inputs as `data_format` says."""
    _, operands, arguments = case
    inputs, *kernels = OPERANDS[operands]
    if arguments.get("data_format") == "channels_first":
        inputs = (inputs[0], inputs[-1], *inputs[1:-1])
    return [inputs, *kernels]


def name_of(case):
    """An op, its operands and arguments, as the name of a test."""
    op, operands, arguments = case
    return "-".join([op, operands, *(f"{key}={value}" for key, value in arguments.items())])


# What raises an error in Keras: code, and what the message there has in common with ours.
SETUP = """\
line, kernel = np.ones((2, 6, 4), "float32"), np.ones((3, 4, 5), "float32")
picture, depthwise = np.ones((2, 6, 5, 4), "float32"), np.ones((3, 2, 4, 2), "float32")
pointwise, turned = np.ones((1, 1, 8, 3), "float32"), np.ones((3, 2, 5, 4), "float32")
conv, conv_transpose = keras.ops.conv, keras.ops.conv_transpose
depthwise_conv, separable_conv = keras.ops.depthwise_conv, keras.ops.separable_conv
"""
ERRORS = {
    "conv(line[0], kernel)": "must have ndim=3, 4 or 5",
    "conv(line, kernel[:, :3])": "Input channels (4) must be divisible by kernel input channels",
    "conv(line, kernel, 0)": "including values",
    "conv(line, kernel, (1, 2))": "The `strides` argument must be a tuple of 1 integers",
    "conv(line, kernel, 1.5)": "The `strides` argument must be a tuple of 1 integers",
    "conv(line, kernel, 1, 'same', 'last')": "The `data_format` argument must be one of",
    "conv(line, kernel, 1, 'same', None, -1)": "The `dilation_rate` argument must be a tuple of 1",
    "conv(keras.Input((2, 4)), kernel)": "Computed output size would be zero or negative",
    "conv(keras.Input((6, 4)), kernel[None])": "Kernel shape must have the same length as input",
    "conv(keras.Input((6, 4)), kernel, 1, 'full')": "`padding`",
    "depthwise_conv(picture, depthwise[:, :, :3])": "input channels must match the kernel's input",
    "separable_conv(picture, depthwise[:, :, :3], pointwise)": "input channels must match the ker",
    "separable_conv(picture, depthwise, pointwise[:, :, :7])": "Input channels (8) must be divis",
    "conv_transpose(picture, turned[..., :3])": "input channels must match the kernel's input",
    "conv_transpose(picture, turned, 0)": "The `strides` argument must be a tuple of 2 integers",
    "conv_transpose(picture, turned, 1, 'full')": "The `padding` argument must be one of",
}
