"""Keras's estimators for scikit-learn, for Keras and for kerasette alike, and what they show."""

import numpy as np
from seen_cases import observed

RNG = np.random.default_rng(3)
X = RNG.normal(size=(30, 4))
THREE = RNG.integers(0, 3, 30)
TWO = np.array(["no", "yes"])[RNG.integers(0, 2, 30)]
NUMBERS = X[:, 0] - 0.5 * X[:, 1] ** 2
FIT = {"epochs": 3, "batch_size": 8, "shuffle": False, "verbose": 0}


def network(keras, seen, loss, activation):
    """What makes a model with weights that do not depend on the library."""

    def make(X, y, units=5):
        seen["y"] = y
        model = keras.Sequential(
            [
                keras.Input((X.shape[1],)),
                keras.layers.Dense(units, activation="tanh"),
                keras.layers.Dense(y.shape[1], activation=activation),
            ]
        )
        rng = np.random.default_rng(1)
        model.set_weights([0.5 * rng.normal(size=weight.shape) for weight in model.weights])
        model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss)
        return model

    return make


def classifier(keras, y):
    """A classifier that was fitted twice, and what it says."""
    seen = {}
    make = network(keras, seen, "categorical_crossentropy", "softmax")
    found = keras.wrappers.SKLearnClassifier(make, model_kwargs={"units": 6}, fit_kwargs=dict(FIT))
    found.fit(X, y)
    first = found.history_.history["loss"]
    found.fit(X, y, epochs=2)
    # Of two classes Keras has two columns.
    scores = found.decision_function(X) if len(found.classes_) > 2 else None
    return {**seen, **results(found, first), "classes": found.classes_.tolist(), "scores": scores}


def regressor(keras):
    """A regressor, and what it says."""
    seen = {}
    make = network(keras, seen, "mse", None)
    found = keras.wrappers.SKLearnRegressor(make, fit_kwargs=FIT).fit(X, NUMBERS)
    return {**seen, **results(found, None)}


def transformer(keras):
    """A transformer, and what it returns."""
    seen = {}
    make = network(keras, seen, "mse", "sigmoid")
    found = keras.wrappers.SKLearnTransformer(make, fit_kwargs=FIT).fit(X, NUMBERS)
    return {**seen, **results(found, None), "transformed": found.transform(X)}


def results(fitted, first):
    predicted = fitted.predict(X)
    return {
        "first": first,
        "losses": np.array(fitted.history_.history["loss"]),
        "predicted": predicted.tolist() if predicted.dtype.kind == "U" else predicted,
        "score": fitted.score(X, predicted) if hasattr(fitted, "score") else None,
        "n_features": fitted.n_features_in_,
        "weights": list(fitted.model_.get_weights()),
    }


CASES = {
    "three": lambda keras: classifier(keras, THREE),
    "two": lambda keras: classifier(keras, TWO),
    "regressor": regressor,
    "transformer": transformer,
}
NAMES = list(CASES)


def observe(keras, name):
    """What a case shows for a library."""
    return observed(keras, name, CASES[name])
