"""Layers within `TimeDistributed`, for Keras and for kerasette alike, and what they show.

A case is a function of the library that returns a model; Keras and kerasette train it alike.
"""

import numpy as np
from mask_cases import array, mask_of, masked, wave, with_weights
from seen_cases import observed

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def each_step(keras, layer, **arguments):
    return keras.layers.TimeDistributed(layer, **arguments)


@case
def dense(keras):
    x = keras.Input((3, 2))
    return keras.Model(x, each_step(keras, keras.layers.Dense(3, "tanh"))(x))


@case
def any_number_of_steps(keras):
    x = keras.Input((None, 2))
    return keras.Model(x, each_step(keras, keras.layers.Dense(2, "relu"))(x)), (4, 3, 2)


@case
def images(keras):
    layers = keras.layers
    x = keras.Input((2, 5, 4, 1))
    y = each_step(keras, layers.Conv2D(2, 3, activation="relu"))(x)
    y = each_step(keras, layers.MaxPooling2D((1, 2)))(y)
    return keras.Model(x, each_step(keras, layers.Flatten())(y))


@case
def stack(keras):
    layers = keras.layers
    inner = [keras.Input((4, 2)), layers.Conv1D(3, 2), layers.ReLU(), layers.GlobalMaxPooling1D()]
    x = keras.Input((3, 4, 2))
    return keras.Model(x, each_step(keras, keras.Sequential(inner))(x))


@case
def graph(keras):
    layers = keras.layers
    a = keras.Input((4,))
    inner = keras.Model(a, layers.Add()([layers.Dense(4, "tanh")(a), layers.Softmax()(a)]))
    x = keras.Input((3, 4))
    return keras.Model(x, each_step(keras, inner)(x))


@case
def graph_with_an_op_over_the_batch(keras):
    a = keras.Input((4,))
    inner = keras.Model(a, a - keras.ops.mean(a, axis=0, keepdims=True))
    x = keras.Input((3, 4))
    return keras.Model(x, keras.layers.Dense(2)(each_step(keras, inner)(x)))


@case
def statistics_of_each_step(keras):
    x = keras.Input((3, 2))
    y = each_step(keras, keras.layers.BatchNormalization(momentum=0.5))(x)
    return keras.Model(x, keras.layers.Dense(2)(y))


@case
def statistics_within_a_stack(keras):
    layers = keras.layers
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.BatchNormalization()])
    x = keras.Input((2, 2))
    return keras.Model(x, each_step(keras, inner)(x))


@case
def steps_of_steps(keras):
    x = keras.Input((2, 3, 4))
    inner = keras.layers.TimeDistributed(keras.layers.Dense(2, "sigmoid"))
    return keras.Model(x, each_step(keras, inner)(x))


@case
def penalties(keras):
    layers = keras.layers
    dense = layers.Dense(2, kernel_regularizer="l2", activity_regularizer="l2")
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(2, activity_regularizer="l1")])
    x = keras.Input((3, 2))
    y = each_step(keras, dense, activity_regularizer="l1")(x)
    return keras.Model(x, each_step(keras, inner)(y))


@case
def layer_of_a_user(keras):
    class Centred(keras.layers.Layer):
        """Adds a weight to what is left without the mean of the batch."""

        def build(self, input_shape):
            self.offset = self.add_weight(shape=(input_shape[-1],), name="offset")

        def call(self, inputs, training=False):
            x = inputs - keras.ops.mean(inputs, axis=0) if training else inputs
            return x + self.offset

        def compute_output_shape(self, input_shape):
            return input_shape

    x = keras.Input((3, 2))
    return keras.Model(x, each_step(keras, Centred(name="centred"))(x))


@case
def normalized_steps(keras):
    x = keras.Input((2, 3, 2))
    y = each_step(keras, keras.layers.LayerNormalization())(x)
    y = each_step(keras, keras.layers.UnitNormalization(axis=1))(y)
    return keras.Model(x, y)


@case
def sequences_of_sequences(keras):
    layers = keras.layers
    x = keras.Input((2, 3, 2))
    y = layers.TimeDistributed(layers.Bidirectional(layers.LSTM(2)))(layers.Masking(0.5)(x))
    return keras.Model(x, layers.GRU(3)(y[:, :, :3]))


def trained(keras, case):
    """Shapes and paths of a model, three steps of training, and outputs then."""
    made = case(keras)
    model, shape = made if isinstance(made, tuple) else (made, (4, *made.input_shape[1:]))
    with_weights(model)
    x = 2 * wave(*shape)
    before = model(x)
    model.compile(keras.optimizers.SGD(0.2), "mse")
    y = wave(*before.shape, phase=3.0)
    losses = [
        model.train_on_batch(x[first : first + 3], y[first : first + 3]) for first in range(2)
    ]
    losses.append(model.train_on_batch(x, y))
    return {
        "shape": str(model.output_shape),
        "paths": [w.path.split("/", 1)[1] for w in model.weights],
        "before": array(keras, before),
        "losses": losses,
        "weights": np.concatenate([w.ravel() for w in model.get_weights()]),
        "after": model.predict(x, verbose=0),
    }


def with_masks(keras):
    """What layers that take masks get, and what the output carries."""
    layers = keras.layers

    class Taking(layers.Layer):
        def call(self, inputs, mask=None):
            return inputs if mask is None else inputs + keras.ops.cast(mask, "float32")[..., None]

    x, mask = wave(3, 4, 2, 2), wave(3, 4, 2) > -0.5
    found = {}
    for name, layer, given in (
        ("mean", layers.GlobalAveragePooling1D(), mask),
        ("dense", layers.Dense(1, kernel_initializer="ones"), mask),
        ("steps_alone", layers.Flatten(), mask[..., 0]),
        ("own", Taking(), mask),
        ("statistics", layers.BatchNormalization(), mask),
        ("statistics_in_training", layers.BatchNormalization(momentum=0.5), mask),
    ):
        layer = each_step(keras, layer)
        output = layer(masked(keras, x, given), training="training" in name)
        found[name] = {
            "values": array(keras, output), "mask": mask_of(keras, output),
            "weights": layer.get_weights(),
        }  # fmt: skip
    found["by_hand"] = array(keras, each_step(keras, layers.GlobalAveragePooling1D())(x, mask=mask))
    return found


def observe(keras, name):
    """What a case shows, as one flat dict of arrays, texts and None."""
    if name == "with_masks":
        return observed(keras, name, with_masks)
    return observed(keras, name, lambda keras: trained(keras, CASES[name]))


NAMES = [*CASES, "with_masks"]
