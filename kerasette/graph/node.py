"""Calls of operations on symbolic tensors: what graphs consist of."""

from typing import NamedTuple

from kerasette import tree
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor


class KerasHistory(NamedTuple):
    """Where a symbolic tensor comes from."""

    operation: object
    node_index: int
    tensor_index: int


class Node:
    """One call of an operation: what it was called on, and what came of it.

    Making a node notes it with the operation, with those whose outputs it takes, and on its
    outputs.

    Parameters
    ----------
    operation : Operation
    args : tuple
    kwargs : dict
        Symbolic tensors may stand in lists, tuples and dicts.
    outputs : KerasTensor, or structure of them

    Raises
    ------
    ValueError
        If an output is no symbolic tensor.
    """

    def __init__(self, operation, args, kwargs, outputs):
        self.operation = operation
        self.args = tuple(args)
        self.kwargs = dict(kwargs)
        self.input_tensors = [
            value for value in tree.flatten((self.args, self.kwargs)) if is_keras_tensor(value)
        ]
        self.outputs = outputs
        self.output_tensors = tree.flatten(outputs)
        for tensor in self.output_tensors:
            if not is_keras_tensor(tensor):
                raise ValueError(
                    "All operation outputs must be tensors. Operation "
                    f"{operation.name} returned a non-tensor. Non-tensor received: {tensor}"
                )
        index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for i, tensor in enumerate(self.output_tensors):
            tensor._keras_history = KerasHistory(operation, index, i)
        for parent in self.parent_nodes:
            parent.operation._outbound_nodes.append(self)

    def __repr__(self):
        return f"<Node operation={self.operation.name}>"

    @property
    def is_input(self):
        """Whether the graph begins here."""
        return not self.input_tensors

    @property
    def parent_nodes(self):
        """The nodes whose outputs this one takes."""
        found = [node_of(tensor) for tensor in self.input_tensors]
        return [node for node in found if node is not None]

    def filled_in(self, values):
        """The arguments with values in place of the symbolic tensors.

        Parameters
        ----------
        values : dict of int to value
            By ``id`` of the symbolic tensor; None for one that is not there.
        """
        if not self.kwargs and len(self.args) == 1 and isinstance(self.args[0], KerasTensor):
            # Most calls.
            return (values.get(id(self.args[0])),), {}

        def value_of(argument):
            return values.get(id(argument)) if is_keras_tensor(argument) else argument

        return tree.map_structure(value_of, (self.args, self.kwargs))


def node_of(tensor):
    """The node that made a symbolic tensor; None if none did."""
    history = tensor._keras_history
    return None if history is None else history.operation._inbound_nodes[history.node_index]
