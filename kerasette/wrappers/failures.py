"""What a fit that fails leaves behind: everything as it was."""

from contextlib import contextmanager

import numpy as np

from kerasette.callbacks import Callback


@contextmanager
def attributes_as_before_on_error(estimator):
    """Gives an estimator what it had back, if what is done within fails.

    That is its attributes, and the penalties of its model.
    """
    before = dict(vars(estimator))
    weights = before["model_"].trainable_weights if "model_" in before else []
    penalties = [weight.regularizer for weight in weights]
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        for weight, penalty in zip(weights, penalties):
            if weight.regularizer is not penalty:
                weight.regularizer = penalty
        raise


@contextmanager
def draws_as_before_on_error(sources):
    """Has the sources go back to where they were, if what is done within fails."""
    position = sources.position()
    try:
        yield
    except BaseException:
        sources.go_back(position)
        raise


@contextmanager
def training_as_before_on_error(sources):
    """Callbacks for training that goes on with a model; training that fails is undone.

    The model and its optimizer get their numbers back, and the sources go back to what they drew
    then. Where there was no training, as another thread trains the model, all is left to it.

    Parameters
    ----------
    sources : RandomSources
        In use.
    """
    beginning = _Beginning(sources)
    try:
        yield [beginning]
    except BaseException:
        beginning.come_back()
        raise


class _Beginning(Callback):
    """The numbers of a model and its optimizer, and the sources, when training begins."""

    def __init__(self, sources):
        super().__init__()
        self.sources, self.position = sources, None
        self.numbers = []

    def on_train_begin(self, logs=None):
        self.position = self.sources.position()
        variables = [*self.model.variables, *getattr(self.model.optimizer, "variables", ())]
        self.numbers = [(variable, variable.numpy()) for variable in variables]

    def come_back(self):
        for variable, numbers in self.numbers:
            variable.assign(numbers)
        if self.position is not None:
            self.sources.go_back(self.position)


def check_finite(model):
    """Raises ValueError if training has led to weights that are no numbers."""
    if not all(np.isfinite(weight.numpy()).all() for weight in model.trainable_weights):
        raise ValueError(
            "Solver produced non-finite parameter weights. The input data may contain large "
            "values and need to be preprocessed."
        )
