"""When training ends: by the loss, or by a score on samples that were put aside."""

import numpy as np
from sklearn.model_selection import train_test_split

from kerasette.callbacks import Callback


class Progress(Callback):
    """Notes losses and scores, ends training when they stand still, and keeps the best weights.

    It comes before other callbacks, so that they find the score in the logs. As scikit-learn's
    networks do: an epoch counts as progress if it is better by `tol` than the
    best one, and more than `patience` epochs in a row without any end training.

    Parameters
    ----------
    tol : float or None
        None: nothing ends training.
    patience : int or float
    score : callable, optional
        A function without arguments that gives the score on the samples put aside: it counts
        instead of the loss, and the weights of its best epoch come back in the end.
    """

    def __init__(self, tol, patience, score=None):
        super().__init__()
        self.tol = tol
        self.patience = patience
        self.score = score
        self.losses, self.scores = [], []
        self.best_loss, self.best_score = np.inf, -np.inf
        self.best_weights = None
        self.n_stale = 0
        self.n_epochs = 0

    def go_on(self, losses, scores, best_loss, best_score):
        """Begins with what there was before; None is nothing."""
        self.losses, self.scores = list(losses), list(scores or ())
        self.best_loss = self.best_loss if best_loss is None else best_loss
        self.best_score = self.best_score if best_score is None else best_score

    def on_train_begin(self, logs=None):
        """Notes the weights, if they are the best of before."""
        if self.score is not None and self.scores:
            self.best_weights = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        """Compares the epoch with the best one."""
        self.n_epochs += 1
        self.losses.append(float(logs["loss"]))
        is_stale = self._take_loss() if self.score is None else self._take_score(logs)
        self.n_stale = self.n_stale + 1 if is_stale else 0
        if self.tol is not None and self.n_stale > self.patience:
            self.model.stop_training = True

    def _take_loss(self):
        loss, best = self.losses[-1], self.best_loss
        self.best_loss = min(loss, best)
        return loss > best - (self.tol or 0.0)

    def _take_score(self, logs):
        score, best = self.score(), self.best_score
        self.scores.append(score)
        logs["val_score"] = score
        if score > best:
            self.best_score = score
            self.best_weights = self.model.get_weights()
        return score < best + (self.tol or 0.0)

    def on_train_end(self, logs=None):
        """Gives the model its best weights back, if there is a score."""
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


def put_aside(n_samples, share, stratify, rng):
    """Rows to train with, and rows to score with.

    Parameters
    ----------
    n_samples : int
    share : float
        Of the samples, for the score.
    stratify : ndarray of shape (samples,), or None
        Classes whose shares are to be the same in both.
    rng : RandomState

    Returns
    -------
    (ndarray of int, ndarray of int)

    Raises
    ------
    ValueError
        If there are too few samples.
    """
    rows = np.arange(n_samples)
    train, test = train_test_split(rows, random_state=rng, test_size=share, stratify=stratify)
    if len(test) < 2:
        raise ValueError(
            "The validation set is too small. Increase 'validation_fraction' or the size of your "
            "dataset."
        )
    return train, test
