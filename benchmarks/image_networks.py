"""The networks of images."""

from benchmarks.networks import Layer, Network, layer


def convolution(filters: int, **arguments) -> Layer:
    """3 x 3 and ReLU, as nearly everybody has it."""
    return layer("Conv2D", filters=filters, kernel_size=3, activation="relu", **arguments)


POOLING = layer("MaxPooling2D", pool_size=2)
FLATTEN = layer("Flatten")

MNIST_CONVNET = Network(
    "mnist_convnet",
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
    "small_vgg",
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
    "depthwise-separable",
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
