"""How training goes on where it was: `partial_fit`, and `fit` with ``warm_start``."""

import numpy as np

from kerasette.wrappers.network import DEFAULTS

# Parameters that a model is made and compiled of, besides nested ones.
OF_MODEL = ("model", "keep_weights", "dtype", "loss", "optimizer", "learning_rate", "metrics")


def parameters_of_model(params):
    """The parameters of an estimator that `partial_fit` cannot change between two calls.

    ``alpha`` is none of them: it is a factor in the loss.
    """
    names = {*OF_MODEL, *DEFAULTS} - {"alpha"}
    return {name: value for name, value in params.items() if name in names or "__" in name}


def check_unchanged(before, now):
    """Raises unless the parameters of the model are as they were."""
    changed = [
        name
        for name in sorted({*before, *now})
        if name not in before or name not in now or not _are_same(before[name], now[name])
    ]
    if changed:
        raise ValueError(
            f"partial_fit goes on with the model and the optimizer of before, and {changed} have "
            "changed since: call fit, or change `model_`, such as `model_.optimizer.learning_rate`."
        )


def _are_same(a, b):
    if a is b:
        return True
    try:
        return type(a) is type(b) and bool(np.all(a == b))
    except (TypeError, ValueError):
        return False


def take_weights(model, before):
    """Gives a built model the weights of another one.

    Raises
    ------
    ValueError
        If they have other shapes.
    """
    weights = before.get_weights()
    shapes, own = [w.shape for w in weights], [tuple(w.shape) for w in model.weights]
    if shapes != own:
        raise ValueError(
            "warm_start goes on with the weights of the previous fit, which have the shapes "
            f"{shapes}; by the present parameters they would have {own}."
        )
    model.set_weights(weights)
