import keras
import numpy as np
from keras import layers, ops
from same_start import set_start

num_classes = 4


class CategoricalTruePositives(keras.metrics.Metric):
    def __init__(self, name="categorical_true_positives", **kwargs):
        super().__init__(name=name, **kwargs)
        self.true_positives = self.add_variable(
            shape=(), name="ctp", initializer="zeros", dtype="float32"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = ops.reshape(ops.argmax(y_pred, axis=1), (-1, 1))
        values = ops.cast(y_true, "int32") == ops.cast(y_pred, "int32")
        values = ops.cast(values, "float32")
        if sample_weight is not None:
            sample_weight = ops.cast(sample_weight, "float32")
            values = ops.multiply(values, ops.reshape(sample_weight, (-1, 1)))
        self.true_positives.assign_add(ops.sum(values))

    def result(self):
        return self.true_positives.value

    def reset_state(self):
        # The state of the metric will be reset at the start of each epoch.
        self.true_positives.assign(0.0)


class ConfidenceOfTruth(keras.metrics.Mean):
    """Mean probability that is given to the true class."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.one_hot(ops.cast(ops.squeeze(y_true, -1), "int32"), num_classes)
        return super().update_state(ops.sum(y_true * y_pred, axis=-1), sample_weight)


class FocalWithPrior(keras.losses.Loss):
    def __init__(self, gamma=2.0, regularization_factor=0.1, name="focal_with_prior"):
        super().__init__(name=name)
        self.gamma = gamma
        self.regularization_factor = regularization_factor

    def call(self, y_true, y_pred):
        y_true = ops.one_hot(ops.cast(ops.squeeze(y_true, -1), "int32"), num_classes)
        p = ops.clip(ops.sum(y_true * y_pred, axis=-1), 1e-7, 1.0)
        focal = -((1 - p) ** self.gamma) * ops.log(p)
        reg = ops.mean(ops.square(1 / num_classes - y_pred), axis=-1)
        return focal + reg * self.regularization_factor


def get_compiled_model():
    inputs = keras.Input(shape=(10,), name="digits")
    x = layers.Dense(24, activation="relu", name="dense_1")(inputs)
    x = layers.Dense(24, activation="relu", name="dense_2")(x)
    outputs = layers.Dense(num_classes, activation="softmax", name="predictions")(x)
    model = keras.Model(inputs=inputs, outputs=outputs)
    set_start(model, seed=17)
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=5e-3),
        loss=FocalWithPrior(),
        metrics=[CategoricalTruePositives(), ConfidenceOfTruth(name="confidence")],
        weighted_metrics=[CategoricalTruePositives(name="weighted_tp"), "accuracy"],
    )
    return model


rng = np.random.default_rng(61)
x = rng.normal(size=(500, 10)).astype("float32")
y = np.argmax(x[:, :4] + 0.5 * x[:, 4:8] ** 2, axis=1)[:, np.newaxis].astype("float32")
x_train, y_train, x_val, y_val = x[:400], y[:400], x[400:], y[400:]

# Class 2 is the one that we care about
sample_weight = np.ones(shape=(len(y_train),))
sample_weight[y_train[:, 0] == 2] = 2.0
val_weight = np.where(y_val[:, 0] == 2, 2.0, 1.0)

model = get_compiled_model()
np.random.seed(62)
history = model.fit(
    x_train,
    y_train,
    sample_weight=sample_weight,
    batch_size=64,
    epochs=3,
    validation_data=(x_val, y_val, val_weight),
    verbose=0,
)

# On its own: a metric has a state until it is reset
metric = CategoricalTruePositives()
states = []
for start in range(0, 100, 40):
    probabilities = model.predict_on_batch(x_val[start : start + 40])
    metric.update_state(y_val[start : start + 40], probabilities)
    states.append(float(metric.result()))
metric.reset_state()
states.append(float(metric.result()))

logs = {
    **history.history,
    "evaluation": model.evaluate(x_val, y_val, verbose=0, return_dict=True),
    "weighted": model.evaluate(x_val, y_val, sample_weight=val_weight, verbose=0, return_dict=True),
    "step": model.train_on_batch(x_train[:50], y_train[:50], sample_weight[:50], return_dict=True),
    "states": states,
}
