"""Graphs as flat lists, for copies and pickles.

Both follow what hangs together by recursion, and a graph may be deeper than Python's limit. So a
graph is taken apart into calls, one after the other, with numbers in place of tensors.
"""

from typing import NamedTuple

from kerasette import tree
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor
from kerasette.graph.node import Node


class Number:
    """Stands for a symbolic tensor."""

    def __init__(self, value):
        self.value = value


class Call(NamedTuple):
    """One node: an operation, its arguments, and what tensors come of it."""

    operation: object
    args: tuple
    kwargs: dict
    outputs: object


class Parts(NamedTuple):
    """A graph: its calls, and the structures of its inputs and outputs."""

    calls: list
    inputs: object
    outputs: object
    # Inputs that no call of an `Input` makes.
    free: list


def taken_apart(nodes, inputs, outputs):
    """The parts of a graph.

    Parameters
    ----------
    nodes : list of Node
        Each after those whose outputs it takes.
    inputs, outputs : structure of KerasTensor
    """
    numbers = {}
    made = {id(tensor) for node in nodes for tensor in node.output_tensors}
    free = [tensor for tensor in tree.flatten(inputs) if id(tensor) not in made]
    for tensor in (*free, *(t for node in nodes for t in node.output_tensors)):
        numbers.setdefault(id(tensor), Number(len(numbers)))

    def numbered(value):
        return numbers[id(value)] if is_keras_tensor(value) else value

    calls = [
        Call(
            node.operation,
            tree.map_structure(numbered, node.args),
            tree.map_structure(numbered, node.kwargs),
            tree.map_structure(lambda tensor: Described(tensor, numbers), node.outputs),
        )
        for node in nodes
    ]
    return Parts(
        calls,
        tree.map_structure(numbered, inputs),
        tree.map_structure(numbered, outputs),
        [Described(tensor, numbers) for tensor in free],
    )


def put_together(parts):
    """Nodes, inputs and outputs of the graph that `taken_apart` was given."""
    tensors = {}

    def tensor_of(value):
        return tensors[value.value] if isinstance(value, Number) else value

    def make(described):
        tensor = KerasTensor(described.shape, described.dtype, name=described.name)
        tensors[described.number] = tensor
        return tensor

    for described in parts.free:
        make(described)
    nodes = []
    for call in parts.calls:
        if not call.args and not call.kwargs:
            # An input layer has a node of its own.
            node = call.operation._inbound_nodes[0]
            tensors[call.outputs.number] = node.outputs
        else:
            outputs = tree.map_structure(make, call.outputs)
            args, kwargs = tree.map_structure(tensor_of, (call.args, call.kwargs))
            node = Node(call.operation, args, kwargs, outputs)
        nodes.append(node)
    made = [described for call in parts.calls for described in tree.flatten(call.outputs)]
    for described in (*parts.free, *made):
        tensors[described.number]._keras_mask = tensors.get(described.mask)
    inputs, outputs = tree.map_structure(tensor_of, (parts.inputs, parts.outputs))
    return nodes, inputs, outputs


class Described:
    """A symbolic tensor without its history."""

    def __init__(self, tensor, numbers):
        self.number = numbers[id(tensor)].value
        self.shape = tensor.shape
        self.dtype = tensor.dtype
        self.name = tensor.name
        mask = numbers.get(id(tensor._keras_mask))
        # None, too, if the mask is no part of the graph.
        self.mask = None if mask is None else mask.value
