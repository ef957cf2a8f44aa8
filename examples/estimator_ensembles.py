"""Networks among other estimators: they vote, are stacked, and say how sure they are.

What you learn: networks from different random starts learn the same signal and different noise, so
that their vote is better than each of them; a stack learns whom to trust; a network that is too
sure of itself is calibrated, by classes of scikit-learn that know nothing of networks.

The vote is a book's, which has no figures: networks whose first weights lie far from each other, in
(-1, 1), as in `ensemble.py`, on scikit-learn's digits.
"""

import numpy as np
from pictures import Pictures
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

import kerasette
from kerasette import layers
from kerasette.initializers import RandomUniform
from kerasette.wrappers import KerasetteClassifier

MEMBERS = 15


def wide_start(input_shape, n_classes):
    hidden = layers.Dense(40, activation="relu", kernel_initializer=RandomUniform(-1, 1))
    output = layers.Dense(n_classes, activation="softmax")
    return kerasette.Sequential([kerasette.Input(input_shape), hidden, output])


def load_data():
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    return train_test_split(x, y, train_size=600, stratify=y, random_state=0)


def vote(x_train, x_test, y_train, y_test):
    members = [
        (
            f"start {seed}",
            KerasetteClassifier(wide_start, epochs=15, batch_size=32, random_state=seed),
        )
        for seed in range(MEMBERS)
    ]
    together = VotingClassifier(members, voting="soft").fit(x_train, y_train)
    # The members know the classes as numbers.
    numbers = np.searchsorted(together.classes_, y_test)
    alone = np.array([member.score(x_test, numbers) for member in together.estimators_])
    averaged = together.score(x_test, y_test)
    votes = together.set_params(voting="hard").score(x_test, y_test)
    print(f"{MEMBERS} networks alone: {alone.min():.4f} to {alone.max():.4f}")
    print(f"mean {alone.mean():.4f}; votes {votes:.4f}; averaged {averaged:.4f}")
    assert min(votes, averaged) > alone.max()


def stack(x_train, x_test, y_train, y_test):
    network = KerasetteClassifier(batch_size=32, learning_rate=0.003, epochs=15, random_state=0)
    members = [("network", network), ("neighbours", KNeighborsClassifier(3))]
    stacked = StackingClassifier(members, LogisticRegression(), cv=3).fit(x_train, y_train)
    numbers = np.searchsorted(stacked.classes_, y_test)
    alone = {name: m.score(x_test, numbers) for name, m in stacked.named_estimators_.items()}
    together = stacked.score(x_test, y_test)
    print(", ".join(f"{name} {score:.4f}" for name, score in alone.items()), end="; ")
    print(f"stacked {together:.4f}")
    assert together > max(alone.values())


def calibrate(pictures):
    """Labels of which one in five is wrong, and a network that learns them by heart."""
    x, y = make_classification(
        3000, 20, n_informative=6, n_clusters_per_class=4, flip_y=0.4, random_state=0
    )
    x = x.astype("float32")
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.5, random_state=0)
    network = KerasetteClassifier(epochs=60, learning_rate=0.01, batch_size=32, random_state=0)
    models = {
        "network": network,
        "calibrated": CalibratedClassifierCV(network, method="sigmoid", cv=3),
    }
    curves, brier, logarithmic = {}, {}, {}
    for name, model in models.items():
        said = model.fit(x_train, y_train).predict_proba(x_test)[:, 1]
        brier[name], logarithmic[name] = brier_score_loss(y_test, said), log_loss(y_test, said)
        happened, expected = calibration_curve(y_test, said, n_bins=8, strategy="quantile")
        curves[name] = (expected, happened)
        print(f"{name}: Brier score {brier[name]:.3f}, log loss {logarithmic[name]:.3f}", end=", ")
        print(f"off by {abs(happened - expected).mean():.3f} in the mean")
    off = {name: abs(np.subtract(*curve)).mean() for name, curve in curves.items()}
    assert brier["calibrated"] < 0.8 * brier["network"]
    assert logarithmic["calibrated"] < logarithmic["network"]
    assert off["calibrated"] < 0.5 * off["network"]
    pictures.curves(
        "estimator_calibration", {**curves, "perfect": ([0, 1], [0, 1])}, "said", "happened"
    )


def main():
    pictures = Pictures.from_arguments(__doc__)
    data = load_data()
    vote(*data)
    stack(*data)
    calibrate(pictures)


if __name__ == "__main__":
    main()
