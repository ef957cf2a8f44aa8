"""Keras's wrapper for regressors."""

import numpy as np
from sklearn.base import RegressorMixin

from kerasette.wrappers.keras_base import KerasWrapper


class SKLearnRegressor(RegressorMixin, KerasWrapper):
    """A model of one or more numbers as a regressor of scikit-learn, as Keras wraps it.

    `KerasetteRegressor` is ours: it needs no function, its parameters are those of the network,
    and ``random_state`` decides all that is drawn.

    Parameters
    ----------
    model : callable or Model
        A function of ``X=`` and ``y=``, where y is a matrix; it returns a compiled model. Or such
        a model: each fit trains a copy of it with new weights.
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
    >>> from kerasette.wrappers import SKLearnRegressor
    >>> def line(X, y):
    ...     layers = [kerasette.Input((X.shape[1],)), kerasette.layers.Dense(y.shape[1])]
    ...     model = kerasette.Sequential(layers)
    ...     model.compile(kerasette.optimizers.SGD(0.1), "mse")
    ...     return model
    >>> X = np.linspace(-1, 1, 40)[:, None]
    >>> regressor = SKLearnRegressor(line, fit_kwargs={"epochs": 100, "verbose": 0})
    >>> regressor.fit(X, 3 * X[:, 0] + 1).predict([[0.5]]).round(2).tolist()
    [2.5]
    """

    def _targets_and_y(self, y, goes_on):
        self._dtype_of_y = y.dtype
        return super()._targets_and_y(y, goes_on)

    def predict(self, X):
        """Numbers for each sample, in the form of y and no less precise."""
        found = super().predict(X)
        is_real = self._dtype_of_y.kind == "f"
        return found.astype(np.result_type(found, self._dtype_of_y)) if is_real else found

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        # How well a model does is up to the function that makes it.
        tags.regressor_tags.poor_score = True
        return tags
