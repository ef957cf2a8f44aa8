"""Searching for layers and learning rates, several fits at a time.

What you learn: the parameters of a network are those of an estimator, so that scikit-learn's
searches vary them: of the default network, of a function that makes the model (`model__units`), and
of the optimizer (`optimizer__momentum`). Fits beside each other give the same scores, to the last
bit, as fits one after the other. A search that halves gives many candidates few epochs, and many
epochs to few.
"""

import numpy as np
from scipy.stats import loguniform
from sklearn.datasets import load_digits
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingRandomSearchCV, train_test_split

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier


def load_data():
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    return train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)


def tower(input_shape, n_classes, units=32, depth=1):
    """Layers of equal width; the estimator compiles it."""
    hidden = [layers.Dense(units, activation="relu") for _ in range(depth)]
    output = layers.Dense(n_classes, activation="softmax")
    return kerasette.Sequential([kerasette.Input(input_shape), *hidden, output])


def show(found, n=3):
    results = found.cv_results_
    for i in np.argsort(-results["mean_test_score"])[:n]:
        print(f"  {results['mean_test_score'][i]:.4f} {results['params'][i]}")


def search_grid(x_train, x_test, y_train, y_test):
    network = KerasetteClassifier(epochs=10, batch_size=32, random_state=0)
    grid = {
        "hidden_layer_sizes": [(), (64,), (64, 64)],
        "learning_rate": [1e-4, 1e-3, 5e-3],
    }
    found = GridSearchCV(network, grid, cv=3, n_jobs=2).fit(x_train, y_train)
    print("grid, best three of nine:")
    show(found)
    print(f"test accuracy {found.score(x_test, y_test):.4f}")
    assert found.best_params_["hidden_layer_sizes"] != ()
    assert found.best_params_["learning_rate"] > 1e-4
    assert found.score(x_test, y_test) > 0.95
    alone = GridSearchCV(network, grid, cv=3, n_jobs=1).fit(x_train, y_train)
    one, two = (search.cv_results_["mean_test_score"] for search in (alone, found))
    assert (one == two).all(), "the same scores, however many jobs there are"


def search_by_halves(x_train, x_test, y_train, y_test):
    # The candidates that remain train three times as long in each round: tol=None lets them.
    network = KerasetteClassifier(tower, optimizer="sgd", batch_size=32, tol=None, random_state=0)
    candidates = {
        "model__units": [8, 16, 32, 64, 128],
        "model__depth": [1, 2],
        "optimizer__learning_rate": loguniform(1e-3, 0.1),
        "optimizer__momentum": [0.0, 0.9],
    }
    found = HalvingRandomSearchCV(
        network, candidates, n_candidates=9, resource="epochs", min_resources=2,
        max_resources=18, factor=3, cv=3, n_jobs=2, random_state=0,
    ).fit(x_train, y_train)  # fmt: skip
    rounds = list(zip(found.n_candidates_, found.n_resources_, strict=True))
    print("halving, candidates and epochs:", ", ".join(f"{n} for {e}" for n, e in rounds))
    show(found)
    print(f"test accuracy {found.score(x_test, y_test):.4f}")
    assert rounds == [(9, 2), (3, 6), (1, 18)]
    assert found.best_estimator_.n_iter_ == 18
    assert found.score(x_test, y_test) > 0.95


def main():
    data = load_data()
    search_grid(*data)
    search_by_halves(*data)


if __name__ == "__main__":
    main()
