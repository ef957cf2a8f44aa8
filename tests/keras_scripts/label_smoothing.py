import keras
import numpy as np
from digits import load_data
from keras import layers, ops
from same_start import set_start


class MLPBlock(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.normalize = layers.LayerNormalization(epsilon=1e-6)
        self.dense = layers.Dense(units, activation="gelu")
        self.project = layers.Dense(units)

    def call(self, x):
        return x + self.project(self.dense(self.normalize(x)))


class Classifier(keras.Model):
    def __init__(self, num_classes, blocks=2, units=32):
        super().__init__(name="classifier")
        self.flatten = layers.Flatten()
        self.embed = layers.Dense(units)
        self.blocks = [MLPBlock(units, name=f"block_{i}") for i in range(blocks)]
        self.head = layers.Dense(num_classes)

    def call(self, images, training=False):
        x = self.embed(self.flatten(images))
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(x)


(x_train, y_train), (x_test, y_test) = load_data(train=480, test=160, seed=41)
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255
num_classes = 10
one_hot_train = keras.utils.to_categorical(y_train, num_classes)
one_hot_test = keras.utils.to_categorical(y_test, num_classes)


def run(label_smoothing):
    model = Classifier(num_classes)
    model(x_train[:1])
    set_start(model, seed=25)
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=3e-3, weight_decay=1e-3),
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=label_smoothing
        ),
        metrics=[
            "accuracy",
            keras.metrics.TopKCategoricalAccuracy(3, name="top_3_accuracy"),
            keras.metrics.TopKCategoricalAccuracy(5, name="top_5_accuracy"),
            keras.metrics.CategoricalCrossentropy(from_logits=True, name="without_smoothing"),
        ],
    )
    np.random.seed(42)
    history = model.fit(
        x_train,
        one_hot_train,
        batch_size=48,
        epochs=2,
        validation_data=(x_test, one_hot_test),
        verbose=0,
    )
    logits = model.predict(x_test, verbose=0)
    hits = keras.metrics.sparse_top_k_categorical_accuracy(y_test, logits, k=3)
    return {
        "layers": [layer.name for layer in model.layers],
        **history.history,
        "sparse_top_3": float(ops.mean(hits)),
        "logits": logits[:2],
    }


logs = {str(smoothing): run(smoothing) for smoothing in (0.0, 0.1)}
