import math

import keras
import numpy as np
from digits import load_data
from keras import layers
from same_start import set_start


# Here, `x_set` are images and `y_set` are the associated classes.
class DigitsPyDataset(keras.utils.PyDataset):
    def __init__(self, x_set, y_set, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size

    def __len__(self):
        # Return number of batches.
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        # Return x, y for batch idx.
        low = idx * self.batch_size
        # Cap upper bound at array length; the last batch may be smaller
        # if the total number of items is not a multiple of batch size.
        high = min(low + self.batch_size, len(self.x))
        return self.x[low:high].astype("float32") / 255.0, self.y[low:high]


class ShuffledPyDataset(DigitsPyDataset):
    """Puts other samples together in each epoch."""

    def __init__(self, *args, seed, **kwargs):
        super().__init__(*args, **kwargs)
        self.rng = np.random.default_rng(seed)

    def on_epoch_end(self):
        order = self.rng.permutation(len(self.x))
        self.x, self.y = self.x[order], self.y[order]


class WeightedPyDataset(DigitsPyDataset):
    """Gives dicts, and weights of samples."""

    def __getitem__(self, idx):
        x, y = super().__getitem__(idx)
        return {"image": x, "mean": x.mean(axis=(1, 2))[:, np.newaxis]}, y, 1.0 + y % 2


def get_model():
    model = keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    set_start(model, seed=21)
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.01
    return model


def get_model_of_two_inputs():
    image = keras.Input((8, 8), name="image")
    mean = keras.Input((1,), name="mean")
    x = layers.Flatten()(image) - mean
    x = layers.Dense(32, activation="relu")(x)
    model = keras.Model({"image": image, "mean": mean}, layers.Dense(10)(x))
    set_start(model, seed=22)
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        weighted_metrics=["accuracy"],
    )
    return model


(x_train, y_train), (x_test, y_test) = load_data(train=330, test=90, seed=31)
test = DigitsPyDataset(x_test, y_test, batch_size=32)

# Two threads prepare batches, at most four of them ahead
train = DigitsPyDataset(x_train, y_train, batch_size=32, workers=2, max_queue_size=4)
model = get_model()
before = model.evaluate(test, verbose=0)
history = model.fit(train, epochs=4, validation_data=test, shuffle=False, verbose=0)

# Batches in another order in each epoch, which comes from Python's generator
keras.utils.set_random_seed(33)
shuffled = get_model()
shuffled_train = ShuffledPyDataset(x_train, y_train, batch_size=32, seed=32)
shuffled_history = shuffled.fit(shuffled_train, epochs=3, class_weight={3: 2.0}, verbose=0)

weighted = get_model_of_two_inputs()
weighted_test = WeightedPyDataset(x_test, y_test, batch_size=64)
weighted_before = weighted.evaluate(weighted_test, verbose=0)
weighted_history = weighted.fit(
    WeightedPyDataset(x_train, y_train, batch_size=50, workers=3, use_multiprocessing=False),
    epochs=3,
    shuffle=False,
    validation_data=WeightedPyDataset(x_test, y_test, batch_size=30),
    validation_steps=2,
    verbose=0,
)

logs = {
    "batches": [len(train), len(test), len(weighted_test)],
    "before": [before, weighted_before],
    **history.history,
    "params": history.params,
    "shuffled": shuffled_history.history,
    "weighted": weighted_history.history,
    "test": model.evaluate(test, verbose=0, return_dict=True),
    "weighted_test": weighted.evaluate(weighted_test, verbose=0, return_dict=True),
    "predictions": model.predict(test, verbose=0)[-2:],
    "train_on_batch": model.train_on_batch(*train[0], return_dict=True),
}
