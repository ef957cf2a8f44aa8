"""What the network of a transformer learns: to reconstruct X, or to tell y."""

import math
from dataclasses import replace

import numpy as np
from sklearn.utils.multiclass import type_of_target

from kerasette.data.sparse import is_sparse
from kerasette.wrappers.class_targets import ClassTargets, one_column
from kerasette.wrappers.estimator import KerasetteEstimator
from kerasette.wrappers.features import Features
from kerasette.wrappers.inputs import checked_x, checked_x_and_y, row_shapes
from kerasette.wrappers.scoring import accuracy_of, r2_of
from kerasette.wrappers.targets import Reconstruction, RegressionTargets


class FeatureTraining(KerasetteEstimator):
    """The part of a transformer that trains, by its parameters `task` and `layer`."""

    def _checked_data(self, X, y, goes_on, is_partial, classes=None):
        kind = self._kind_of(y)
        if goes_on and kind != self._kind:
            raise ValueError(
                f"Training goes on with a model for {self._kind}, and by y and task={self.task!r} "
                f"this is {kind}."
            )
        if classes is not None and kind != "classification":
            raise ValueError(f"`classes` are given, and the model learns {kind}.")
        self._kind = kind
        self._is_as_given = self.model is not None and self.epochs == 0 and not is_partial
        if kind == "reconstruction":
            X = y = self._checked_samples(X, goes_on)
        else:
            is_number = kind == "regression"
            X, y = checked_x_and_y(self, X, y, y_numeric=is_number, reset=not goes_on)
            y = y if is_number else one_column(y)
        self._take_targets(X, y, classes, goes_on, is_partial)
        return X, self._targets.encoded(y), None

    def _kind_of(self, y):
        if self.task is not None or y is None:
            return self.task or "reconstruction"
        with np.errstate(invalid="ignore"):
            # NaN is refused, and compared with integers before.
            is_real = type_of_target(y, input_name="y").startswith("continuous")
        return "regression" if is_real else "classification"

    def _checked_samples(self, X, goes_on):
        X = checked_x(self, X, reset=not goes_on)
        if isinstance(X, dict) and not self._is_as_given:
            raise ValueError(
                "X is a dict of several inputs, which cannot be reconstructed: give y, or a model "
                "that is trained already, with keep_weights=True and epochs=0."
            )
        return X

    def _take_targets(self, X, y, classes, goes_on, is_partial):
        is_of_classes = self._kind == "classification"
        if goes_on:
            if is_of_classes and is_partial:
                self._targets.check_classes(classes)
            elif is_of_classes:
                self._targets.check_same_classes(y)
            return
        vars(self).pop("classes_", None)
        if is_of_classes:
            self._targets = ClassTargets(y, classes)
            self.classes_ = self._targets.classes
        else:
            is_number = self._kind == "regression"
            self._targets = RegressionTargets(y) if is_number else Reconstruction(row_shapes(X))

    def _strata(self, y):
        """What the split for validation keeps the shares of."""
        return y if self._targets.kind in ("binary", "multiclass") else None

    def _scorer(self, model, samples):
        """A function that gives the score of a model in training."""
        if self._kind == "classification":
            return accuracy_of(model, samples, self._targets)
        if self._kind == "regression":
            return r2_of(model, samples)
        y = samples.y.toarray() if is_sparse(samples.y) else samples.y
        return r2_of(model, replace(samples, y=y.reshape(len(y), -1)), "variance_weighted")

    def _task(self, X, batch_weight):
        return replace(super()._task(X, batch_weight), is_trained=not self._is_as_given)

    def _check_model(self, model, X):
        if self._is_as_given:
            model._specs_and_outputs(X)
        else:
            super()._check_model(model, X)

    def _targets_for(self, model, X, y):
        # Raises for a wrong layer before there is any training.
        self._features_of(model, X)
        return None if self._is_as_given else super()._targets_for(model, X, y)

    def _note_outputs(self, X):
        self._features = self._features_of(self.model_, X)
        self.layer_ = self._features.layer.name
        self._n_features_out = math.prod(self._features.shape)

    def _features_of(self, model, X):
        return Features(model, self.layer, X, self._kind == "reconstruction")
