"""The base of all layers."""

import functools
import inspect
import warnings

from kerasette import initializers, ops
from kerasette._core.tape import Step
from kerasette._core.tensor import Variable
from kerasette.dtype_policy import policy_name, serialize_policy
from kerasette.layers.call import (
    CallSignature,
    as_inputs,
    check_positional,
    context,
    shapes_of,
)
from kerasette.layers.input_spec import check_inputs
from kerasette.layers.weights import Weights
from kerasette.naming import checked_name
from kerasette.random import SeedGenerator
from kerasette.shapes import map_shapes


class Layer(Weights):
    """A function of tensors with weights.

    Subclasses define ``call(inputs)``, with a parameter ``training`` if it behaves differently
    in training; ``build(input_shape)``, which makes the weights with `add_weight`; and
    `get_config`, if arguments of the constructor are not plain numbers, strings and lists.

    Parameters
    ----------
    trainable : bool
        Whether training changes the weights; True by default.
    dtype : str, optional
        Of weights and computation; ``floatx()`` by default.
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
    _none_only = frozenset({"activity_regularizer", "quantization_config"})
    _untracked = frozenset({"_init_arguments"})
    _has_own_config = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "call" in cls.__dict__:
            cls._call = CallSignature(cls.call)
        if "build" in cls.__dict__:
            cls._build_names = list(inspect.signature(cls.build).parameters)[1:]
            cls.build = _completed(cls.build)
        if "get_config" in cls.__dict__:
            cls._has_own_config = True

    def __new__(cls, *args, **kwargs):
        layer = super().__new__(cls)
        if not cls._has_own_config:
            layer.__dict__["_init_arguments"] = (args, kwargs)
        return layer

    def __init__(self, *, trainable=True, dtype=None, name=None, **kwargs):
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
        self.name = checked_name(name, type(self).__name__)
        self._dtype = policy_name(dtype)
        self._trainable = bool(trainable)
        self.input_spec = None
        self.supports_masking = False
        self.built = False

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
            "dtype": serialize_policy(self._dtype),
        }
        if not self._has_own_config:
            config.update(self._own_arguments(config))
        return config

    def _own_arguments(self, base):
        args, kwargs = self._init_arguments
        signature = inspect.signature(type(self).__init__)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        own = {}
        for name, value in list(bound.arguments.items())[1:]:
            kind = signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_KEYWORD:
                own.update(value)
            elif kind is not inspect.Parameter.VAR_POSITIONAL:
                own[name] = value
        own = {name: value for name, value in own.items() if name not in base}
        if not _is_plain(own):
            raise NotImplementedError(
                f"{type(self).__name__} was made with arguments that are not plain numbers, "
                "strings, lists or dicts, so it must override `get_config()` to be serializable."
            )
        return own

    @classmethod
    def from_config(cls, config):
        """The layer that `get_config` has described, with new weights."""
        return cls(**config)

    # ---- build -------------------------------------------------------------------

    def build(self, input_shape):
        """Makes the weights; called before the first call, with the shape of its input."""

    def add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, name=None):
        """Makes a weight.

        Parameters
        ----------
        shape : tuple of int
            ``()`` by default.
        initializer : str, Initializer or callable, optional
            By default Glorot's uniform for floating-point weights, zeros for others.
        dtype : str, optional
            The layer's by default.
        trainable : bool
        name : str, optional

        Returns
        -------
        Variable

        Raises
        ------
        ValueError
            If a size is None, or the layer is built already.
        """
        self._check_init()
        self._check_not_locked()
        dtype = self._dtype if dtype is None else policy_name(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if dtype in ("float32", "float64") else "zeros"
        path = context.path if self.__dict__.get("_is_building") else (*context.path, self.name)
        path = "/".join((*path, name or "variable"))
        shape = () if shape is None else tuple(shape)
        if None in shape:
            raise ValueError(
                "Shapes used to initialize variables must be fully-defined (no `None` "
                f"dimensions). Received: shape={shape} for variable path='{path}'"
            )
        variable = Variable(
            initializers.get(initializer), shape, dtype=dtype, trainable=trainable, name=name
        )
        variable.path = path
        self._track(variable)
        return variable

    def _build_for(self, arguments):
        """Builds for the tensors of the first call."""
        shapes = {name: shapes_of(value) for name, value in arguments.items()}
        names = self._build_names
        if len(names) < 2:
            self.build(next(iter(shapes.values())))
        else:
            self.build(**{f"{k}_shape": v for k, v in shapes.items() if f"{k}_shape" in names})

    def get_build_config(self):
        """The arguments that `build` was called with; None if it was not."""
        return self.__dict__.get("_build_config")

    def build_from_config(self, config):
        """Builds as `get_build_config` has described."""
        if config and "input_shape" in config:
            self.build(config["input_shape"])
        elif config:
            self.build(**config["shapes_dict"])

    # ---- call --------------------------------------------------------------------

    def call(self, *args, **kwargs):
        """The function itself, of tensors."""
        raise NotImplementedError(
            f"Layer {type(self).__name__} does not have a `call` method implemented."
        )

    def __call__(self, *args, **kwargs):
        """Calls the layer; builds it first if it is not built.

        Parameters
        ----------
        *args : Tensor or array, or lists or dicts of them
            Real ones are cast to the layer's dtype.
        **kwargs
            Other arguments of ``call``. ``training`` may always be given; without it, a layer
            inside another takes what that one was given.

        Raises
        ------
        ValueError
            For inputs that are no tensors, or do not fit.
        """
        self._check_init()
        args = [as_inputs(value, self._dtype) for value in args]
        for value in args:
            check_positional(value)
        given = kwargs.pop("training", None)
        if kwargs:
            kwargs = {name: as_inputs(value, self._dtype) for name, value in kwargs.items()}
        call = self._call
        first = args[0] if args else kwargs.get(call.first, _MISSING)
        if first is _MISSING and call.first in call.signature.parameters:
            call.bound(self, args, kwargs)
        check_inputs(self.input_spec, first, self.name)
        if not self.built:
            self._build_for(call.bound(self, args, kwargs))
        return self._run(call, args, kwargs, given)

    def _run(self, call, args, kwargs, training):
        outer_path, outer_training = context.path, context.training
        if training is None:
            training = outer_training
        if call.has_training:
            if training is None:
                training = call.training_default
            kwargs["training"] = training
        context.path = (*outer_path, self.name)
        context.training = training
        try:
            return self.call(*args, **kwargs)
        except Exception as error:
            shapes = ", ".join(str(shapes_of(value)) for value in args)
            error.add_note(
                f"in {type(self).__name__}.call() of layer '{self.name}', inputs of shape {shapes}"
            )
            raise
        finally:
            context.path = outer_path
            context.training = outer_training

    def compute_output_shape(self, input_shape):
        """Shape of the output for inputs of a shape; the batch size may be None.

        This default calls the layer on zeros, builds it if need be, and leaves its state alone.
        """
        if not self.built:
            self.build(input_shape)
        found = [self._shape_of_call(input_shape, size) for size in (2, 3)]
        return _free_where_different(*found)

    def _shape_of_call(self, input_shape, size):
        """Shape of the output with `size` in place of each None."""

        def zeros(shape):
            return ops.zeros([size if n is None else n for n in shape], self._dtype)

        try:
            with Step():
                shapes = shapes_of(self(map_shapes(zeros, input_shape)))
                raise _Abort
        except _Abort:
            return shapes

    # ---- parts -------------------------------------------------------------------

    def _sublayers(self):
        return self._owned(Layer)

    def _seed_generators(self):
        return self._owned(SeedGenerator)

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
                f"In layer {type(self).__name__}, you forgot to call `super().__init__()` in the "
                "`__init__()` method."
            )

    def __setattr__(self, name, value):
        if isinstance(value, (Variable, Layer)) and self.__dict__.get(name) is not value:
            self._check_not_locked()
            if isinstance(value, Variable):
                self._track(value)
        super().__setattr__(name, value)


# The base has no subclass hook of its own.
Layer._call = CallSignature(Layer.call)
Layer._build_names = ["input_shape"]

_MISSING = object()


class _Abort(Exception):
    """Ends a step whose assignments are not wanted."""


def _completed(build):
    """`build` that names the weights' paths, and afterwards locks the layer."""

    @functools.wraps(build)
    def wrapper(self, *args, **kwargs):
        if self.__dict__.get("_is_building"):
            # A call of the base class's build.
            return build(self, *args, **kwargs)
        outer = context.path
        state = self.__dict__
        context.path = (*outer, self.name)
        state["_path"] = "/".join(context.path)
        state["_is_building"] = True
        try:
            build(self, *args, **kwargs)
        finally:
            state["_is_building"] = False
            context.path = outer
        if len(args) == 1 and not kwargs:
            state["_build_config"] = {"input_shape": args[0]}
        else:
            names = self._build_names
            state["_build_config"] = {"shapes_dict": {**dict(zip(names, args)), **kwargs}}
        self.built = True
        state["_is_locked"] = True

    return wrapper


Layer.build = _completed(Layer.build)


def _is_plain(value):
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (str, int, float))


def _free_where_different(a, b):
    """A shape, or a structure of shapes, with None where the two differ."""
    if isinstance(a, dict):
        return {key: _free_where_different(a[key], b[key]) for key in a}
    if isinstance(a, list):
        return [_free_where_different(x, y) for x, y in zip(a, b, strict=True)]
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))


