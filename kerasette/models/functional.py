"""Models that are graphs of layers and other operations."""

import warnings

from kerasette import ops, tree
from kerasette.graph.function import Graph
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor
from kerasette.graph.node import Node, node_of
from kerasette.graph.order import check_outputs, graph_between
from kerasette.layers.input_layer import Input
from kerasette.layers.input_spec import InputSpec, by_name, check_inputs
from kerasette.layers.layer import Layer
from kerasette.models.model import Model


class Functional(Graph, Model):
    """The model that ``Model(inputs, outputs)`` makes; see `Model`."""

    # Inputs get the dtypes that their `Input` names, not that of the model.
    _casts_inputs = False

    def __init__(self, inputs, outputs, name=None, **kwargs):
        check_symbolic(inputs, outputs)
        if isinstance(inputs, dict):
            warn_of_other_names(inputs)
        if not all(node_of(tensor) and node_of(tensor).is_input for tensor in tree.flatten(inputs)):
            inputs, outputs = with_own_inputs(inputs, outputs)
        trainable = kwargs.pop("trainable", None)
        Layer.__init__(self, name=name, **kwargs)
        self._init_trainer()
        self._manual_input_spec = None
        self._init_graph(inputs, outputs)
        self.output_names = [tensor._keras_history.operation.name for tensor in self._outputs]
        self.built = True
        if trainable is not None:
            # Of the model alone: layers stay as they are, as in Keras.
            self._trainable = bool(trainable)

    @property
    def layers(self):
        """The layers, those nearest to the inputs first."""
        return [operation for operation in self._operations if isinstance(operation, Layer)]

    @layers.setter
    def layers(self, value):
        Model.layers.fset(self, value)

    @property
    def input(self):
        """The symbolic inputs, in the structure in which they were given."""
        return self._inputs_struct

    @property
    def output(self):
        """The symbolic outputs, in the structure in which they were given."""
        return self._outputs_struct

    @property
    def input_shape(self):
        """Shape of the input, or list of the shapes of several."""
        return _shapes(self._inputs)

    @property
    def output_shape(self):
        """Shape of the output, or list of the shapes of several."""
        return _shapes(self._outputs)

    def build(self, input_shape=None):
        """Does nothing: the layers were built by the calls that made the graph."""

    def get_build_config(self):
        """No shape: a graph is built when it is made."""
        return {"input_shape": None}

    def get_config(self):
        """Layers and their calls; for a class with a constructor of its own, its arguments."""
        # Loaded when it is needed, as all that only configs need.
        from kerasette.models.graph_config import graph_config, takes_a_graph

        if not takes_a_graph(type(self), Functional):
            return super().get_config()
        return {"name": self.name, "trainable": self.trainable, **graph_config(self)}

    def _check_not_locked(self):
        """Layers that are no part of the graph may be attached to it."""

    # ---- call ----------------------------------------------------------------------

    def call(self, inputs, training=None, mask=None):
        """The outputs, in their structure; the only one of a list by itself."""
        expected = self._inputs_struct
        is_named = isinstance(inputs, dict) and isinstance(expected, dict)
        if is_named and not inputs.keys() <= expected.keys():
            warnings.warn(self._structures(inputs), stacklevel=2)
        flat = self._standardized(inputs)
        if mask is not None:
            for tensor, one in zip(flat, self._masks_for(flat, mask)):
                if tensor is not None:
                    tensor._keras_mask = one

        def run(operation, args, kwargs):
            if training is not None and getattr(operation, "_takes_training", False):
                kwargs = {**kwargs, "training": training}
            return operation(*args, **kwargs)

        return unpack_singleton(self._run_graph(flat, run))

    def _masks_for(self, flat, mask):
        """A mask, or None, for each input; in a dict they are found by name, as inputs are."""
        masks = tree.flatten(self._in_structure(mask) if isinstance(mask, dict) else mask)
        if len(masks) != len(flat):
            raise ValueError(
                f"Model '{self.name}' takes {len(flat)} inputs, and `mask` holds {len(masks)} "
                "masks."
            )
        return masks

    def compute_mask(self, inputs, previous_mask):
        """None: the outputs carry the masks that their layers have given them, or none."""

    def compute_output_spec(self, inputs, training=None, mask=None):
        """Symbolic tensors like the outputs for symbolic inputs."""
        return unpack_singleton(self._graph_specs(self._fitting(inputs)))

    def compute_output_shape(self, input_shape):
        """Shape of each output for the shapes of the inputs."""
        shapes = tree.map_shape_structure(KerasTensor, input_shape)
        flat = self._fitting(shapes)
        specs = [KerasTensor(t.shape, own.dtype) for t, own in zip(flat, self._inputs)]
        return tree.map_structure(lambda tensor: tensor.shape, self._graph_specs(specs))

    def _fitting(self, inputs):
        """Symbolic inputs as `_standardized` returns them, if their sizes are the graph's."""
        flat = self._standardized(inputs)
        for tensor, own in zip(flat, self._inputs):
            # As in Keras, a batch size that an `Input` names is no more than a hint: the last batch
            # of an epoch may be shorter.
            if tensor is not None and not fits((None, *tensor.shape[1:]), own.shape):
                raise wrong_shape(tensor, own)
        return flat

    def _standardized(self, inputs):
        """The inputs as a list, in the order of the graph's, with their dtypes and ranks.

        Of real inputs sizes may be others than those of the graph's. A `Functional` model looks at
        them before, by its `input_spec`; a `Sequential` one leaves them to its layers, as in Keras:
        images of several sizes may go through the same augmentation.
        """
        inputs = self._in_structure(inputs)
        flat = tree.flatten(inputs)
        if len(flat) != len(self._inputs):
            raise ValueError(
                f"Model '{self.name}' takes {len(self._inputs)} inputs, "
                f"{[tensor.name for tensor in self._inputs]}, and got {len(flat)}."
            )
        return [self._standardized_one(value, own) for value, own in zip(flat, self._inputs)]

    def _in_structure(self, inputs):
        """The inputs in the structure of the graph's; entries of a dict are found by name."""
        expected = self._inputs_struct
        if not tree.is_nested(expected) and not tree.is_nested(inputs):
            return inputs
        if isinstance(expected, list) and len(expected) == 1 and not tree.is_nested(inputs):
            return [inputs]
        if isinstance(inputs, dict) and not isinstance(expected, dict):
            names = [_name_of_input(tensor) for tensor in tree.flatten(expected)]
            return tree.pack_sequence_as(expected, by_name(inputs, names))
        must_fit = False
        if isinstance(inputs, dict):
            # Keras leaves out what no input is named for.
            inputs = dict(zip(expected, by_name(inputs, list(expected)), strict=True))
        elif isinstance(expected, dict):
            must_fit = list(expected) != sorted(expected)
        self._check_structure(inputs, must_fit)
        return inputs

    def _check_structure(self, inputs, must_fit):
        try:
            tree.assert_same_structure(
                tree.lists_to_tuples(inputs), tree.lists_to_tuples(self._inputs_struct)
            )
        except ValueError:
            if must_fit:
                raise ValueError(self._structures(inputs)) from None
            warnings.warn(self._structures(inputs), stacklevel=2)

    def _structures(self, inputs):
        """What is said of inputs in another structure than the graph's."""
        expected = tree.map_structure(lambda tensor: tensor.name, self._inputs_struct)
        received = tree.map_structure(_described, inputs)
        return (
            "The structure of `inputs` doesn't match the expected structure.\n"
            f"Expected: {expected}\nReceived: inputs={received}"
        )

    def _standardized_one(self, value, own):
        if value is None and is_optional(own):
            return None
        if value is None:
            raise ValueError(
                f"The input '{own.name}' is not optional, but None was passed. "
                "Please provide a valid tensor."
            )
        mask = getattr(value, "_keras_mask", None)
        value = ops.convert_to_tensor(value, dtype=own.dtype)
        rank, expected = len(value.shape), len(own.shape)
        if rank == expected + 1 and value.shape[-1] == 1:
            value = ops.squeeze(value, axis=-1)
        elif rank == expected - 1 and own.shape[-1:] == (1,):
            value = ops.expand_dims(value, axis=-1)
        if len(value.shape) != expected:
            raise wrong_shape(value, own)
        if mask is not None:
            value._keras_mask = mask
        return value

    @property
    def input_spec(self):
        """What the inputs must be like: a list of `InputSpec`."""
        if self._manual_input_spec is not None:
            return self._manual_input_spec
        if not isinstance(self._inputs_struct, dict):
            return [_spec_of(tensor, _name_of_input(tensor)) for tensor in self._inputs]
        if any(tree.is_nested(value) for value in self._inputs_struct.values()):
            return None
        return [_spec_of(tensor, name) for name, tensor in sorted(self._inputs_struct.items())]

    @input_spec.setter
    def input_spec(self, value):
        self._manual_input_spec = value

    def __reduce__(self):
        # In another process the class of a subclass may not have been made functional yet.
        return _blank, (type(self),), self.__getstate__()

    # ---- data ----------------------------------------------------------------------

    @property
    def _as_graph(self):
        return self

    def _output_specs(self, inputs):
        self._fitting(inputs)
        return self._specs_of_data(inputs)

    def _specs_of_data(self, inputs):
        """Symbolic tensors like the outputs for data like `inputs`, if the layers take such."""
        return unpack_singleton(self._graph_specs(self._standardized(inputs), spec_of_data))

    def _input_specs(self, x):
        """What each array becomes: as its `Input` says, others as they are."""
        specs = tree.map_structure(lambda array: self._input_spec_of(array, self.dtype), x)
        if isinstance(specs, dict) and not isinstance(self._inputs_struct, dict):
            owns = {_name_of_input(tensor): tensor for tensor in self._inputs}
            return {key: _with_dtype(spec, owns.get(key)) for key, spec in specs.items()}
        flat = tree.flatten(specs)
        if len(flat) != len(self._inputs):
            return specs
        pairs = zip(flat, self._inputs)
        return tree.pack_sequence_as(specs, [_with_dtype(spec, own) for spec, own in pairs])


