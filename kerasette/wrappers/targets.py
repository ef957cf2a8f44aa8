"""From numbers to the targets of a loss, and back to predictions; of classes: `class_targets`."""

import math

import numpy as np
from scipy import sparse

from kerasette.wrappers.inputs import n_rows, representable
from kerasette.wrappers.loss_names import name_of_loss, takes_logits
from kerasette.wrappers.outputs import loss_of, output_shape


class RegressionTargets:
    """Numbers, one or several for each sample.

    Parameters
    ----------
    y : ndarray of shape (samples,) or (samples, outputs)
    """

    kind = "regression"
    n_classes = None
    loss = "mean_squared_error"

    def __init__(self, y):
        self.is_flat = y.ndim == 1
        self.output_shape = (1,) if y.ndim == 1 else y.shape[1:]

    @property
    def n_outputs(self):
        """Numbers for each sample."""
        return self.output_shape[0]

    def output_for(self, loss):
        """Shape and activation of the output: exponential for Poisson's loss, of a logarithm."""
        is_logarithmic = "poisson" in name_of_loss(loss or self.loss).lower()
        return self.output_shape, "exponential" if is_logarithmic else "linear"

    def encoded(self, y):
        """y, checked to be like that of before; sparse ones become dense.

        Raises
        ------
        ValueError
            If it has another number of outputs.
        """
        y = representable(y.toarray() if sparse.issparse(y) else y, "y")
        shape = (1,) if y.ndim == 1 else y.shape[1:]
        if shape != self.output_shape:
            raise ValueError(
                f"y has {shape[0]} outputs, but the estimator was fitted with {self.n_outputs}."
            )
        return y

    def for_loss(self, encoded, name, n_columns):
        """The numbers, as a column or more."""
        if n_columns != self.n_outputs:
            raise ValueError(wrong_columns(n_columns, f"{self.n_outputs} outputs"))
        return encoded.reshape(len(encoded), -1)

    def decoded(self, outputs):
        """Predictions in the form of y."""
        return outputs.reshape(-1) if self.is_flat else outputs


class Reconstruction:
    """The samples themselves, of any shape.

    Parameters
    ----------
    shape : tuple of int, or dict of them
        Of a sample; a dict where a model with several inputs is not trained.
    """

    kind = "reconstruction"
    n_classes = None
    loss = "mean_squared_error"

    def __init__(self, shape):
        self.output_shape = shape

    @property
    def n_outputs(self):
        """Numbers for each sample."""
        shape = self.output_shape
        shapes = shape.values() if isinstance(shape, dict) else [shape]
        return sum(math.prod(shape) for shape in shapes)

    def output_for(self, loss):
        """Shape and activation of the output: a sigmoid for cross-entropies, of [0, 1]."""
        name = name_of_loss(loss or self.loss).lower()
        is_squashed = "crossentropy" in name and not takes_logits(loss)
        return self.output_shape, "sigmoid" if is_squashed else "linear"

    def encoded(self, X):
        """The samples; of a dict, which nothing is trained with, an array of as many rows."""
        return np.empty((n_rows(X), 0)) if isinstance(X, dict) else X

    def for_loss(self, encoded, name, *shape):
        """The samples."""
        if shape != self.output_shape:
            raise ValueError(
                f"The model's outputs have samples of shape {shape}, and X has samples of shape "
                f"{self.output_shape}, which are to be reconstructed."
            )
        return encoded


def wrong_columns(n_columns, expected):
    """What to say of a model with another number of columns than y asks for."""
    return f"The model's output has {n_columns} columns, and y has {expected}."


def for_loss_of(model, X, targets, encoded):
    """What the loss of a model compares its outputs with.

    Parameters
    ----------
    model : Model
        Compiled; it is built by X.
    X : array or dict of arrays
    targets : RegressionTargets, Reconstruction or ClassTargets
    encoded : ndarray
        y, as `targets` has encoded it.

    Raises
    ------
    ValueError
        If the outputs do not have the shape for y.
    """
    shape = output_shape(model, X, targets.output_shape)
    found = targets.for_loss(encoded, name_of_loss(loss_of(model)), *(shape or (1,)))
    # An output of one number may come without an axis.
    return found if shape else found.reshape(-1)
