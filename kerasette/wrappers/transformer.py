"""Networks as transformers of scikit-learn: features from an inner layer."""

from numbers import Integral
from typing import Any, ClassVar

from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_array, check_is_fitted

from kerasette.wrappers.feature_training import FeatureTraining
from kerasette.wrappers.inputs import checked_x
from kerasette.wrappers.parameters import is_function


def _reconstructs(estimator):
    """Whether a fitted transformer has learned to get back from features to samples."""
    kind = getattr(vars(estimator).get("_targets"), "kind", None)
    if kind != "reconstruction" or estimator._is_as_given:
        is_of_y = kind not in (None, "reconstruction")
        learned = "from y: see `task`" if is_of_y else "nothing yet"
        raise AttributeError(
            "inverse_transform is there for a model that has learned to reconstruct X; this one "
            f"has learned {learned}."
        )
    return True


class KerasetteTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, FeatureTraining):
    """Features from an inner layer of a network, for the next step of a pipeline.

    Without a `model` and without y it is an autoencoder. The network learns to reconstruct X, or
    to tell y; what one of its layers returns are the features.

    Parameters
    ----------
    model, hidden_layer_sizes, activation, dropout, batch_normalization, optimizer, learning_rate
    alpha, batch_size, epochs, shuffle, tol, validation_fraction, n_iter_no_change, callbacks
    metrics, random_state, warm_start, verbose, dtype, keep_weights, **nested
        As for `KerasetteClassifier`. With ``epochs=0`` a given model may have outputs of any
        shape: with ``keep_weights=True`` it gives the features of a pretrained model.
    layer : str, int or None
        Name of a layer of the model, or its index. None is the last hidden layer; of a model that
        reconstructs X the narrowest one between the first and the last layer with weights, and of
        several the last.
    task : {"reconstruction", "classification", "regression"} or None
        What the network learns. None is the reconstruction of X if there is no y; otherwise
        classification, if y has classes or indicators of labels, and regression of real numbers;
        whole numbers are classes. A reconstruction does not look at y.
    loss : str, Loss, callable or None
        None is the cross-entropy for classes and the mean squared error for all else, or what
        `model` was compiled with. With a cross-entropy the default network reconstructs by a
        sigmoid: numbers in [0, 1].
    early_stopping : bool
        Whether a score on samples put aside decides when to end: the accuracy for classes, else
        R2; of a reconstruction that of all numbers together.

    Attributes
    ----------
    model_ : Model
        The whole network, as trained. The others are those of `KerasetteRegressor`.
    layer_ : str
        Name of the layer that features come from.
    classes_ : ndarray
        If there are any.

    Raises
    ------
    ValueError
        In `fit`, for parameters or data that do not fit. The estimator is as before.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from kerasette.wrappers import KerasetteTransformer
    >>> X, y = load_iris(return_X_y=True)
    >>> encoder = KerasetteTransformer(hidden_layer_sizes=(8, 2, 8), epochs=5, random_state=0)
    >>> encoder.fit_transform(X).shape
    (150, 2)
    >>> encoder.layer_
    'hidden_2'
    """

    _parameter_constraints: ClassVar[dict] = {
        **FeatureTraining._parameter_constraints,
        "layer": [None, str, Interval(Integral, None, None, closed="neither")],
        "task": [None, StrOptions({"reconstruction", "classification", "regression"})],
    }

    def __init__(
        self, model=None, *, layer=None, task=None, hidden_layer_sizes=(100,), activation="relu",
        dropout=0.0, batch_normalization=False, optimizer=None, learning_rate=None, loss=None,
        alpha=1e-4, batch_size: Any = "auto", epochs=200, shuffle=True, tol: Any = 1e-4,
        early_stopping=False, validation_fraction=0.1, n_iter_no_change=10, callbacks=None,
        metrics=None, random_state=None, warm_start=False, verbose=0, dtype=None,
        keep_weights=False, **nested,
    ):  # fmt: skip
        self._store(locals())

    def fit(self, X, y=None, sample_weight=None):
        """Trains the network.

        Parameters
        ----------
        X : array-like of shape (samples, features, ...), sparse, or dict of array-like
            A dict, for a model with several inputs, cannot be reconstructed.
        y : array-like of shape (samples,) or (samples, outputs), optional
            See `task`.
        sample_weight : array-like of shape (samples,), optional
            What each sample counts, in proportion. Those of weight 0 are left out; whole numbers,
            up to 5 in the mean, are repetitions.

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight)

    def partial_fit(self, X, y=None, classes=None, sample_weight=None):
        """Trains for one epoch, and goes on with model and optimizer at the next call.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.
        classes : array-like of shape (classes,), optional
            All that there will be, if the first y need not have all.

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight, is_partial=True, classes=classes)

    def transform(self, X):
        """What the layer returns.

        Parameters
        ----------
        X : as for `fit`

        Returns
        -------
        ndarray of shape (samples, features)
            With more axes, if the layer returns more; `set_output` has no names for these.
        """
        check_is_fitted(self)
        X = checked_x(self, X)
        if _get_output_config("transform", self)["dense"] != "default":
            self._check_nameable()
        found = self._features.of(X)
        return found.reshape(-1, 1) if found.ndim == 1 else found

    @available_if(_reconstructs)
    def inverse_transform(self, X):
        """The samples that the rest of the network makes of features.

        There after a reconstruction has been learned.

        Parameters
        ----------
        X : array-like of shape (samples, features, ...)
            As `transform` returns them.

        Returns
        -------
        ndarray
            Of the shape of the samples.

        Raises
        ------
        ValueError
            For features of another shape; or if the outputs depend on more than the layer.
        """
        check_is_fitted(self)
        features = check_array(X, allow_nd=True, estimator=self)
        shape = self._features.shape or (1,)
        if features.shape[1:] != shape:
            raise ValueError(
                f"X has features of shape {features.shape[1:]} for a sample, and the layer "
                f"{self.layer_!r} returns them in shape {shape}."
            )
        return self._features.outputs(features.reshape(-1, *self._features.shape))

    def get_feature_names_out(self, input_features=None):
        """Names of the features: ``"kerasettetransformer0"``, ...

        Parameters
        ----------
        input_features : ignored
            As scikit-learn has it.

        Returns
        -------
        ndarray of str

        Raises
        ------
        ValueError
            If the features of a sample have more than one axis.
        """
        check_is_fitted(self)
        self._check_nameable()
        return super().get_feature_names_out(input_features)

    def _check_nameable(self):
        shape = self._features.shape
        if len(shape) > 1:
            raise ValueError(
                f"The features of the layer {self.layer_!r} have the shape {shape} for a sample: "
                "only those of one axis have names, and become a frame."
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = self.task in ("classification", "regression")
        tags.target_tags.multi_output = True
        follows = self.dtype is None and (self.model is None or is_function(self.model))
        tags.transformer_tags.preserves_dtype = ["float64", "float32"] if follows else []
        return tags
