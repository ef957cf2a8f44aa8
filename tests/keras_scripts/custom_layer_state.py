import keras
import numpy as np
from keras import layers, ops
from same_start import set_start


@keras.saving.register_keras_serializable(package="custom_layers")
class Linear(layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer="random_normal",
            regularizer=keras.regularizers.L2(1e-3),
            trainable=True,
            name="w",
        )
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True, name="b")

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b

    def get_config(self):
        config = super().get_config()
        config.update({"units": self.units})
        return config


@keras.saving.register_keras_serializable(package="custom_layers")
class RunningStandardize(layers.Layer):
    """Standardizes by a mean and a variance that follow the training data."""

    def __init__(self, momentum=0.9, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.var = self.add_weight(shape=shape, initializer="ones", trainable=False, name="var")
        self.seen = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="seen", dtype="int32"
        )

    def call(self, inputs, training=False):
        if training:
            batch_mean = ops.mean(inputs, axis=0)
            batch_var = ops.var(inputs, axis=0)
            self.mean.assign(self.momentum * self.mean + (1 - self.momentum) * batch_mean)
            self.var.assign(self.momentum * self.var + (1 - self.momentum) * batch_var)
            self.seen.assign_add(1)
        return (inputs - self.mean) / ops.sqrt(self.var + 1e-3)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}


class ComputeSum(layers.Layer):
    def __init__(self, input_dim):
        super().__init__()
        self.total = self.add_weight(initializer="zeros", shape=(input_dim,), trainable=False)

    def call(self, inputs):
        self.total.assign_add(ops.sum(inputs, axis=0))
        return self.total


class ActivityRegularizationLayer(layers.Layer):
    def call(self, inputs):
        self.add_loss(1e-2 * ops.mean(ops.square(inputs)))
        return inputs


# State outside of any model
my_sum = ComputeSum(2)
sums = [ops.convert_to_numpy(my_sum(np.ones((2, 2)))) for _ in range(3)]

rng = np.random.default_rng(51)
x = (3.0 * rng.normal(size=(320, 6)) + np.arange(6)).astype("float32")
y = np.sin(x[:, :1]) + 0.1 * x[:, 1:2] * x[:, 2:3]

inputs = keras.Input(shape=(6,))
h = RunningStandardize(momentum=0.8, name="standardize")(inputs)
h = Linear(16, name="linear")(h)
h = ActivityRegularizationLayer()(h)
h = layers.Activation("tanh")(h)
outputs = Linear(1, name="output")(h)
model = keras.Model(inputs, outputs)
set_start(model, seed=16)

model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.5), loss="mse", metrics=["mae"])
np.random.seed(52)
history = model.fit(x, y, epochs=4, batch_size=64, validation_split=0.2, verbose=0)
standardize = model.get_layer("standardize")

# The same layer from its config
config = model.get_layer("linear").get_config()
new_layer = Linear.from_config(config)
new_layer.build((None, 6))
new_layer.set_weights(model.get_layer("linear").get_weights())

logs = {
    "sums": sums,
    "sum_weights": [len(my_sum.weights), len(my_sum.trainable_weights)],
    "shapes": [list(weight.shape) for weight in model.weights],
    "names": [weight.name for weight in model.weights],
    "paths": [weight.path for weight in model.weights],
    **history.history,
    "mean": ops.convert_to_numpy(standardize.mean),
    "var": ops.convert_to_numpy(standardize.var),
    "seen": int(standardize.seen),
    "config": {name: config[name] for name in ("name", "trainable", "units")},
    "registered": keras.saving.get_registered_name(Linear),
    "from_config": ops.convert_to_numpy(new_layer(x[:2]))[:, :4],
    "predictions": model.predict(x[:3], verbose=0),
}
