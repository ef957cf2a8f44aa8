"""What Keras's own wrappers have in common: a model, and what it is called and fitted with."""

import copy
from typing import ClassVar

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from kerasette.data.structures import as_samples
from kerasette.models import Model
from kerasette.wrappers.copies import compile_arguments, copy_of_model
from kerasette.wrappers.failures import attributes_as_before_on_error
from kerasette.wrappers.inputs import checked_x, checked_x_and_y, row_shapes
from kerasette.wrappers.model_checks import check_returned
from kerasette.wrappers.outputs import columns
from kerasette.wrappers.parameters import is_function
from kerasette.wrappers.targets import RegressionTargets, for_loss_of


class KerasWrapper(BaseEstimator):
    """A model for data that is not known yet: the base of `SKLearnClassifier` and its like.

    y is one number for each sample, or several, unless a subclass says otherwise.
    """

    # What can be routed to `fit`: scikit-learn makes `set_fit_request` of it.
    __metadata_request__fit: ClassVar = {"sample_weight": None}
    # Whether y consists of numbers, so that objects are to become such.
    _takes_numbers = True
    # X of any range, as Keras has it.
    _dtype = None

    def __init__(self, model, warm_start=False, model_kwargs=None, fit_kwargs=None):
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    @property
    def epoch_(self):
        """Epochs so far, of all fits that went on from one another; 0 before the first."""
        return vars(self).get("_n_epochs", 0)

    def fit(self, X, y, **kwargs):
        """Trains the model.

        Parameters
        ----------
        X : array-like of shape (samples, features, ...), sparse matrix, or dict of array-like
        y : array-like of shape (samples,) or (samples, outputs)
        **kwargs
            For ``model.fit``, ``sample_weight`` among them; they count more than `fit_kwargs`.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For data or parameters that do not fit. Then all is as before.
        RuntimeError
            If the model is not compiled with a loss and an optimizer.
        """
        with attributes_as_before_on_error(self):
            self._fit(X, y, kwargs)
        return self

    def _fit(self, X, y, kwargs):
        self._check_parameters()
        goes_on = self.warm_start and hasattr(self, "model_")
        X, y = checked_x_and_y(self, X, y, y_numeric=self._takes_numbers, reset=not goes_on)
        targets, y = self._targets_and_y(y, goes_on)
        self._row_shapes = row_shapes(X)
        model = self.model_ if goes_on else self._new_model(X, self._shown(y))
        samples = as_samples(X, "X")
        y = self._for_loss(targets, y, model, samples)
        self.history_ = model.fit(samples, y, **{**(self.fit_kwargs or {}), **kwargs})
        self._n_epochs = len(self.history_.epoch) + (self.epoch_ if goes_on else 0)
        self._targets = targets
        self.model_ = model
        self._note_outputs(samples)

    def _check_parameters(self):
        if not is_function(self.model) and not isinstance(self.model, Model):
            raise ValueError(
                "The 'model' parameter must be a compiled kerasette.Model or a function that "
                f"returns one. Got {self.model!r} instead."
            )
        if self.model_kwargs and not is_function(self.model):
            raise ValueError(
                "`model_kwargs` are arguments of a function given as `model`, and the model "
                f"{self.model.name!r} is given. Got model_kwargs={self.model_kwargs!r}."
            )

    def _new_model(self, X, y):
        """What this fit trains."""
        if isinstance(self.model, Model):
            check_compiled(self.model)
            return self.model if self.warm_start else _like(self.model)
        model = self.model(X=X, y=y, **copy.copy(self.model_kwargs or {}))
        check_returned(model, self.model)
        check_compiled(model)
        return model

    # ---- y ---------------------------------------------------------------------------------

    def _targets_and_y(self, y, goes_on):
        """The kind of y, and y in numbers."""
        targets = self._targets if goes_on else RegressionTargets(y)
        return targets, targets.encoded(y)

    def _shown(self, encoded):
        """y as the function sees it: a matrix."""
        return encoded.reshape(len(encoded), -1)

    def _for_loss(self, targets, encoded, model, samples):
        """y as ``model.fit`` takes it."""
        return for_loss_of(model, samples, targets, encoded)

    def _note_outputs(self, samples):
        """What the fitted model's outputs are."""

    # ---- predictions -------------------------------------------------------------------------

    def predict(self, X):
        """What the model says of samples, in the form of y."""
        raw = self._raw(X)
        return self._targets.decoded(raw)

    def _raw(self, X):
        """What the model returns."""
        check_is_fitted(self)
        return columns(self.model_.predict(checked_x(self, X), verbose=0))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # Weights are drawn from the generators of the process, unless the function seeds them.
        tags.non_deterministic = True
        tags.input_tags.sparse = True
        return tags


def _like(model):
    """A copy with new weights, compiled as the model is."""
    copied = copy_of_model(model, keep_weights=False)
    copied.compile(**compile_arguments(model))
    return copied


def check_compiled(model):
    """Raises if a model cannot be trained as it is."""
    if not (model.compiled and model.loss and model.optimizer):
        raise RuntimeError(
            "Given model needs to be compiled, and have a loss and an optimizer. Received: "
            f"{model.name!r}, {'compiled' if model.compiled else 'not compiled'}, with loss="
            f"{model.loss!r}."
        )
