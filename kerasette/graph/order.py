"""In which order the nodes of a graph run, and its operations are listed."""

from kerasette import tree
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.graph.node import node_of


def graph_between(inputs, outputs):
    """The nodes and operations between symbolic tensors.

    Parameters
    ----------
    inputs, outputs : list of KerasTensor

    Returns
    -------
    (list of Node, list of Operation)
        Nodes so that each comes after those whose outputs it takes; operations by depth, the
        number of calls between them and the outputs, the largest first, as Keras lists layers.

    Raises
    ------
    ValueError
        If an output depends on a tensor that is not among the inputs and comes from no
        ``Input``, or two operations have the same name.
    """
    nodes, first_met = _nodes_before(inputs, outputs)
    depths = _depths(nodes)
    _add_unused_inputs(inputs, depths, first_met)
    operation_depths = {}
    for node, depth in depths.items():
        known = operation_depths.get(node.operation, 0)
        operation_depths[node.operation] = max(known, depth)
    operations = sorted(operation_depths, key=lambda op: (-operation_depths[op], first_met[op]))
    ordered = sorted(depths, key=lambda node: -depths[node])
    _check_is_connected(inputs, ordered)
    _check_names(operations)
    return ordered, operations


def _nodes_before(inputs, outputs):
    """Nodes that the outputs depend on, parents first, and when each operation was first met."""
    given = set(inputs)
    finished, found, first_met = set(), [], {}
    # A stack, not recursion: a graph may be deeper than Python's limit.
    for output in outputs:
        stack = [(output, False)]
        while stack:
            tensor, parents_are_done = stack.pop()
            node = node_of(tensor)
            if node is None:
                continue
            if parents_are_done:
                if node not in finished:
                    finished.add(node)
                    found.append(node)
                continue
            if node in finished:
                continue
            if tensor in given and not node.is_input:
                # What lies before an input is no part of the graph.
                finished.add(node)
                continue
            first_met.setdefault(node.operation, len(first_met))
            stack.append((tensor, True))
            stack.extend((parent, False) for parent in reversed(node.input_tensors))
    return found, first_met


def _depths(nodes):
    """For each node the largest number of calls between it and an output.

    All calls of one operation count as the one that comes first.
    """
    in_graph = set(nodes)
    depths, operation_depths = {}, {}
    for node in reversed(nodes):
        depth = max(depths.get(node, 0), operation_depths.get(node.operation, 0))
        operation_depths[node.operation] = depths[node] = depth
        for parent in node.parent_nodes:
            if parent in in_graph:
                depths[parent] = max(depths.get(parent, 0), depth + 1)
    return depths


def _add_unused_inputs(inputs, depths, first_met):
    """Inputs that no output depends on belong to the graph all the same."""
    for tensor in inputs:
        node = node_of(tensor)
        if node is not None and node.is_input and node not in depths:
            depths[node] = 0
            first_met[node.operation] = -1


def _check_is_connected(inputs, nodes):
    known, done = set(inputs), []
    for node in nodes:
        for tensor in node.input_tensors:
            if tensor not in known:
                raise ValueError(
                    f"Graph disconnected: cannot find parent for tensor {tensor} at operation "
                    f"'{node.operation.name}'. The following previous operations were accessed "
                    f"without issue: {done}"
                )
        done.append(node.operation.name)
        known.update(node.output_tensors)


def _check_names(operations):
    names = [operation.name for operation in operations]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f'The name "{name}" is used {names.count(name)} times in the model. All operation '
                "names should be unique."
            )


def check_outputs(nodes, inputs, outputs):
    """Raises unless all outputs can be computed from the inputs.

    Parameters
    ----------
    nodes : list of Node
        In the order in which they run.
    inputs : list of KerasTensor
    outputs : structure of KerasTensor

    Raises
    ------
    ValueError
        With the place of the first that cannot, and the inputs that it needs.
    """
    known = set(inputs)
    for node in nodes:
        if not node.is_input and known.issuperset(node.input_tensors):
            known.update(node.output_tensors)
    for path, tensor in tree.flatten_with_path(outputs):
        if tensor not in known:
            makers = [t._keras_history.operation for t in _missing_inputs(tensor, inputs)]
            missing = [maker.name for maker in makers]
            raise ValueError(
                f"Output with path `{'.'.join(map(str, path))}` is not connected to `inputs`"
                + (f": it needs {missing}, which is not among them." if missing else ".")
            )


def _missing_inputs(output, inputs):
    """The symbolic inputs that an output depends on and that are not among `inputs`."""
    nodes, _ = _nodes_before(inputs, [output])
    tensors = [tensor for node in nodes if node.is_input for tensor in node.output_tensors]
    return [t for t in tensors if isinstance(t, KerasTensor) and t not in set(inputs)]
