"""Networks as classifiers of scikit-learn."""

from typing import Any, ClassVar

from sklearn.base import ClassifierMixin
from sklearn.utils._param_validation import StrOptions

from kerasette.wrappers.class_predictions import ClassPredictions
from kerasette.wrappers.class_targets import ClassTargets, one_column
from kerasette.wrappers.estimator import KerasetteEstimator
from kerasette.wrappers.inputs import checked_x_and_y
from kerasette.wrappers.scoring import accuracy_of


class KerasetteClassifier(ClassPredictions, ClassifierMixin, KerasetteEstimator):
    """A network as a classifier of scikit-learn: for pipelines, searches and ensembles.

    Without a `model` it is a multilayer perceptron. Labels may be of any kind: two classes or more,
    or a matrix with an indicator for each of several labels. `X` may have more than two axes, be
    sparse (rows become dense one batch at a time), or be a dict for a model with several inputs.

    Parameters
    ----------
    model : None, Model or callable
        None is the default network. A model, compiled or not, is never changed: each fit trains a
        copy of it. A function is called with those of ``input_shape=``, ``output_shape=`` (both
        without the axis of samples) and ``n_classes=`` that it names, and with its own arguments,
        which are parameters ``model__<argument>``; it returns a model, compiled or not. One output
        of one column is the second of two classes; otherwise there is a column for each class or
        label.
    hidden_layer_sizes : int or sequence of int
        Units of the hidden layers. This and the next three are those of the default network, and
        stay at their defaults with a `model`.
    activation : str, callable or Layer
        Of the hidden layers; of a layer, such as a PReLU, there is a new one after each.
    dropout : float
        After each hidden layer, in [0, 1).
    batch_normalization : bool
        Before each hidden activation.
    optimizer : str, class, Optimizer or None
        None is Adam, or what `model` was compiled with. Its arguments are parameters
        ``optimizer__<argument>``.
    learning_rate : float, LearningRateSchedule, callable or None
        None is the optimizer's own.
    loss : str, Loss, callable or None
        None is the cross-entropy, or what `model` was compiled with. A loss gets class numbers
        where its name has "sparse" in it, otherwise a column for each class of which one is 1; for
        one column and for labels 0 and 1. For a loss that compares classes with each other
        ("categorical", "divergence" or "cosine" in its name) the default network has two columns
        for two classes.
    alpha : float
        Penalty ``alpha / 2 * sum(kernel**2)``, divided by the samples of a batch. With a `model`
        the default leaves its own penalties, and another value adds one to kernels without.
    batch_size : int or "auto"
        "auto" is 200, or as many samples as there are.
    epochs : int
        At most; 0 leaves the model as it is.
    shuffle : bool
        Whether each epoch goes through the samples in another order.
    tol : float or None
        Training ends when the loss (or the score) has not been better than the best by `tol` for
        more than `n_iter_no_change` epochs in a row. None: not before all `epochs`.
    early_stopping : bool
        Whether to put samples aside, let the accuracy on them decide when to end, and keep the
        weights of the best epoch. Callbacks find it in the logs as "val_score".
    validation_fraction : float
        The share put aside, in (0, 1), the same in each class.
    n_iter_no_change : int or inf
        See `tol`.
    class_weight : None, dict, "balanced" or list of dict
        What samples of a class count; a list has a dict for each label. "balanced" has all classes
        count the same.
    callbacks : list of Callback, or one, optional
        Each fit uses shallow copies.
    metrics : list of str, Metric or callable, optional
        Measured in training; see `history_`.
    random_state : int, RandomState or None
        Decides initial weights, dropout, the order of samples and what is put aside, alone.
    warm_start : bool
        Whether `fit` goes on with the weights of the last one, with a new optimizer.
    verbose : {0, 1, 2}
        Silent, a bar, or a line an epoch.
    dtype : {"float32", "float64"} or None
        To train in. None follows X: float64 for float64, float32 for all else.
    keep_weights : bool
        Whether training begins with the weights of the given model, not with new ones.
    **nested
        Parameters ``model__<argument>`` and ``optimizer__<argument>``.

    Attributes
    ----------
    model_ : Model
        As trained.
    classes_ : ndarray
        Sorted; the numbers of the labels for indicators.
    n_classes_, n_outputs_, n_features_in_, n_layers_, n_iter_, epoch_, t_ : int
        Also ``feature_names_in_``, where X had names. `n_iter_` counts the epochs of the last
        call, `epoch_` those of all calls that went on from one another, `t_` samples seen in them.
    history_ : dict of str to list of float
        Loss and metrics of each epoch.
    loss_, best_loss_, loss_curve_
        Loss of the last epoch, of the best one (None with `early_stopping`), and of all.
    validation_scores_, best_validation_score_
        With `early_stopping`; None otherwise.
    coefs_, intercepts_ : list of ndarray
        Kernels and biases, of models whose weights are those of dense layers.
    out_activation_ : str

    Raises
    ------
    ValueError
        In `fit`, for parameters or data that do not fit. The estimator is as before.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from kerasette.wrappers import KerasetteClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network = KerasetteClassifier(learning_rate=0.01, random_state=0)
    >>> bool(make_pipeline(StandardScaler(), network).fit(X, y).score(X, y) > 0.9)
    True
    """

    _parameter_constraints: ClassVar[dict] = {
        **KerasetteEstimator._parameter_constraints,
        "class_weight": [None, dict, list, StrOptions({"balanced"})],
    }

    def __init__(
        self, model=None, *, hidden_layer_sizes=(100,), activation="relu", dropout=0.0,
        batch_normalization=False, optimizer=None, learning_rate=None, loss=None, alpha=1e-4,
        batch_size: Any = "auto", epochs=200, shuffle=True, tol: Any = 1e-4, early_stopping=False,
        validation_fraction=0.1, n_iter_no_change=10, class_weight=None, callbacks=None,
        metrics=None, random_state=None, warm_start=False, verbose=0, dtype=None,
        keep_weights=False, **nested,
    ):  # fmt: skip
        self._store(locals())

    def fit(self, X, y, sample_weight=None):
        """Trains the network.

        Parameters
        ----------
        X : array-like of shape (samples, features, ...), sparse, or dict of array-like
        y : array-like of shape (samples,), or indicators of shape (samples, labels)
        sample_weight : array-like of shape (samples,), optional
            What each sample counts, in proportion. Those of weight 0 are left out; whole numbers,
            up to 5 in the mean, are repetitions.

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Trains for one epoch, and goes on with model and optimizer at the next call.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.
        classes : array-like of shape (classes,), optional
            All that there will be; needed at the first call.

        Returns
        -------
        self
        """
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
        return X, encoded, self._targets.weights(self.class_weight, encoded)

    def _check_partial(self, classes, goes_on, y):
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight 'balanced' is not supported for partial_fit, which does not see all "
                "samples. Use sklearn.utils.compute_class_weight, and pass a dict."
            )
        if goes_on:
            self._targets.check_classes(classes)
        if not goes_on and classes is None and y.ndim == 1:
            raise ValueError("classes must be passed on the first call to partial_fit.")

    def _strata(self, y):
        """What the split for validation keeps the shares of."""
        return None if self._is_multilabel else y

    def _scorer(self, model, samples):
        """A function that gives the accuracy of a model in training."""
        return accuracy_of(model, samples, self._targets)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
