"""Convolutions over one to three axes."""

import naive_convolution as naive
import numpy as np

rng = np.random.default_rng(5)
LINE = rng.normal(size=(2, 7, 3))
PICTURE = rng.normal(size=(2, 6, 5, 4))
VOLUME = rng.normal(size=(1, 4, 3, 3, 2))
LINE_KERNEL = rng.normal(size=(3, 3, 4))
KERNEL = rng.normal(size=(3, 2, 4, 6))
IN_PAIRS = rng.normal(size=(2, 2, 2, 6))
VOLUME_KERNEL = rng.normal(size=(2, 3, 1, 2, 3))
DEPTHWISE = rng.normal(size=(2, 3, 4, 2))
POINTWISE = rng.normal(size=(1, 1, 8, 3))
TURNED = rng.normal(size=(3, 2, 5, 4))
FIRST = np.moveaxis(PICTURE, -1, 1)
HALVES = {"strides": 2, "padding": "same"}


def tuples(n, *values):
    return [(value,) * n if isinstance(value, int) else tuple(value) for value in values]


def with_channels_last(function):
    """`function` of inputs with the channels last, of any."""

    def oracle(x, *args, data_format="channels_last", **kwargs):
        if data_format == "channels_last":
            return function(x, *args, **kwargs)
        return np.moveaxis(function(np.moveaxis(x, 1, -1), *args, **kwargs), -1, 1)

    return oracle


def convolved(x, kernel, groups, strides=1, padding="valid", dilation_rate=1):
    strides, dilation = tuples(x.ndim - 2, strides, dilation_rate)
    pairs = [(0, 0)] * (x.ndim - 2)
    if padding == "same":
        pairs = [
            naive.even_pair(*along)
            for along in zip(x.shape[1:-1], kernel.shape, strides, dilation, strict=False)
        ]
    return naive.conv(x, kernel, strides, pairs, dilation, groups)


