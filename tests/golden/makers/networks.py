"""Networks, losses and optimizers built from plain data that goes into the JSON files as it is.

An object is written as `[class name, keyword arguments]`, and a network as a shape of one input
sample and a list of such layers.
"""

import keras
import numpy as np


def dense(units, activation, use_bias=True):
    """Return the plain form of a Dense layer."""
    return ["Dense", {"units": units, "activation": activation, "use_bias": use_bias}]


def build_object(module, spec):
    """Build an object of `keras.<module>` from its plain form."""
    class_name, arguments = spec
    return getattr(getattr(keras, module), class_name)(**arguments)


def fresh_session():
    """Let Keras count the names of layers from the start again."""
    # Without this argument, Keras collects garbage, which takes most of the time of a maker.
    keras.utils.clear_session(free_memory=False)


def build_model(input_shape, layers):
    """Build a Sequential model; its weights still have to be set."""
    fresh_session()
    stack = [build_object("layers", layer) for layer in layers]
    return keras.Sequential([keras.Input(input_shape), *stack])


def draw_weights(model, rng):
    """Draw weights like those of a trained network: biases are not zero, nothing saturates."""
    return [draw_weight(weight.shape, rng) for weight in model.weights]


def draw_weight(shape, rng):
    """Draw a kernel scaled by its fan-in, or a small bias."""
    scale = 0.2 if len(shape) == 1 else 1.0 / np.sqrt(shape[0])
    return rng.normal(scale=scale, size=shape).astype("float32")


def numbered(prefix, arrays):
    """Name a list of arrays `<prefix>_0`, `<prefix>_1`, ... as members of an npz file."""
    return {f"{prefix}_{index}": array for index, array in enumerate(arrays)}
