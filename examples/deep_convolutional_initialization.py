"""Deep convolutional networks: what starts at all, and what never does.

What you learn: a ReLU drops half of its signal. Glorot's initializer does not reckon with that, so
each layer passes on 0.7 of the size that it is given, forward and back, and less at the edges,
where a convolution sees zeros: after 22 layers little is left, and training is late; after 30 it
does not begin. He's initializer starts both.

An article on initialization shows it by He and others' figures of networks for ImageNet ("Delving
deep into rectifiers", 2015, figures 2 and 3). Here it is as much as a processor does in a minute: a
thousand digits, 16 filters of 3 x 3 in each layer, 20 passes. The paper goes down the gradient with
momentum; in so few steps Glorot's 22 layers would not begin either, so this is Adam, which makes up
for small gradients. Glorot's 30 layers are beyond its help: their gradients are no larger than the
1e-7 that Adam adds to what it divides by.
"""

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import layers, ops, optimizers

FILTERS, BATCH = 16, 25
ON_MNIST = {"passes": 20, "rate": 0.0003}
ON_DIGITS = {"passes": 8, "rate": 0.0005}
DEPTHS = (22, 30)
INITIALIZERS = {"He": "he_normal", "Glorot": "glorot_uniform"}
# A loss that is well below that of guessing, ln 10 = 2.30.
BEGUN = 1.5


def as_images(part):
    """Images of one channel, of mean 0 and deviation 1, and digits."""
    x, one_hot = part
    side = int(x.shape[1] ** 0.5)
    x = (x - x.mean()) / x.std()
    return x.reshape(-1, side, side, 1).astype("float32"), one_hot.argmax(axis=1)


def make_model(depth, initializer, side, rate):
    """All but the last layer are convolutions; two strides make 7 x 7 places of large images."""
    model = kerasette.Sequential([kerasette.Input((side, side, 1))])
    for number in range(depth - 1):
        strides = 2 if side > 14 and number < 2 else 1
        model.add(
            layers.Conv2D(
                FILTERS,
                3,
                strides=strides,
                padding="same",
                activation="relu",
                kernel_initializer=initializer,
            )
        )
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax", kernel_initializer=initializer))
    model.compile(optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    return model


def signal_sizes(model, x):
    """The root of the mean square after each convolution."""
    sizes = []
    for layer in model.layers[:-2]:
        x = layer(x)
        sizes.append(float(np.sqrt(np.mean(np.square(x.numpy(), dtype="float64")))))
    return sizes


def gradient_size(model, x, y):
    """The root of the mean square of the gradient of the first kernel."""
    with kerasette.GradientTape() as tape:
        loss = ops.mean(kerasette.losses.sparse_categorical_crossentropy(y, model(x)))
    gradient = tape.gradient(loss, model.trainable_weights[0]).numpy()
    return float(np.sqrt(np.mean(np.square(gradient, dtype="float64"))))


def passes_until_begun(losses):
    """How many passes it takes; one more than there are if it does not happen."""
    below = np.flatnonzero(np.array(losses) < BEGUN)
    return int(below[0]) + 1 if len(below) else len(losses) + 1


def train(name, depth, x, y, passes, rate):
    """The losses, and the sizes of the signal before training."""
    kerasette.utils.set_random_seed(0)
    model = make_model(depth, INITIALIZERS[name], x.shape[1], rate)
    sizes, gradient = signal_sizes(model, x[:100]), gradient_size(model, x[:100], y[:100])
    losses = model.fit(x, y, batch_size=BATCH, epochs=passes, verbose=0).history["loss"]
    print(
        f"{name:6s} {depth} layers: signal {sizes[0]:.2f} after the first, {sizes[-1]:.1e} after "
        f"the last, first gradient {gradient:.0e}; loss after 2, 5, {passes} passes "
        f"{losses[1]:.2f}, {losses[4]:.2f}, {losses[-1]:.2f}"
    )
    return losses, sizes


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    x, y = as_images(images.train)
    training = ON_MNIST if images.is_mnist else ON_DIGITS
    passes = training["passes"]
    losses, sizes = {}, {}
    for depth in DEPTHS:
        for name in INITIALIZERS:
            losses[name, depth], sizes[name, depth] = train(name, depth, x, y, **training)

    begun = {key: passes_until_begun(values) for key, values in losses.items()}
    print("passes until the loss is below", BEGUN, begun)
    assert begun["He", 22] < begun["Glorot", 22] <= passes, "both converge, He's earlier"
    assert begun["He", 30] <= passes, "He's converges"
    assert min(losses["Glorot", 30]) > 2.2, "Glorot's stalls"
    assert sizes["He", 30][-1] > 100 * sizes["Glorot", 30][-1]

    def draw(panels):
        for panel, depth in zip(panels, DEPTHS):
            for name in INITIALIZERS:
                panel.plot(range(1, passes + 1), losses[name, depth], label=name)
            panel.set(xlabel="pass", ylabel="loss", title=f"{depth} layers")
        for name in INITIALIZERS:
            panels[2].plot(range(1, DEPTHS[-1]), sizes[name, DEPTHS[-1]], label=name)
        panels[2].set(xlabel="layer", ylabel="signal before training", yscale="log")
        for panel in panels:
            panel.legend()

    pictures.save("deep_convolutional_initialization", draw, columns=3)


if __name__ == "__main__":
    main()