@with_channels_last
def conv(x, kernel, **kwargs):
    return convolved(x, kernel, x.shape[-1] // kernel.shape[-2], **kwargs)


@with_channels_last
def depthwise_conv(x, kernel, **kwargs):
    kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
    return convolved(x, kernel, x.shape[-1], **kwargs)


@with_channels_last
def separable_conv(x, depthwise, pointwise, **kwargs):
    return conv(depthwise_conv(x, depthwise, **kwargs), pointwise)


@with_channels_last
def conv_transpose(x, kernel, strides=1, dilation_rate=1, pads=0, sizes=()):
    strides, dilation, pads = tuples(x.ndim - 2, strides, dilation_rate, pads)
    return naive.conv_transpose(x, kernel, strides, pads, dilation, sizes)


def transposed(pads, *sizes):
    """The oracle whose output has these sizes, after so much padding."""

    def oracle(x, kernel, padding="valid", output_padding=None, **kwargs):
        return conv_transpose(x, kernel, pads=pads, sizes=sizes, **kwargs)

    return oracle


ROWS = [
    ("conv", (LINE, LINE_KERNEL), {}, conv),
    ("conv", (LINE, LINE_KERNEL), {"strides": 2, "padding": "same"}, conv),
    ("conv", (LINE, LINE_KERNEL), {"dilation_rate": 3}, conv),
    ("conv", (PICTURE, KERNEL), {}, conv),
    ("conv", (PICTURE, KERNEL), {"strides": (1, 2), "padding": "same"}, conv),
    ("conv", (PICTURE, KERNEL), {"dilation_rate": (1, 3), "padding": "same"}, conv),
    ("conv", (PICTURE, IN_PAIRS), {"strides": [2, 1]}, conv),
    ("conv", (PICTURE, KERNEL[:1, :1]), {"strides": 2}, conv),
    ("conv", (FIRST, KERNEL), {"data_format": "channels_first"} | HALVES, conv),
    ("conv", (VOLUME, VOLUME_KERNEL), {"padding": "same"}, conv),
    ("depthwise_conv", (PICTURE, DEPTHWISE), {}, depthwise_conv),
    ("depthwise_conv", (PICTURE, DEPTHWISE), HALVES, depthwise_conv),
    ("depthwise_conv", (PICTURE, DEPTHWISE), {"dilation_rate": (3, 2)}, depthwise_conv),
    ("depthwise_conv", (FIRST, DEPTHWISE), {"data_format": "channels_first"}, depthwise_conv),
    ("depthwise_conv", (LINE, LINE_KERNEL), {"strides": 3}, depthwise_conv),
    ("separable_conv", (PICTURE, DEPTHWISE, POINTWISE), {}, separable_conv),
    ("separable_conv", (PICTURE, DEPTHWISE, POINTWISE), HALVES, separable_conv),
    (
        "separable_conv",
        (FIRST, DEPTHWISE, POINTWISE),
        {"data_format": "channels_first", "dilation_rate": 2, "padding": "same"},
        separable_conv,
    ),
    ("conv_transpose", (PICTURE, TURNED), {}, transposed(0, 8, 6)),
    ("conv_transpose", (PICTURE, TURNED), {"strides": (3, 2)}, transposed(0, 18, 10)),
    ("conv_transpose", (PICTURE, TURNED), HALVES, transposed(0, 12, 10)),
    ("conv_transpose", (PICTURE, TURNED), {"padding": "same"}, transposed((1, 0), 6, 5)),
    ("conv_transpose", (PICTURE, TURNED), {"dilation_rate": (1, 3)}, transposed(0, 8, 8)),
    (
        "conv_transpose",
        (PICTURE, TURNED),
        {"strides": 2, "output_padding": (1, 0)},
        transposed(0, 14, 10),
    ),
    (
        "conv_transpose",
        (FIRST, TURNED),
        {"data_format": "channels_first", "strides": 2},
        transposed(0, 13, 10),
    ),
    ("conv_transpose", (LINE, LINE_KERNEL[..., :3]), {"strides": 4}, transposed(0, 28)),
]

CONSTANT_ROWS = []

WRONG = [
    ("conv", (LINE, KERNEL), ValueError, r"same length.*\(3, 2, 4, 6\).*\(2, 7, 3\)"),
    ("conv", (LINE[0], LINE_KERNEL[0]), ValueError, r"ndim=3, 4 or 5.*\(7, 3\)"),
    ("conv", (LINE, LINE_KERNEL[:, :2]), ValueError, r"\(3\) must be divisible.*\(2, 7, 3\)"),
    ("conv", (LINE, LINE_KERNEL[:, :1]), ValueError, r"groups.*\(2, 7, 3\).*\(3, 1, 4\)"),
    ("conv", (LINE[:, :2], LINE_KERNEL), ValueError, r"zero or negative.*\(2, 2, 3\).*\(3, 3, 4\)"),
    ("conv", (LINE, LINE_KERNEL, 1, "full"), ValueError, "`padding` argument.*full"),
    ("conv", (LINE, LINE_KERNEL, 1, "causal"), ValueError, "`padding` argument.*causal"),
    ("conv", (LINE, LINE_KERNEL, 0), ValueError, "`strides` argument.*1 integers.*> 0"),
    ("conv", (LINE, LINE_KERNEL, (1, 2)), ValueError, "`strides` argument must be a tuple of 1"),
    ("conv", (LINE, LINE_KERNEL, 1, "same", "last"), ValueError, "`data_format` argument.*last"),
    ("conv", (LINE, LINE_KERNEL, 1, "same", None, "two"), ValueError, "`dilation_rate`.*two"),
    ("conv", (LINE, LINE_KERNEL[:0]), ValueError, r"\(0, 3, 4\) has no weights"),
    ("depthwise_conv", (LINE, LINE_KERNEL[:, :1]), ValueError, r"channels must match.*\(3, 1, 4\)"),
    ("separable_conv", (PICTURE, DEPTHWISE, POINTWISE[0]), ValueError, r"same length.*\(1, 8, 3\)"),
    ("separable_conv", (PICTURE, KERNEL[..., :3, :], POINTWISE), ValueError, "channels must match"),
    ("conv_transpose", (LINE, LINE_KERNEL), ValueError, r"must match.*\(2, 7, 3\).*\(3, 3, 4\)"),
    ("conv_transpose", (LINE[:, :1], LINE_KERNEL[:2, :, :3], 1, "same", 0), ValueError,
     r"zero or negative.*\(2, 1, 3\).*\(2, 3, 3\)"),
    ("conv_transpose", (LINE, LINE_KERNEL[..., :3], 1, "full"), ValueError, "`padding`.*full"),
    ("conv_transpose", (LINE, LINE_KERNEL[..., :3], 1, "same", -1), ValueError, "output_padding"),
]  # fmt: skip
