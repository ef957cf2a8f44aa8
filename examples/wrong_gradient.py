"""A wrong gradient still learns: a slip in a listing, and what it printed.

What you learn: an activation of your own, with a gradient of your own by `stop_gradient`; and that
a network with a wrong gradient learns all the same, only worse, so that nobody notices who does not
check it (checking_gradients.py).

A book's first network on a thousand images of MNIST, 784-40-10 with ReLU, learns them by heart
while its test accuracy falls from 81 to 71 %. Its listing has the slope of ReLU as `output >= 0`,
which is true of every output of a ReLU: the slope is 1 everywhere. With that slip all the
accuracies that the book prints come out here; with the right slope the fall is from 86 to 83 %
(mnist_from_scratch.py).
"""

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import GradientTape, config, layers, ops, optimizers

EVERY = 10

# Accuracy in training and on the test images, after pass 0, 10, 20 and so on; 150 to 200 are not
# printed.
PRINTED_TRAINING = [
    0.537, 0.901, 0.93, 0.946, 0.956, 0.966, 0.967, 0.975, 0.979, 0.981, 0.984, 0.984, 0.986, 0.99,
    0.991, *[None] * 6, 0.998, 0.998, 0.998, 0.998, 0.999, 0.999, 0.999, 0.999, 0.999, 0.999, 0.999,
    0.999, 0.999, 1.0, 1.0,
]  # fmt: skip
PRINTED_TEST = [
    0.6488, 0.8114, 0.8111, 0.8066, 0.8019, 0.7982, 0.7921, 0.7864, 0.7817, 0.7758, 0.7706, 0.7686,
    0.766, 0.7622, 0.758, *[None] * 6, 0.7446, 0.7416, 0.7372, 0.7344, 0.7316, 0.729, 0.7259, 0.723,
    0.7196, 0.7183, 0.7165, 0.7133, 0.7125, 0.71, 0.7073,
]  # fmt: skip


def relu_with_slope_1(x):
    """ReLU, with the gradient of x itself: all that makes the difference is a constant."""
    return x + ops.stop_gradient(ops.relu(x) - x)


def show_slopes():
    x = ops.convert_to_tensor([-2.0, -1.0, 1.0, 2.0])
    for activation in (ops.relu, relu_with_slope_1):
        with GradientTape() as tape:
            tape.watch(x)
            y = activation(x)
        slopes = tape.gradient(y, x).numpy().tolist()
        print(f"{activation.__name__}: {y.numpy().tolist()}, slopes {slopes}")
        assert y.numpy().tolist() == [0, 0, 1, 2]
    assert slopes == [1, 1, 1, 1]


def train(activation, images, passes):
    """Accuracies of each pass in training, and of every tenth on the test images."""
    rng = np.random.RandomState(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((images.n_pixels,)),
            layers.Dense(40, activation=activation, use_bias=False),
            layers.Dense(10, use_bias=False),
        ]
    )
    model.set_weights([0.2 * rng.random_sample(w.shape) - 0.1 for w in model.weights])
    # Half the summed squared error at rate 0.005.
    model.compile(optimizers.SGD(0.025), loss="mse", metrics=["accuracy"])
    options = {"batch_size": 1, "epochs": passes, "shuffle": False, "verbose": 0}
    tested = {"validation_data": images.test, "validation_batch_size": 500}
    freq = [*range(1, passes + 1, EVERY), passes]
    history = model.fit(*images.train, **options, **tested, validation_freq=freq).history
    return history["accuracy"], history["val_accuracy"]


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    show_slopes()
    config.set_floatx("float64")
    passes = 350 if images.is_mnist else 100
    numbers = [*range(0, passes, EVERY), passes - 1]
    curves = {}
    for name, activation in (("right", "relu"), ("wrong", relu_with_slope_1)):
        training, test = train(activation, images, passes)
        curves[f"{name}, training"] = training
        curves[f"{name}, test"] = numbers, test
        print(f"{name} slope: test accuracy {max(test):.4f} at best, {test[-1]:.4f} at the end")
    assert curves["wrong, test"][1][-1] < curves["right, test"][1][-1] - 0.02
    if images.is_mnist:
        for i, number in enumerate(numbers):
            if PRINTED_TEST[i] is not None:
                found = training[number], test[i]
                print(f"  pass {number:3d}: {found[0]:.3f} {found[1]:.4f}")
                # Rates are kept in float32, and sums added in another order: an image may differ.
                expected = PRINTED_TRAINING[i], PRINTED_TEST[i]
                np.testing.assert_allclose(found, expected, rtol=0, atol=6e-4)
    pictures.curves("wrong_gradient", curves, "pass", "accuracy")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
