"""What is known of an estimator after `fit`."""

import numpy as np

from kerasette.layers import Dense

# What scikit-learn calls them.
ACTIVATIONS = {"linear": "identity", "sigmoid": "logistic", "exponential": "exp"}


class FittedAttributes:
    """Attributes that MLPClassifier's and Keras's users look for, of a trained model.

    Attributes
    ----------
    model_ : Model
        As trained.
    history_ : dict of str to list of float
        Loss and metrics of each epoch.
    loss_, best_loss_ : float or None
        Of the last epoch, and the smallest one; the latter None with ``early_stopping``.
    loss_curve_ : list of float
    validation_scores_, best_validation_score_ : list of float and float, or None
        With ``early_stopping``: accuracies, or R2.
    n_iter_ : int
        Epochs of the last call.
    epoch_ : int
        Epochs of all calls that went on from one another.
    t_ : int
        Samples seen in them.
    """

    def _course_so_far(self):
        """Losses and scores of the calls that this one goes on from."""
        return (
            self.loss_curve_,
            self.validation_scores_,
            self.best_loss_,
            self.best_validation_score_,
        )

    def _note(self, progress, history, n_samples, goes_on):
        n_epochs = progress.n_epochs
        before = self.history_ if goes_on else {}
        names = [*before, *(name for name in history if name not in before)]
        self.history_ = {name: [*before.get(name, ()), *history.get(name, ())] for name in names}
        is_scored = progress.score is not None
        self.loss_curve_ = progress.losses
        self.loss_ = progress.losses[-1] if progress.losses else None
        self.best_loss_ = None if is_scored else progress.best_loss
        self.validation_scores_ = progress.scores if is_scored else None
        self.best_validation_score_ = progress.best_score if is_scored else None
        self.n_iter_ = n_epochs
        self.epoch_ = n_epochs + (self.epoch_ if goes_on else 0)
        self.t_ = n_epochs * n_samples + (self.t_ if goes_on else 0)

    @property
    def n_outputs_(self):
        """Columns of the output that y asks for."""
        self._of_model("n_outputs_")
        return self._targets.n_outputs

    @property
    def coefs_(self):
        """Kernels of the dense layers, one after the other: arrays of shape (inputs, units)."""
        return [layer.kernel.numpy() for layer in self._dense_layers("coefs_")]

    @property
    def intercepts_(self):
        """Biases of the dense layers: arrays of shape (units,), 0 where there are none."""
        return [
            layer.bias.numpy() if layer.use_bias else np.zeros(layer.units, layer.dtype)
            for layer in self._dense_layers("intercepts_")
        ]

    @property
    def n_layers_(self):
        """The input, hidden layers and the output; of a model all layers with weights, and 1."""
        model = self._of_model("n_layers_")
        return 1 + sum(1 for layer in model.layers if layer.weights)

    @property
    def out_activation_(self):
        """Activation of the last layer: "logistic", "softmax", "identity", ..."""
        activation = getattr(self._of_model("out_activation_").layers[-1], "activation", None)
        name = "linear" if activation is None else getattr(activation, "__name__", "custom")
        return ACTIVATIONS.get(name, name)

    def _of_model(self, name):
        try:
            return vars(self)["model_"]
        except KeyError:
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r} before it is fitted."
            ) from None

    def _dense_layers(self, name):
        layers = [layer for layer in self._of_model(name).layers if layer.weights]
        if not all(isinstance(layer, Dense) for layer in layers):
            kinds = sorted({type(layer).__name__ for layer in layers})
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}: it is there for models "
                f"whose weights are those of Dense layers. This one has weights in {kinds}."
            )
        return layers
