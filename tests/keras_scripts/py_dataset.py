import math

import keras
import numpy as np
from digits import load_data
from keras import layers
from same_start import set_start


# Here, `x_set` are images and `y_set` are the associated classes.
class DigitsPyDataset(keras.utils.PyDataset):
    def __init__(self, x_set, y_set, batch_size, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size
        self.order = np.arange(len(x_set))
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.epochs_ended = 0

    def __len__(self):
        # Return number of batches.
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        # Return x, y for batch idx. The last batch may be smaller.
        rows = self.order[idx * self.batch_size : (idx + 1) * self.batch_size]
        batch_x = self.x[rows].astype("float32") / 255.0
        return batch_x, self.y[rows]

    def on_epoch_end(self):
        self.epochs_ended += 1
        if self.rng is not None:
            self.order = self.rng.permutation(len(self.x))


class WeightedPyDataset(DigitsPyDataset):
    """Gives dicts, and weights of samples."""

    def __getitem__(self, idx):
        x, y = super().__getitem__(idx)
        return {"image": x, "mean": x.mean(axis=(1, 2), keepdims=True)[:, 0]}, y, 1.0 + y % 2


def get_model():
    image = keras.Input((8, 8), name="image")
    mean = keras.Input((1,), name="mean")
    x = layers.Flatten()(image) - mean
    x = layers.Dense(32, activation="relu")(x)
    model = keras.Model({"image": image, "mean": mean}, layers.Dense(10)(x))
    set_start(model, seed=21)
    return model


(x_train, y_train), (x_test, y_test) = load_data(train=330, test=90, seed=31)

plain = keras.Sequential(
    [
        keras.Input((8, 8)),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
set_start(plain, seed=22)
plain.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
plain.optimizer.learning_rate = 0.01
train = DigitsPyDataset(
    x_train, y_train, batch_size=32, seed=32, workers=2, use_multiprocessing=False, max_queue_size=4
)
test = DigitsPyDataset(x_test, y_test, batch_size=32)
plain_history = plain.fit(train, epochs=4, validation_data=test, shuffle=False, verbose=0)

weighted = get_model()
weighted.compile(
    optimizer=keras.optimizers.Adam(0.02),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    weighted_metrics=["accuracy"],
)
weighted_train = WeightedPyDataset(x_train, y_train, batch_size=50, workers=3)
weighted_history = weighted.fit(
    weighted_train,
    epochs=3,
    shuffle=False,
    validation_data=WeightedPyDataset(x_test, y_test, batch_size=30),
    validation_steps=2,
    verbose=0,
)

logs = {
    "batches": [len(train), len(test), len(weighted_train)],
    "plain": plain_history.history,
    "params": plain_history.params,
    "weighted": weighted_history.history,
    "test": plain.evaluate(test, verbose=0, return_dict=True),
    "weighted_test": weighted.evaluate(
        WeightedPyDataset(x_test, y_test, batch_size=64), verbose=0, return_dict=True
    ),
    "predictions": plain.predict(test, verbose=0)[-2:],
    "train_on_batch": plain.train_on_batch(*train[0], return_dict=True),
}
