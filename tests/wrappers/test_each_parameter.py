"""Each parameter changes what comes out, and its wrong values are refused."""

import inspect

import numpy as np
import pytest

pytest.importorskip("sklearn")

from estimator_parameters import CHANGES, SMALL, WRONG, Silent, X, Y, network
from sklearn.base import clone

import kerasette
from kerasette import callbacks, layers
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor

KINDS = [KerasetteClassifier, KerasetteRegressor]


def outcome(estimator):
    """All that two fits, one after the other, leave."""
    y = Y
    if isinstance(estimator, KerasetteClassifier) and isinstance(estimator.model, kerasette.Model):
        y = Y > 0
    estimator.fit(X, y).fit(X, y)
    weights = [weight.tolist() for weight in estimator.model_.get_weights()]
    return weights, estimator.history_, estimator.loss_curve_, estimator.validation_scores_


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CHANGES)
def test_it_changes_the_result(kind, name):
    changes, common = CHANGES[name]
    if name == "class_weight" and kind is KerasetteRegressor:
        with pytest.raises(TypeError, match="unexpected keyword argument 'class_weight'"):
            kind(**changes)
        return
    before = outcome(kind(**{**SMALL, **common}))
    assert outcome(kind(**{**SMALL, **common})) == before
    assert outcome(kind(**{**SMALL, **common, **changes})) != before


@pytest.mark.parametrize("kind", KINDS)
def test_none_is_left_out(kind):
    # Of the last there is a test of its own.
    known = {*CHANGES, "verbose", "nested", "self"}
    assert set(inspect.signature(kind.__init__).parameters) <= known


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verbose", [0, 1, 2, True, False])
def test_verbose(kind, verbose, capsys):
    kind(**SMALL, verbose=verbose).fit(X, Y)
    assert ("loss" in capsys.readouterr().out) == bool(verbose)


def test_what_each_says():
    """Not only that something is different, but what."""
    fitted = KerasetteClassifier(**SMALL).fit(X, Y)
    assert [coefs.shape for coefs in fitted.coefs_] == [(4, 6), (6, 3)]
    assert len(fitted.loss_curve_) == fitted.n_iter_ == fitted.epoch_ == 4
    assert fitted.t_ == 4 * 48
    assert fitted.loss_ == fitted.loss_curve_[-1] == fitted.history_["loss"][-1]
    assert fitted.best_loss_ == min(fitted.loss_curve_)
    assert fitted.model_.optimizer.iterations.numpy() == 4 * 3
    assert fitted.n_layers_ == 3
    fitted = KerasetteClassifier(**{**SMALL, "batch_size": "auto"}).fit(X, Y)
    assert fitted.model_.optimizer.iterations.numpy() == 4
    fitted = KerasetteClassifier(
        **SMALL, metrics=["accuracy", "sparse_categorical_crossentropy"]
    ).fit(X, Y)
    assert sorted(fitted.history_) == ["accuracy", "loss", "sparse_categorical_crossentropy"]
    fitted = KerasetteClassifier(**SMALL, dropout=0.3, batch_normalization=True).fit(X, Y)
    kinds = [type(layer).__name__ for layer in fitted.model_.layers]
    assert {"Dropout", "BatchNormalization"} <= set(kinds)
    assert fitted.n_iter_ == 4


def test_no_epochs_leave_the_model_as_it_is():
    given = network((4,), (1,))
    fitted = KerasetteRegressor(given, keep_weights=True, epochs=0).fit(X, Y)
    np.testing.assert_allclose(
        fitted.predict(X), given.predict(X.astype("float32"), verbose=0)[:, 0]
    )
    assert fitted.loss_ is None
    assert fitted.loss_curve_ == []
    assert fitted.history_ == {}


