import keras
import numpy as np
from digits import load_data
from keras import layers, regularizers
from same_start import set_start

(x_train, _), (x_test, _) = load_data(train=480, test=128, seed=5)
x_train = x_train.astype("float32").reshape(len(x_train), -1) / 255.0
x_test = x_test.astype("float32").reshape(len(x_test), -1) / 255.0

# Pictures with noise go in, pictures without come out
rng = np.random.default_rng(9)
noisy_train = np.clip(x_train + 0.2 * rng.normal(size=x_train.shape), 0, 1).astype("float32")
noisy_test = np.clip(x_test + 0.2 * rng.normal(size=x_test.shape), 0, 1).astype("float32")

# This is the size of our encoded representations
encoding_dim = 12

encoder_input = keras.Input(shape=(64,), name="img")
x = layers.Dense(32, activation="relu")(encoder_input)
encoder_output = layers.Dense(
    encoding_dim,
    activation="relu",
    activity_regularizer=regularizers.L1(1e-4),
    name="code",
)(x)
encoder = keras.Model(encoder_input, encoder_output, name="encoder")

decoder_input = keras.Input(shape=(encoding_dim,), name="encoded_img")
x = layers.Dense(32, activation="relu")(decoder_input)
decoder_output = layers.Dense(64, activation="sigmoid", name="pixels")(x)
decoder = keras.Model(decoder_input, decoder_output, name="decoder")

# Models are callable, just like layers
autoencoder_input = keras.Input(shape=(64,), name="noisy")
encoded_img = encoder(autoencoder_input)
decoded_img = decoder(encoded_img)
autoencoder = keras.Model(autoencoder_input, decoded_img, name="autoencoder")
set_start(autoencoder, seed=8)

autoencoder.compile(
    optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy", metrics=["mse"]
)
np.random.seed(6)
history = autoencoder.fit(
    noisy_train,
    x_train,
    epochs=4,
    batch_size=32,
    shuffle=True,
    validation_data=(noisy_test, x_test),
    verbose=0,
)

# A model cut out of another: from its input to the layer in the middle
features = keras.Model(
    inputs=encoder.input,
    outputs=[layer.output for layer in encoder.layers[1:]],
)
hidden, code = features.predict(noisy_test[:3], verbose=0)
half_decoded = keras.Model(decoder.inputs, decoder.get_layer(index=1).output)

logs = {
    "layers": [layer.name for layer in autoencoder.layers],
    **history.history,
    "code": code,
    "same_code": encoder.predict(noisy_test[:3], verbose=0),
    "hidden": hidden[:, :6],
    "half_decoded": half_decoded.predict(code, verbose=0)[:, :6],
    "decoded": decoder.predict(code, verbose=0)[:, :10],
    "at_once": autoencoder.predict(noisy_test[:3], verbose=0)[:, :10],
}