def _name_of_input(tensor):
    """The name of its `Input`; without one the tensor has an automatic name of its own."""
    return tensor._keras_history.operation.name


def is_optional(tensor):
    """Whether None may be given for an input."""
    return getattr(tensor._keras_history.operation, "optional", False)


def spec_of_data(operation, args, kwargs):
    """What an operation returns for symbolic tensors that stand for data, if they fit."""
    if isinstance(operation, Layer):
        check_inputs(operation.input_spec, args[0] if args else None, operation.name)
    graph = getattr(operation, "_as_graph", None)
    if graph is not None:
        return graph._specs_of_data(*args)
    return operation.compute_output_spec(*args, **kwargs)


def wrong_shape(tensor, own):
    """The error for an input of a shape that is not that of the graph's own."""
    return ValueError(
        f"Invalid input shape for input '{own.name}'. Expected "
        f"shape {own.shape}, but input has incompatible shape {tensor.shape}"
    )


def _spec_of(tensor, name):
    return InputSpec(
        shape=(None, *tensor.shape[1:]) if tensor.shape else (),
        allow_last_axis_squeeze=True,
        name=name,
        optional=is_optional(tensor),
    )


def _with_dtype(spec, own):
    if own is None or not isinstance(spec, KerasTensor):
        return spec
    return KerasTensor(spec.shape, own.dtype)


