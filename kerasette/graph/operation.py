"""What is called on symbolic tensors: layers, and the functions of `kerasette.ops`."""

import functools
import inspect

from kerasette import tree
from kerasette._core.ops.operands import dispatching, holds_symbolic
from kerasette.graph import keras_tensor
from kerasette.graph.inference import outputs_on_zeros
from kerasette.graph.keras_names import class_name, tensor_parameters
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor
from kerasette.graph.node import Node
from kerasette.naming import checked_name
from kerasette.tracking import CopiedWhole


class Operation(CopiedWhole):
    """The part of layers, and of functions as nodes, that knows the calls in graphs."""

    def _init_nodes(self):
        # Not by setattr: what a layer does is the same.
        self.__dict__["_inbound_nodes"] = []
        self.__dict__["_outbound_nodes"] = []

    def __getstate__(self):
        # A copy begins without calls: those belong to graphs, which copy them as a whole.
        state = self.__dict__.copy()
        state.pop("_inbound_nodes", None)
        state.pop("_outbound_nodes", None)
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._init_nodes()

    def _called_symbolically(self, args, kwargs, outputs):
        """Notes a call, and returns its outputs."""
        given = {id(value) for value in _symbolic_in(args, kwargs)}
        if any(id(output) in given for output in _symbolic_in((outputs,), {})):
            # What is passed on as it is gets a place of its own in the graph.
            outputs = _copies(outputs)
        if any(not tensor.record_history for tensor in _symbolic_in(args, kwargs)):
            return outputs
        Node(self, args, kwargs, outputs)
        return outputs

    @property
    def input(self):
        """Symbolic input of the first call, or the list of them.

        Raises
        ------
        AttributeError
            If it was never called on symbolic tensors.
        """
        return self._of_first_call("input_tensors", "input")

    @property
    def output(self):
        """Symbolic output of the first call, or the list of them; raises as `input` does."""
        return self._of_first_call("output_tensors", "output")

    def _of_first_call(self, attribute, name):
        if not self._inbound_nodes:
            raise AttributeError(
                f"The layer {self.name} has never been called and thus has no defined {name}."
            )
        tensors = getattr(self._inbound_nodes[0], attribute)
        return tensors[0] if len(tensors) == 1 else tensors


def _symbolic_in(args, kwargs):
    return [value for value in tree.flatten((args, kwargs)) if is_keras_tensor(value)]


def _copies(outputs):
    def copied(tensor):
        if not is_keras_tensor(tensor):
            return tensor
        copy = KerasTensor(tensor.shape, tensor.dtype, name=tensor.name)
        copy._keras_mask = tensor._keras_mask
        return copy

    return tree.map_structure(copied, outputs)


class FunctionOperation(Operation):
    """A function of `kerasette.ops` as an operation of a graph.

    Parameters
    ----------
    name : str, optional
    **bound
        What is the same at each call.
    """

    # Set by the class of each function; the second are parameters before one such as ``*operands``.
    function = None
    _leading = ()

    def __init__(self, name=None, **bound):
        self.name = checked_name(name, type(self).__name__)
        self.bound = bound
        self._init_nodes()

    def __call__(self, *args, **kwargs):
        """The function of tensors; of symbolic ones, a node."""
        if not holds_symbolic(args) and not holds_symbolic(kwargs.values()):
            return self.call(*args, **kwargs)
        return self._called_symbolically(args, kwargs, self.compute_output_spec(*args, **kwargs))

    def compute_output_spec(self, *args, **kwargs):
        """Symbolic tensors like what the function returns."""
        return outputs_on_zeros(self.call, args, kwargs)

    def call(self, *args, **kwargs):
        """The function of tensors."""
        # What comes before the tensors of a function that takes any number of them.
        first = [self.bound[name] for name in self._leading]
        bound = {k: value for k, value in self.bound.items() if k not in self._leading}
        return type(self).function(*first, *args, **kwargs, **bound)

    def get_config(self):
        """The name, and what is the same at each call, defaults included."""
        config = {"name": self.name}
        function = type(self).function
        tensors = tensor_parameters(function.__name__)
        for name, parameter in inspect.signature(function).parameters.items():
            if name in self.bound:
                config[name] = self.bound[name]
            elif name not in tensors and parameter.default is not inspect.Parameter.empty:
                config[name] = parameter.default
        return config

    @classmethod
    def from_config(cls, config):
        """The operation that `get_config` has described.

        Raises
        ------
        ValueError
            For an argument that the function does not have, unless it is off.
        """
        known = {"name", *inspect.signature(cls.function).parameters}
        unknown = {key: value for key, value in config.items() if key not in known}
        if any(unknown.values()):
            raise ValueError(f"{cls.__name__} does not support {unknown}.")
        config = {key: config[key] for key in config if key in known}
        # Shapes and axes are tuples.
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in config.items()})

    def __repr__(self):
        return f"<Operation name={self.name}>"

    def __reduce__(self):
        # The class of a function is made when it is needed.
        return _blank_operation, (type(self).function.__name__,), self.__getstate__()


def _blank_operation(function_name):
    cls = operation_class(getattr(keras_tensor.operators(), function_name).__wrapped__)
    return cls.__new__(cls)


@functools.cache
def operation_class(function):
    """The class of a function's operations, named as Keras names it: ``not_equal``, `NotEqual`."""
    members = {"function": staticmethod(function), "_leading": _before_var_positional(function)}
    return type(class_name(function.__name__), (FunctionOperation,), members)


def _before_var_positional(function):
    parameters = list(inspect.signature(function).parameters.values())
    for i, parameter in enumerate(parameters):
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            return tuple(before.name for before in parameters[:i])
    return ()


@functools.cache
def symbolic(function):
    """`function` of tensors that also takes symbolic ones, and makes a node of the call then."""
    op = dispatching(function, _call_symbolically)
    # Pickles find it there.
    op.__module__ = "kerasette.ops"
    return op


@functools.cache
def _signature(function):
    # Found when it is needed: for all ops at once it takes longer than their import.
    return inspect.signature(function)


def _call_symbolically(function, given_args, given_kwargs):
    arguments = _signature(function).bind(*given_args, **given_kwargs)
    args, kwargs, bound = [], {}, {}
    tensors = tensor_parameters(function.__name__)
    for name, value in arguments.arguments.items():
        parameter = arguments.signature.parameters[name]
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            args.extend(value)
        elif name not in tensors and not holds_symbolic([value]):
            bound[name] = value
        elif bound or kwargs:
            kwargs[name] = value
        else:
            args.append(value)
    return operation_class(function)(**bound)(*args, **kwargs)
