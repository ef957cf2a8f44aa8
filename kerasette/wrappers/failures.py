"""What a fit that fails leaves behind: everything as it was."""

from contextlib import contextmanager

import numpy as np


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
def model_as_before_on_error(model):
    """Gives a model in training and its optimizer their numbers back, if training fails.

    Parameters
    ----------
    model : Model
        Compiled.
    """
    variables = [*model.variables, *getattr(model.optimizer, "variables", ())]
    before = [variable.numpy() for variable in variables]
    try:
        yield
    except BaseException:
        for variable, numbers in zip(variables, before):
            variable.assign(numbers)
        raise


def check_finite(model):
    """Raises ValueError if training has led to weights that are no numbers."""
    if not all(np.isfinite(weight.numpy()).all() for weight in model.trainable_weights):
        raise ValueError(
            "Solver produced non-finite parameter weights. The input data may contain large "
            "values and need to be preprocessed."
        )
