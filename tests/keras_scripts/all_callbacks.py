import os
import tempfile

import keras
import numpy as np
from keras import layers
from same_start import set_start

folder = tempfile.mkdtemp()
log_file = os.path.join(folder, "training.csv")

rng = np.random.default_rng(91)
x = rng.normal(size=(256, 10)).astype("float32")
y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype("float32")


class CustomCallback(keras.callbacks.Callback):
    """Notes each call, with the keys that it saw."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def note(self, hook, logs):
        self.calls.append(f"{hook}: {', '.join(logs or ())}")

    def on_train_begin(self, logs=None):
        self.note("train begins", logs)

    def on_train_end(self, logs=None):
        self.note("train ends", logs)

    def on_epoch_begin(self, epoch, logs=None):
        self.note(f"epoch {epoch} begins", logs)

    def on_epoch_end(self, epoch, logs=None):
        self.note(f"epoch {epoch} ends", logs)

    def on_test_begin(self, logs=None):
        self.note("test begins", logs)

    def on_test_end(self, logs=None):
        self.note("test ends", logs)

    def on_test_batch_end(self, batch, logs=None):
        self.note(f"test batch {batch} ends", logs)

    def on_predict_batch_begin(self, batch, logs=None):
        self.note(f"predict batch {batch} begins", logs)

    def on_predict_end(self, logs=None):
        self.note("predict ends", logs)


class LossAndErrors(keras.callbacks.Callback):
    """Per-batch losses, and a learning rate that falls within the epoch."""

    def on_train_begin(self, logs=None):
        self.per_batch_losses = []
        self.rates = []

    def on_train_batch_begin(self, batch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))

    def on_train_batch_end(self, batch, logs=None):
        self.per_batch_losses.append(logs["loss"])
        rate = float(self.model.optimizer.learning_rate)
        self.model.optimizer.learning_rate = 0.98 * rate


class EarlyStoppingAtMinLoss(keras.callbacks.Callback):
    """Stop training when the loss is small enough, and say so in the logs."""

    def on_epoch_end(self, epoch, logs=None):
        logs["small_enough"] = float(logs["loss"] < 0.05)
        if logs["loss"] < 0.05:
            self.model.stop_training = True


model = keras.Sequential([keras.Input((10,)), layers.Dense(24, "relu"), layers.Dense(1, "sigmoid")])
set_start(model, seed=20)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.3),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)

custom, batches = CustomCallback(), LossAndErrors()
epochs_seen = []
stopper = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=2, min_delta=0.001, restore_best_weights=True, start_from_epoch=1
)
callbacks = [
    custom,
    batches,
    EarlyStoppingAtMinLoss(),
    keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.95),
    keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1),
    stopper,
    keras.callbacks.TerminateOnNaN(),
    keras.callbacks.CSVLogger(log_file, separator=";"),
    keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs_seen.append(epoch)),
]
np.random.seed(92)
history = model.fit(
    x, y, batch_size=64, epochs=8, callbacks=callbacks, validation_split=0.25, verbose=2
)
model.evaluate(x, y, batch_size=128, callbacks=[custom], verbose=0)
model.predict(x[:100], batch_size=50, callbacks=[custom], verbose=0)

with open(log_file) as file:
    header, *rows = file.read().splitlines()
os.remove(log_file)
os.rmdir(folder)

logs = {
    **history.history,
    "epoch": history.epoch,
    "epochs_seen": epochs_seen,
    "calls": custom.calls,
    "per_batch_losses": batches.per_batch_losses,
    "rates": batches.rates,
    "stopped": [stopper.stopped_epoch, stopper.best_epoch, float(stopper.best)],
    "csv_header": header,
    "csv": [[float(cell) for cell in row.split(";")] for row in rows],
    "predictions": model.predict(x[:4], verbose=0),
}
