import keras
import numpy as np
from keras import layers
from same_start import set_start
from tensorflow import GradientTape

rng = np.random.default_rng(71)
x = rng.normal(size=(384, 8)).astype("float32")
y = (x[:, :1] * x[:, 1:2] - x[:, 2:3]).astype("float32")
x_train, y_train, x_val, y_val = x[:320], y[:320], x[320:], y[320:]


class CustomModel(keras.Model):
    """Does in `train_step` and `test_step` what Keras does by itself."""

    def train_step(self, data):
        x, y = data

        with GradientTape() as tape:
            y_pred = self(x, training=True)  # Forward pass
            # Compute the loss value (the loss function is configured in `compile()`)
            loss = self.compute_loss(y=y, y_pred=y_pred)

        # Compute gradients, and update weights
        trainable_vars = self.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply(gradients, trainable_vars)

        # Update metrics (includes the metric that tracks the loss)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)

        # Return a dict mapping metric names to current value
        return {m.name: m.result() for m in self.metrics}


def get_model(model_class=keras.Model):
    inputs = keras.Input((8,))
    h = layers.Dense(24, activation="relu")(inputs)
    h = h + layers.Dense(24, activation="gelu")(h)  # a residual connection
    model = model_class(inputs, layers.Dense(1)(h))
    set_start(model, seed=18)
    return model


class Watch(keras.callbacks.Callback):
    """Notes how far weights have come after each batch."""

    def __init__(self):
        super().__init__()
        self.norms = []
        self.iterations = []

    def on_train_batch_end(self, batch, logs=None):
        kernel = self.model.get_weights()[0]
        self.norms.append(float(np.sqrt(np.sum(kernel.astype("float64") ** 2))))
        self.iterations.append(int(self.model.optimizer.iterations))


def run(optimizer, model_class=keras.Model):
    model = get_model(model_class)
    model.compile(optimizer=optimizer, loss="mse", metrics=["mae"])
    watch = Watch()
    history = model.fit(
        x_train,
        y_train,
        batch_size=32,
        epochs=2,
        shuffle=False,
        callbacks=[watch],
        validation_data=(x_val, y_val),
        verbose=0,
    )
    return {
        **history.history,
        "norms": watch.norms,
        "iterations": watch.iterations,
        "evaluation": model.evaluate(x_val, y_val, verbose=0, return_dict=True),
        "predictions": model.predict(x_val[:3], verbose=0),
    }


def accumulation_and_ema():
    return keras.optimizers.Adam(
        learning_rate=0.01,
        gradient_accumulation_steps=2,
        use_ema=True,
        ema_momentum=0.9,
        ema_overwrite_frequency=4,
    )


logs = {
    "accumulation": run(keras.optimizers.Adam(0.01, gradient_accumulation_steps=4)),
    "ema": run(keras.optimizers.SGD(0.02, momentum=0.9, use_ema=True, ema_momentum=0.8)),
    "both": run(accumulation_and_ema()),
    "custom_step": run(accumulation_and_ema(), model_class=CustomModel),
    "clipped": run(
        keras.optimizers.AdamW(
            0.01,
            weight_decay=0.01,
            global_clipnorm=1.0,
            gradient_accumulation_steps=5,
        )
    ),
}
