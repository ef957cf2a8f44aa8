"""A thousand images of digits: overfitting, dropout, batches, tanh and softmax.

What you learn: four networks of one hidden layer, each with one idea more than the last. The first
learns its images by heart; dropout makes that harder; batches make passes quicker and their curve
smoother; tanh, softmax and the cross-entropy need other rates and first weights than ReLU.

The networks of a book, trained on the first thousand images of MNIST and tested on all ten thousand
others. Its printed accuracies, 70.73 % of the first network above all, come from a slope of ReLU
that is 1 everywhere (wrong_gradient.py has it), a listing that applies each batch's step a hundred
times, and dropout that forgets a factor going back. Asserted is what NumPy gives with correct
gradients, measured every tenth pass: to the digits for the first network, which draws nothing but
its first weights; near what three seeds give for those with dropout.

The book's rates are for half the squared errors of ten outputs: `mse`, their mean, takes five times
as much; that of the fourth is divided by the size of the batch twice.
"""

from typing import NamedTuple

import numpy as np
from few_images import add_options, load
from pictures import Pictures, parser

import kerasette
from kerasette import config, layers, optimizers

EVERY = 10


class Recipe(NamedTuple):
    hidden: int
    activations: tuple
    spreads: tuple  # first weights of each layer are between minus and plus this
    dropout: float
    loss: str
    rate: float
    batch_size: int
    passes: int


LINEAR, SOFTMAX, ENTROPY = ("relu", None), ("tanh", "softmax"), "categorical_crossentropy"
RECIPES = {
    "plain": Recipe(40, LINEAR, (0.1, 0.1), 0, "mse", 0.025, 1, 350),
    "dropout": Recipe(100, LINEAR, (0.1, 0.1), 0.5, "mse", 0.025, 1, 300),
    "batches": Recipe(100, LINEAR, (0.1, 0.1), 0.5, "mse", 0.5, 100, 300),
    "tanh and softmax": Recipe(100, SOFTMAX, (0.01, 0.1), 0.5, ENTROPY, 0.02, 100, 300),
}

# Lowest and highest of: best and last test accuracy, last accuracy in training.
ON_MNIST = {
    "plain": [(0.8618, 0.8658), (0.8270, 0.8310), (0.998, 1)],
    "dropout": [(0.870, 0.895), (0.855, 0.885), (0.970, 0.995)],
    "batches": [(0.870, 0.890), (0.868, 0.888), (0.955, 0.985)],
    "tanh and softmax": [(0.862, 0.874), (0.860, 0.872), (0.950, 0.980)],
}
# Of any of them on scikit-learn's smaller digits: measured with this library.
ON_DIGITS = [(0.940, 0.990), (0.940, 0.990), (0.945, 1)]


def make_model(recipe, n_pixels):
    hidden, output = recipe.activations
    model = kerasette.Sequential(
        [
            kerasette.Input((n_pixels,)),
            layers.Dense(recipe.hidden, hidden, use_bias=False),
            layers.Dropout(recipe.dropout, seed=1),
            layers.Dense(10, output, use_bias=False),
        ]
    )
    rng = np.random.RandomState(1)
    spreads = zip(recipe.spreads, model.weights, strict=True)
    model.set_weights([spread * (2 * rng.random_sample(w.shape) - 1) for spread, w in spreads])
    model.compile(optimizers.SGD(recipe.rate), loss=recipe.loss, metrics=["accuracy"])
    return model


def train(recipe, images):
    """The history; the test images are looked at after the first pass and every tenth from it."""
    fitted = make_model(recipe, images.n_pixels).fit(
        *images.train,
        batch_size=recipe.batch_size,
        epochs=recipe.passes,
        shuffle=False,
        verbose=0,
        validation_data=images.test,
        validation_batch_size=500,
        validation_freq=[*range(1, recipe.passes + 1, EVERY), recipe.passes],
    )
    return fitted.history


def show(name, history, expected):
    """Prints some passes, checks the accuracies, and returns the best and the last."""
    tested, in_training = history["val_accuracy"], history["accuracy"]
    print(f"{name}: accuracy in training and on the test images")
    for i in (0, 1, 2, len(tested) // 2, len(tested) - 1):
        number = min(EVERY * i, len(in_training) - 1)
        print(f"  pass {number:3d}: {in_training[number]:.3f} {tested[i]:.4f}")
    found = max(tested), tested[-1], in_training[-1]
    print(f"  best {found[0]:.4f}, last {found[1]:.4f}")
    assert all(low <= value <= high for value, (low, high) in zip(found, expected)), found
    return found[:2]


def main():
    options = add_options(parser(__doc__)).parse_args()
    pictures, images = Pictures(options.pictures), load(options.digits)
    config.set_floatx("float64")
    curves = {}
    for name, recipe in RECIPES.items():
        history = train(recipe, images)
        best, last = show(name, history, ON_MNIST[name] if images.is_mnist else ON_DIGITS)
        if name == "plain" and images.is_mnist:
            assert best - last > 0.03, "learnt by heart, and the worse for it"
        curves[name] = EVERY * np.arange(len(history["val_accuracy"])), history["val_accuracy"]
    pictures.curves("mnist_from_scratch", curves, "pass", "test accuracy")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
