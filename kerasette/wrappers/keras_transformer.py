"""Keras's wrapper for transformers."""

from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin

from kerasette.wrappers.keras_base import KerasWrapper
from kerasette.wrappers.outputs import output_shape


class SKLearnTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, KerasWrapper):
    """A model's outputs as features for the next step of a pipeline, as Keras wraps it.

    `KerasetteTransformer` is ours: it takes features from an inner layer, too.

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
    >>> from kerasette.wrappers import SKLearnTransformer
    >>> def scores(X, y):
    ...     layers = [kerasette.Input((X.shape[1],)), kerasette.layers.Dense(y.shape[1])]
    ...     model = kerasette.Sequential(layers)
    ...     model.compile("sgd", "mse")
    ...     return model
    >>> X = np.random.default_rng(0).normal(size=(20, 3))
    >>> transformer = SKLearnTransformer(scores, fit_kwargs={"verbose": 0})
    >>> transformer.fit(X, X[:, :2]).transform(X).shape
    (20, 2)
    >>> transformer.get_feature_names_out().tolist()
    ['sklearntransformer0', 'sklearntransformer1']
    """

    def _for_loss(self, targets, encoded, model, samples):
        shape = output_shape(model, samples, (1,))
        (self._n_features_out,) = shape or (1,)
        # What a transformer returns need not be what it learns from: class numbers, say.
        return self._shown(encoded) if shape else encoded

    def transform(self, X):
        """What the model returns.

        Returns
        -------
        ndarray of shape (samples, features)
        """
        return self._raw(X)

    def predict(self, X):
        """What `transform` returns, flat if it is one column, and y was flat."""
        raw = self._raw(X)
        return self._targets.decoded(raw) if raw.shape[1:] == (1,) else raw

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        tags.transformer_tags.preserves_dtype = []
        return tags
