import keras
import numpy as np
from digits import load_data
from keras import layers, ops
from same_start import set_start
from tensorflow import GradientTape

latent_dim = 8

discriminator = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        layers.Dense(32),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(16),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(1),
    ],
    name="discriminator",
)
generator = keras.Sequential(
    [
        keras.Input(shape=(latent_dim,)),
        layers.Dense(32),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(64, activation="sigmoid"),
    ],
    name="generator",
)
set_start(discriminator, seed=10)
set_start(generator, seed=11)


class GAN(keras.Model):
    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
        self.g_loss_tracker = keras.metrics.Mean(name="g_loss")

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    @property
    def metrics(self):
        return [self.d_loss_tracker, self.g_loss_tracker]

    def train_step(self, data):
        # Points of the latent space come with the images, one for each of the two networks
        (real_images, d_latent, g_latent), _, _ = keras.utils.unpack_x_y_sample_weight(data)
        batch_size = ops.shape(real_images)[0]

        # Decode them to fake images, and combine them with real ones
        generated_images = self.generator(d_latent)
        combined_images = ops.concatenate([generated_images, real_images], axis=0)

        # Assemble labels discriminating real from fake images
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)

        # Train the discriminator
        with GradientTape() as tape:
            predictions = self.discriminator(combined_images)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights))

        # Assemble labels that say "all real images"
        misleading_labels = ops.zeros((batch_size, 1))

        # Train the generator (note that we should *not* update the weights of the discriminator)!
        with GradientTape() as tape:
            predictions = self.discriminator(self.generator(g_latent))
            g_loss = self.loss_fn(misleading_labels, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))

        # Update metrics
        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {"d_loss": self.d_loss_tracker.result(), "g_loss": self.g_loss_tracker.result()}


class GANMonitor(keras.callbacks.Callback):
    def __init__(self, latent_vectors):
        self.latent_vectors = latent_vectors
        self.images = []

    def on_epoch_end(self, epoch, logs=None):
        images = self.model.generator(self.latent_vectors)
        self.images.append(ops.convert_to_numpy(images)[:, 24:32])


(x_train, _), _ = load_data(train=320, test=0, seed=12)
images = x_train.reshape(-1, 64).astype("float32") / 255.0
rng = np.random.default_rng(13)
d_latent, g_latent = rng.normal(size=(2, len(images), latent_dim)).astype("float32")

gan = GAN(discriminator=discriminator, generator=generator, latent_dim=latent_dim)
gan.compile(
    d_optimizer=keras.optimizers.Adam(learning_rate=0.0005, beta_1=0.5),
    g_optimizer=keras.optimizers.Adam(learning_rate=0.0005, beta_1=0.5),
    loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
)
monitor = GANMonitor(rng.normal(size=(2, latent_dim)).astype("float32"))
history = gan.fit(
    (images, d_latent, g_latent),
    batch_size=32,
    epochs=3,
    shuffle=False,
    callbacks=[monitor],
    verbose=0,
)

logs = {
    **history.history,
    "images": monitor.images,
    "verdict": discriminator.predict(images[:4], verbose=0),
    "steps": [int(gan.d_optimizer.iterations), int(gan.g_optimizer.iterations)],
}
