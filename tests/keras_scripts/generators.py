import keras
import numpy as np
from keras import layers
from same_start import set_start

batch_size = 32
sequence_length = 12


def series(n, seed):
    """A wave with noise."""
    t = np.arange(n)
    noise = np.random.default_rng(seed).normal(size=n)
    return (np.sin(t / 5) + 0.5 * np.cos(t / 11) + 0.05 * noise).astype("float32")


def windows(values, batch_size, seed=None):
    """Yield batches of windows with the value that follows, for ever."""
    rng = np.random.default_rng(seed)
    positions = np.arange(len(values) - sequence_length)
    while True:
        if seed is not None:
            rng.shuffle(positions)
        for start in range(0, len(positions) - batch_size + 1, batch_size):
            rows = positions[start : start + batch_size, np.newaxis]
            x = values[rows + np.arange(sequence_length)]
            yield x, values[rows + sequence_length]


def with_time_of_day(generator):
    """Two inputs, and sample weights."""
    for step, (x, y) in enumerate(generator):
        time = np.full((len(x), 1), step % 24 / 24, "float32")
        yield (x, time), y, np.linspace(0.5, 1.5, len(x))


train_series, val_series = series(500, seed=1), series(200, seed=2)

inputs = layers.Input(shape=(sequence_length,))
x = layers.Dense(24, activation="relu")(inputs)
x = layers.Dense(12, activation="relu")(x)
model = keras.Model(inputs=inputs, outputs=layers.Dense(1)(x))
set_start(model, seed=23)
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="mse", metrics=["mae"])

# 15 batches are one pass over the data; the generator goes on where the epoch before ended
history = model.fit(
    windows(train_series, batch_size, seed=3),
    steps_per_epoch=10,
    epochs=4,
    validation_data=windows(val_series, batch_size),
    validation_steps=3,
    verbose=0,
)

time_input = layers.Input(shape=(1,), name="time")
merged = layers.concatenate([layers.Dense(16, activation="relu")(inputs), time_input])
two_inputs = keras.Model([inputs, time_input], layers.Dense(1)(merged))
set_start(two_inputs, seed=24)
two_inputs.compile(optimizer="rmsprop", loss="mae", weighted_metrics=["mse"])
second_history = two_inputs.fit(
    with_time_of_day(windows(train_series, batch_size, seed=5)),
    steps_per_epoch=8,
    epochs=3,
    validation_data=with_time_of_day(windows(val_series, batch_size)),
    validation_steps=2,
    validation_freq=2,
    verbose=0,
)


def finite():
    generator = windows(val_series, batch_size)
    for _ in range(4):
        yield next(generator)


# The generator of predict yields tuples of inputs alone
predictions = model.predict(((x,) for x, _ in finite()), verbose=0)

logs = {
    **history.history,
    "params": history.params,
    "second": second_history.history,
    "evaluation": model.evaluate(finite(), verbose=0, return_dict=True),
    "three_steps": model.evaluate(windows(val_series, batch_size), steps=3, verbose=0),
    "shape": list(predictions.shape),
    "predictions": predictions[-3:],
}
