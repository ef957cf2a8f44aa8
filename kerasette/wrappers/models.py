"""The model that a fit trains: its own, compiled."""

import copy
import math
from dataclasses import dataclass

import numpy as np

from kerasette.checks import is_number
from kerasette.default_dtype import floatx_in_thread
from kerasette.models import Model
from kerasette.training.compiling import Compiling
from kerasette.tree import is_shape
from kerasette.wrappers.copies import compile_arguments, copy_of_model, make_optimizer
from kerasette.wrappers.network import DEFAULTS, multilayer_perceptron
from kerasette.wrappers.parameters import (
    GIVEN,
    check_model_arguments,
    is_function,
    name_of,
    nested_of,
    signature_of,
)


@dataclass(frozen=True)
class Task:
    """What data ask of a model.

    Parameters
    ----------
    input_shape : tuple of int, or dict of them
        Of a sample; a dict by name for several inputs.
    output_shape : tuple of int
        Of a sample's target as the loss sees it: ``(1,)`` for two classes and for one number.
    loss : str
        For models that come without one.
    output_activation : str
        Of the default network: "sigmoid", "softmax" or "linear".
    batch_weight : float
        What the weights of the samples in a batch add up to, in the mean: the batch size, if
        they are 1. `alpha` is divided by it.
    dtype : {"float32", "float64"}
        Of the data: what ``dtype=None`` means.
    n_classes : int, optional
        Of a classifier.
    is_trained : bool
        Otherwise the model's outputs need not fit the targets.
    """

    input_shape: tuple | dict
    output_shape: tuple
    loss: str
    output_activation: str
    batch_weight: float
    dtype: str = "float32"
    n_classes: int | None = None
    is_trained: bool = True


def build_model(params, task):
    """The compiled model that a fit trains; nothing that it shares with the parameters changes.

    To be called with `RandomSources` in use: initial weights are drawn, now or when the model is
    built by its first data.

    Parameters
    ----------
    params : dict
        Of the estimator, by name: ``model``, ``keep_weights``, those of
        `network.DEFAULTS`, ``dtype``, ``loss``, ``optimizer``, ``learning_rate``, ``metrics``,
        ``model__*``, ``optimizer__*``. The others are not looked at.
    task : Task

    Returns
    -------
    Model
        New; compiled.

    Raises
    ------
    ValueError
        For parameters that are out of range, that contradict each other, or that the model does
        not take.
    TypeError
        If the function given as `model` returns no model.
    """
    check_parameters(params, task)
    own_dtype = checked_dtype(params["dtype"])
    given = None if is_function(params["model"]) else params["model"]
    with floatx_in_thread(dtype_of(given) if given is not None else own_dtype or task.dtype):
        made = _made(params, task)
    source = made if given is None else given
    _check_dtype(made, own_dtype)
    if task.is_trained:
        _check_outputs(made, params, source, task)
    with floatx_in_thread(dtype_of(made)):
        arguments = _arguments(made, params, source, task)
        if arguments is not None:
            made.compile(**arguments)
    return made


def _made(params, task):
    model = params["model"]
    if model is None:
        own = {name: params[name] for name in DEFAULTS}
        return multilayer_perceptron(
            task.input_shape, task.output_shape, task.output_activation, task.batch_weight, **own
        )
    if not is_function(model):
        return copy_of_model(model, params["keep_weights"])
    named, takes_any = signature_of(model)
    # A class hands on what it does not name to its base, which knows nothing of them.
    takes_any = takes_any and not isinstance(getattr(model, "func", model), type)
    given = {name: getattr(task, name) for name in GIVEN if name in named or takes_any}
    if task.n_classes is None:
        given.pop("n_classes", None)
    given |= nested_of(params, "model__")
    _check_complete(model, named, given)
    made = model(**given)
    if not isinstance(made, Model):
        raise TypeError(
            f"The function {name_of(model)} given as `model` must return a kerasette.Model. It "
            f"returned {made!r} of type {type(made).__name__}."
        )
    return made


def _check_complete(function, named, given):
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


# ---- what it is compiled with ---------------------------------------------------------


