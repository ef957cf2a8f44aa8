"""Networks as regressors of scikit-learn."""

from typing import Any

from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from kerasette.wrappers.estimator import KerasetteEstimator
from kerasette.wrappers.inputs import checked_x, checked_x_and_y
from kerasette.wrappers.outputs import columns
from kerasette.wrappers.scoring import r2_of
from kerasette.wrappers.targets import RegressionTargets


class KerasetteRegressor(RegressorMixin, KerasetteEstimator):
    """A network as a regressor of scikit-learn: for pipelines, searches and ensembles.

    y may be one number or several for each sample; predictions come in its form. See
    `KerasetteClassifier` for `X`, and for what this one has in common with it.

    Parameters
    ----------
    model, hidden_layer_sizes, activation, dropout, batch_normalization, optimizer, learning_rate
    batch_size, epochs, shuffle, tol, validation_fraction, n_iter_no_change, callbacks, metrics
    random_state, warm_start, verbose, dtype, keep_weights, **nested
        As for `KerasetteClassifier`. Functions given as `model` get no ``n_classes``.
    loss : str, Loss, callable or None
        None is the mean squared error, or what `model` was compiled with. With a loss of Poisson's
        the default network ends with an exponential.
    alpha : float
        Penalty ``alpha / 2 * sum(kernel**2)``, divided by the samples of a batch; see there.
    early_stopping : bool
        Whether R2 on samples put aside decides when to end.

    Attributes
    ----------
    model_ : Model
        As trained. The others are those of `KerasetteClassifier`, but for classes.

    Raises
    ------
    ValueError
        In `fit`, for parameters or data that do not fit. The estimator is as before.

    Examples
    --------
    >>> import numpy as np
    >>> from kerasette.wrappers import KerasetteRegressor
    >>> X = np.linspace(-1, 1, 200).reshape(-1, 1)
    >>> network = KerasetteRegressor(learning_rate=0.01, random_state=0).fit(X, X[:, 0] ** 2)
    >>> bool(network.score(X, X[:, 0] ** 2) > 0.9)
    True
    """

    def __init__(
        self, model=None, *, hidden_layer_sizes=(100,), activation="relu", dropout=0.0,
        batch_normalization=False, optimizer=None, learning_rate=None, loss=None, alpha=1e-4,
        batch_size: Any = "auto", epochs=200, shuffle=True, tol: Any = 1e-4, early_stopping=False,
        validation_fraction=0.1, n_iter_no_change=10, callbacks=None, metrics=None,
        random_state=None, warm_start=False, verbose=0, dtype=None, keep_weights=False, **nested,
    ):  # fmt: skip
        self._store(locals())

    def fit(self, X, y, sample_weight=None):
        """Trains the network.

        Parameters
        ----------
        X : array-like of shape (samples, features, ...), sparse, or dict of array-like
        y : array-like of shape (samples,) or (samples, outputs)
        sample_weight : array-like of shape (samples,), optional
            What each sample counts, in proportion. Those of weight 0 are left out; whole numbers,
            up to 5 in the mean, are repetitions.

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight)

    def partial_fit(self, X, y, sample_weight=None):
        """Trains for one epoch, and goes on with model and optimizer at the next call.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight, is_partial=True)

    def _checked_data(self, X, y, goes_on, is_partial):
        X, y = checked_x_and_y(self, X, y, y_numeric=True, reset=not goes_on)
        if not goes_on:
            self._targets = RegressionTargets(y)
        return X, self._targets.encoded(y), None

    def _strata(self, y):
        return None

    def _scorer(self, model, samples):
        """A function that gives R2 of a model in training."""
        return r2_of(model, samples)

    def _note_outputs(self, X):
        pass

    def predict(self, X):
        """What is expected for each sample.

        Parameters
        ----------
        X : as for `fit`

        Returns
        -------
        ndarray of shape (samples,) or (samples, outputs)
            As y was.
        """
        check_is_fitted(self)
        outputs = columns(self.model_.predict(checked_x(self, X), verbose=0))
        return self._targets.decoded(outputs)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
