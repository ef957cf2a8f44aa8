"""Whether parameters make a model, and whether it fits the data."""

import numpy as np

from kerasette.models import Model
from kerasette.text.states import stateful_layers
from kerasette.tree import is_shape
from kerasette.wrappers.compiling import optimizer_arguments_of
from kerasette.wrappers.network import DEFAULTS
from kerasette.wrappers.parameters import (
    GIVEN,
    check_model_arguments,
    is_function,
    name_of,
    nested_of,
)


def check_parameters(params, task):
    """Raises for parameters of `build_model` that are out of range or contradict each other."""
    model, keep_weights = params["model"], params["keep_weights"]
    if model is not None and not isinstance(model, Model) and not is_function(model):
        raise ValueError(
            "The 'model' parameter must be None, a kerasette.Model or a function that returns "
            f"one. Got {model!r} instead."
        )
    if not isinstance(keep_weights, (bool, np.bool_)):
        raise ValueError(
            f"The 'keep_weights' parameter must be a bool. Got {keep_weights!r} instead."
        )
    if model is None and keep_weights:
        raise ValueError("keep_weights=True needs a `model` that has weights.")
    if keep_weights and is_function(model):
        raise ValueError(
            "keep_weights=True is for a Model given as `model`: one that a function returns begins "
            "with the weights that it comes with."
        )
    if model is None and isinstance(task.input_shape, dict):
        raise ValueError("X is a dict of several inputs: give a `model` that takes them.")
    if model is not None:
        _check_network_is_default(params)
    check_model_arguments(model, nested_of(params, "model__"))
    optimizer_arguments_of(params)


def _check_network_is_default(params):
    for name, default in DEFAULTS.items():
        # Estimators can add a penalty to any model.
        if name != "alpha" and not np.array_equal(params[name], default):
            raise ValueError(
                f"{name}={params[name]!r} is a parameter of the default network, and `model` is "
                "given: leave it at its default."
            )


def check_complete(function, named, given):
    """Raises if there are arguments that the function needs and nobody gives."""
    missing = [
        name
        for name, parameter in named.items()
        if parameter.default is parameter.empty and name not in given
    ]
    own = [name for name in missing if name not in GIVEN]
    if len(own) < len(missing):
        raise ValueError(
            f"The function {name_of(function)} given as `model` needs the arguments {missing}, and "
            "`n_classes` is there for classifiers alone."
        )
    if own:
        needed = ", ".join(f"model__{name}" for name in own)
        raise ValueError(
            f"The function {name_of(function)} given as `model` needs the arguments {own}. "
            f"They are parameters of the estimator, and not given: {needed}."
        )


def check_returned(made, function):
    """Raises TypeError unless a function has returned a model."""
    if not isinstance(made, Model):
        raise TypeError(
            f"The function {name_of(function)} given as `model` must return a kerasette.Model. It "
            f"returned {made!r} of type {type(made).__name__}."
        )


def check_stateless(made):
    """Raises if a layer carries states from batch to batch.

    They belong to batches of one size, and to rows that go on from one to the next.
    """
    names = [layer.name for layer in stateful_layers(made)]
    if names:
        raise ValueError(
            f"Samples of estimators are independent, in batches of any size. The layers {names} of "
            f"the model {made.name!r} have stateful=True, and go on where the batch before ended."
        )


def check_outputs(made, params, source, task):
    """Raises if the model returns one output of another shape than targets have."""
    try:
        shape = made.output_shape
    except (AttributeError, ValueError, NotImplementedError):
        # A model that is built by its first data.
        return
    if not is_shape(shape) or made._has_own_steps() or _fits(shape[1:], task.output_shape):
        return
    has_loss = source.compiled or params["loss"] is not None
    if task.n_classes == 2 and shape[1:] == (2,) and has_loss:
        return
    raise ValueError(
        f"The model {made.name!r} returns outputs of shape {shape}; for y they have to have shape "
        f"{(None, *task.output_shape)}."
    )


def _fits(shape, output_shape):
    """Whether a sample's output has the shape of its target; one number may be without an axis."""
    return (
        shape in (output_shape, output_shape[:-1])
        if output_shape == (1,)
        else (
            len(shape) == len(output_shape)
            and all(a in (None, b) for a, b in zip(shape, output_shape))
        )
    )