def _arguments(made, params, source, task):
    """The arguments of ``compile``; None if the model is compiled as it is to be.

    `source` is the model that has been compiled: the given one, or what a function has returned.
    """
    own = optimizer_arguments_of(params)
    if not source.compiled:
        return {
            "optimizer": make_optimizer(params["optimizer"] or "adam", own),
            "loss": task.loss if params["loss"] is None else copy.deepcopy(params["loss"]),
            "metrics": copy.deepcopy(params["metrics"]),
        }
    is_changed = own or any(params[name] is not None for name in ("optimizer", "loss", "metrics"))
    if source is made and not is_changed:
        return None
    if type(source).compile is not Compiling.compile:
        raise ValueError(
            f"The model {source.name!r} given as `model` has a `compile` of its own, whose "
            "arguments are not known: give a function that makes and compiles the model, and no "
            "`optimizer`, `learning_rate`, `loss` and `metrics`."
        )
    arguments = compile_arguments(source)
    for name in ("loss", "metrics"):
        if params[name] is not None:
            arguments[name] = copy.deepcopy(params[name])
    if params["optimizer"] is not None:
        arguments["optimizer"] = make_optimizer(params["optimizer"], own)
    elif own:
        arguments["optimizer"] = make_optimizer(_optimizer_of(source), own)
    return arguments


def _optimizer_of(model):
    if model.optimizer is None:
        raise ValueError(
            f"The model {model.name!r} given as `model` was compiled without an optimizer, and "
            "`learning_rate` or `optimizer__...` are given: give an `optimizer`, too."
        )
    return model.optimizer


def optimizer_arguments_of(params):
    """The arguments that an estimator has for its optimizer, the learning rate among them.

    Raises
    ------
    ValueError
        If there are two learning rates, or one is no number >= 0 and nothing that gives one.
    """
    arguments = nested_of(params, "optimizer__")
    rate, other = params["learning_rate"], arguments.get("learning_rate")
    if rate is not None and other is not None and rate != other:
        raise ValueError(
            "learning_rate and optimizer__learning_rate are the same parameter, and are given "
            f"different values: {rate!r} and {other!r}."
        )
    rate = other if rate is None else rate
    if rate is None:
        return arguments
    if is_number(rate) and 0 <= rate < math.inf:
        rate = float(rate)
    elif is_number(rate) or not callable(rate):
        raise ValueError(
            "The 'learning_rate' parameter must be a float in the range [0, inf), a "
            f"LearningRateSchedule or a function. Got {rate!r} instead."
        )
    return {**arguments, "learning_rate": rate}


# ---- checks ---------------------------------------------------------------------------


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


def checked_dtype(dtype):
    """Name of a dtype to train in; None stays None.

    Raises
    ------
    ValueError
        If it is not float32 or float64.
    """
    if dtype is None:
        return None
    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = None
    if name not in ("float32", "float64"):
        raise ValueError(
            "The 'dtype' parameter must be None or one of {'float32', 'float64'}. "
            f"Got {dtype!r} instead."
        )
    return name


def dtype_of(model):
    """The dtype that a model is trained in: that of its weights, if it has any."""
    dtypes = [weight.dtype for weight in model.trainable_weights]
    return dtypes[0] if dtypes else model.dtype


def _check_dtype(model, dtype):
    if dtype is not None and dtype_of(model) != dtype:
        raise ValueError(
            f"dtype={dtype!r}, but the model {model.name!r} computes in {dtype_of(model)}: its "
            "layers have dtypes of their own. Leave it at None, or give a function that makes "
            "the model, and no dtypes in it."
        )


def _check_outputs(made, params, source, task):
    """Raises if the model returns one output of another shape than targets have."""
    try:
        shape = made.output_shape
    except (AttributeError, ValueError, NotImplementedError):
        # A model that is built by its first data.
        return
    if not is_shape(shape) or made._has_own_steps() or fits(shape[1:], task.output_shape):
        return
    has_loss = source.compiled or params["loss"] is not None
    if task.n_classes == 2 and shape[1:] == (2,) and has_loss:
        return
    raise ValueError(
        f"The model {made.name!r} returns outputs of shape {shape}; for y they have to have shape "
        f"{(None, *task.output_shape)}."
    )


def fits(shape, output_shape):
    """Whether a sample's output has the shape of its target; one number may be without an axis."""
    return (
        shape in (output_shape, output_shape[:-1])
        if output_shape == (1,)
        else (
            len(shape) == len(output_shape)
            and all(a in (None, b) for a, b in zip(shape, output_shape))
        )
    )
