"""Copies of what an estimator is given, so that no fit changes a parameter."""

import copy

from kerasette import optimizers, tree
from kerasette._core.variable import Variable
from kerasette.layers import Layer
from kerasette.models import Sequential
from kerasette.models.cloning import uncompiled_copy
from kerasette.models.functional import Functional
from kerasette.models.graph_config import takes_a_graph
from kerasette.optimizers.exclusion import Exclusion
from kerasette.random.seeds import restart
from kerasette.wrappers.lost_arguments import check_whole, described_layers
from kerasette.wrappers.parameters import (
    check_optimizer_arguments,
    optimizer_class,
)


def copy_of_model(model, keep_weights):
    """A copy of a model, to be compiled anew.

    What has no seed of its own draws from the sources in use: weights, and dropout.

    Parameters
    ----------
    model : Model
    keep_weights : bool
        Whether the copy has the same weights. Otherwise it has new ones, and only layers that
        have been adapted to data are as they are.

    Raises
    ------
    ValueError
        If it cannot be copied, or has no weights to keep.
    """
    if keep_weights:
        return _with_its_weights(model)
    try:
        return _with_new_weights(model)
    except Exception as error:
        raise ValueError(
            f"The model {model.name!r} given as `model` cannot be copied with new weights: "
            f"{error} Give a function that makes the model; or keep_weights=True, to begin with "
            "the weights that it has."
        ) from error


def _with_its_weights(model):
    if not model.built:
        raise ValueError(
            f"keep_weights=True, but the model {model.name!r} given as `model` has no weights yet. "
            "Begin it with an Input, or call it once."
        )
    copied = copy.deepcopy(model)
    for layer in copied._flatten_layers():
        for generator in layer._seed_generators():
            restart(generator)
    return copied


def _with_new_weights(model):
    as_they_are = set()

    def copy_of(layer):
        if hasattr(layer, "adapt"):
            as_they_are.add(layer)
            return copy.deepcopy(layer)
        return copy_of_graph(layer) if is_graph(layer) else from_config(layer)

    def copy_of_graph(graph):
        return uncompiled_copy(graph, copy_of)

    copied = copy_of_graph(model) if is_graph(model) else copy_of_subclass(model)
    for layer in model._flatten_layers(include_self=False):
        if hasattr(layer, "adapt") and layer not in as_they_are:
            raise ValueError(f"Its layer {layer.name!r}, adapted to data, is inside another one.")
    return copied


def is_graph(layer):
    """Whether a layer is a model that consists of its layers and nothing else."""
    if isinstance(layer, Functional):
        return takes_a_graph(type(layer), Functional)
    return type(layer) is Sequential


def copy_of_subclass(model):
    """A model of a class of the user's, made as the given one was made."""
    arguments = vars(model).get("_init_arguments")
    if arguments is None or any(isinstance(part, Layer) for part in tree.flatten(arguments)):
        copied = from_config(model)
    else:
        args, kwargs = copy.deepcopy(arguments)
        copied = type(model)(*args, **kwargs)
    # From the outside in: setting it goes down to the layers inside.
    for given, own in zip(model._flatten_layers(), copied._flatten_layers()):
        if own.trainable != given.trainable:
            own.trainable = given.trainable
    return copied


def from_config(layer):
    """A layer or model like another one, with new weights.

    Raises
    ------
    TypeError
        If the config does not have all that the constructor takes.
    """
    config = layer.get_config()
    check_whole(layer, config)
    for inner in described_layers(layer):
        check_whole(inner, inner.get_config())
    return type(layer).from_config(config)


def make_optimizer(optimizer, arguments):
    """A new optimizer.

    Parameters
    ----------
    optimizer : str, dict, class or Optimizer
        Of the last its arguments count, not its state.
    arguments : dict
        Of its constructor, in place of the defaults or of those that it was made with.

    Raises
    ------
    ValueError
        For arguments that there are not, or an optimizer that cannot be copied.
    """
    check_optimizer_arguments(optimizer, arguments)
    if isinstance(optimizer, type):
        return optimizer(**arguments)
    if isinstance(optimizer, str):
        return optimizer_class(optimizer)(**arguments)
    return _optimizer_like(optimizers.get(optimizer), arguments)


def _optimizer_like(optimizer, arguments):
    try:
        config = _config_of(optimizer)
        check_whole(optimizer, config)
        copied = type(optimizer).from_config({**config, **arguments})
    except TypeError as error:
        raise ValueError(
            f"The optimizer {type(optimizer).__name__} cannot be copied: its `get_config` has to "
            f"return the arguments of its constructor. {error}"
        ) from error
    excluded = optimizer._exclusion
    if excluded.variables:
        raise ValueError(
            f"The optimizer {type(optimizer).__name__} cannot be copied: variables that are "
            "excluded from weight decay have to be given by their names (`var_names`)."
        )
    copied._exclusion = Exclusion(names=[excluded.pattern.pattern] if excluded.pattern else None)
    return copied


def _config_of(optimizer):
    rate = getattr(optimizer, "_learning_rate", None)
    if not callable(rate):
        return optimizer.get_config()
    # A schedule or function itself: one of the user's need not be one that configs describe.
    shown = object.__new__(type(optimizer))
    vars(shown).update(vars(optimizer), _learning_rate=Variable(0.0))
    return {**shown.get_config(), "learning_rate": rate}


def compile_arguments(model):
    """The arguments that a model was compiled with, copied.

    Raises
    ------
    ValueError
        If they cannot be copied.
    """
    arguments = dict(model._compile_arguments)
    optimizer = arguments.pop("optimizer")
    copied = copy.deepcopy(arguments)
    copied["optimizer"] = None if optimizer is None else make_optimizer(optimizer, {})
    return copied
