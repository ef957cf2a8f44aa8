"""Copies of models with new weights."""

from kerasette import tree
from kerasette.graph.keras_tensor import is_keras_tensor
from kerasette.layers import Input, Layer
from kerasette.models.functional import Functional
from kerasette.models.graph_config import takes_a_graph
from kerasette.models.sequential import Sequential
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


def clone_model(
    model, input_tensors=None, clone_function=None, call_function=None, recursive=False, **kwargs
):
    """A model like another one, with layers of its own and new weights; compiled, if that is.

    Parameters
    ----------
    model : Model
    input_tensors : structure of KerasTensor, optional
        What takes the place of the model's inputs; new ``Input`` objects by default.
    clone_function : callable, optional
        Of a layer, returns the layer for the copy; by default a new one from its config. Layers
        that stand in the model several times are copied once.
    call_function : callable, optional
        ``call_function(layer, *args, **kwargs)`` is what is called in place of ``layer(*args,
        **kwargs)``. For functional models only.
    recursive : bool
        Whether models in the model are copied layer by layer, too. Otherwise they are layers as
        any other.

    Raises
    ------
    ValueError
        If it is no model, or an argument is given that the kind of model does not take (a subclass
        is copied by its config, as a whole), or that there is not.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> copy = kerasette.models.clone_model(model)
    >>> copy.layers[0] is model.layers[0], copy.output_shape
    (False, (None, 2))
    """
    if kwargs:
        raise ValueError(f"Unexpected keyword argument(s): {tuple(kwargs)}")
    if not isinstance(model, Layer):
        raise ValueError(
            f"Expected `model` argument to be a `Model` instance. Received: model={model!r}"
        )
    if not isinstance(model, (Functional, Sequential)):
        return _copied_whole(model, input_tensors, clone_function, call_function)
    copied = _Copying(clone_function or _from_config, call_function, recursive)
    return copied.model(model, input_tensors)


def uncompiled_copy(model, clone_function):
    """A graph or stack with layers that `clone_function` makes of those of `model`."""
    return _Copying(clone_function, None, False).uncompiled(model)


def _from_config(layer):
    return type(layer).from_config(layer.get_config())


def _copied_whole(model, input_tensors, clone_function, call_function):
    if clone_function is not None or input_tensors is not None:
        raise ValueError(
            "Arguments `clone_function` and `input_tensors` are only supported for Sequential "
            f"models or Functional models. Received model of type '{type(model).__name__}', with "
            f"clone_function={clone_function} and input_tensors={input_tensors}"
        )
    if call_function is not None:
        raise ValueError(
            "Argument `call_function` is only supported for Functional models. Received model of "
            f"type '{type(model).__name__}', with call_function={call_function}"
        )
    cls = type(model)
    return deserialize_keras_object(serialize_keras_object(model), {cls.__name__: cls})


class _Copying:
    """One copy being made: each layer is copied once, however often it is met."""

    def __init__(self, clone_function, call_function, recursive):
        self.clone_function = clone_function
        self.call_function = call_function
        self.recursive = recursive
        self.copies = {}

    def layer(self, layer):
        if layer not in self.copies:
            is_model = isinstance(layer, (Functional, Sequential))
            copy = self.model if self.recursive and is_model else self.clone_function
            self.copies[layer] = copy(layer)
        return self.copies[layer]

    def uncompiled(self, model, input_tensors=None):
        is_stack = isinstance(model, Sequential)
        return (self._stack if is_stack else self._graph)(model, input_tensors)

    def model(self, model, input_tensors=None):
        copy = self.uncompiled(model, input_tensors)
        if model.compiled:
            copy.compile_from_config(model.get_compile_config())
        return copy

    def _stack(self, model, input_tensors):
        if self.call_function is not None and not self.copies:
            raise ValueError(
                "`call_function` argument is not supported with Sequential models. In a Sequential "
                "model, layers aren't called at model-construction time (they're merely listed). "
                "Use `call_function` with Functional models only. Received model of type "
                f"'{type(model).__name__}', with call_function={self.call_function}"
            )
        layers = [self.layer(layer) for layer in model.layers]
        first = model._input_layer
        if input_tensors is not None:
            layers.insert(0, _only_tensor(input_tensors))
        elif first is not None:
            layers.insert(0, _from_config(first))
        return Sequential(layers, name=model.name, trainable=model.trainable)

    def _graph(self, model, input_tensors):
        if input_tensors is None:
            input_tensors = tree.map_structure(_input_like, model.input)
        else:
            _check_inputs(input_tensors, model)

        def call(operation, args, kwargs):
            copy = self.layer(operation)
            if self.call_function is None:
                return copy(*args, **kwargs)
            return self.call_function(copy, *args, **kwargs)

        outputs = model._run_graph(tree.flatten(input_tensors), call)
        # A class with a constructor of its own cannot be made from inputs and outputs.
        cls = type(model) if takes_a_graph(type(model), Functional) else Functional
        return cls(input_tensors, outputs, name=model.name)


def _input_like(tensor):
    return Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name)


def _only_tensor(tensors):
    if isinstance(tensors, (list, tuple)):
        if len(tensors) != 1:
            raise ValueError("Argument `input_tensors` must contain a single tensor.")
        tensors = tensors[0]
    if not is_keras_tensor(tensors):
        raise ValueError(
            "Argument `input_tensors` must be a KerasTensor. Received invalid value: "
            f"input_tensors={tensors}"
        )
    return tensors


def _check_inputs(tensors, model):
    if not all(is_keras_tensor(tensor) for tensor in tree.flatten(tensors)):
        raise ValueError(
            "All entries in `input_tensors` must be KerasTensors. Received invalid values: "
            f"inputs_tensors={tensors}"
        )
    try:
        tree.assert_same_structure(tensors, model.input)
    except ValueError as error:
        raise ValueError(
            "`input_tensors` must have the same structure as model.input\nReference structure: "
            f"{model.input}\nReceived structure: {tensors}"
        ) from error