def test_without_tol_all_epochs_are_run():
    still = {**SMALL, "epochs": 20, "learning_rate": 0.0, "n_iter_no_change": 2}
    assert KerasetteRegressor(**still, tol=1e-9).fit(X, Y).n_iter_ == 4
    assert KerasetteRegressor(**still, tol=None).fit(X, Y).n_iter_ == 20
    assert KerasetteRegressor(**{**still, "n_iter_no_change": np.inf}).fit(X, Y).n_iter_ == 20
    early = KerasetteRegressor(**still, tol=None, early_stopping=True).fit(X, Y)
    assert early.n_iter_ == len(early.validation_scores_) == 20


def test_alpha_of_a_model_leaves_its_own_penalties():
    def build(output_shape):
        return kerasette.Sequential(
            [
                layers.Dense(5, kernel_regularizer=kerasette.regularizers.L2(0.5)),
                layers.Dense(*output_shape),
            ]
        )

    fitted = KerasetteRegressor(build, epochs=1, alpha=3.0, batch_size=24).fit(X, Y)
    own, added = (w.regularizer.l2 for w in fitted.model_.weights if w.name == "kernel")
    assert own == 0.5
    assert added == pytest.approx(3.0 / 2 / 24)
    fitted.partial_fit(X[:12], Y[:12])
    assert fitted.model_.weights[2].regularizer.l2 == pytest.approx(3.0 / 2 / 12)


class Narrow(KerasetteRegressor):
    """An estimator of one's own, that decides some parameters."""

    def __init__(self, width=3, *, random_state=None):
        super().__init__(hidden_layer_sizes=width, epochs=2, random_state=random_state)
        self.width = width


def test_subclasses_with_other_parameters():
    fitted = clone(Narrow(4, random_state=0)).fit(X, Y)
    assert fitted.get_params() == {"width": 4, "random_state": 0}
    assert fitted.coefs_[0].shape == (4, 4)
    assert fitted.partial_fit(X, Y).epoch_ == 3


# ---- callbacks --------------------------------------------------------------------------


class Notes(callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.logs = []
        self.last = None

    def on_epoch_end(self, epoch, logs=None):
        self.logs.append(sorted(logs))
        self.last = epoch


def test_callbacks_are_copied_but_not_what_they_hold():
    notes = Notes()
    fitted = KerasetteRegressor(**SMALL, callbacks=[notes], early_stopping=True).fit(X, Y)
    assert notes.logs == [["loss", "val_score"]] * 4
    assert notes.last is None
    assert notes.model is None
    assert fitted.callbacks == [notes]


def test_one_callback_without_a_list():
    assert KerasetteRegressor(**SMALL, callbacks=Silent()).fit(X, Y).n_iter_ == 1


def test_callbacks_may_watch_the_score():
    stop = callbacks.EarlyStopping(monitor="val_score", mode="max", patience=0, min_delta=10)
    fitted = KerasetteRegressor(
        **{**SMALL, "epochs": 20}, early_stopping=True, callbacks=[stop]
    ).fit(X, Y)  # fmt: skip
    assert fitted.n_iter_ == 2


# ---- errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (kind, name, value)
        for kind in KINDS
        for name, values in WRONG.items()
        for value in values
        if (kind, name) != (KerasetteRegressor, "class_weight")
    ],
)
def test_wrong_values(kind, name, value):
    # Not when they are set, as scikit-learn asks; and nothing of a fitted one is lost.
    estimator = kind(**SMALL)
    vars(estimator)[name] = value
    with pytest.raises((ValueError, TypeError), match=name.removeprefix("optimizer__")[:5]):
        estimator.fit(X, Y)
    assert not [key for key in vars(estimator) if key.endswith("_")]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("epochs", 2.5, r"'epochs' .* must be an int in the range \[0, inf\)\. Got 2\.5 instead"),
        ("shuffle", "batch", "The 'shuffle' parameter of KerasetteClassifier must be an instance"),
        ("batch_size", "all", r"must be a str among \{'auto'\} or an int in the range \[1, inf\)"),
        ("validation_fraction", 1.0, r"must be a float in the range \(0\.0, 1\.0\)"),
        ("alpha", -1, r"The 'alpha' parameter .* in the range \[0(\.0)?, inf\)"),
    ],
)  # fmt: skip
def test_wording(name, value, message):
    with pytest.raises(ValueError, match=message):
        KerasetteClassifier(**{**SMALL, name: value}).fit(X, Y)


