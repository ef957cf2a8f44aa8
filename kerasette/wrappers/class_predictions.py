"""What a fitted classifier says of samples."""

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from kerasette.wrappers.inputs import checked_x
from kerasette.wrappers.outputs import Outputs, has, loss_of


class ClassPredictions:
    """The part of a classifier that predicts classes or labels, and how likely they are."""

    def _note_outputs(self, X):
        self._outputs = Outputs(self.model_, loss_of(self.model_), X, self._is_multilabel)

    @property
    def _is_multilabel(self):
        return self._targets.kind == "multilabel"

    def predict(self, X):
        """The most likely class of each sample; or whether it has each label, 0 or 1.

        Parameters
        ----------
        X : as for `fit`

        Returns
        -------
        ndarray of shape (samples,) or (samples, labels)
            Sparse, if y was.
        """
        check_is_fitted(self)
        outputs = self._outputs.of(checked_x(self, X))
        return self._targets.decoded(self._outputs.chosen(outputs))

    @available_if(has("probabilities"))
    def predict_proba(self, X):
        """Probabilities of the classes, in the order of `classes_`, or of the labels.

        Not there for a model whose outputs its loss takes for no probabilities, such as a hinge.

        Returns
        -------
        ndarray of shape (samples, classes) or (samples, labels)
        """
        check_is_fitted(self)
        found = self._outputs.probabilities(checked_x(self, X))
        return np.ones((len(found), 1), found.dtype) if self.n_classes_ == 1 else found

    @available_if(has("probabilities"))
    def predict_log_proba(self, X):
        """Logarithms of `predict_proba`, finite also where a probability rounds to 0."""
        check_is_fitted(self)
        found = self._outputs.log_probabilities(checked_x(self, X))
        return np.zeros((len(found), 1), found.dtype) if self.n_classes_ == 1 else found

    @available_if(has("scores"))
    def decision_function(self, X):
        """Scores of the classes or labels, before the last sigmoid or softmax.

        Of a model whose one output is compared with 0 and 1, such as by its square, how far it is
        above one half; of labels that share a softmax, how far their probabilities are.

        Returns
        -------
        ndarray of shape (samples,), (samples, classes) or (samples, labels)
            For two classes one number: above 0 it is the second.
        """
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
