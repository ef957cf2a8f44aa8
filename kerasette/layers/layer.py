"""The base of all layers."""

import warnings
from typing import Any

import numpy as np

from kerasette import dtype_policies, regularizers
from kerasette._core.ops.operands import holds_symbolic
from kerasette._core.variable import Variable
from kerasette.dtype_policies import policy_name
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.added_losses import AddsLosses, CallLosses
from kerasette.layers.building import Building, completed, parameter_names
from kerasette.layers.call import (
    REAL,
    CallSignature,
    as_inputs,
    check_positional,
    context,
    first_tensor,
    masks_of,
    plain_arguments,
    shapes_of,
    tensors_of,
    training_of,
)
from kerasette.layers.input_spec import check_inputs
from kerasette.layers.symbolic_calls import SymbolicCalls
from kerasette.naming import checked_name
from kerasette.random import SeedGenerator
from kerasette.shapes import map_shapes
from kerasette.tracking import Measure


class Layer(AddsLosses, Building, SymbolicCalls):
    """A function of tensors with weights.

    Subclasses define ``call(inputs)``, with a parameter ``training`` if it behaves differently
    in training; ``build(input_shape)``, which makes the weights with `add_weight`; and
    `get_config`, if arguments of the constructor are not plain numbers, strings and lists.

    Parameters
    ----------
    trainable : bool
        Whether training changes the weights; True by default.
    activity_regularizer : str, Regularizer or callable, optional
        A function of each output; its value, divided by the batch size, adds to the loss.
    dtype : str, optional
        Of weights and computation; ``floatx()`` by default.
    autocast : bool
        Whether real inputs are cast to `dtype`.
    name : str, optional
        By default the class's, in small letters, with a number.

    Raises
    ------
    ValueError
        For arguments that are not known, or do not fit.

    Examples
    --------
    >>> import kerasette
    >>> class Scale(kerasette.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=input_shape[-1:], initializer="ones")
    ...
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> layer = Scale()
    >>> layer(kerasette.ops.ones((2, 3))).shape
    (2, 3)
    >>> layer.count_params()
    3
    """

    # Keywords that may be given if they are None, as configs of Keras have them.
    _none_only = frozenset({"quantization_config"})
    _untracked = Building._untracked | {
        "_init_arguments", "_losses", "_inbound_nodes", "_outbound_nodes"
    }  # fmt: skip
    _has_own_config = False
    # Whether the class computes masks itself, also for inputs without one.
    _makes_masks = False
    _has_own_output_shape = False
    # Whether a symbolic call does without `call`.
    _finds_shapes_itself = False
    _has_own_build = False
    _takes_training = False
    # Whether real inputs are cast to the layer's dtype.
    _casts_inputs = True
    # Whether outputs have the dtype of the inputs, integers too; else they have the layer's.
    _keeps_dtype = False
    # Whether the layer computes with real numbers alone, and so has no integer dtype.
    _needs_real = False
    # The rows of each batch, for layers that carry states from one to the next.
    _carried_rows = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "call" in cls.__dict__:
            cls._call = CallSignature(cls.call)
            cls._takes_training = cls._call.has_training
        if "build" in cls.__dict__:
            cls._build_names = parameter_names(cls.build)
            cls._has_own_build = True
            cls.build = completed(cls.build)
        if "compute_output_shape" in cls.__dict__:
            cls._has_own_output_shape = cls._finds_shapes_itself = True
            cls._output_shape_names = parameter_names(cls.compute_output_shape)
        if "compute_output_spec" in cls.__dict__:
            cls._finds_shapes_itself = True
        if "compute_mask" in cls.__dict__:
            cls._makes_masks = True
        if "get_config" in cls.__dict__:
            cls._has_own_config = True

    def __new__(cls, *args, **kwargs):
        layer = super().__new__(cls)
        if not cls._has_own_config:
            layer.__dict__["_init_arguments"] = (args, kwargs)
        return layer

    def __init__(
        self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None,
        **kwargs,
    ):  # fmt: skip
        input_dim = kwargs.pop("input_dim", None)
        input_shape = kwargs.pop("input_shape", None if input_dim is None else (input_dim,))
        unknown = {
            key: value
            for key, value in kwargs.items()
            if value is not None or key not in self._none_only
        }
        if unknown:
            raise ValueError(
                f"Unrecognized keyword arguments passed to {type(self).__name__}: {unknown}"
            )
        if input_shape is not None:
            warnings.warn(
                "The argument `input_shape` of a layer is the old way; put an `Input(shape)` "
                "before it in the model.",
                stacklevel=3,
            )
            self._input_shape_arg = tuple(input_shape)
        if not isinstance(trainable, (bool, np.bool_)):
            raise ValueError(
                "Expected `trainable` to be a boolean. "
                f"Received: trainable={trainable} (of type {type(trainable)})"
            )
        self.name = checked_name(name, type(self).__name__)
        self._dtype = self._checked_dtype(dtype)
        self.autocast = autocast
        self._trainable = bool(trainable)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        # Keras would compile layers for which it is true; here each is recorded if it can be.
        self.supports_jit = True
        self.input_spec = None
        self.supports_masking = type(self).compute_mask is not Layer.compute_mask
        self.built = False
        self._losses = CallLosses()
        self._init_nodes()

    # ---- what it is --------------------------------------------------------------

    @property
    def path(self):
        """Names of the layers around it and its own, with slashes between."""
        return self.__dict__.get("_path", self.name)

    @property
    def dtype(self):
        """Dtype of weights and computation."""
        return self._dtype

    compute_dtype = dtype
    variable_dtype = dtype
    input_dtype = dtype

    @property
    def _cast_dtype(self):
        """The dtype that real inputs get; None leaves them as they are."""
        return self._dtype if self.autocast and self._casts_inputs else None

    def _checked_dtype(self, dtype):
        """Name of a policy that the layer can have."""
        name = policy_name(dtype)
        if self._needs_real and name not in REAL:
            raise ValueError(
                f"A layer of type {type(self).__name__} computes with real numbers: its `dtype` "
                f"must be one of {REAL}. Received: dtype={name!r}"
            )
        return name

    @property
    def dtype_policy(self):
        """The `DTypePolicy` of weights and computation; may be set before there are weights."""
        return dtype_policies.get(self._dtype)

    @dtype_policy.setter
    def dtype_policy(self, value):
        name = self._checked_dtype(value)
        if name != self._dtype and self.weights:
            raise ValueError(
                f"The weights of layer '{self.name}' are {self._dtype} already. Set its "
                "`dtype_policy` before it is built."
            )
        self._dtype = name

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def get_config(self):
        """The arguments that make such a layer.

        Raises
        ------
        NotImplementedError
            If the constructor was given more than numbers, strings, and lists and dicts of them,
            and the class does not say how to write it down.
        """
        config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": dtype_policies.serialize(self.dtype_policy),
        }
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        if not self._has_own_config:
            config = {**config, **plain_arguments(self, *self._init_arguments, base=config)}
        return config

    @classmethod
    def from_config(cls, config):
        """The layer that `get_config` has described, with new weights.

        Raises
        ------
        TypeError
            If the constructor does not take it.
        """
        if isinstance(config.get("dtype"), dict):
            config = {**config, "dtype": policy_name(config["dtype"])}
        try:
            return cls(**config)
        except Exception as error:
            raise TypeError(
                f"Error when deserializing class '{cls.__name__}' using config={config}.\n\n"
                f"Exception encountered: {error}"
            ) from error

    # ---- call --------------------------------------------------------------------

    def call(self, *args, **kwargs):
        """The function itself, of tensors."""
        raise NotImplementedError(
            f"Layer {type(self).__name__} does not have a `call` method implemented."
        )

    def __call__(self, *args, **kwargs) -> Any:
        """Calls the layer; builds it first if it is not built.

        Parameters
        ----------
        *args : Tensor, array or KerasTensor, or lists or dicts of them
            Real ones are cast to the layer's dtype. Symbolic ones make the call part of a graph.
        **kwargs
            Other arguments of ``call``. ``training`` may always be given; without it, a layer
            inside another takes what that one was given.

        Raises
        ------
        ValueError
            For inputs that are no tensors, or do not fit.
        """
        self._check_init()
        dtype = self._cast_dtype
        args = [as_inputs(value, dtype) for value in args]
        for value in args:
            check_positional(value)
        given = kwargs.pop("training", None)
        call = self._call
        if kwargs:
            kwargs = {name: as_inputs(value, dtype) for name, value in kwargs.items()}
        if not args and call.first not in kwargs:
            # Raises if it is needed.
            call.bound(self, args, kwargs)
        first = args[0] if args else kwargs.get(call.first)
        check_inputs(self.input_spec, first, self.name)
        if not self.built:
            self._build_for(call.bound(self, args, kwargs))
        if call.mask_names:
            kwargs.update(call.missing_masks(call.bound(self, args, kwargs)))
        mask = kwargs.get("mask")
        if mask is None:
            mask = masks_of(first)
        if holds_symbolic(args) or (kwargs and holds_symbolic(kwargs.values())):
            outputs = self._call_symbolically(call, args, kwargs, given)
        else:
            outputs = self._call_in_context(call, args, kwargs, given)
            if self.activity_regularizer is not None:
                self._add_activity_loss(outputs)
            if context.watcher is not None:
                context.watcher(self, outputs)
        if first_tensor(mask) is not None or (self._makes_masks and self.supports_masking):
            self._pass_mask(first, mask, outputs)
        return outputs

    def _call_in_context(self, call, args, kwargs, training):
        outer_path, outer_training = context.path, context.training
        if context.depth == 0:
            self._clear_losses()
        if training is None:
            training = outer_training
        if call.has_training:
            kwargs["training"] = training = training_of(call, training)
        context.path = (*outer_path, self.name)
        context.training = training
        context.depth += 1
        try:
            return self.call(*args, **kwargs)
        except Exception as error:
            shapes = ", ".join(str(shapes_of(value)) for value in args)
            error.add_note(
                f"in {type(self).__name__}.call() of layer '{self.name}', inputs of shape {shapes}"
            )
            raise
        finally:
            context.depth -= 1
            context.path = outer_path
            context.training = outer_training

    # ---- masks -------------------------------------------------------------------

    def compute_mask(self, inputs, previous_mask):
        """The mask that the output carries; by default that of the input.

        Parameters
        ----------
        inputs : Tensor, or list or dict of them
        previous_mask : bool Tensor, or list or dict of them, or None
            What the inputs carry: False where an entry is to be left out.
        """
        return previous_mask

    def _pass_mask(self, inputs, mask, outputs):
        if self.supports_masking:
            if any(tensor._keras_mask is None for tensor in tensors_of(outputs)):
                self._set_masks(outputs, self.compute_mask(inputs, mask))
            return
        warnings.warn(
            f"Layer '{self.name}' (of type {type(self).__name__}) was passed an input with a "
            "mask attached to it. However, this layer does not support masking and will "
            "therefore destroy the mask information. Downstream layers will not see the mask.",
            stacklevel=3,
        )

    def _set_masks(self, outputs, masks):
        for tensor, mask in zip(tensors_of(outputs), tensors_of(masks), strict=False):
            if tensor._keras_mask is None:
                tensor._keras_mask = mask

    # ---- shapes ------------------------------------------------------------------

    def compute_output_shape(self, input_shape):
        """Shape of the output for inputs of a shape; the batch size may be None.

        This default calls the layer on zeros, builds it if need be, and leaves its state alone.
        """
        if not self.built:
            self.build(input_shape)
        inputs = map_shapes(lambda shape: KerasTensor(shape, self._dtype), input_shape)
        return shapes_of(self._outputs_on_zeros((inputs,), {}))

    # ---- parts -------------------------------------------------------------------

    def _sublayers(self):
        return self._owned(Layer)

    def _seed_generators(self):
        return self._owned(SeedGenerator)

    @property
    def metrics(self):
        """The metrics among the attributes of this layer and of the layers in it."""
        found = self._own_metrics()
        for layer in self._sublayers():
            found.extend(layer.metrics)
        return list({id(metric): metric for metric in found}.values())

    def _own_metrics(self):
        return self._owned(Measure)

    @property
    def metrics_variables(self):
        """The variables of `metrics`; they are no weights."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def _flatten_layers(self, include_self=True, recursive=True):
        """The layers in this one, and in those."""
        layers = [self] if include_self else []
        for layer in self._sublayers():
            if recursive:
                layers.extend(layer._flatten_layers())
            else:
                layers.append(layer)
        return layers

    def _check_init(self):
        if "_dtype" not in self.__dict__:
            raise RuntimeError(
                f"In layer '{type(self).__name__}', you forgot to call `super().__init__()` as the "
                "first statement in the `__init__()` method."
            )

    def __setattr__(self, name, value):
        if isinstance(value, (Variable, Layer)) and self.__dict__.get(name) is not value:
            self._check_not_locked()
            if isinstance(value, Variable):
                self._track(value)
        super().__setattr__(name, value)


# The base does not go through its own hook for subclasses.
Layer._call = CallSignature(Layer.call)
