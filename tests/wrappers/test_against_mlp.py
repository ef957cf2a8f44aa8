"""Training compared with scikit-learn's networks, from equal weights, on equal batches."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.neural_network import MLPClassifier, MLPRegressor

import kerasette
from kerasette import layers
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

N_FEATURES, HIDDEN = 6, (7, 5)
RNG = np.random.RandomState(1)
X = RNG.randn(96, N_FEATURES)
LATENT = X @ RNG.randn(N_FEATURES, 3) + np.sin(3 * X[:, :3])
Y = {
    "binary": LATENT[:, 0] > 0,
    "multiclass": LATENT.argmax(axis=1),
    "multilabel": (LATENT > 0.5).astype(int),
    "one output": LATENT[:, 0],
    "outputs": LATENT[:, :2],
}
COLUMNS = {"binary": 1, "multiclass": 3, "multilabel": 3, "one output": 1, "outputs": 2}
# How much smaller our gradients are: Keras's losses are means over columns, and not halved.
SCALE = {"binary": 1, "multiclass": 1, "multilabel": 3, "one output": 0.5, "outputs": 1}


def initial_weights(n_columns, n_features=N_FEATURES):
    rng = np.random.RandomState(2)
    sizes = [n_features, *HIDDEN, n_columns]
    return [w for a, b in pairwise(sizes) for w in (0.5 * rng.randn(a, b), 0.1 * rng.randn(b))]


def with_weights(kind, weights):
    """A network of scikit-learn that begins with these weights, and draws none."""

    class Oracle(kind):
        def _init_coef(self, *sizes_and_dtype):
            self._n_made = getattr(self, "_n_made", -1) + 1
            place = 2 * (self._n_made % (len(weights) // 2))
            return weights[place].copy(), weights[place + 1].copy()

    return Oracle


def given_model(weights, activation, last):
    """A model with these weights."""
    model = kerasette.Sequential([kerasette.Input((len(weights[0]),), dtype="float64")])
    for size in HIDDEN:
        model.add(layers.Dense(size, activation, dtype="float64"))
    model.add(layers.Dense(weights[-1].size, last, dtype="float64"))
    model.set_weights(weights)
    return model


LAST = {"binary": "sigmoid", "multiclass": "softmax", "multilabel": "sigmoid"}
SOLVERS = {
    "sgd": (
        {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 0.2},
        {"optimizer": "sgd", "learning_rate": 0.2},
    ),
    "nesterov": (
        {"solver": "sgd", "momentum": 0.8, "learning_rate_init": 0.05},
        {
            "optimizer": "sgd", "learning_rate": 0.05, "optimizer__momentum": 0.8,
            "optimizer__nesterov": True,
        },
    ),
    "adam": (
        {"solver": "adam", "learning_rate_init": 0.02},
        {"optimizer": "adam", "learning_rate": 0.02, "optimizer__epsilon": 1e-8},
    ),
}  # fmt: skip


def pair(task, solver="sgd", activation="tanh", alpha=0.3, **params):
    """Both estimators, from the same weights, and what our losses are to be multiplied by."""
    weights, scale = initial_weights(COLUMNS[task]), SCALE[task]
    is_classifier = task in LAST
    theirs, ours = SOLVERS[solver]
    common = {"batch_size": 32, "shuffle": False, "random_state": 3, **params}
    epochs = common.pop("epochs", 5)
    oracle = with_weights(MLPClassifier if is_classifier else MLPRegressor, weights)(
        hidden_layer_sizes=HIDDEN,
        alpha=alpha,
        max_iter=epochs,
        activation=activation,
        **theirs,
        **common,
    )
    if solver != "adam":
        ours = {**ours, "learning_rate": ours["learning_rate"] * scale}
    kind = KerasetteClassifier if is_classifier else KerasetteRegressor
    model = given_model(
        weights, {"logistic": "sigmoid"}.get(activation, activation), LAST.get(task)
    )
    return oracle, kind(
        model, keep_weights=True, alpha=alpha / scale, epochs=epochs, **ours, **common
    ), scale  # fmt: skip


def assert_same(ours, oracle, scale=1, rtol=1e-9):
    """Equal weights and losses; `scale` None leaves losses out."""
    for name in ("coefs_", "intercepts_"):
        for mine, expected in zip(getattr(ours, name), getattr(oracle, name), strict=True):
            np.testing.assert_allclose(mine, expected, rtol=rtol, atol=1e-10)
    if scale:
        losses = np.array(ours.loss_curve_) * scale
        np.testing.assert_allclose(losses, oracle.loss_curve_, rtol=rtol)


def unconverged(fit, *args, **kwargs):
    # They warn of too few epochs.
    with pytest.warns(Warning, match="Maximum iterations"):
        return fit(*args, **kwargs)


# With Adam the scale of gradients has no effect but for an epsilon beside them.
CASES = [(task, solver) for task in Y for solver in ("sgd", "nesterov")]
CASES += [("binary", "adam"), ("multiclass", "adam")]


@pytest.mark.parametrize(("task", "solver"), CASES)
def test_weights_and_losses_after_training(task, solver):
    oracle, ours, scale = pair(task, solver)
    unconverged(oracle.fit, X, Y[task])
    ours.fit(X, Y[task])
    # Their loss of several outputs is a mean, and what they follow the gradient of a sum.
    assert_same(ours, oracle, None if task == "outputs" else scale)
    np.testing.assert_allclose(ours.predict(X), oracle.predict(X), rtol=1e-9)
    assert ours.n_layers_ == oracle.n_layers_
    assert ours.n_outputs_ == oracle.n_outputs_
    assert ours.out_activation_ == oracle.out_activation_
    assert ours.t_ == oracle.t_


@pytest.mark.parametrize("activation", ["relu", "logistic", "tanh"])
def test_activations(activation):
    oracle, ours, _ = pair("multiclass", activation=activation)
    unconverged(oracle.fit, X, Y["multiclass"])
    assert_same(ours.fit(X, Y["multiclass"]), oracle)


def test_probabilities():
    oracle, ours, _ = pair("multiclass", "adam")
    unconverged(oracle.fit, X, Y["multiclass"])
    ours.fit(X, Y["multiclass"])
    np.testing.assert_allclose(ours.predict_proba(X), oracle.predict_proba(X), rtol=1e-9)
    np.testing.assert_allclose(ours.predict_log_proba(X), oracle.predict_log_proba(X), rtol=1e-8)
    assert ours.score(X, Y["multiclass"]) == oracle.score(X, Y["multiclass"])


def test_weighted_samples():
    oracle, ours, _ = pair("multiclass", batch_size=96)
    weights = RNG.rand(len(X)) * RNG.randint(0, 4, size=len(X))
    unconverged(oracle.fit, X, Y["multiclass"], sample_weight=weights)
    assert_same(ours.fit(X, Y["multiclass"], sample_weight=weights), oracle)


@pytest.mark.parametrize("batch_size", [7, 32, 1000])
@pytest.mark.parametrize("task", ["multiclass", "one output"])
def test_whole_weights_are_repetitions(task, batch_size):
    counts = RNG.randint(0, 4, size=len(X))
    n_repeated = counts.sum()
    # Their penalty is another one in the last, shorter batch.
    oracle, ours, scale = pair(task, alpha=0.0, batch_size=min(batch_size, n_repeated))
    unconverged(oracle.fit, X.repeat(counts, axis=0), Y[task].repeat(counts))
    ours.set_params(batch_size=batch_size).fit(X, Y[task], sample_weight=counts)
    assert_same(ours, oracle, scale)


@pytest.mark.parametrize("task", ["multiclass", "one output"])
def test_training_ends_at_the_same_epoch(task):
    params = {"epochs": 400, "tol": 3e-3, "n_iter_no_change": 3}
    oracle, ours, scale = pair(task, **params)
    ours.set_params(tol=3e-3 / scale)
    oracle.fit(X, Y[task])
    ours.fit(X, Y[task])
    assert 5 < ours.n_iter_ < 400
    assert ours.n_iter_ == oracle.n_iter_
    assert ours.best_loss_ * scale == pytest.approx(oracle.best_loss_)
    assert ours.validation_scores_ is oracle.validation_scores_ is None


# Of more than two classes theirs does not keep the shares in what it puts aside.
@pytest.mark.parametrize("task", ["binary", "multilabel", "one output"])
def test_early_stopping_puts_the_same_samples_aside(task):
    params = {"early_stopping": True, "validation_fraction": 0.25, "batch_size": 24}
    oracle, ours, scale = pair(task, epochs=60, tol=1e-3, n_iter_no_change=4, **params)
    oracle.fit(X, Y[task])
    ours.fit(X, Y[task])
    assert ours.n_iter_ == oracle.n_iter_ < 60
    assert ours.validation_scores_ == pytest.approx(oracle.validation_scores_)
    assert ours.best_validation_score_ == pytest.approx(oracle.best_validation_score_)
    assert ours.history_["val_score"] == ours.validation_scores_
    assert ours.best_loss_ is None
    # The weights of the best epoch.
    assert_same(ours, oracle, scale)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_partial_fit_goes_on_with_the_optimizer(solver):
    oracle, ours, _ = pair("multiclass", solver)
    for n_times in range(3):
        oracle.partial_fit(X, Y["multiclass"], classes=[0, 1, 2])
        ours.partial_fit(X, Y["multiclass"], classes=[0, 1, 2] if n_times == 0 else None)
    assert_same(ours, oracle)
    assert ours.n_iter_ == oracle.n_iter_ == 1
    assert ours.t_ == oracle.t_ == 3 * len(X)
    assert ours.epoch_ == 3


def test_partial_fit_penalises_by_the_size_of_its_batch():
    oracle, ours, _ = pair("multiclass", batch_size=1000, alpha=5.0)
    for n in (96, 30, 30, 60):
        with pytest.warns(UserWarning, match="larger than"):
            oracle.partial_fit(X[:n], Y["multiclass"][:n], classes=[0, 1, 2])
        ours.partial_fit(X[:n], Y["multiclass"][:n], classes=[0, 1, 2])
    assert_same(ours, oracle)


def test_warm_start_goes_on_with_a_new_optimizer():
    oracle, ours, _ = pair("multiclass", "adam", warm_start=True)
    for _ in range(2):
        unconverged(oracle.fit, X, Y["multiclass"])
        ours.fit(X, Y["multiclass"])
    assert_same(ours, oracle)
    assert (ours.n_iter_, ours.epoch_) == (5, 10)
    assert ours.t_ == oracle.t_


def test_the_default_network_is_theirs():
    """The same but for what is drawn: weights are set after a `fit` of no epochs."""
    ours = KerasetteClassifier(
        hidden_layer_sizes=HIDDEN, epochs=0, alpha=0.7, batch_size=32,
        shuffle=False, warm_start=True, optimizer__epsilon=1e-8,
    ).fit(X, Y["multiclass"])  # fmt: skip
    weights = initial_weights(3)
    ours.model_.set_weights(weights)
    ours.set_params(epochs=4).fit(X, Y["multiclass"])
    oracle = with_weights(MLPClassifier, weights)(
        hidden_layer_sizes=HIDDEN, alpha=0.7, batch_size=32, shuffle=False, max_iter=4
    )
    unconverged(oracle.fit, X, Y["multiclass"])
    assert_same(ours, oracle)
    assert ours.model_.replayed_steps > 0
