"""The model that a fit trains: its own, compiled."""

from dataclasses import dataclass

from kerasette.default_dtype import floatx_in_thread
from kerasette.wrappers.compiling import arguments_of_compile
from kerasette.wrappers.copies import copy_of_model
from kerasette.wrappers.dtypes import check_dtype, checked_dtype, dtype_of
from kerasette.wrappers.model_checks import (
    check_complete,
    check_outputs,
    check_parameters,
    check_returned,
    check_stateless,
)
from kerasette.wrappers.network import DEFAULTS, multilayer_perceptron
from kerasette.wrappers.parameters import GIVEN, is_function, nested_of, signature_of


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
    check_dtype(made, own_dtype)
    check_stateless(made)
    if task.is_trained:
        check_outputs(made, params, source, task)
    with floatx_in_thread(dtype_of(made)):
        arguments = arguments_of_compile(made, params, source, task)
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
    check_complete(model, named, given)
    made = model(**given)
    check_returned(made, model)
    return made
