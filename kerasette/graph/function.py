"""Functions of tensors, written down as a graph."""

from kerasette import tree
from kerasette._core.ops.operands import holds_symbolic
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor
from kerasette.graph.operation import Operation
from kerasette.graph.order import check_outputs, graph_between
from kerasette.naming import checked_name


def spec_of_call(operation, args, kwargs):
    """What an operation returns for symbolic tensors."""
    return operation.compute_output_spec(*args, **kwargs)


class Graph:
    """What a functional model and a `Function` have in common: a graph from inputs to outputs."""

    def _init_graph(self, inputs, outputs):
        self._set_ends(inputs, outputs)
        for name, tensors in (("inputs", self._inputs), ("outputs", self._outputs)):
            if not tensors:
                raise ValueError(
                    f"`{name}` argument cannot be empty. Received:\ninputs={inputs}\n"
                    f"outputs={outputs}"
                )
        self._nodes, self._operations = graph_between(self._inputs, self._outputs)
        check_outputs(self._nodes, self._inputs, self._outputs_struct)

    def _set_ends(self, inputs, outputs):
        self._inputs_struct = tree.map_structure(lambda tensor: tensor, inputs)
        self._outputs_struct = tree.map_structure(lambda tensor: tensor, outputs)
        self._inputs = tree.flatten(inputs)
        self._outputs = tree.flatten(outputs)

    def __getstate__(self):
        state = super().__getstate__()
        for name in ("_nodes", "_inputs", "_outputs", "_inputs_struct", "_outputs_struct"):
            del state[name]
        # Few graphs are copied: loaded when it is needed.
        from kerasette.graph.copying import taken_apart

        state["_parts"] = taken_apart(self._nodes, self._inputs_struct, self._outputs_struct)
        return state

    def __setstate__(self, state):
        from kerasette.graph.copying import put_together

        parts = state.pop("_parts")
        super().__setstate__(state)
        self._nodes, inputs, outputs = put_together(parts)
        self._set_ends(inputs, outputs)

    @property
    def operations(self):
        """Layers and other operations, those nearest to the inputs first."""
        return list(self._operations)

    @property
    def inputs(self):
        """The symbolic inputs, a list."""
        return self._inputs

    @property
    def outputs(self):
        """The symbolic outputs, a list."""
        return self._outputs

    def _run_graph(self, inputs, call):
        """The structure of outputs for a list of inputs.

        Parameters
        ----------
        inputs : list
            Tensors, or symbolic ones.
        call : callable
            Of an operation, args and kwargs: gives the outputs of a node.
        """
        values = {id(tensor): value for tensor, value in zip(self._inputs, inputs, strict=True)}
        for node in self._nodes:
            if node.is_input or not all(id(t) in values for t in node.input_tensors):
                continue
            args, kwargs = node.filled_in(values)
            outputs = tree.flatten(call(node.operation, args, kwargs))
            _check_count(node, outputs)
            values.update(zip(map(id, node.output_tensors), outputs))
        # As in Keras, dicts that come out are in the order of their keys.
        found = [values[id(tensor)] for tensor in self._outputs]
        return tree.pack_sequence_as(self._outputs_struct, found)

    def _graph_specs(self, inputs, spec_of=spec_of_call):
        """Symbolic tensors like the outputs for such inputs; makes no nodes.

        ``spec_of(operation, args, kwargs)`` is what one of the operations returns.
        """
        pairs = zip(inputs, self._inputs, strict=True)
        if all(a is not None and a.shape == b.shape for a, b in pairs):
            return tree.map_structure(
                lambda tensor: KerasTensor(tensor.shape, tensor.dtype), self._outputs_struct
            )
        return self._run_graph(inputs, spec_of)


def _check_count(node, outputs):
    announced = len(node.output_tensors)
    if len(outputs) != announced:
        raise ValueError(
            f"{node.operation.name!r} has returned {len(outputs)} tensors. Of symbolic inputs it "
            f"returned {announced}, by its `compute_output_shape` or `compute_output_spec`."
        )


class Function(Graph, Operation):
    """The calls between symbolic tensors as a function of tensors.

    Parameters
    ----------
    inputs, outputs : KerasTensor, or list, tuple or dict of them
    name : str, optional

    Raises
    ------
    ValueError
        If an output is not connected to the inputs.

    Examples
    --------
    >>> import kerasette
    >>> a, b = kerasette.KerasTensor((None, 2)), kerasette.KerasTensor((None, 2))
    >>> double_sum = kerasette.Function([a, b], 2 * (a + b))
    >>> double_sum([kerasette.ops.ones((1, 2)), kerasette.ops.ones((1, 2))]).numpy().tolist()
    [[4.0, 4.0]]
    """

    def __init__(self, inputs, outputs, name=None):
        self.name = checked_name(name, type(self).__name__)
        self._init_nodes()
        for value in tree.flatten((inputs, outputs)):
            if not is_keras_tensor(value):
                raise ValueError(
                    f"`inputs` and `outputs` must be KerasTensors. Received: {value} of type "
                    f"{type(value)}"
                )
        self._init_graph(inputs, outputs)

    def __call__(self, inputs):
        """The outputs for tensors; of symbolic ones, a node.

        Raises
        ------
        ValueError
            If they have another structure, or shapes that do not fit.
        """
        self._check_inputs(inputs)
        if holds_symbolic([inputs]):
            outputs = self.compute_output_spec(inputs)
            return self._called_symbolically((inputs,), {}, outputs)
        return self._run_graph(tree.flatten(inputs), lambda op, args, kw: op(*args, **kw))

    def compute_output_spec(self, inputs):
        """Symbolic tensors like the outputs for symbolic inputs."""
        return self._graph_specs(tree.flatten(inputs))

    def compute_output_shape(self, input_shape):
        """Shape of each output for the shapes of the inputs."""
        flat = tree.flatten(tree.map_shape_structure(KerasTensor, input_shape))
        return tree.map_structure(lambda tensor: tensor.shape, self._graph_specs(flat))

    def _check_inputs(self, inputs):
        try:
            tree.assert_same_structure(inputs, self._inputs_struct)
        except ValueError:
            raise ValueError(
                "Function was called with an invalid input structure. Expected input structure: "
                f"{self._inputs_struct}\nReceived input structure: {inputs}"
            ) from None
        for given, expected in zip(tree.flatten(inputs), self._inputs, strict=True):
            sizes = zip(given.shape, expected.shape)
            if len(given.shape) != len(expected.shape) or any(
                None not in pair and pair[0] != pair[1] for pair in sizes
            ):
                raise ValueError(
                    f"Function was passed incompatible inputs. For input '{expected.name}', "
                    f"expected shape {expected.shape}, but received instead a tensor with shape "
                    f"{given.shape}."
                )
