"""Networks with convolutions, for Keras and for kerasette alike.

A network is a function of the library that returns a compiled model; `SHAPES` has the shape of a
batch of inputs, whose targets `data` draws.
"""

import numpy as np
from convolution_cases import drawn

NETWORKS, SHAPES = {}, {}


def network(*shape):
    def known(function):
        NETWORKS[function.__name__] = function
        SHAPES[function.__name__] = shape
        return function

    return known


@network(4, 28, 28, 1)
def convnet(keras):
    """The network for digits: convolutions and maxima in turn."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(6, 3, activation="relu"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


@network(6, 9, 8, 2)
def residual(keras):
    """Two convolutions beside a shortcut, with strides, as in ResNet."""
    layers = keras.layers
    inputs = keras.Input((9, 8, 2))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    y = layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)
    y = layers.Activation("relu")(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(6, 3, padding="same", use_bias=False)(y))
    short = layers.BatchNormalization()(layers.Conv2D(6, 1, strides=2, use_bias=False)(x))
    y = layers.Activation("relu")(layers.Add()([y, short]))
    y = layers.GlobalAveragePooling2D()(y)
    outputs = layers.Dense(3, activation="softmax")(y)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


@network(2, 8, 12, 2)
def unet(keras):
    """Down and up again with what was before beside it, for images of any size."""
    layers = keras.layers
    inputs = keras.Input((None, None, 2))
    levels, x = [], inputs
    for filters in (3, 5):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        levels.append(x)
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    for filters in (5, 3):
        x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        x = layers.Concatenate()([x, levels.pop()])
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    return model


@network(3, 11, 2)
def wavenet(keras):
    """Gates of causal convolutions whose steps grow apart."""
    layers = keras.layers
    inputs = keras.Input((None, 2))
    x = layers.Conv1D(4, 2, padding="causal")(inputs)
    skips = []
    for distance in (1, 2, 4):
        both = {"padding": "causal", "dilation_rate": distance}
        signal = layers.Conv1D(4, 2, activation="tanh", **both)(x)
        gate = layers.Conv1D(4, 2, activation="sigmoid", **both)(x)
        y = layers.Conv1D(4, 1)(layers.Multiply()([signal, gate]))
        skips.append(y)
        x = layers.Add()([x, y])
    outputs = layers.Conv1D(1, 1)(layers.Activation("relu")(layers.Add()(skips)))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    return model


@network(4, 9, 9, 3)
def separable(keras):
    """Depthwise and pointwise layers in turn, as in MobileNet and Xception."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((9, 9, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(6.0),
            layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(6.0),
            layers.Conv2D(6, 1),
            layers.SeparableConv2D(5, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@network(2, 5, 6, 4, 1)
def volumes(keras):
    """There and back in three dimensions."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((5, 6, 4, 1)),
            layers.Conv3D(3, 2, strides=(1, 2, 1), activation="relu"),
            layers.Conv3DTranspose(2, 2, strides=(1, 2, 1), activation="tanh"),
            layers.Conv3D(1, (1, 3, 1), padding="same"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model


@network(4, 2, 7, 6)
def channels_first(keras):
    """Groups, transposes and dilation with the channels before rows and columns."""
    layers, first = keras.layers, {"data_format": "channels_first"}
    model = keras.Sequential(
        [
            keras.Input((2, 7, 6)),
            layers.Conv2D(4, 3, padding="same", dilation_rate=2, activation="relu", **first),
            layers.Conv2D(4, 2, strides=2, groups=2, **first),
            layers.Conv2DTranspose(2, 3, strides=2, activation="tanh", **first),
            layers.DepthwiseConv2D(2, **first),
            layers.SeparableConv2D(2, 2, **first),
            layers.Flatten(**first),
            layers.Dense(2, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def data(name, model):
    """A batch of inputs and targets."""
    x = drawn(SHAPES[name], 1)
    rng = np.random.default_rng(2)
    if "sparse" in str(getattr(model.loss, "name", model.loss)):
        return x, rng.integers(0, 3, len(x))
    shape = [x.shape[i] if s is None else s for i, s in enumerate(model.output_shape)]
    return x, rng.integers(0, 2, shape).astype("float32")


def initial_weights(model):
    """Numbers of the size that Glorot's are of; scales and variances are 1."""
    found = []
    for number, weight in enumerate(model.weights):
        shape = tuple(weight.shape)
        fan = np.prod(shape[:-1]) if len(shape) > 1 else 16
        values = drawn(shape, 10 + number) * 2.0 ** -np.round(np.log2(fan) / 2)
        is_scale = weight.name in ("gamma", "moving_variance")
        found.append((values + is_scale).astype("float32"))
    return found


def trained(keras, name):
    """Losses of five steps, what is predicted afterwards, and the sum of squares of each weight."""
    model = NETWORKS[name](keras)
    model.set_weights(initial_weights(model))
    x, y = data(name, model)
    losses = [float(np.asarray(model.train_on_batch(x, y))) for _ in range(5)]
    squares = [float((w.astype("float64") ** 2).sum()) for w in model.get_weights()]
    return {
        "losses": np.array(losses, "float32"),
        "predicted": np.asarray(model.predict(x, verbose=0)),
        "squares": np.array(squares, "float32"),
    }
