"""Logistic regression is a network of one layer.

What you learn: ten neurons with softmax and the logarithmic loss are multinomial logistic
regression, and give scikit-learn's answers if they have its penalty; how large that penalty should
be is found by validation, and scikit-learn's grid search does it for a network too.

A lecture's first classifier of the digits of 8 x 8 pixels: 10 neurons of 65 weights, 650
parameters; a penalty of squares, of sizes, or both. It gives no figures; the oracle is
scikit-learn's LogisticRegression.

scikit-learn minimizes C times the summed loss plus half the squared weights; a network the mean
loss plus lambda times the squared weights: lambda = 1 / (2 C n).
"""

import numpy as np
from pictures import Pictures
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split

import kerasette
from kerasette import config, layers, optimizers, regularizers


def load_data():
    x, y = load_digits(return_X_y=True)
    return train_test_split(x / 16, y, test_size=0.25, stratify=y, random_state=0)


class OneLayer(ClassifierMixin, BaseEstimator):
    """A softmax layer, as scikit-learn wants a classifier."""

    def __init__(self, l1=0.0, l2=0.0, epochs=150):
        self.l1 = l1
        self.l2 = l2
        self.epochs = epochs

    def fit(self, x, y):
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.model_ = kerasette.Sequential(
            [
                kerasette.Input((x.shape[1],)),
                layers.Dense(
                    len(self.classes_),
                    activation="softmax",
                    kernel_initializer="zeros",
                    kernel_regularizer=regularizers.L1L2(self.l1, self.l2),
                ),
            ]
        )
        # All samples at once, as the problem has one best answer.
        self.model_.compile(
            optimizers.SGD(1.0, momentum=0.95), loss="sparse_categorical_crossentropy"
        )
        self.model_.fit(x, labels, batch_size=len(x), epochs=self.epochs, verbose=0)
        return self

    def predict_proba(self, x):
        return self.model_.predict(x, verbose=0)

    def predict(self, x):
        return self.classes_[self.predict_proba(x).argmax(axis=1)]


def compare_with_scikit_learn(x_train, x_test, y_train, y_test):
    strength = 1.0
    theirs = LogisticRegression(C=strength, tol=1e-7, max_iter=10000).fit(x_train, y_train)
    ours = OneLayer(l2=1 / (2 * strength * len(x_train)), epochs=3000).fit(x_train, y_train)
    n_parameters = sum(weight.size for weight in ours.model_.get_weights())
    print(f"{n_parameters} parameters")
    print(f"test accuracy: {ours.score(x_test, y_test):.4f}, scikit-learn's", end=" ")
    print(f"{theirs.score(x_test, y_test):.4f}")
    kernel, _ = ours.model_.get_weights()
    difference = abs(kernel - theirs.coef_.T).max()
    print(f"weights up to {abs(kernel).max():.3f} differ by {difference:.1e} at most")
    assert n_parameters == 650
    assert ours.score(x_test, y_test) == theirs.score(x_test, y_test)
    assert difference < 1e-4
    np.testing.assert_allclose(ours.predict_proba(x_test), theirs.predict_proba(x_test), atol=1e-4)
    return kernel


def search(x_train, x_test, y_train, y_test):
    grid = [
        {"l2": [0.0, 1e-4, 1e-2, 1.0]},
        {"l1": [1e-4, 1e-2]},
        {"l1": [1e-4], "l2": [1e-4]},
    ]
    found = GridSearchCV(OneLayer(), grid, cv=3).fit(x_train, y_train)
    for options, score in zip(
        found.cv_results_["params"], found.cv_results_["mean_test_score"], strict=True
    ):
        print(f"  {options}: accuracy in validation {score:.4f}")
    print(f"best {found.best_params_}, test accuracy {found.score(x_test, y_test):.4f}")
    assert found.best_params_.get("l2") != 1.0, "a penalty that leaves nothing to say"
    assert found.score(x_test, y_test) > 0.94
    sizes = [abs(OneLayer(l1=l1).fit(x_train, y_train).model_.get_weights()[0]) for l1 in (0, 1e-3)]
    small = [float((size < 1e-2).mean()) for size in sizes]
    print(f"weights near 0: {small[0]:.0%} without a penalty, {small[1]:.0%} with that of sizes")
    assert small[1] > small[0] + 0.3


def main():
    config.set_floatx("float64")
    pictures = Pictures.from_arguments(__doc__)
    data = load_data()
    kernel = compare_with_scikit_learn(*data)
    search(*data)
    pictures.images("logistic_regression", [k.reshape(8, 8) for k in kernel.T], range(10))
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
