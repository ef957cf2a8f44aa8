"""kerasette, as in its own README."""

import kerasette


def use_threads(count):
    kerasette.config.set_num_threads(count)


def build(sizes, optimizer):
    inputs, *hidden, classes = sizes
    model = kerasette.Sequential([kerasette.Input((inputs,))])
    for units in hidden:
        model.add(kerasette.layers.Dense(units, activation="relu"))
    model.add(kerasette.layers.Dense(classes, activation="softmax"))
    optimizers = {"sgd": kerasette.optimizers.SGD, "adam": kerasette.optimizers.Adam}
    model.compile(optimizer=optimizers[optimizer](), loss="sparse_categorical_crossentropy")
    return model


def train(model, x, y, batch_size, epochs):
    model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)


def predict(model, x):
    return model.predict(x, verbose=0)
