"""Convolution: the same few weights used at every place of an image.

What you learn: a convolutional layer is a small dense layer applied to every patch of 3 x 3 pixels,
so 16 kernels have 144 weights where a dense layer of as many outputs would have millions; what the
kernels find can be pooled, over the kernels or over places; several such layers, one on another,
learn more from the same thousand images than one.

A chapter of a book on a thousand images of MNIST. Patches are cut out as its listing does, but up
to the edge: the book's loops stop one early, at 25 x 25 places of 26 x 26. Its listing climbs the
gradient of the kernels where it should go down, so its course (down to .0127, up to .8818, .8774 at
the end) is not to be had from correct gradients. Asserted is that in 300 passes its network reaches
.87 on the test images, pooled over the kernels or not, and that stacked layers reach .92.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import layers, optimizers
from kerasette.initializers import RandomUniform

KERNELS, SIZE = 16, 3
# The book divides by the size of the batch twice: the mean of the losses takes rate 2 / 128.
RATE, BATCH, PASSES = 2 / 128, 128, 300
EVERY = 10


def get_image_section(images, row_from, row_to, column_from, column_to):
    """One patch of each image: (images, 1, rows, columns)."""
    section = images[:, row_from:row_to, column_from:column_to]
    return section.reshape(-1, 1, row_to - row_from, column_to - column_from)


def by_hand(images, kernels):
    """All patches times all kernels, as in the book: (images, rows, columns, kernels)."""
    places = images.shape[1] - SIZE + 1
    sections = [
        get_image_section(images, row, row + SIZE, column, column + SIZE)
        for row in range(places)
        for column in range(places)
    ]
    expanded = np.concatenate(sections, axis=1)
    flattened = expanded.reshape(len(images) * places**2, SIZE**2)
    return flattened.dot(kernels).reshape(len(images), places, places, -1)


def check_patches(images):
    """Patches by hand are a Conv2D, and pooling over its kernels is what it says."""
    kernels = 0.02 * np.random.RandomState(1).random_sample((SIZE**2, KERNELS)) - 0.01
    expected = by_hand(images, kernels)
    layer = layers.Conv2D(KERNELS, SIZE, use_bias=False)
    layer.build((None, *images.shape[1:], 1))
    layer.set_weights([kernels.reshape(SIZE, SIZE, 1, KERNELS)])
    found = layer(images[..., np.newaxis])
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=1e-6)
    n_patches = expected[..., 0].size
    print(f"{len(images)} images, {n_patches} patches, outputs {expected.shape}: as Conv2D")
    for name, pooled in (("sum", np.sum), ("mean", np.mean), ("max", np.max)):
        by_layer = layers.ChannelPooling(name)(found).numpy()
        np.testing.assert_allclose(by_layer, pooled(expected, -1, keepdims=True), atol=1e-6)
        print(f"pooled over the kernels by {name}: {by_layer.shape}")


def convolution():
    small = RandomUniform(-0.01, 0.01, seed=1)
    return layers.Conv2D(KERNELS, SIZE, activation="tanh", use_bias=False, kernel_initializer=small)


def output():
    start = RandomUniform(-0.1, 0.1, seed=2)
    return layers.Dense(10, activation="softmax", use_bias=False, kernel_initializer=start)


def one_layer():
    """The book's network."""
    return [convolution(), layers.Flatten(), layers.Dropout(0.5), output()]


def pooled_over_kernels():
    """Only the largest of the kernels at each place goes on; the book describes it."""
    start = RandomUniform(-0.3, 0.3, seed=1)
    first = layers.Conv2D(KERNELS, SIZE, activation="tanh", kernel_initializer=start)
    return [first, layers.ChannelPooling("max"), layers.Flatten(), layers.Dropout(0.5), output()]


def stacked():
    """Three convolutions, and places pooled: the book leaves it to its readers."""
    return [
        layers.Conv2D(KERNELS, SIZE, activation="relu", padding="same"),
        layers.Conv2D(KERNELS, SIZE, activation="relu", padding="same"),
        layers.MaxPooling2D(),
        layers.Conv2D(2 * KERNELS, SIZE, activation="relu", padding="same"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]


class Recipe(NamedTuple):
    """A network, its training, and what its best test accuracy must be, on MNIST and the digits."""

    layers: Callable
    optimizer: Callable
    passes: int
    on_mnist: float
    on_digits: float


def plain():
    return optimizers.SGD(RATE)


RECIPES = {
    "one layer": Recipe(one_layer, plain, 300, 0.87, 0.94),
    "pooled over kernels": Recipe(pooled_over_kernels, plain, 300, 0.87, 0.89),
    "stacked": Recipe(stacked, optimizers.Adam, 20, 0.92, 0.92),
}


def as_images(part):
    """Rows of pixels as images of one channel."""
    x, y = part
    side = int(x.shape[1] ** 0.5)
    return x.reshape(-1, side, side, 1), y


def train(recipe, images):
    """The network, and its history with the test accuracy of every tenth pass."""
    kerasette.utils.set_random_seed(0)
    x, y = as_images(images.train)
    model = kerasette.Sequential([kerasette.Input(x.shape[1:]), *recipe.layers()])
    model.compile(recipe.optimizer(), loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x,
        y,
        batch_size=BATCH,
        epochs=recipe.passes,
        verbose=0,
        validation_data=as_images(images.test),
        validation_batch_size=500,
        validation_freq=EVERY,
    )
    return model, history.history


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    check_patches(as_images(images.train)[0][:8, ..., 0])
    curves = {}
    for name, recipe in RECIPES.items():
        model, history = train(recipe, images)
        tested = history["val_accuracy"]
        print(
            f"{name}: {model.count_params():,} weights, {recipe.passes} passes, accuracy "
            f"{history['accuracy'][-1]:.3f} in training, on the test images {max(tested):.4f} at "
            f"best, {tested[-1]:.4f} at last"
        )
        best = max(tested)
        assert best >= (recipe.on_mnist if images.is_mnist else recipe.on_digits), best
        assert tested[-1] >= best - 0.01, "and it stays there"
        curves[name] = EVERY * np.arange(1, len(tested) + 1), tested
    pictures.curves("few_images_convolution", curves, "pass", "test accuracy")


if __name__ == "__main__":
    main()
