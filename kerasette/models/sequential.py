"""A stack of layers."""

from kerasette import tree
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor
from kerasette.layers import InputLayer, Layer
from kerasette.models.functional import Functional, fits
from kerasette.models.model import Model
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object
from kerasette.shapes import map_shapes


class Sequential(Model):
    """Layers one after the other, each fed with what the one before it returns.

    Parameters
    ----------
    layers : list of Layer, optional
        The first may be an ``Input``, which says the shape of a sample; without one the model
        is built by the first data.
    trainable : bool
    name : str, optional

    Raises
    ------
    TypeError
        If `layers` is no list.
    ValueError
        If something in the list is not a layer, or a name stands twice.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> model.output_shape
    (None, 2)
    """

    # Inputs get the dtype that the `Input` names, not that of the model.
    _casts_inputs = False
    _untracked = Model._untracked | {"_functional", "_input_layer"}

    def __init__(self, layers=None, trainable=True, name=None):
        super().__init__(trainable=trainable, name=name)
        if layers is not None and not hasattr(layers, "__iter__"):
            raise TypeError(f"`layers` must be a list of layers. Received: layers={layers!r}")
        self._layers = []
        self._input_layer = None
        # The graph of the layers' calls, once the shape of the input is known.
        self._functional = None
        for layer in layers or []:
            self.add(layer, rebuild=False)
        self._build_if_shape_is_known()

    @property
    def layers(self):
        """The layers, without the `Input`."""
        return list(self._layers)

    @layers.setter
    def layers(self, value):
        raise AttributeError(
            "`Sequential.layers` attribute is reserved and should not be used. Use `add()` and "
            "`pop()` to change the layers in this model."
        )

    def _check_not_locked(self):
        """Layers may be added to a stack that is built."""

    # ---- the stack -----------------------------------------------------------------

    def add(self, layer, rebuild=True):
        """Puts a layer on top.

        Parameters
        ----------
        layer : Layer, or what ``Input`` returns
        rebuild : bool
            Whether the layer is built now, if the shape of the input is known.

        Raises
        ------
        ValueError
            If it is not a layer, its name is taken, an `Input` is not the first, or the layer does
            not fit what the others return; the model is as before.
        """
        layer = _as_layer(layer)
        layer._check_init()
        self._check_is_idle("add")
        before = self._state()
        if isinstance(layer, InputLayer):
            self._add_input(layer)
        else:
            self._check_name(layer)
            self._input_from_first(layer)
            self._layers = [*self._layers, layer]
        self.built = False
        try:
            if rebuild:
                self._build_if_shape_is_known()
        except Exception:
            # A layer that does not fit leaves the model as it was.
            self._restore(before)
            raise

    def _state(self):
        names = ("_layers", "_input_layer", "_functional", "built")
        return {name: self.__dict__[name] for name in names}

    def _restore(self, state):
        for name, value in state.items():
            setattr(self, name, value)

    def _add_input(self, layer):
        if self._input_layer is not None:
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_layer.batch_shape}. You cannot add a different Input layer to it."
            )
        if self._layers:
            raise ValueError(
                f"An Input must be the first of the layers of Sequential model '{self.name}'."
            )
        self._input_layer = layer

    def _input_from_first(self, layer):
        """Takes the shape of the input from the first layer, if that was given one."""
        shape = getattr(layer, "_input_shape_arg", None)
        if shape is not None and not self._layers and self._input_layer is None:
            self._add_input(InputLayer(shape))

    def _check_name(self, layer):
        for other in self._layers:
            if other.name == layer.name and other is not layer:
                raise ValueError(
                    "All layers added to a Sequential model should have unique names. Name "
                    f"'{layer.name}' is already the name of a layer in this model. Update the "
                    "`name` argument to pass a unique name."
                )

    def pop(self, rebuild=True):
        """Takes the top layer off, and returns it.

        Parameters
        ----------
        rebuild : bool
            Whether the model stays built.

        Raises
        ------
        ValueError
            During training.
        IndexError
            If there is none.
        """
        self._check_is_idle("pop")
        if not self._layers:
            raise IndexError(f"Sequential model '{self.name}' has no layer to pop.")
        top = self._layers[-1]
        self._layers = self._layers[:-1]
        self.built = False
        if not self._layers:
            self._functional = None
        elif rebuild:
            self._build_if_shape_is_known()
        return top

    # ---- building ------------------------------------------------------------------

    def _build_if_shape_is_known(self):
        if self._layers and self._known_input_shape() is not None:
            self.build(self._known_input_shape())

    def _known_input_shape(self):
        if self._input_layer is not None:
            return self._input_layer.batch_shape
        # A model that is built knows what it takes.
        shape = getattr(self._layers[0], "input_shape", None)
        return shape if tree.is_shape(shape) else None

    def build(self, input_shape=None):
        """Builds every layer for inputs of a shape.

        Parameters
        ----------
        input_shape : tuple, or list or dict of them
            With the batch, which may be None. Of the model's `Input` by default.

        Raises
        ------
        ValueError
            If there are no layers, no shape is known, it is not that of the `Input`, or a layer
            rejects its input's shape.
        """
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )
        if input_shape is None:
            input_shape = self._known_input_shape()
        if input_shape is None:
            raise ValueError(f"Sequential model {self.name} needs an `input_shape` to be built.")
        if not tree.is_shape(input_shape):
            self._build_for_structure(input_shape)
            return
        self._set_input_shape(tuple(input_shape))
        # What has been called already is not called again.
        tensors = [self._input_layer.output, *self._layer_outputs()][: len(self._layers) + 1]
        for layer in self._layers[len(tensors) - 1 :]:
            _check_takes_one(layer)
            tensors.append(layer(tensors[-1]))
        self._functional = Functional(tensors[0], tensors[-1])
        self.built = True

    def _layer_outputs(self):
        """The symbolic output of each layer that was called as part of this model."""
        nodes = [] if self._functional is None else self._functional._nodes
        calls = [n for n in nodes if not n.is_input and isinstance(n.operation, Layer)]
        return [tree.pack_sequence_as(call.outputs, call.output_tensors) for call in calls]

    def _set_input_shape(self, shape):
        if self._input_layer is None:
            dtype = self._layers[0].compute_dtype
            self._input_layer = InputLayer(batch_shape=(None, *shape[1:]), dtype=dtype)
        elif not fits(shape, self._input_layer.batch_shape):
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_layer.batch_shape}. You cannot build it with input_shape {shape}"
            )

    def _build_for_structure(self, shapes):
        """Builds the layers for several inputs, of which the first layer makes one."""
        dtype = self._layers[0].compute_dtype
        tensors = map_shapes(lambda shape: KerasTensor(shape, dtype), shapes)
        for layer in self._layers:
            tensors = layer(tensors)
        self.built = True

    # ---- configs -------------------------------------------------------------------

    def get_config(self):
        """The layers, the `Input` among them, and the shape that the model is built for."""
        first = [] if self._input_layer is None else [self._input_layer]
        config = {
            **super().get_config(),
            "name": self.name,
            "layers": serialize_keras_object([*first, *self._layers]),
        }
        if self._functional is not None:
            config["build_input_shape"] = self._input_layer.batch_shape
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model that `get_config` has described, with new weights.

        Parameters
        ----------
        config : dict
        custom_objects : dict of str to class or function, optional
            What the config may name besides what is registered.

        Raises
        ------
        ValueError
            If it does not describe a stack of layers.
        TypeError
            If a name is not known.
        """
        if "name" not in config or "layers" not in config:
            raise ValueError(
                "A Sequential model configuration must be a dictionary containing the 'name' and "
                f"'layers' keys. Received: config={config}"
            )
        model = cls(name=config["name"])
        for layer in config["layers"]:
            model.add(deserialize_keras_object(layer, custom_objects))
        if model._functional is None and config.get("build_input_shape"):
            model.build(config["build_input_shape"])
        # Layers know by themselves whether they are trained.
        model._trainable = bool(config.get("trainable", True))
        return model

    # ---- call ----------------------------------------------------------------------

    def call(self, inputs, training=None, mask=None):
        """The output of the last layer. Masks go from layer to layer with the tensors."""
        if self._functional is not None:
            return self._functional.call(inputs, training, mask)
        for tensor, one in zip(tree.flatten(inputs), tree.flatten(mask)):
            tensor._keras_mask = one
        for layer in self._layers:
            inputs = layer(inputs, training=training)
        return inputs

    def compute_mask(self, inputs, previous_mask):
        """None: the output carries the mask that the last layer has given it, or none."""

    def compute_output_spec(self, inputs, training=None, mask=None):
        """Symbolic tensors like the output for symbolic inputs."""
        if self._functional is not None:
            return self._functional.compute_output_spec(inputs)
        for layer in self._layers:
            inputs = layer.compute_output_spec(inputs)
        return inputs

    def compute_output_shape(self, input_shape):
        """Shape of the output for inputs of `input_shape`."""
        if self._functional is not None:
            return self._functional.compute_output_shape(input_shape)
        shape = input_shape
        for layer in self._layers:
            shape = layer.compute_output_shape(shape)
        return shape

    # ---- the graph -----------------------------------------------------------------

    @property
    def _as_graph(self):
        return self._functional

    def _known(self, name):
        if self._functional is None:
            raise AttributeError(f"Sequential model '{self.name}' has no defined {name} yet.")
        return self._functional

    @property
    def input_shape(self):
        """Shape of the input, the batch as None."""
        return self._known("input shape").input_shape

    @property
    def output_shape(self):
        """Shape of the output, the batch as None."""
        return self._known("output shape").output_shape

    @property
    def inputs(self):
        """The symbolic input, in a list."""
        return self._known("inputs").inputs

    @property
    def outputs(self):
        """The symbolic output, in a list."""
        return self._known("outputs").outputs

    @property
    def input_dtype(self):
        """Dtype that inputs are converted to."""
        return self.compute_dtype if self._input_layer is None else self._input_layer.dtype

    def _input_specs(self, x):
        if self._functional is not None:
            return self._functional._input_specs(x)
        # Before the model is built the first layer decides.
        dtype = self.dtype if not self._layers else self._layers[0].compute_dtype
        return tree.map_structure(lambda array: self._input_spec_of(array, dtype), x)

    def _output_specs(self, inputs):
        if self._functional is None:
            return super()._output_specs(inputs)
        return self._functional._specs_of_data(inputs)


def _check_takes_one(layer):
    """Raises unless a layer can be called on one argument."""
    name, needed = type(layer).__name__, layer._call.required
    if not layer._call.names:
        raise ValueError(
            "Layers added to a Sequential model should have a single positional argument, the "
            f"input tensor. Layer {name} has no positional arguments."
        )
    if len(needed) > 1:
        raise ValueError(
            "Layers added to a Sequential model can only have a single required positional "
            f"argument, the input tensor. Layer {name} has multiple required positional "
            f"arguments: {needed}"
        )


def _as_layer(value):
    """The layer itself, or the one that made what ``Input`` has returned."""
    if is_keras_tensor(value) and value._keras_history is not None:
        maker = value._keras_history.operation
        value = maker if isinstance(maker, InputLayer) else value
    if not isinstance(value, Layer):
        raise ValueError(
            "Only instances of `kerasette.Layer` can be added to a Sequential model. "
            f"Received: {value!r} (of type {type(value)})"
        )
    return value
