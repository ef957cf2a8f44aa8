"""Networks as regressors of scikit-learn."""

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils.validation import check_is_fitted

from kerasette.data.structures import as_samples
from kerasette.wrappers.estimator import KerasetteEstimator
from kerasette.wrappers.inputs import checked_x, checked_x_and_y
from kerasette.wrappers.outputs import columns
from kerasette.wrappers.targets import RegressionTargets


class KerasetteRegressor(RegressorMixin, KerasetteEstimator):
    """A network as a regressor of scikit-learn."""

    def __init__(
        self, model=None, *, hidden_layer_sizes=(100,), activation="relu", dropout=0.0,
        batch_normalization=False, optimizer=None, learning_rate=None, loss=None, alpha=1e-4,
        batch_size="auto", epochs=200, shuffle=True, tol=1e-4, early_stopping=False,
        validation_fraction=0.1, n_iter_no_change=10, callbacks=None, metrics=None,
        random_state=None, warm_start=False, verbose=0, dtype=None, keep_weights=False, **nested,
    ):  # fmt: skip
        self.model = model
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.batch_normalization = batch_normalization
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.loss = loss
        self.alpha = alpha
        self.batch_size = batch_size
        self.epochs = epochs
        self.shuffle = shuffle
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.callbacks = callbacks
        self.metrics = metrics
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.dtype = dtype
        self.keep_weights = keep_weights
        self._set_nested(nested)

    def fit(self, X, y, sample_weight=None):
        """Trains the network."""
        return self._fit(X, y, sample_weight)

    def partial_fit(self, X, y, sample_weight=None):
        """Trains for one epoch, and goes on with model and optimizer at the next call."""
        return self._fit(X, y, sample_weight, is_partial=True)

    def _checked_data(self, X, y, goes_on, is_partial):
        X, y = checked_x_and_y(self, X, y, y_numeric=True, reset=not goes_on)
        if not goes_on:
            self._targets = RegressionTargets(y)
        return X, self._targets.encoded(y), None

    def _strata(self, y):
        return None

    def _scorer(self, model, X, y, weights):
        """A function that gives R2 of a model in training."""
        X = as_samples(X, "X")

        def score():
            predicted = columns(model.predict(X, verbose=0))
            if not np.isfinite(predicted).all():
                return float("nan")
            return float(r2_score(y, predicted, sample_weight=weights))

        return score

    def _note_outputs(self, X):
        pass

    def predict(self, X):
        """Numbers for each sample, in the form of y."""
        check_is_fitted(self)
        outputs = columns(self.model_.predict(checked_x(self, X), verbose=0))
        return self._targets.decoded(outputs)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.input_tags.sparse = True
        return tags
