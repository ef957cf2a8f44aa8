import keras
import numpy as np
from keras import layers
from same_start import set_start

max_features = 60  # Only consider so many words
maxlen = 12

# Reviews of different lengths: good ones have more of the words below 30 at their end
rng = np.random.default_rng(5)
reviews, labels = [], []
for _ in range(160):
    label, length = rng.integers(0, 2), rng.integers(2, 16)
    words = rng.integers(1, max_features, length)
    end = rng.integers(1, 30, 2) + 29 * (1 - label)
    reviews.append(np.concatenate([words, end]).tolist())
    labels.append(label)
x = keras.utils.pad_sequences(reviews, maxlen=maxlen)
y = np.array(labels)
x_train, y_train, x_val, y_val = x[:120], y[:120], x[120:], y[120:]

# Input for variable-length sequences of integers
inputs = keras.Input(shape=(None,), dtype="int32")
# Embed each integer in a 16-dimensional vector
x = layers.Embedding(max_features, 16, mask_zero=True)(inputs)
# Add 2 bidirectional LSTMs
x = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
x = layers.Bidirectional(layers.GRU(6), merge_mode="ave")(x)
# Add a classifier
outputs = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
set_start(model, seed=6)
summary = []
model.summary(print_fn=summary.append)

model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=4,
    validation_data=(x_val, y_val),
    shuffle=False,
    verbose=0,
)

logs = {
    "summary": summary,
    **history.history,
    # Shorter texts than the model was trained with need not be padded
    "short": model.predict(x_val[:3, -4:], verbose=0),
    "padded": model.predict(np.pad(x_val[:3, -4:], ((0, 0), (3, 0))), verbose=0),
    "paths": [weight.path for weight in model.weights],
}
