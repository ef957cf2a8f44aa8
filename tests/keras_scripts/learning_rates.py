import keras
import numpy as np
from keras import layers, ops
from same_start import set_start

rng = np.random.default_rng(81)
x = rng.normal(size=(320, 6)).astype("float32")
y = (np.sin(x[:, 0]) + 0.2 * x[:, 1] ** 2 + 0.02 * rng.normal(size=320)).astype("float32")


def get_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6,)))
    model.add(layers.Dense(16, activation="tanh"))
    model.add(layers.Dense(1))
    set_start(model, seed=19)
    return model


def run(optimizer, callbacks=None, epochs=4):
    model = get_model()
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    np.random.seed(82)
    history = model.fit(
        x,
        y,
        batch_size=32,
        epochs=epochs,
        callbacks=callbacks,
        validation_split=0.25,
        verbose=0,
    )
    rate = float(model.optimizer.learning_rate)
    return {**history.history, "rate_at_the_end": rate}


class LinearWarmup(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, initial_learning_rate, warmup_steps):
        self.initial_learning_rate = initial_learning_rate
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        progress = (ops.cast(step, "float32") + 1) / self.warmup_steps
        return self.initial_learning_rate * ops.minimum(progress, 1.0)


# This function keeps the initial learning rate for the first two epochs
# and decreases it exponentially after that.
def scheduler(epoch, lr):
    if epoch < 2:
        return lr
    return lr * float(np.exp(-0.5))


schedules = keras.optimizers.schedules
logs = {
    "exponential": run(
        keras.optimizers.SGD(
            learning_rate=schedules.ExponentialDecay(0.1, decay_steps=8, decay_rate=0.7)
        )
    ),
    "staircase": run(
        keras.optimizers.RMSprop(schedules.ExponentialDecay(0.01, 10, 0.5, staircase=True))
    ),
    "cosine": run(
        keras.optimizers.Adam(
            schedules.CosineDecay(0.0, decay_steps=24, warmup_target=0.02, warmup_steps=6)
        )
    ),
    "restarts": run(keras.optimizers.SGD(schedules.CosineDecayRestarts(0.1, 8), momentum=0.9)),
    "pieces": run(
        keras.optimizers.Adam(schedules.PiecewiseConstantDecay([8, 20], [0.02, 0.01, 0.001]))
    ),
    "polynomial": run(keras.optimizers.Adam(schedules.PolynomialDecay(0.02, 24, power=2.0))),
    "inverse_time": run(keras.optimizers.Adam(schedules.InverseTimeDecay(0.02, 8, 0.5))),
    "warmup": run(keras.optimizers.Nadam(LinearWarmup(0.01, warmup_steps=12))),
    "scheduler": run(
        keras.optimizers.SGD(0.05),
        callbacks=[keras.callbacks.LearningRateScheduler(scheduler)],
    ),
    "plateau": run(
        keras.optimizers.SGD(0.2, nesterov=True, momentum=0.5),
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(
                monitor="val_loss", factor=0.2, patience=1, min_lr=0.001
            )
        ],
        epochs=8,
    ),
}
