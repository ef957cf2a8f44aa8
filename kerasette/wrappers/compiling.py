"""What the model of a fit is compiled with: by the parameters, or as it was before."""

import copy
import math

import numpy as np

from kerasette.checks import is_number
from kerasette.training.compiling import Compiling
from kerasette.wrappers.copies import compile_arguments, make_optimizer
from kerasette.wrappers.parameters import nested_of


def arguments_of_compile(made, params, source, task):
    """The arguments of ``compile``; None if the model is compiled as it is to be.

    Parameters
    ----------
    made : Model
        What is to be compiled.
    params : dict
        Of the estimator, by name.
    source : Model
        What may be compiled already: the given model, or what a function has returned.
    task : Task

    Returns
    -------
    dict or None

    Raises
    ------
    ValueError
        If arguments are to replace those of a model that cannot be compiled anew, or there is no
        optimizer to have a learning rate.
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
    is_truth_value = isinstance(rate, (bool, np.bool_))
    if is_number(rate) and not is_truth_value and 0 <= rate < math.inf:
        rate = float(rate)
    elif is_number(rate) or is_truth_value or not callable(rate):
        raise ValueError(
            "The 'learning_rate' parameter must be a float in the range [0, inf), a "
            f"LearningRateSchedule or a function. Got {rate!r} instead."
        )
    return {**arguments, "learning_rate": rate}
