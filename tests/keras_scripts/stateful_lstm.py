import keras
import numpy as np
from keras import layers, ops
from same_start import set_start
from tensorflow import GradientTape

# The output is the mean of the last `tsteps` inputs, of which the model sees `lahead` at a time
input_len = 160
tsteps = 2
lahead = 1
batch_size = 1
epochs = 3

rng = np.random.default_rng(7)
data_input = rng.uniform(-0.1, 0.1, input_len).astype("float32")
expected_output = np.convolve(data_input, np.ones(tsteps) / tsteps, mode="valid")
x = data_input[tsteps - 1 :].reshape(-1, lahead, 1)
y = expected_output.reshape(-1, 1)
x_train, y_train, x_test, y_test = x[:120], y[:120], x[120:], y[120:]


def create_model(stateful):
    model = keras.Sequential(
        [
            keras.Input((lahead, 1), batch_size=batch_size),
            layers.LSTM(8, stateful=stateful),
            layers.Dense(1),
        ]
    )
    set_start(model, seed=8)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.01))
    return model


def loop(model, n_windows):
    """Truncated backpropagation through time in a loop: losses, then the last gradient's norm."""
    losses = []
    model.layers[0].reset_state()
    for i in range(n_windows):
        with GradientTape() as tape:
            loss = ops.mean(ops.square(model(x_train[i : i + 1]) - y_train[i]))
        gradients = tape.gradient(loss, model.trainable_weights)
        model.optimizer.apply(gradients, model.trainable_weights)
        losses.append(float(loss))
    squares = [float(ops.sum(ops.square(gradient))) for gradient in gradients]
    return [*losses[-3:], sum(squares) ** 0.5]


logs = {}
for stateful in (True, False):
    model = create_model(stateful)
    losses = []
    for _ in range(epochs):
        # Note that the last state for sample i in a batch will be used as initial state
        # for sample i in the next batch.
        history = model.fit(
            x_train,
            y_train,
            batch_size=batch_size,
            epochs=1,
            verbose=0,
            validation_data=(x_test, y_test),
            shuffle=False,
        )
        losses.append([history.history["loss"][0], history.history["val_loss"][0]])
        if stateful:
            model.layers[0].reset_state()
    first = model.predict(x_test, batch_size=batch_size, verbose=0)[:4]
    logs[f"stateful={stateful}"] = {
        "losses": losses,
        "predictions": first,
        # A stateful model has gone on
        "again": model.predict(x_test, batch_size=batch_size, verbose=0)[:4],
        "loop": loop(model, 10) if stateful else None,
    }
