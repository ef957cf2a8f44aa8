"""What a fit that fails leaves behind: everything as it was."""

from contextlib import contextmanager

import numpy as np

from kerasette.callbacks import Callback


@contextmanager
def attributes_as_before_on_error(estimator):
    """Gives an estimator the attributes back that it had, if what is done within fails."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


@contextmanager
def training_as_before_on_error(sources):
    """A callback for training that goes on with a model; it undoes what has failed.

    The model and its optimizer get their numbers back, if they were in training: one that another
    thread trains is left to it. So do the sources of what is drawn.

    Parameters
    ----------
    sources : RandomSources
        In use.
    """
    numbers, drawn = _Numbers(), sources.position()
    try:
        yield numbers
    except BaseException:
        numbers.give_back()
        sources.go_back(drawn)
        raise


class _Numbers(Callback):
    """Those of a model and its optimizer when training begins."""

    def __init__(self):
        super().__init__()
        self.noted = []

    def on_train_begin(self, logs=None):
        variables = [*self.model.variables, *getattr(self.model.optimizer, "variables", ())]
        self.noted = [(variable, variable.numpy()) for variable in variables]

    def give_back(self):
        for variable, numbers in self.noted:
            variable.assign(numbers)


def check_finite(model):
    """Raises ValueError if training has led to weights that are no numbers."""
    if not all(np.isfinite(weight.numpy()).all() for weight in model.trainable_weights):
        raise ValueError(
            "Solver produced non-finite parameter weights. The input data may contain large "
            "values and need to be preprocessed."
        )
