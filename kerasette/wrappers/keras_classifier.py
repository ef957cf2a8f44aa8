"""Keras's wrapper for classifiers."""

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted

from kerasette.wrappers.class_targets import ClassTargets, one_column
from kerasette.wrappers.inputs import checked_x
from kerasette.wrappers.keras_base import KerasWrapper
from kerasette.wrappers.outputs import Outputs, has, loss_of


class SKLearnClassifier(ClassifierMixin, KerasWrapper):
    """A model of two or more classes as a classifier of scikit-learn, as Keras wraps it.

    `KerasetteClassifier` is ours: it needs no function, its parameters are those of the network,
    and ``random_state`` decides all that is drawn.

    Parameters
    ----------
    model : callable or Model
        A function of ``X=`` and ``y=``, where y has one column for each class, 1 where it is the
        sample's; it returns a compiled model. Or such a model: each fit trains a copy of it with
        new weights.
    warm_start : bool
        Whether a fit goes on with the model of the last fit; and whether a given model is itself
        trained, with the weights that it has.
    model_kwargs : dict, optional
        More arguments of the function.
    fit_kwargs : dict, optional
        Arguments of ``model.fit``.

    Attributes
    ----------
    model_ : Model
        As trained.
    history_ : History
        What ``model.fit`` returned; ``history_.history`` has the lists.
    classes_ : ndarray
        Sorted labels.
    epoch_ : int
        Epochs so far.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        If X had names.

    Raises
    ------
    ImportError
        Without scikit-learn.

    Examples
    --------
    >>> import numpy as np
    >>> import kerasette
    >>> from kerasette.wrappers import SKLearnClassifier
    >>> def perceptron(X, y, units=8):
    ...     model = kerasette.Sequential(
    ...         [
    ...             kerasette.Input((X.shape[1],)),
    ...             kerasette.layers.Dense(units, activation="tanh"),
    ...             kerasette.layers.Dense(y.shape[1], activation="softmax"),
    ...         ]
    ...     )
    ...     model.compile("adam", "categorical_crossentropy")
    ...     return model
    >>> X, y = np.linspace(-2, 2, 80)[:, None], np.repeat(["low", "high"], 40)
    >>> fit = {"epochs": 60, "batch_size": 8, "verbose": 0}
    >>> kerasette.utils.set_random_seed(1)
    >>> classifier = SKLearnClassifier(perceptron, model_kwargs={"units": 4}, fit_kwargs=fit)
    >>> classifier.fit(X, y).predict([[-1.5], [1.5]]).tolist()
    ['low', 'high']
    """

    _takes_numbers = False

    def _targets_and_y(self, y, goes_on):
        y = one_column(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind not in ("binary", "multiclass"):
            raise ValueError(
                "Only binary and multiclass target types are supported. Unknown label type: "
                f"{kind}. Target type: {kind}"
            )
        if goes_on:
            self._targets.check_same_classes(y)
            return self._targets, self._targets.encoded(y)
        targets = ClassTargets(y)
        if targets.n_classes == 1:
            raise ValueError(
                "Classifier can't train when only one class is present. Received: y with the "
                f"class {targets.classes[0]} alone."
            )
        self.classes_ = targets.classes
        return targets, targets.encoded(y)

    def _shown(self, encoded):
        return np.eye(len(self.classes_))[encoded]

    def _note_outputs(self, samples):
        self._outputs = Outputs(self.model_, loss_of(self.model_), samples)

    def predict(self, X):
        """The most likely class of each sample."""
        raw = self._raw(X)
        return self._targets.decoded(self._outputs.chosen(raw))

    def decision_function(self, X):
        """What the model returns for each class; of two classes, how much more the second has.

        Returns
        -------
        ndarray of shape (samples, classes), or (samples,) for two classes
        """
        raw = self._raw(X)
        if raw.shape[1] > 2 or len(self.classes_) > 2:
            return raw
        if raw.shape[1] == 2:
            return raw[:, 1] - raw[:, 0]
        is_of_zero_and_one = self._outputs.form in ("probabilities", "scores")
        # The first class has the rest.
        return 2 * raw[:, 0] - 1 if is_of_zero_and_one else raw[:, 0]

    @available_if(has("probabilities"))
    def predict_proba(self, X):
        """Probabilities of the classes, if the model gives any, or logits.

        Returns
        -------
        ndarray of shape (samples, classes)
        """
        check_is_fitted(self)
        return self._outputs.probabilities(checked_x(self, X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # How well a model does is up to the function that makes it.
        tags.classifier_tags.poor_score = True
        return tags
