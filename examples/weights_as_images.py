"""What does a network look for? Weights drawn as images.

What you learn: a single linear layer from pixels to digits, trained image by image; its weights
into one output are as many as pixels, and drawn as an image show what speaks for this digit and
what against it. The more it has been trained the less they look like a digit.

The book shows such images for its first network on MNIST, with a thousand images, and prints no
figures. Recomputed from weights of zero, accuracy in training and on the test images: at rate 0.01
.812 and .711 after one pass, .963 and .640 after 100; at rate 0.001 .896 and .806 after ten
passes, .962 and .773 after 100. Training for longer makes it worse.

The book's rate is for half the squared errors of ten outputs: `mse`, their mean, takes five times
as much.
"""

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import config, layers

# Rate, passes: accuracy in training and in testing.
ON_MNIST = {
    (0.01, 1): (0.812, 0.711),
    (0.01, 100): (0.963, 0.640),
    (0.001, 10): (0.896, 0.806),
    (0.001, 100): (0.962, 0.773),
}
# Nothing to compare with: measured with this library. Here longer training does no harm.
ON_DIGITS = {
    (0.01, 1): (0.917, 0.928),
    (0.01, 100): (0.945, 0.940),
    (0.001, 10): (0.930, 0.930),
    (0.001, 100): (0.949, 0.942),
}


def train(images, rate, passes):
    model = kerasette.Sequential(
        [
            kerasette.Input((images.n_pixels,)),
            layers.Dense(10, use_bias=False, kernel_initializer="zeros"),
        ]
    )
    model.compile(kerasette.optimizers.SGD(5 * rate), loss="mse", metrics=["accuracy"])
    model.fit(*images.train, batch_size=1, epochs=passes, shuffle=False, verbose=0)
    return model


def accuracy(model, part):
    return model.evaluate(*part, batch_size=500, verbose=0)[1]


def check_that_weights_look_like_digits(kernel, images):
    """Each digit's weights match its own mean image better than any other digit's does."""
    x, y = images.train
    means = np.array([x[y[:, digit] == 1].mean(axis=0) for digit in range(10)])
    alike = (means - means.mean(axis=0)) @ kernel
    print("weights most like the mean image of", alike.argmax(axis=0).tolist())
    assert alike.argmax(axis=0).tolist() == list(range(10))


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    config.set_floatx("float64")
    side = int(images.n_pixels**0.5)
    for (rate, passes), expected in (ON_MNIST if images.is_mnist else ON_DIGITS).items():
        model = train(images, rate, passes)
        found = accuracy(model, images.train), accuracy(model, images.test)
        print(f"rate {rate}, {passes:3d} passes: training {found[0]:.3f}, test {found[1]:.3f}")
        np.testing.assert_allclose(found, expected, rtol=0, atol=0.0011)
        kernel = model.get_weights()[0]
        drawn = [column.reshape(side, side) for column in kernel.T]
        pictures.images(f"weights_rate_{rate}_passes_{passes}", drawn, range(10))
        check_that_weights_look_like_digits(kernel, images)
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
