"""Models with steps, losses and metrics of their own: the same code for Keras and for kerasette.

`define` is called with either package; all that differs is where the tape of gradients comes from.
"""

import numpy as np

SAMPLES, BATCH, EPOCHS = 18, 5, 3
RNG = np.random.default_rng(20)
X = RNG.normal(size=(SAMPLES, 4)).astype("float32")
Y = (X[:, :2] - 0.5 * X[:, 2:] ** 2).astype("float32")
CLASSES = RNG.integers(0, 3, SAMPLES)
WEIGHTS = RNG.uniform(0, 2, SAMPLES).astype("float32")
X_VAL, Y_VAL = X[:7] + 0.25, Y[:7] - 0.25


def set_weights(model, seed=1):
    """Give a model weights that both packages can draw."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=w.shape).astype("float32") / 2 for w in model.weights])


def define(keras, GradientTape):
    """The cases by name: functions that return a compiled model and arguments of `fit`."""
    layers, ops = keras.layers, keras.ops

    def graph(cls=keras.Model, units=2, name="out"):
        inputs = keras.Input((4,))
        hidden = layers.Dense(3, activation="tanh", name="hidden")(inputs)
        return cls(inputs, layers.Dense(units, name=name)(hidden))

    def ready(model, fit=None, **arguments):
        set_weights(model)
        model.compile(**arguments)
        return model, {"x": X, "y": Y, **(fit or {})}

    def step_of_the_guide():
        class Custom(keras.Model):
            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    y_pred = self(x, training=True)
                    loss = self.compute_loss(y=y, y_pred=y_pred)
                variables = self.trainable_variables
                gradients = tape.gradient(loss, variables)
                self.optimizer.apply(gradients, variables)
                for metric in self.metrics:
                    if metric.name == "loss":
                        metric.update_state(loss)
                    else:
                        metric.update_state(y, y_pred)
                return {m.name: m.result() for m in self.metrics}

        return ready(
            graph(Custom), {"validation_data": (X_VAL, Y_VAL)},
            optimizer="adam", loss="mse", metrics=["mae", "mse"],
        )  # fmt: skip

    def step_of_lower_level():
        class Custom(keras.Model):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.loss_tracker = keras.metrics.Mean(name="loss")
                self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
                self.loss_fn = keras.losses.MeanSquaredError()

            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    y_pred = self(x, training=True)
                    loss = self.loss_fn(y, y_pred)
                gradients = tape.gradient(loss, self.trainable_variables)
                self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                self.loss_tracker.update_state(loss)
                self.mae_metric.update_state(y, y_pred)
                return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}

            @property
            def metrics(self):
                return [self.loss_tracker, self.mae_metric]

        sgd = keras.optimizers.SGD(0.1, momentum=0.9)
        return ready(graph(Custom), {"evaluate": False}, optimizer=sgd)

    def weighted_step():
        class Custom(keras.Model):
            def train_step(self, data):
                if len(data) == 3:
                    x, y, sample_weight = data
                else:
                    sample_weight = None
                    x, y = data
                with GradientTape() as tape:
                    y_pred = self(x, training=True)
                    loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
                variables = self.trainable_variables
                self.optimizer.apply(tape.gradient(loss, variables), variables)
                for metric in self.metrics:
                    if metric.name == "loss":
                        metric.update_state(loss)
                    else:
                        metric.update_state(y, y_pred, sample_weight=sample_weight)
                return {m.name: m.result() for m in self.metrics}

        return ready(
            graph(Custom), {"sample_weight": WEIGHTS},
            optimizer="rmsprop", loss="mse", metrics=["mae"], weighted_metrics=["mae"],
        )  # fmt: skip

    def step_of_a_test():
        class Custom(keras.Model):
            def test_step(self, data):
                x, y = data
                y_pred = self(x, training=False)
                loss = self.compute_loss(y=y, y_pred=y_pred)
                for metric in self.metrics:
                    if metric.name != "loss":
                        metric.update_state(y, y_pred)
                    else:
                        metric.update_state(loss)
                return {m.name: m.result() for m in self.metrics}

        return ready(
            graph(Custom), {"validation_data": (X_VAL, Y_VAL)},
            optimizer="sgd", loss="mse", metrics=["mae"],
        )  # fmt: skip

    def adversaries():
        class Adversaries(keras.Model):
            def __init__(self, discriminator, generator):
                super().__init__()
                self.discriminator = discriminator
                self.generator = generator
                self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
                self.g_loss_tracker = keras.metrics.Mean(name="g_loss")
                self.built = True

            def compile(self, d_optimizer, g_optimizer, loss_fn):
                super().compile()
                self.d_optimizer = d_optimizer
                self.g_optimizer = g_optimizer
                self.loss_fn = loss_fn

            @property
            def metrics(self):
                return [self.d_loss_tracker, self.g_loss_tracker]

            def train_step(self, data):
                real, noise = data
                generated = self.generator(noise)
                combined = ops.concatenate([generated, real], axis=0)
                n = ops.shape(real)[0]
                labels = ops.concatenate([ops.ones((n, 1)), ops.zeros((n, 1))], axis=0)
                with GradientTape() as tape:
                    predictions = self.discriminator(combined)
                    d_loss = self.loss_fn(labels, predictions)
                variables = self.discriminator.trainable_weights
                self.d_optimizer.apply(tape.gradient(d_loss, variables), variables)
                with GradientTape() as tape:
                    predictions = self.discriminator(self.generator(noise))
                    g_loss = self.loss_fn(ops.zeros((n, 1)), predictions)
                variables = self.generator.trainable_weights
                self.g_optimizer.apply(tape.gradient(g_loss, variables), variables)
                self.d_loss_tracker.update_state(d_loss)
                self.g_loss_tracker.update_state(g_loss)
                return {
                    "d_loss": self.d_loss_tracker.result(),
                    "g_loss": self.g_loss_tracker.result(),
                }

        generator = keras.Sequential([keras.Input((2,)), layers.Dense(4, activation="tanh")])
        discriminator = keras.Sequential(
            [keras.Input((4,)), layers.Dense(3), layers.LeakyReLU(0.2), layers.Dense(1)]
        )
        model = Adversaries(discriminator, generator)
        set_weights(model)
        model.compile(
            keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.02),
            keras.losses.BinaryCrossentropy(from_logits=True),
        )  # fmt: skip
        return model, {"x": X, "y": Y, "evaluate": False}

    def autoencoder_that_adds_losses():
        class Spread(layers.Layer):
            def call(self, inputs):
                mean, variance = inputs
                spread = 1 + variance - ops.square(mean) - ops.exp(variance)
                self.add_loss(-0.05 * ops.mean(ops.sum(spread, axis=1)))
                return mean

        class Autoencoder(keras.Model):
            def __init__(self):
                super().__init__()
                self.mean = layers.Dense(2, name="mean")
                self.variance = layers.Dense(2, name="variance")
                self.spread = Spread()
                self.decoder = layers.Dense(4, name="decoder")
                self.total_tracker = keras.metrics.Mean(name="total")
                self.distance_tracker = keras.metrics.Mean(name="distance")

            @property
            def metrics(self):
                return [self.total_tracker, self.distance_tracker]

            def call(self, inputs):
                return self.decoder(self.spread([self.mean(inputs), self.variance(inputs)]))

            def train_step(self, data):
                with GradientTape() as tape:
                    distance = ops.mean(ops.square(data - self(data)))
                    total = distance + sum(self.losses)
                gradients = tape.gradient(total, self.trainable_weights)
                self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
                self.total_tracker.update_state(total)
                self.distance_tracker.update_state(distance)
                return {m.name: m.result() for m in self.metrics}

        model = Autoencoder()
        model(ops.zeros((1, 4)))
        return ready(model, {"y": None, "evaluate": False}, optimizer=keras.optimizers.SGD(0.05))

    def loss_of_ones_own():
        class Custom(keras.Model):
            def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                loss = super().compute_loss(x, y, y_pred, sample_weight)
                return loss + 0.1 * ops.mean(ops.square(y_pred)) + (0.5 if training else 0.25)

        return ready(
            graph(Custom), {"validation_data": (X_VAL, Y_VAL)},
            optimizer="adam", loss="mae", metrics=["mse"],
        )  # fmt: skip

    def loss_without_compile():
        class Custom(keras.Model):
            def compute_loss(self, x, y, y_pred, sample_weight):
                return ops.mean(ops.absolute(y - y_pred)) + 0 * ops.sum(x)

        return ready(graph(Custom), optimizer="sgd")

    def metrics_of_ones_own():
        class Custom(keras.Model):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.largest = keras.metrics.Mean(name="largest")

            def compute_metrics(self, x, y, y_pred, sample_weight=None):
                results = super().compute_metrics(x, y, y_pred, sample_weight)
                self.largest.update_state(ops.max(y_pred, axis=-1), sample_weight)
                results["largest"] = self.largest.result()
                results["size"] = ops.shape(x)[0]
                return results

        return ready(graph(Custom), optimizer="sgd", loss="mse", metrics=["mae"])

    def step_around_that_of_the_base():
        class Custom(keras.Model):
            def train_step(self, data):
                logs = super().train_step(data)
                logs["mean_of_x"] = ops.mean(data[0])
                return logs

        return ready(graph(Custom), optimizer="adam", loss="mse", metrics=["mae"])

    def part_of_the_weights():
        class Custom(keras.Model):
            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    loss = ops.mean(ops.square(self(x, training=True) - y))
                variables = self.get_layer("out").trainable_weights
                self.own_optimizer.apply(tape.gradient(loss, variables), variables)
                return {"own_loss": loss}

        model = graph(Custom)
        # Its slots are made by the first step.
        model.own_optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
        return ready(model, optimizer="adam", loss="mse")

    def scaled_loss():
        class Custom(keras.Model):
            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    loss = self.compute_loss(x, y, self(x, training=True))
                    scaled = self.optimizer.scale_loss(loss)
                gradients = tape.gradient(scaled, self.trainable_variables)
                self.optimizer.apply(gradients, self.trainable_variables)
                return {"unscaled": loss}

        return ready(
            graph(Custom), optimizer=keras.optimizers.SGD(0.1, loss_scale_factor=8.0), loss="mse"
        )

    def logs_of_all_kinds():
        class Custom(keras.Model):
            def train_step(self, data):
                logs = super().train_step(data)
                x, _ = data
                return {
                    "z": 1.5, "inner": {"b": ops.sum(x), "a": logs["loss"]},
                    "each": ops.mean(x, axis=0), "integer": 3,
                }  # fmt: skip

        return ready(graph(Custom), optimizer="sgd", loss="mse")

    def loss_that_nobody_tracks():
        class Custom(keras.Model):
            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    loss = ops.mean(ops.square(self(x, training=True) - y))
                gradients = tape.gradient(loss, self.trainable_variables)
                self.optimizer.apply(gradients, self.trainable_variables)
                return {"loss": loss}

        return ready(graph(Custom), optimizer="sgd", loss="mse")

    def prediction_of_ones_own():
        class Custom(keras.Model):
            def predict_step(self, data):
                y_pred = self(data, training=False)
                return {"double": 2 * y_pred, "both": [y_pred, ops.sum(y_pred, axis=-1)]}

        return ready(graph(Custom), optimizer="sgd", loss="mse")

    def stack_with_a_step():
        class Stack(keras.Sequential):
            def train_step(self, data):
                x, y = data
                with GradientTape() as tape:
                    y_pred = self(x, training=True)
                    loss = self.compute_loss(x=x, y=y, y_pred=y_pred) + sum(self.losses)
                gradients = tape.gradient(loss, self.trainable_variables)
                self.optimizer.apply(gradients, self.trainable_variables)
                return self.compute_metrics(x, y, y_pred)

        stack = Stack([keras.Input((4,)), layers.Dense(2, kernel_regularizer="l2")])
        return ready(stack, optimizer="sgd", loss="mse", metrics=["mae"])

    def metrics_in_layers():
        class Watched(layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.norm = keras.metrics.Mean(name="norm")
                self.others = [keras.metrics.Sum(name="total")]
                self.dense = layers.Dense(3)

            def call(self, inputs):
                self.norm.update_state(ops.sum(ops.square(inputs), axis=-1))
                self.others[0].update_state(inputs)
                return self.dense(inputs)

        class Custom(keras.Model):
            def __init__(self):
                super().__init__()
                self.watched = Watched()
                self.out = layers.Dense(2)
                self.own = keras.metrics.MeanSquaredError(name="own")

            def call(self, inputs):
                outputs = self.out(self.watched(inputs))
                self.own.update_state(inputs[:, :2], outputs)
                return outputs

        model = Custom()
        model(ops.zeros((1, 4)))
        model.reset_metrics()
        return ready(model, optimizer="sgd", loss="mse", metrics=["mae"])

    def two_outputs(**arguments):
        inputs = keras.Input((4,))
        hidden = layers.Dense(3, activation="tanh")(inputs)
        numbers = layers.Dense(2, name="numbers")(hidden)
        kinds = layers.Dense(3, activation="softmax", name="kinds")(hidden)
        outputs = arguments.pop("outputs", [numbers, kinds])
        if outputs == "dict":
            outputs = {"second": kinds, "first": numbers}
        fit = {"y": [Y, CLASSES], **arguments.pop("fit", {})}
        return ready(keras.Model(inputs, outputs), fit, **{"optimizer": "adam", **arguments})

    scce = "sparse_categorical_crossentropy"

    def outputs_in_a_list():
        return two_outputs(
            loss=["mse", scce], loss_weights=[0.5, 2.0],
            metrics=[["mae", "mse"], ["accuracy"]], weighted_metrics=[None, ["accuracy"]],
            fit={"sample_weight": WEIGHTS, "validation_data": (X_VAL, [Y_VAL, CLASSES[:7]])},
        )  # fmt: skip

    def outputs_by_name():
        return two_outputs(
            loss={"kinds": scce, "numbers": "mse"}, loss_weights={"kinds": 3.0, "numbers": 1.0},
            metrics={"kinds": ["acc"], "numbers": "mae"},
            fit={"y": {"numbers": Y, "kinds": CLASSES}},
        )  # fmt: skip

    def outputs_in_a_dict():
        return two_outputs(
            outputs="dict", loss={"second": scce, "first": "mse"}, metrics={"second": ["accuracy"]},
            fit={
                "y": {"first": Y, "second": CLASSES},
                "sample_weight": {"second": WEIGHTS, "first": WEIGHTS[::-1].copy()},
            },
        )  # fmt: skip

    def output_without_loss():
        return two_outputs(loss=["mse", None], metrics=[["mae"], ["accuracy"]])

    def outputs_of_a_subclass():
        class Custom(keras.Model):
            def __init__(self):
                super().__init__()
                self.numbers = layers.Dense(2)
                self.kinds = layers.Dense(3, activation="softmax")

            def call(self, inputs):
                return self.numbers(inputs), self.kinds(inputs)

        model = Custom()
        model(ops.zeros((1, 4)))
        return ready(
            model, {"y": (Y, CLASSES)}, optimizer="sgd", loss=["mse", "ce"],
            metrics=[["mae"], ["accuracy"]],
        )  # fmt: skip

    def part_that_is_frozen():
        model = graph()
        model.get_layer("hidden").trainable = False
        return ready(model, optimizer="sgd", loss="mse")

    return {name: case for name, case in locals().items() if name in NAMES}


NAMES = [
    "step_of_the_guide", "step_of_lower_level", "weighted_step", "step_of_a_test", "adversaries",
    "autoencoder_that_adds_losses", "loss_of_ones_own", "loss_without_compile",
    "metrics_of_ones_own", "step_around_that_of_the_base", "part_of_the_weights", "scaled_loss",
    "logs_of_all_kinds", "loss_that_nobody_tracks", "prediction_of_ones_own", "stack_with_a_step",
    "metrics_in_layers", "outputs_in_a_list", "outputs_by_name", "outputs_in_a_dict",
    "output_without_loss", "outputs_of_a_subclass", "part_that_is_frozen",
]  # fmt: skip


def run(model, fit, call=lambda method, *args, **kwargs: method(*args, **kwargs)):
    """Train, evaluate and predict; what comes of it, as numbers and arrays by name."""
    fit = dict(fit)
    is_evaluated = fit.pop("evaluate", True)
    history = model.fit(epochs=EPOCHS, batch_size=BATCH, shuffle=False, verbose=0, **fit)
    found = {
        "history": history.history,
        "weights": model.get_weights(),
        "metrics_names": model.metrics_names,
    }
    data = {"x": fit["x"], "y": fit["y"]}
    if "sample_weight" in fit:
        data["sample_weight"] = fit["sample_weight"]
    if is_evaluated:
        found["evaluate"] = model.evaluate(**data, batch_size=BATCH, verbose=0)
        found["evaluate_dict"] = model.evaluate(
            **data, batch_size=BATCH, verbose=0, return_dict=True
        )
        found["predict"] = model.predict(X_VAL, batch_size=BATCH, verbose=0)
    return found
