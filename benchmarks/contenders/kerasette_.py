"""kerasette, as in its own README."""

import kerasette


def use_threads(count):
    kerasette.config.set_num_threads(count)


def arrange(x):
    return x


def build(network, optimizer):
    dtype = "int32" if network.has_ids else None
    model = kerasette.Sequential([kerasette.Input(network.input_shape, network.batch_size, dtype)])
    for layer in network.hidden:
        model.add(getattr(kerasette.layers, layer.name)(**layer.arguments))
    model.add(kerasette.layers.Dense(network.classes, activation=network.activation))
    optimizers = {"sgd": kerasette.optimizers.SGD, "adam": kerasette.optimizers.Adam}
    model.compile(optimizer=optimizers[optimizer](), loss=network.loss)
    return model


def train(model, x, y, batch_size, epochs):
    model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)


def predict(model, x):
    return model.predict(x, verbose=0)
