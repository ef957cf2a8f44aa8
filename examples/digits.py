"""Handwritten digits: a dense network in twenty lines.

What you learn: the five steps of every program with this library, namely data, model, `compile`,
`fit` and `evaluate`; and two means against overfitting, dropout and smoothed labels.

The data come with scikit-learn: 1,797 images of 8 x 8 pixels with values 0 to 16. A tutorial on
neural networks with NumPy reaches 86 % on them, and asks what modern methods do. Five splits, a
quarter of the images for testing: a mean accuracy above 98 %, half a second a split.

Layers, dropout, smoothing, epochs and the scale of the pixels were chosen by cross-validation
within the training part of split 0: 98.8 % there, and 98.3 % without smoothed labels.
"""

import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import kerasette
from kerasette import layers, losses

SPLITS = range(5)
REQUIRED_MEAN = 0.98


def load_split(split):
    """A quarter of the images for testing, each digit in its share; one-hot labels."""
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        x / 4, y, test_size=0.25, stratify=y, random_state=split
    )
    one_hot = kerasette.utils.to_categorical
    return (x_train, one_hot(y_train)), (x_test, one_hot(y_test))


def make_model():
    model = kerasette.Sequential(
        [
            kerasette.Input((64,)),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam",
        loss=losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy"],
    )
    return model


def run_split(split, verbose):
    """Accuracy on the test part, and the seconds that training and testing took."""
    train, test = load_split(split)
    kerasette.utils.set_random_seed(split)
    start = time.perf_counter()
    model = make_model()
    model.fit(*train, epochs=60, verbose=verbose)
    _, accuracy = model.evaluate(*test, verbose=0)
    return accuracy, time.perf_counter() - start


def main():
    accuracies = []
    for split in SPLITS:
        accuracy, seconds = run_split(split, verbose=2 if split == 0 else 0)
        print(f"split {split}: test accuracy {accuracy:.4f}, {seconds:.2f} s")
        accuracies.append(accuracy)
    mean = np.mean(accuracies)
    print(f"mean test accuracy of {len(accuracies)} splits: {mean:.4f}")
    assert mean >= REQUIRED_MEAN


if __name__ == "__main__":
    main()