def test_too_few_samples_to_put_aside():
    params = {**SMALL, "early_stopping": True, "validation_fraction": 0.02}
    with pytest.raises(ValueError, match="The validation set is too small"):
        KerasetteRegressor(**params).fit(X, Y)


FAILING = {
    "a wrong parameter": lambda e: e.set_params(epochs=-1).fit(X, Y),
    "a wrong optimizer": lambda e: e.set_params(optimizer="sdg").fit(X[:, :2], Y > 0),
    "another width": lambda e: e.partial_fit(X[:, :2], Y),
    "numbers that are missing": lambda e: e.fit(np.full((48, 2), np.nan), Y),
    "targets that do not fit": lambda e: e.fit(X[:, :3], Y[:7]),
    "weights that do not fit": lambda e: e.fit(X[:, :3], Y, sample_weight=[1.0]),
    "too few to put aside": lambda e: e.set_params(
        early_stopping=True, validation_fraction=0.01
    ).fit(X[:, :3], Y),
    "a callback that raises": lambda e: e.set_params(callbacks=[Raising()]).fit(X[:, :3], Y),
}


class Raising(callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise ValueError("an error of its own")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fail", FAILING.values(), ids=FAILING)
def test_a_fit_that_fails_leaves_a_fitted_estimator(kind, fail):
    estimator = kind(**SMALL).fit(X, Y)
    before, predicted = dict(vars(estimator)), estimator.predict(X)
    with pytest.raises(ValueError):
        fail(estimator)
    now = vars(estimator)
    fitted = [name for name in before if name.endswith("_") or name.startswith("_")]
    assert all(now[name] is before[name] for name in fitted)
    assert set(now) == set(before)
    np.testing.assert_array_equal(estimator.predict(X), predicted)
    assert len(estimator.history_["loss"]) == 4


@pytest.mark.parametrize("scale", [1.0, 1e200], ids=["interrupted", "diverged"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_partial_fit_that_fails_leaves_the_model(kind, scale):
    def stop(epoch, logs):
        raise KeyboardInterrupt

    first = {"classes": [0, 1, 2]} if kind is KerasetteClassifier else {}
    estimator, other = (kind(**SMALL).partial_fit(X, Y, **first) for _ in range(2))
    predicted = estimator.predict(X)
    if scale == 1:
        estimator.set_params(callbacks=callbacks.LambdaCallback(on_epoch_end=stop))
    with np.errstate(all="ignore"), pytest.raises((ValueError, KeyboardInterrupt)):
        estimator.partial_fit(X * scale, Y)
    np.testing.assert_array_equal(estimator.predict(X), predicted)
    # The optimizer's state, too.
    states = [e.model_.optimizer.variables for e in (estimator, other)]
    for variable, expected in zip(*states, strict=True):
        np.testing.assert_array_equal(variable.numpy(), expected.numpy())
    assert estimator.set_params(callbacks=None).partial_fit(X, Y).epoch_ == 2


# ---- randomness -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_random_state_decides_everything_and_nothing_else_does(kind):
    params = {**SMALL, "dropout": 0.3, "early_stopping": True}
    np.random.seed(1)
    state = np.random.get_state()
    first = outcome(kind(**params))
    after = np.random.get_state()
    assert (after[1] == state[1]).all()
    assert after[2] == state[2]
    np.random.seed(2)
    assert outcome(kind(**params)) == first
    states = [np.random.RandomState(5), np.random.RandomState(5)]
    assert outcome(kind(**{**params, "random_state": states[0]})) == outcome(
        kind(**{**params, "random_state": states[1]})
    )


def test_without_random_state_numpy_decides():
    params = {**SMALL, "random_state": None}
    results = []
    for seed in (3, 3, 4):
        np.random.seed(seed)
        results.append(outcome(KerasetteRegressor(**params)))
    assert results[0] == results[1] != results[2]
