"""The penalty ``alpha`` of an estimator, for models that are there already."""

from kerasette._core.structure import bump_structure_version
from kerasette.regularizers import L2
from kerasette.wrappers.network import DEFAULTS


class Penalty(L2):
    """A penalty that an estimator has added; a model's own ones are left alone."""


def penalise(model, alpha, batch_weight):
    """Adds ``alpha / 2 * sum(kernel**2) / batch_weight`` to the loss of a given model.

    For each kernel that has no regularizer. The default alpha is meant for the default network:
    with it, a given model has its own penalties and no others.

    Parameters
    ----------
    model : Model
        Built.
    alpha : float
    batch_weight : float
        What the weights of the samples in a batch add up to.
    """
    if alpha != DEFAULTS["alpha"]:
        _set(model, alpha, batch_weight, (type(None), Penalty), Penalty)


def penalise_anew(model, alpha, batch_weight):
    """Has the default network's penalty fit another alpha, or batches of another weight."""
    _set(model, alpha, batch_weight, (type(None), L2), L2)


def _set(model, alpha, batch_weight, replaced, kind):
    factor = float(alpha) / (2 * batch_weight)
    for weight in model.trainable_weights:
        is_ours = weight.name.endswith("kernel") and isinstance(weight.regularizer, replaced)
        if is_ours and getattr(weight.regularizer, "l2", 0.0) != factor:
            weight.regularizer = kind(factor) if factor else None
            # The factor stands in recorded steps.
            bump_structure_version()
