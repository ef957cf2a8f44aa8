import keras
import numpy as np
from digits import load_data
from keras import layers, ops
from same_start import set_start
from tensorflow import GradientTape

latent_dim = 2


class Sampling(layers.Layer):
    """Uses (z_mean, z_log_var) and noise to sample z, the vector encoding a digit."""

    def call(self, inputs):
        z_mean, z_log_var, epsilon = inputs
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


class Encoder(layers.Layer):
    """Maps digits to a triplet (z_mean, z_log_var, z)."""

    def __init__(self, latent_dim, intermediate_dim=32, name="encoder", **kwargs):
        super().__init__(name=name, **kwargs)
        self.dense_proj = layers.Dense(intermediate_dim, activation="relu")
        self.dense_mean = layers.Dense(latent_dim)
        self.dense_log_var = layers.Dense(latent_dim)
        self.sampling = Sampling()

    def call(self, images, noise):
        x = self.dense_proj(images)
        z_mean = self.dense_mean(x)
        z_log_var = self.dense_log_var(x)
        z = self.sampling((z_mean, z_log_var, noise))
        return z_mean, z_log_var, z


def get_decoder():
    latent_inputs = keras.Input(shape=(latent_dim,))
    x = layers.Dense(32, activation="relu")(latent_inputs)
    outputs = layers.Dense(64, activation="sigmoid")(x)
    return keras.Model(latent_inputs, outputs, name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
        self.reconstruction_loss_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_loss_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [
            self.total_loss_tracker,
            self.reconstruction_loss_tracker,
            self.kl_loss_tracker,
        ]

    def call(self, inputs):
        z_mean, z_log_var, z = self.encoder(inputs["image"], inputs["noise"])
        # Add KL divergence regularization loss
        kl_loss = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))
        self.add_loss(ops.mean(ops.sum(kl_loss, axis=1)))
        return self.decoder(z)

    def losses_of(self, data, training):
        reconstruction = self(data, training=training)
        reconstruction_loss = 64 * ops.mean(
            keras.losses.binary_crossentropy(data["image"], reconstruction)
        )
        kl_loss = sum(self.losses)
        return reconstruction_loss + kl_loss, reconstruction_loss, kl_loss

    def results(self, total_loss, reconstruction_loss, kl_loss):
        self.total_loss_tracker.update_state(total_loss)
        self.reconstruction_loss_tracker.update_state(reconstruction_loss)
        self.kl_loss_tracker.update_state(kl_loss)
        return {
            "loss": self.total_loss_tracker.result(),
            "reconstruction_loss": self.reconstruction_loss_tracker.result(),
            "kl_loss": self.kl_loss_tracker.result(),
        }

    def train_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            total_loss, reconstruction_loss, kl_loss = self.losses_of(x, training=True)
        grads = tape.gradient(total_loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        return self.results(total_loss, reconstruction_loss, kl_loss)

    def test_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.results(*self.losses_of(x, training=False))


(x_train, _), (x_test, _) = load_data(train=384, test=96, seed=8)
images = np.concatenate([x_train, x_test]).astype("float32").reshape(-1, 64) / 255
noise = np.random.default_rng(10).normal(size=(len(images), latent_dim)).astype("float32")
train = {"image": images[:384], "noise": noise[:384]}
test = {"image": images[384:], "noise": noise[384:]}

decoder = get_decoder()
vae = VAE(Encoder(latent_dim), decoder)
vae(test)
set_start(vae, seed=9)

vae.compile(optimizer=keras.optimizers.Adam(learning_rate=5e-3))
history = vae.fit(train, epochs=4, batch_size=64, shuffle=False, verbose=0)

logs = {
    "weights": [list(weight.shape) for weight in vae.trainable_weights],
    **history.history,
    "test": vae.evaluate(test, verbose=0, return_dict=True),
    "reconstructed": vae.predict({name: x[:2] for name, x in test.items()}, verbose=0)[:, :8],
    "digit": decoder.predict(np.array([[0.5, -1.0]]), verbose=0)[:, :8],
}
