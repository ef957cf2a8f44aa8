"""Graphs of layers as configs, and back, in the format of Keras."""

import inspect

from kerasette import tree
from kerasette.graph.keras_tensor import is_keras_tensor
from kerasette.graph.operation import FunctionOperation, Operation
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object, serialize_symbolic

KEYS = ("name", "layers", "input_layers", "output_layers")


class _NotYet(LookupError):
    """A tensor is needed that no call has made so far."""


def takes_a_graph(cls, functional):
    """Whether the constructor of a model takes inputs and outputs, as `functional` does."""
    arguments = inspect.getfullargspec(cls.__init__)
    takes_all = arguments.varargs is not None and arguments.varkw is not None
    return takes_all or arguments.args == inspect.getfullargspec(functional.__init__).args


def describes_a_graph(config):
    """Whether a config is what `graph_config` returns."""
    return all(key in config for key in KEYS)


# ---- writing ------------------------------------------------------------------------


def graph_config(model):
    """Layers and other operations of a model, their calls, and which tensors are its ends.

    Calls that belong to other models are left out, and the rest of each operation's counted anew.
    """
    kept = set(model._nodes)
    calls = {
        operation: [node for node in operation._inbound_nodes if node in kept]
        for operation in model.operations
    }
    places = {node: i for nodes in calls.values() for i, node in enumerate(nodes)}

    def place_of(tensor):
        operation, index, position = tensor._keras_history
        place = places.get(operation._inbound_nodes[index], index)
        return operation, place, position

    def end(tensor):
        operation, place, position = place_of(tensor)
        # Keras counts the calls of a model from 1 here, and from 0 elsewhere.
        return [operation.name, place + is_graph(operation), position]

    return {
        "layers": [_operation_config(operation, calls[operation], place_of) for operation in calls],
        "input_layers": tree.map_structure(end, model._inputs_struct),
        "output_layers": tree.map_structure(end, model._outputs_struct),
    }


def is_graph(operation):
    """Whether an operation is a model that is a graph itself (a Sequential is not)."""
    from kerasette.models.functional import Functional

    return isinstance(operation, Functional)


def _operation_config(operation, nodes, place_of):
    def described(value):
        return serialize_symbolic(value, place_of(value)) if is_keras_tensor(value) else value

    inbound = [
        serialize_keras_object(
            {
                "args": tree.map_structure(described, node.args),
                "kwargs": tree.map_structure(described, node.kwargs),
            }
        )
        for node in nodes
        if not node.is_input
    ]
    config = serialize_keras_object(operation)
    return {**config, "name": operation.name, "inbound_nodes": inbound}


# ---- reading ------------------------------------------------------------------------


def model_from_graph_config(cls, config, custom_objects=None):
    """The model that the config of a graph describes, with new weights.

    Parameters
    ----------
    cls : class
        Of the model; takes inputs and outputs, and what else the config holds.
    config : dict
    custom_objects : dict of str to class or function, optional

    Raises
    ------
    TypeError, ValueError
        If a layer is not found, or the calls do not fit together.
    """
    config = dict(config)
    described = config.pop("layers")
    operations = {data["name"]: _operation(data, custom_objects) for data in described}
    waiting = {data["name"]: list(data["inbound_nodes"]) for data in described}
    while any(waiting.values()):
        if not sum(_call_what_can_be(operations, name, waiting[name]) for name in waiting):
            left = {name: calls for name, calls in waiting.items() if calls}
            raise ValueError(
                "Invalid Functional model configuration. The graph of the Functional model either "
                "has loops or disconnected nodes. The following nodes failed to be resolved: "
                f"{left}"
            )

    def tensor(name, place, position):
        _check_is_known(name, operations)
        place -= is_graph(operations[name])
        return operations[name]._inbound_nodes[place].output_tensors[position]

    ends = {name: _map_ends(tensor, config.pop(f"{name[:-1]}_layers")) for name in _ENDS}
    return cls(**ends, name=config.pop("name"), trainable=config.pop("trainable", None), **config)


_ENDS = ("inputs", "outputs")


def _operation(data, custom_objects):
    operation = deserialize_keras_object(data, custom_objects)
    if not isinstance(operation, Operation):
        raise ValueError(
            "Unexpected object from deserialization, expected a layer or operation, got a "
            f"{type(operation)}"
        )
    return operation


def _call_what_can_be(operations, name, calls):
    """Makes the calls of an operation whose inputs there are, in order; returns how many."""
    n = 0
    for call in calls:
        try:
            args, kwargs = _arguments(call, operations)
        except _NotYet:
            break
        if isinstance(operations[name], FunctionOperation):
            args = [_without_lists(value) for value in args]
        operations[name](*args, **kwargs)
        n += 1
    del calls[:n]
    return n


def _arguments(call, operations):
    def revived(value):
        if not is_keras_tensor(value) or value._written_history is None:
            return value
        name, place, position = value._written_history
        _check_is_known(name, operations)
        nodes = operations[name]._inbound_nodes
        if place >= len(nodes):
            raise _NotYet
        return nodes[place].output_tensors[position]

    values = deserialize_keras_object([call["args"], call["kwargs"]])
    return tree.map_structure(revived, values)


def _without_lists(value):
    """A list of no tensors as the tuple that it was before JSON: a key such as ``x[:, 0]``."""
    is_constant = isinstance(value, list) and not any(map(is_keras_tensor, tree.flatten(value)))
    return tuple(value) if is_constant else value


def _check_is_known(name, operations):
    if name not in operations:
        raise ValueError(f"Unknown layer: {name}. There are {sorted(operations)}.")


def _map_ends(tensor, ends):
    """`tensor` of each triple of name, call and output in a structure of them."""
    if isinstance(ends, dict):
        return {key: _map_ends(tensor, value) for key, value in ends.items()}
    if len(ends) == 3 and isinstance(ends[0], str):
        return tensor(*ends)
    return type(ends)(_map_ends(tensor, value) for value in ends)
