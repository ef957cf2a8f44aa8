"""The networks of the cases as data: layers with their arguments, in Keras's terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True)
class Layer:
    """A layer by its name in Keras, and what it is made with."""

    name: str
    arguments: Mapping


@dataclass(frozen=True)
class Network:
    """Hidden layers; a contender adds a softmax over the classes in its own way.

    ``input_shape`` is that of one row: (columns,), or (height, width, channels).
    """

    input_shape: tuple[int, ...]
    hidden: tuple[Layer, ...]
    classes: int

    @property
    def columns(self) -> int:
        """Numbers in a row."""
        return prod(self.input_shape)

    @property
    def is_dense(self) -> bool:
        """Whether it is a multilayer perceptron."""
        return all(layer.name == "Dense" for layer in self.hidden)

    @property
    def training_flop(self) -> int:
        """Of convolutions and products on one row: forward, and two halves of backward.

        The first layer has no gradient of its input.
        """
        forward = [flop for flop in forward_flop(self) if flop]
        return 3 * sum(forward) - forward[0]


def forward_flop(network: Network) -> Iterator[int]:
    """Of each layer on one row; taps that meet the padding are counted."""
    *sides, channels = network.input_shape
    for layer in (*network.hidden, Layer("Dense", {"units": network.classes})):
        arguments = layer.arguments
        if layer.name in ("Conv2D", "DepthwiseConv2D"):
            kernel = arguments["kernel_size"]
            lost = 0 if arguments.get("padding") == "same" else kernel - 1
            sides = [-(-(side - lost) // arguments.get("strides", 1)) for side in sides]
            seen = channels if layer.name == "Conv2D" else 1
            channels = arguments.get("filters", channels)
            yield 2 * prod(sides) * kernel**2 * seen * channels
        elif layer.name == "MaxPooling2D":
            sides = [side // arguments["pool_size"] for side in sides]
        elif layer.name == "GlobalAveragePooling2D":
            sides = []
        elif layer.name == "Flatten":
            sides, channels = [], prod(sides) * channels
        elif layer.name == "Dense":
            yield 2 * channels * arguments["units"]
            channels = arguments["units"]


def layer(name: str, **arguments) -> Layer:
    return Layer(name, arguments)


def dense(columns: int, *units: int) -> Network:
    """A multilayer perceptron with ReLU; the last of the units are the classes."""
    *hidden, classes = units
    layers = [layer("Dense", units=count, activation="relu") for count in hidden]
    return Network((columns,), tuple(layers), classes)


def convolution(filters: int, **arguments) -> Layer:
    """3 x 3 and ReLU, as nearly everybody has it."""
    return layer("Conv2D", filters=filters, kernel_size=3, activation="relu", **arguments)


POOLING = layer("MaxPooling2D", pool_size=2)
FLATTEN = layer("Flatten")

MNIST_CONVNET = Network(
    (28, 28, 1),
    (
        convolution(32),
        POOLING,
        convolution(64),
        POOLING,
        FLATTEN,
        layer("Dropout", rate=0.5),
    ),
    10,
)
"""Keras's example for MNIST."""

SMALL_VGG = Network(
    (32, 32, 3),
    (
        convolution(32, padding="same"),
        convolution(32, padding="same"),
        POOLING,
        convolution(64, padding="same"),
        convolution(64, padding="same"),
        POOLING,
        FLATTEN,
        layer("Dense", units=256, activation="relu"),
    ),
    10,
)
"""What tutorials train on CIFAR-10."""


def normalized(first: Layer) -> tuple[Layer, ...]:
    """A convolution without bias, its normalization, and ReLU."""
    return first, layer("BatchNormalization"), layer("Activation", activation="relu")


def separable(filters: int, strides: int = 1) -> tuple[Layer, ...]:
    """A block of MobileNet: 3 x 3 channel by channel, then 1 x 1 over the channels."""
    depthwise = layer(
        "DepthwiseConv2D", kernel_size=3, strides=strides, padding="same", use_bias=False
    )
    pointwise = layer("Conv2D", filters=filters, kernel_size=1, use_bias=False)
    return *normalized(depthwise), *normalized(pointwise)


DEPTHWISE_SEPARABLE = Network(
    (32, 32, 3),
    (
        *normalized(
            layer("Conv2D", filters=32, kernel_size=3, strides=2, padding="same", use_bias=False)
        ),
        *separable(64),
        *separable(128, strides=2),
        *separable(128),
        *separable(256, strides=2),
        *separable(256),
        layer("GlobalAveragePooling2D"),
    ),
    10,
)
"""The beginning of MobileNet, for small images."""
