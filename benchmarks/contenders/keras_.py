"""Keras, on the backend that ``KERAS_BACKEND`` names: the same lines as for kerasette."""

import keras


def use_threads(count):
    """TensorFlow has a setting; JAX sizes its pool by the cores it is pinned to."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(count)
        tf.config.threading.set_inter_op_parallelism_threads(count)


def arrange(x):
    return x


def build(network, optimizer):
    dtype = "int32" if network.has_ids else None
    model = keras.Sequential([keras.Input(network.input_shape, network.batch_size, dtype)])
    for layer in network.hidden:
        model.add(getattr(keras.layers, layer.name)(**layer.arguments))
    model.add(keras.layers.Dense(network.classes, activation=network.activation))
    optimizers = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
    model.compile(optimizer=optimizers[optimizer](), loss=network.loss)
    return model


def train(model, x, y, batch_size, epochs):
    model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)


def predict(model, x):
    return model.predict(x, verbose=0)