# Subclasses that do not override `get_config` are described by their arguments.
Functional._has_own_config = False


def _shapes(tensors):
    shapes = [tensor.shape for tensor in tensors]
    return shapes[0] if len(shapes) == 1 else shapes


def _described(value):
    return f"Tensor(shape={value.shape})" if hasattr(value, "shape") else str(value)


def fits(shape, expected):
    """Whether a shape is one of those that an expected shape, with None, stands for."""
    return len(shape) == len(expected) and all(
        None in (a, b) or a == b for a, b in zip(shape, expected)
    )


def unpack_singleton(structure):
    """The only member of a list or tuple, or the structure itself."""
    if isinstance(structure, (list, tuple)) and len(structure) == 1:
        return structure[0]
    return structure


def check_symbolic(inputs, outputs):
    """Raises unless inputs and outputs hold symbolic tensors alone."""
    for name, structure in (("inputs", inputs), ("outputs", outputs)):
        for value in tree.flatten(structure):
            if not is_keras_tensor(value):
                raise ValueError(
                    f"All `{name}` values must be KerasTensors. Received: {name}={structure} "
                    f"including invalid value {value} of type {type(value)}"
                )


def warn_of_other_names(inputs):
    """Warns if inputs have other names than their keys, by which data is found."""
    for key, tensor in inputs.items():
        if is_keras_tensor(tensor) and key != tensor.name:
            warnings.warn(
                "When providing `inputs` as a dict, all keys in the dict must match the names of "
                f"the corresponding tensors. Received key '{key}' mapping to value {tensor} which "
                f"has name '{tensor.name}'. Change the tensor name to '{key}' (via `Input(..., "
                f"name='{key}')`)",
                stacklevel=5,
            )


def with_own_inputs(inputs, outputs):
    """The same calls once more, from inputs of their own to other symbolic outputs.

    For a model cut out of another: its layers are shared, and its inputs become an ``Input`` each.
    """
    nodes, _ = graph_between(tree.flatten(inputs), tree.flatten(outputs))
    # Before anything is noted with the layers.
    check_outputs(nodes, tree.flatten(inputs), outputs)
    twins = {}
    for tensor in tree.flatten(inputs):
        node = node_of(tensor)
        is_own = node is not None and node.is_input
        twins[id(tensor)] = tensor if is_own else _input_like(tensor)
    for node in nodes:
        if node.is_input:
            twins.update((id(tensor), tensor) for tensor in node.output_tensors)
            continue
        args, kwargs = node.filled_in(twins)
        copies = [
            KerasTensor(t.shape, t.dtype, name=f"{t.name}_clone") for t in node.output_tensors
        ]
        Node(node.operation, args, kwargs, copies)
        # An output may itself be an input of the new model.
        for tensor, copy in zip(node.output_tensors, copies):
            twins.setdefault(id(tensor), copy)
    return tuple(
        tree.map_structure(lambda tensor: twins[id(tensor)], structure)
        for structure in (inputs, outputs)
    )


def _input_like(tensor):
    return Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}CLONE")


def _blank(cls):
    """A model without state, to be unpickled."""
    make_functional(cls)
    return cls.__new__(cls)


def make_functional(cls):
    """Puts `Functional` in the place of `Model` among the bases of a class.

    For a subclass of `Model` whose constructor passes inputs and outputs on: it is a functional
    model then, with what else the subclass defines.
    """
    if cls is Model:
        return Functional
    if cls in (object, Functional) or not issubclass(cls, Model):
        return cls
    bases = tuple(make_functional(base) for base in cls.__bases__)
    if bases != cls.__bases__:
        cls.__bases__ = bases
    return cls
