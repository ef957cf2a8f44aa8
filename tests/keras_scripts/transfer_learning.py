import keras
import numpy as np
from digits import load_data
from keras import layers
from same_start import set_start

(x, y), (x_test, y_test) = load_data(train=700, test=200, seed=21)
x = x.astype("float32") / 255
x_test = x_test.astype("float32") / 255

# The first task: the digits below 6. The second: is it an 8, of those that are left
first, second = y < 6, y >= 6
second_test = y_test >= 6

inputs = keras.Input(shape=(8, 8))
h = layers.Flatten()(inputs)
h = layers.Dense(32, use_bias=False, name="embedding")(h)
h = layers.BatchNormalization(name="normalized", momentum=0.9)(h)
h = layers.ReLU()(h)
outputs = layers.Dense(6, activation="softmax", name="digits")(h)
original = keras.Model(inputs, outputs, name="original")
set_start(original, seed=15)

keras.utils.set_random_seed(22)
original.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
pretraining = original.fit(x[first], y[first], epochs=2, verbose=0)

# Freeze the base, that is the original without its head
base_model = keras.Model(inputs, original.get_layer("normalized").output, name="base")
base_model.trainable = False

# Create new model on top
inputs = keras.Input(shape=(8, 8))
scale_layer = layers.Rescaling(scale=1.2, offset=-0.1)
h = scale_layer(inputs)
# The base model contains batchnorm layers. We want to keep them in inference mode when we
# unfreeze the base model for fine-tuning, so we make sure that it runs in inference mode here.
h = base_model(h, training=False)
h = layers.Activation("relu")(h)
outputs = layers.Dense(1, name="head")(h)
model = keras.Model(inputs, outputs)
model.get_layer("head").set_weights([np.linspace(-0.4, 0.4, 32).reshape(32, 1), np.zeros(1)])

counts = [len(model.weights), len(model.trainable_weights), len(model.non_trainable_weights)]
frozen = [layer.name for layer in model.layers if not layer.trainable]
summary = []
model.summary(print_fn=summary.append, show_trainable=True)

model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
before = base_model.get_weights()
y_second, y_second_test = y[second] == 8, y_test[second_test] == 8
history = model.fit(
    x[second],
    y_second,
    epochs=3,
    validation_data=(x_test[second_test], y_second_test),
    verbose=0,
)
unchanged = [bool(np.array_equal(a, b)) for a, b in zip(before, base_model.get_weights())]

# Unfreeze the base model. It still runs in inference mode since we passed `training=False` when
# calling it: the batchnorm layers will not update their batch statistics.
base_model.trainable = True
counts += [len(model.trainable_weights), len(model.non_trainable_weights)]
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),  # Low learning rate
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
fine_tuning = model.fit(
    x[second],
    y_second,
    epochs=2,
    validation_data=(x_test[second_test], y_second_test),
    verbose=0,
)
changed = [bool(np.array_equal(a, b)) for a, b in zip(before, base_model.get_weights())]

logs = {
    "counts": counts,
    "frozen": frozen,
    "summary": summary,
    "pretraining": pretraining.history,
    **history.history,
    "unchanged": unchanged,
    "fine_tuning": fine_tuning.history,
    "changed": changed,
    "evaluation": model.evaluate(x_test[second_test], y_second_test, verbose=0),
    "logits": model.predict(x_test[second_test][:4], verbose=0),
}
