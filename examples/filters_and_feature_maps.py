"""What does a convolutional network look for, and what does it see?

What you learn: the kernels of the first layer drawn as images are what it looks for, 3 x 3 pixels
each; what a layer makes of an image, a feature map for each kernel, shows where it finds it. A
second model that ends at an inner layer gives the maps; it shares the weights of the first. Deeper
maps are smaller, and less like the image.

The network is trained on a thousand images. Checked is that its maps are what the definition of a
convolution says, and that a kernel made by hand finds vertical edges and no others.
"""

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import layers

FILTERS, PASSES, BATCH = 9, 20, 32
REQUIRED = 0.87


def as_images(part):
    """Rows of pixels as images of one channel, and digits."""
    x, one_hot = part
    side = int(x.shape[1] ** 0.5)
    return x.reshape(-1, side, side, 1).astype("float32"), one_hot.argmax(axis=1)


def train(x, y):
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input(x.shape[1:]),
            layers.Conv2D(FILTERS, 3, padding="same", activation="relu", name="first"),
            layers.MaxPooling2D(name="pooled"),
            layers.Conv2D(2 * FILTERS, 3, padding="same", activation="relu", name="second"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=BATCH, epochs=PASSES, verbose=0)
    return model


def maps_of(model):
    """A model from images to the feature maps of the first and the second convolution."""
    inner = [model.get_layer(name).output for name in ("first", "second")]
    return kerasette.Model(model.inputs, inner)


def correlated(image, kernel, bias):
    """A feature map by its definition: each patch times the kernel, ReLU; zeros around."""
    padded = np.pad(image, 1)
    patches = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    return np.maximum(np.einsum("ijkl,kl->ij", patches, kernel) + bias, 0)


def check_maps(first_maps, image, layer):
    kernel, bias = layer.get_weights()
    for number in range(FILTERS):
        expected = correlated(image[..., 0], kernel[..., 0, number], bias[number])
        np.testing.assert_allclose(first_maps[..., number], expected, rtol=0, atol=1e-5)
    print(f"{FILTERS} feature maps of {first_maps.shape[:2]} places: as the definition says")


def check_edges(side):
    """A kernel made by hand finds vertical edges, and nothing else."""
    image = np.zeros((1, side, side, 1), "float32")
    image[:, :, side // 2 :] = 1
    layer = layers.Conv2D(1, 3, use_bias=False)
    layer.build(image.shape)
    layer.set_weights([np.array([[-1, 0, 1]] * 3, "float32").reshape(3, 3, 1, 1)])
    found = layer(image).numpy()[0, ..., 0]
    columns = np.flatnonzero(found.any(axis=0))
    print("a vertical edge is found at columns", columns.tolist(), "with", found.max())
    # The two places whose patches have both sides of the edge.
    assert columns.tolist() == [side // 2 - 2, side // 2 - 1]
    assert (found[:, columns] == 3).all()
    assert (layer(image.transpose(0, 2, 1, 3)).numpy()[0, 1:-1] == 0).all(), "not at a horizontal"


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    (x, y), test = as_images(images.train), as_images(images.test)
    check_edges(x.shape[1])

    model = train(x, y)
    accuracy = model.evaluate(*test, batch_size=500, verbose=0)[1]
    print(f"test accuracy {accuracy:.4f}")
    assert accuracy > REQUIRED

    first, second = maps_of(model).predict(x[:1], verbose=0)
    check_maps(first[0], x[0], model.get_layer("first"))
    dead = [int((maps.max(axis=(0, 1, 2)) == 0).sum()) for maps in (first, second)]
    print(f"shapes {first.shape[1:]} and {second.shape[1:]}; empty maps {dead[0]} and {dead[1]}")
    assert dead[0] < FILTERS / 2 and dead[1] < FILTERS

    kernels = model.get_layer("first").get_weights()[0][..., 0, :]
    numbers = range(1, FILTERS + 1)
    pictures.images("filters", np.moveaxis(kernels, -1, 0), numbers, columns=3)
    drawn = [x[0, ..., 0], *np.moveaxis(first[0], -1, 0)]
    pictures.images("feature_maps_first", drawn, ["image", *numbers])
    drawn = np.moveaxis(second[0], -1, 0)
    pictures.images("feature_maps_second", drawn, range(1, len(drawn) + 1), columns=6)


if __name__ == "__main__":
    main()
