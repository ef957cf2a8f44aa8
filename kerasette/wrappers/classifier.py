"""Networks as classifiers of scikit-learn."""

from typing import ClassVar

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils import compute_sample_weight
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from kerasette.data.structures import as_samples
from kerasette.wrappers.estimator import KerasetteEstimator
from kerasette.wrappers.inputs import checked_x, checked_x_and_y
from kerasette.wrappers.outputs import Outputs, loss_of
from kerasette.wrappers.targets import ClassTargets, one_column


def _has(kind):
    """Whether a fitted classifier can say something of its outputs; if not, why not."""

    def check(estimator):
        outputs = vars(estimator).get("_outputs")
        reason = None if outputs is None else getattr(outputs, f"lacks_{kind}")
        if reason is not None:
            raise AttributeError(f"there are no {kind}: {reason}.")
        return True

    return check


class KerasetteClassifier(ClassifierMixin, KerasetteEstimator):
    """A network as a classifier of scikit-learn."""

    _parameter_constraints: ClassVar[dict] = {
        **KerasetteEstimator._parameter_constraints,
        "class_weight": [None, dict, list, StrOptions({"balanced"})],
    }

    def __init__(
        self, model=None, *, hidden_layer_sizes=(100,), activation="relu", dropout=0.0,
        batch_normalization=False, optimizer=None, learning_rate=None, loss=None, alpha=1e-4,
        batch_size="auto", epochs=200, shuffle=True, tol=1e-4, early_stopping=False,
        validation_fraction=0.1, n_iter_no_change=10, class_weight=None, callbacks=None,
        metrics=None, random_state=None, warm_start=False, verbose=0, dtype=None,
        keep_weights=False, **nested,
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
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.metrics = metrics
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.dtype = dtype
        self.keep_weights = keep_weights
        self._set_nested(nested)

    # ---- training ------------------------------------------------------------------------

    def fit(self, X, y, sample_weight=None):
        """Trains the network."""
        return self._fit(X, y, sample_weight)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Trains for one epoch, and goes on with model and optimizer at the next call."""
        return self._fit(X, y, sample_weight, is_partial=True, classes=classes)

    def _checked_data(self, X, y, goes_on, is_partial, classes=None):
        X, y = checked_x_and_y(self, X, y, y_numeric=False, reset=not goes_on)
        y = one_column(y)
        if is_partial:
            self._check_partial(classes, goes_on, y)
        if goes_on and not is_partial:
            self._targets.check_same_classes(y)
        if not goes_on:
            self._targets = ClassTargets(y, classes)
            self.classes_ = self._targets.classes
        encoded = self._targets.encoded(y)
        if self.class_weight is None:
            return X, encoded, None
        labels = encoded if self._is_multilabel else y
        return X, encoded, compute_sample_weight(self.class_weight, labels)

    def _check_partial(self, classes, goes_on, y):
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight 'balanced' is not supported for partial_fit, which does not see all "
                "samples. Use sklearn.utils.compute_class_weight, and pass a dict."
            )
        if (
            goes_on
            and classes is not None
            and not np.array_equal(np.unique(classes), self.classes_)
        ):
            raise ValueError(
                f"`classes={classes!r}` is not the same as on last call to partial_fit, was: "
                f"{self.classes_!r}"
            )
        if not goes_on and classes is None and y.ndim == 1:
            raise ValueError("classes must be passed on the first call to partial_fit.")

    @property
    def _is_multilabel(self):
        return self._targets.kind == "multilabel"

    def _strata(self, y):
        """What the split for validation keeps the shares of."""
        return None if self._is_multilabel else y

    def _scorer(self, model, X, y, weights):
        """A function that gives the accuracy of a model in training."""
        X, outputs = as_samples(X, "X"), None

        def score():
            nonlocal outputs
            outputs = outputs or Outputs(model, loss_of(model), X)
            is_right = outputs.chosen(outputs.of(X), self._is_multilabel) == y
            return float(np.average(is_right.reshape(len(y), -1).all(axis=1), weights=weights))

        return score

    def _note_outputs(self, X):
        self._outputs = Outputs(self.model_, loss_of(self.model_), X)

    # ---- predictions ---------------------------------------------------------------------

    def predict(self, X):
        """The most likely class of each sample, or whether it has each label."""
        check_is_fitted(self)
        outputs = self._outputs.of(checked_x(self, X))
        return self._targets.decoded(self._outputs.chosen(outputs, self._is_multilabel))

    @available_if(_has("probabilities"))
    def predict_proba(self, X):
        """Probabilities of the classes, or of the labels."""
        check_is_fitted(self)
        found = self._outputs.probabilities(checked_x(self, X), self._is_multilabel)
        if self._targets.kind != "binary":
            return found
        if self.n_classes_ == 1:
            return np.ones((len(found), 1), found.dtype)
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    @available_if(_has("probabilities"))
    def predict_log_proba(self, X):
        """Logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    @available_if(_has("scores"))
    def decision_function(self, X):
        """Scores of the classes before the last activation."""
        check_is_fitted(self)
        found = self._outputs.scores(checked_x(self, X))
        if self._targets.kind != "binary":
            return found
        return found[:, 0] if found.shape[1] == 1 else found[:, 1] - found[:, 0]

    @property
    def n_classes_(self):
        """Number of classes, or of labels."""
        self._of_model("n_classes_")
        return self._targets.n_classes

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.input_tags.sparse = True
        return tags
