import keras
import numpy as np
from digits import load_data
from keras import layers
from same_start import set_start

# The data, split between train and test sets
num_classes = 10
(x_train, y_train), (x_test, y_test) = load_data()

# Scale images to the [0, 1] range
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255
print("x_train shape:", x_train.shape)
print(x_train.shape[0], "train samples")
print(x_test.shape[0], "test samples")

# Convert class vectors to binary class matrices
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

model = keras.Sequential(
    [
        keras.Input(shape=(8, 8)),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(32, use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
    ]
)
model.add(layers.Dense(num_classes, activation="softmax"))
set_start(model, seed=1)

summary = []
model.summary(print_fn=summary.append)

batch_size = 32
epochs = 4
keras.utils.set_random_seed(812)

model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(
    x_train, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.1, verbose=2
)

score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])

probabilities = model.predict(x_test[:5], verbose=0)

logs = {
    "summary": summary,
    "parameters": model.count_params(),
    **history.history,
    "epoch": history.epoch,
    "params": history.params,
    "test": model.evaluate(x_test, y_test, verbose=0, return_dict=True),
    "score": score,
    "probabilities": probabilities,
    "digits": np.argmax(probabilities, axis=-1),
}
