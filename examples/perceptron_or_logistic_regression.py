"""A perceptron or logistic regression: one layer, two losses.

What you learn: without hidden layers the default network is multinomial logistic regression, and
its `alpha` is 1 / C; with the loss max(0, -margin), one sample at a time, it is Rosenblatt's
perceptron, update by update. Both are checked against scikit-learn's own.

A lecture's first classifier of the digits of 8 x 8 pixels: 10 neurons of 65 weights, 650
parameters. It gives no figures; the oracles are scikit-learn's LogisticRegression and Perceptron.
"""

import numpy as np
from pictures import Pictures
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier

import kerasette
from kerasette import layers, ops
from kerasette.wrappers import KerasetteClassifier


def load_data():
    x, y = load_digits(return_X_y=True)
    return train_test_split(x / 16, y, test_size=0.25, stratify=y, random_state=0)


def perceptron_loss(labels, scores):
    """What is lacking to the right side; labels are 0 and 1, and a score of 0 is wrong."""
    margins = (2 * labels - 1) * scores
    return ops.sum(ops.where(margins <= 0, -margins, 0.0), axis=-1)


def one_neuron(input_shape):
    neuron = layers.Dense(1, kernel_initializer="zeros")
    return kerasette.Sequential([kerasette.Input(input_shape), neuron])


def compare_perceptrons(x_train, x_test, y_train, y_test):
    options = {"shuffle": False, "tol": None}
    theirs = Perceptron(max_iter=5, **options).fit(x_train, y_train)
    neuron = KerasetteClassifier(
        one_neuron, loss=perceptron_loss, optimizer="sgd", learning_rate=1.0, batch_size=1,
        epochs=5, **options,
    )  # fmt: skip
    # One neuron for each digit, and all the others against it, as scikit-learn's.
    ours = OneVsRestClassifier(neuron).fit(x_train, y_train)
    kernels = np.hstack([one.coefs_[0] for one in ours.estimators_]).T
    biases = np.hstack([one.intercepts_[0] for one in ours.estimators_])
    difference = max(abs(kernels - theirs.coef_).max(), abs(biases - theirs.intercept_).max())
    print(f"perceptron: {kernels.size + biases.size} parameters up to {abs(kernels).max():.1f}")
    print(f"  test accuracy {ours.score(x_test, y_test):.4f}", end=", ")
    print(f"scikit-learn's {theirs.score(x_test, y_test):.4f}, weights differ by {difference:.1e}")
    assert kernels.size + biases.size == 650
    assert difference < 1e-9
    assert ours.score(x_test, y_test) == theirs.score(x_test, y_test)
    return ours


def compare_logistic_regression(x_train, x_test, y_train, y_test):
    strength = 1.0
    theirs = LogisticRegression(C=strength, tol=1e-7, max_iter=10000).fit(x_train, y_train)
    # All samples at once, as the problem has one best answer.
    ours = KerasetteClassifier(
        hidden_layer_sizes=(), alpha=1 / strength, optimizer="sgd", optimizer__momentum=0.95,
        learning_rate=1.0, batch_size=len(x_train), epochs=3000, tol=None, random_state=0,
    ).fit(x_train, y_train)  # fmt: skip
    difference = abs(ours.coefs_[0] - theirs.coef_.T).max()
    n_parameters = ours.coefs_[0].size + ours.intercepts_[0].size
    print(f"logistic regression: {n_parameters} parameters up to {abs(ours.coefs_[0]).max():.3f}")
    print(f"  test accuracy {ours.score(x_test, y_test):.4f}", end=", ")
    print(f"scikit-learn's {theirs.score(x_test, y_test):.4f}, weights differ by {difference:.1e}")
    assert n_parameters == 650
    assert difference < 1e-4
    assert ours.score(x_test, y_test) == theirs.score(x_test, y_test)
    np.testing.assert_allclose(ours.predict_proba(x_test), theirs.predict_proba(x_test), atol=1e-4)
    return ours


def main():
    pictures = Pictures.from_arguments(__doc__)
    data = load_data()
    perceptron = compare_perceptrons(*data)
    logistic = compare_logistic_regression(*data)
    # The perceptron knows right and wrong, and has no probabilities.
    assert hasattr(logistic, "predict_proba")
    assert not hasattr(perceptron.estimators_[0], "predict_proba")
    assert logistic.score(*data[1::2]) > perceptron.score(*data[1::2])
    kernels = [kernel.reshape(8, 8) for kernel in logistic.coefs_[0].T]
    pictures.images("logistic_regression", kernels, range(10))


if __name__ == "__main__":
    main()
